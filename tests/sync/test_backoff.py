"""Waiting: pure rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.backoff import Backoff, asked_to_wait_s

NOW_MS = 1_795_147_200_000  # Fri, 20 Nov 2026 04:00:00 GMT
NOW = "Fri, 20 Nov 2026 04:00:00 GMT"


def test_the_ceiling_doubles_from_five_seconds_to_a_quarter_of_an_hour():
    ceilings = [Backoff().delay_s(failures, 1.0) for failures in range(1, 12)]
    assert ceilings == [5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900]


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_any_wait_lies_between_nothing_and_the_ceiling(failures, chance):
    assert 0 <= Backoff().delay_s(failures, chance) <= 900


@given(st.floats(0, 1, exclude_max=True))
def test_where_a_person_is_needed_the_wait_is_long(chance):
    assert 450 <= Backoff().slow_s(chance) <= 900


@pytest.mark.parametrize(
    ("retry_after", "date", "wait_s"),
    [
        ("120", None, 120),
        (" 120 ", None, 120),
        ("0", None, 1),
        ("99999999999999999999", None, 21600),
        ("Fri, 20 Nov 2026 04:02:00 GMT", None, 120),
        ("Fri, 20 Nov 2026 04:02:00 GMT", "Fri, 20 Nov 2026 04:01:30 GMT", 30),
        ("Friday, 20-Nov-26 04:02:00 GMT", NOW, 120),
        ("Fri, 20 Nov 2020 04:02:00 GMT", NOW, 1),
        ("Fri, 20 Nov 2099 04:02:00 GMT", NOW, 21600),
        ("Fri, 20 Nov 2026 04:02:00 GMT", "yesterday", 120),
        ("soon", NOW, None),
        ("-5", NOW, None),
        ("1.5", NOW, None),
        ("\u0661\u0662", NOW, None),
        ("", NOW, None),
        (None, NOW, None),
    ],
)
def test_both_forms_of_retry_after_are_understood(retry_after, date, wait_s):
    assert asked_to_wait_s(retry_after, date, NOW_MS) == wait_s


@given(st.text(), st.none() | st.text())
def test_no_header_makes_it_fail(retry_after, date):
    wait_s = asked_to_wait_s(retry_after, date, NOW_MS)
    assert wait_s is None or 1 <= wait_s <= 21600
