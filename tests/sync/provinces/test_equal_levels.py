"""Every level is equal: nothing filters, delays or reorders by level."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.provinces.parts import Address, Credentials
from sync.records import LEVELS
from tests.sync.provinces.conformance import cut_after_taking, cut_before_taking, says, says_words
from tests.sync.provinces.conftest import NOW_MS, Desk, visit

FAULTS = {
    "none": None,
    "500": says(500, b""),
    "429": says(429, b"", Retry_After="60"),
    "later": says_words("请稍后"),
    "cut": cut_before_taking,
    "taken": cut_after_taking,
}


def levels_and_faults():
    count = st.integers(2, 5)
    return count.flatmap(
        lambda size: st.tuples(
            st.lists(st.sampled_from(LEVELS), min_size=size, max_size=size),
            st.lists(st.sampled_from(list(FAULTS)), max_size=8),
        )
    )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=levels_and_faults())
def test_what_is_sent_when_and_in_which_order_is_the_same_for_any_levels(tmp_path, clock, plain_rest, rest, drawn):
    levels, faults = drawn
    seen = [road(tmp_path, clock, plain_rest, rest, faults, given) for given in (levels, [5] * len(levels))]
    assert seen[0] == seen[1]


def road(tmp_path, clock, profile, rest, faults, levels):
    """Everything that the platform saw but the level itself, and every wait."""
    clock.ms = NOW_MS
    rest.cases.clear()
    rest.ratings.clear()
    rest.messages.clear()
    rest.faults = [FAULTS[name] for name in faults]
    for path in tmp_path.glob("reports.db*"):
        path.unlink()
    desk = Desk(tmp_path / "reports.db", profile, Address(rest.url, timeout_s=5.0), Credentials(), clock)
    try:
        passes = []
        for _ in range(12):
            done = desk.send(*(one for number, level in enumerate(levels) for one in visit(number, level)))
            passes.append(done)
            clock.ms += int((done.wait_s or 0) * 1000)
        sent = [(kind, {**fields, "satisfaction": 0, "evalDetail": ""}) for kind, fields in rest.messages]
        assert {fields["satisfaction"] for fields in rest.ratings.values()} <= set(levels)
        return passes, sent, {state for _, _, state in desk.book.figures.counts()}
    finally:
        desk.close()
