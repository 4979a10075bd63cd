import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.day_spans import Span, is_within, span, until_next_ms

HALL_NOON_MS = 1_795_147_200_000
"""2026-11-20 12:00 at +08:00."""
HOUR_MS = 3_600_000


@pytest.mark.parametrize(
    ("text", "quiet", "loud"),
    [
        ("12:00-14:00", (720, 839), (719, 840, 0)),
        ("17:30-08:30", (1050, 1439, 0, 509), (510, 1049, 720)),
        ("22:00-00:00", (1320, 1439), (0, 1319)),
        ("00:00-00:01", (0,), (1, 1439)),
    ],
)
def test_a_span_holds_its_first_minute_and_not_its_last(
    text: str, quiet: tuple[int, ...], loud: tuple[int, ...]
) -> None:
    assert [minute for minute in quiet + loud if span(text).holds(minute)] == list(quiet)


@given(begins=st.integers(0, 1439), ends=st.integers(0, 1439), minute=st.integers(0, 1439))
def test_a_span_and_the_span_of_the_rest_of_the_day_share_no_minute(begins: int, ends: int, minute: int) -> None:
    if begins != ends:
        assert Span(begins, ends).holds(minute) is not Span(ends, begins).holds(minute)


def test_spans_go_by_the_halls_own_time() -> None:
    lunch = [span("12:00-14:00")]
    assert is_within(lunch, HALL_NOON_MS, 480)
    assert not is_within(lunch, HALL_NOON_MS - 1, 480)
    assert not is_within(lunch, HALL_NOON_MS, 0)
    assert not is_within([], HALL_NOON_MS, 480)
    assert is_within([span("20:00-21:00")], HALL_NOON_MS, -450), "west of Greenwich: 20:30 of the day before"


@pytest.mark.parametrize(
    ("texts", "until_ms"),
    [
        ([], 0),
        (["11:00-13:00"], 0),
        (["12:00-12:01"], 0),
        (["22:00-06:00"], 10 * HOUR_MS),
        (["22:00-06:00", "17:30-18:00"], 5.5 * HOUR_MS),
        (["06:00-12:00"], 18 * HOUR_MS),
        (["12:01-11:59"], 60_000),
    ],
)
def test_how_long_it_is_until_the_next_span(texts: list[str], until_ms: int) -> None:
    assert until_next_ms([span(text) for text in texts], HALL_NOON_MS, 480) == until_ms


@given(
    spans=st.lists(st.builds(Span, st.integers(0, 1439), st.integers(0, 1439)), min_size=1),
    wall_ms=st.integers(0, 10**13),
    offset=st.integers(-840, 840),
)
def test_after_the_wait_a_span_begins_and_not_before(spans: list[Span], wall_ms: int, offset: int) -> None:
    spans = [one for one in spans if one.begins_min != one.ends_min]
    wait_ms = until_next_ms(spans, wall_ms, offset)
    if spans:
        assert is_within(spans, wall_ms + wait_ms, offset)
    if wait_ms:
        assert not is_within(spans, wall_ms + wait_ms - 1, offset)
