from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.lockout import (
    Lockout,
    attempt,
    carried_over,
    from_json,
    seconds_left,
    succeeded,
    to_json,
)
from sync.records import At


def at(seconds: float, boot: str = "a", wall_ms: int = 0) -> At:
    return At(wall_ms=wall_ms, boot_ms=round(seconds * 1000), boot=boot)


def after_wrong(times: int) -> tuple[Lockout, float]:
    """That many wrong ones, each as soon as it is allowed; and the moment of the last."""
    lockout, now = Lockout(), 100.0
    for _ in range(times):
        now += seconds_left(lockout, at(now))
        lockout, allowed = attempt(lockout, at(now))
        assert allowed
    return lockout, now


def test_four_wrong_ones_cost_nothing() -> None:
    lockout, now = after_wrong(4)
    assert seconds_left(lockout, at(now)) == 0
    assert lockout.tries_left == 1


def test_five_wrong_ones_cost_thirty_seconds_and_each_further_one_twice_as_long_up_to_an_hour() -> None:
    waits = [seconds_left(*_at_last(after_wrong(times))) for times in range(5, 15)]
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


def _at_last(ended: tuple[Lockout, float]) -> tuple[Lockout, At]:
    return ended[0], at(ended[1])


def test_an_attempt_while_locked_is_refused_and_changes_nothing() -> None:
    lockout, now = after_wrong(5)
    assert attempt(lockout, at(now + 29.999)) == (lockout, False)
    assert seconds_left(lockout, at(now + 29.001)) == 1
    assert attempt(lockout, at(now + 30))[1]


def test_an_attempt_is_counted_before_it_is_checked() -> None:
    """Pulling the plug between the attempt and the answer leaves the lock standing."""
    stored, now = after_wrong(5)
    assert stored.failures == 5
    assert not attempt(from_json(to_json(stored)), at(now))[1]


def test_the_right_one_resets_everything() -> None:
    lockout, _ = after_wrong(7)
    assert succeeded(lockout) == Lockout()


def test_a_reboot_begins_the_whole_period_anew() -> None:
    lockout, _ = after_wrong(6)
    rebooted = carried_over(lockout, at(5, boot="b"))
    assert seconds_left(rebooted, at(5, boot="b")) == 60
    assert attempt(rebooted, at(64, boot="b")) == (rebooted, False)
    assert attempt(rebooted, at(65, boot="b"))[1]
    assert seconds_left(lockout, at(5, boot="b")) == 60


def test_an_attempt_right_after_a_reboot_is_refused_and_says_what_to_store() -> None:
    lockout, _ = after_wrong(5)
    stored, allowed = attempt(lockout, at(5, boot="b"))
    assert not allowed
    assert (stored.boot, stored.locked_until_ms) == ("b", 35_000)


def test_a_reboot_without_a_lock_changes_nothing() -> None:
    lockout, _ = after_wrong(3)
    assert carried_over(lockout, at(0, boot="b")) == lockout


@given(st.integers(0, 2**40), st.integers(0, 2**40))
def test_the_wall_clock_plays_no_part(first: int, second: int) -> None:
    lockout, now = after_wrong(5)
    assert seconds_left(lockout, at(now, wall_ms=first)) == seconds_left(lockout, at(now, wall_ms=second))


@given(st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from("ab")), max_size=40))
def test_nobody_ever_gets_more_tries_than_the_rule(steps: list[tuple[int, str]]) -> None:
    lockout, clocks, boot, allowed_in_row = Lockout(), {"a": 0, "b": 0}, "a", 0
    for seconds, boot in steps:
        clocks[boot] += seconds
        before = lockout
        lockout, allowed = attempt(lockout, at(clocks[boot], boot=boot))
        assert allowed == (seconds_left(before, at(clocks[boot], boot=boot)) == 0)
        allowed_in_row += allowed
        assert lockout.failures == allowed_in_row
        assert from_json(to_json(lockout)) == lockout
