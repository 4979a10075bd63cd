"""The real app with a clock that is wrong: visits are whole, days are right, and the manager sees it."""

import pytest

from kiosk.commands.clock import UNCERTAINTY_MS
from kiosk.control import set_clock
from kiosk.demo.hall import PIN
from kiosk.settings import load_settings
from sync.anchors import ClockEvidence
from sync.clock import SystemClock, hall_day
from sync.journal.verify import verify_journal
from sync.records import At, Correction, Ended, Pressed
from tests.visits.conftest import Morning

HOUR_MS = 3_600_000


class TurnedClock(SystemClock):
    """The machine's own, `error_ms` beside the truth, turned while the app runs."""

    def __init__(self, error_ms: int = 0) -> None:
        super().__init__()
        self.error_ms = error_ms

    def now(self) -> At:
        right = super().now()
        return At(max(0, right.wall_ms + self.error_ms), right.boot_ms, right.boot)


def show_desk(morning: Morning) -> None:
    morning.shows("standby")
    morning.hold_corner()
    morning.shows("pinPad")
    for digit in PIN:
        morning.touch(f"pinKey{digit}")
    morning.touch("pinEnter")
    morning.shows("deskPage")


def corrections(morning: Morning) -> list[Correction]:
    return [record for record in morning.records() if isinstance(record, Correction)]


def assert_same_days(morning: Morning) -> None:
    morning.close()
    assert verify_journal(morning.hall.state).findings == ()


@pytest.mark.parametrize(
    "error_ms", [-SystemClock().now().wall_ms, -7 * HOUR_MS, 30 * HOUR_MS], ids=["1970", "behind", "ahead"]
)
def test_presses_under_a_wrong_clock_count_today_once_the_hub_is_met(morning: Morning, error_ms: int) -> None:
    morning.hall.relay.cut()
    morning.close()
    morning.open(TurnedClock(error_ms))
    morning.press_box("door", 5)
    morning.until(lambda: morning.stored() == {5: 1})

    morning.hall.relay.mend()
    morning.close()
    morning.open(TurnedClock(error_ms))
    morning.until(lambda: len(corrections(morning)) == 1)
    morning.press_box("door", 2)

    morning.until(lambda: morning.at_hub() == {5: 1, 2: 1})
    (correction,) = corrections(morning)
    assert (correction.source, correction.trust) == ("hub", "high")
    assert_same_days(morning)


def test_a_jump_in_mid_visit_changes_nothing_in_the_visit(morning: Morning) -> None:
    clock = TurnedClock()
    morning.close()
    morning.open(clock)
    morning.three.ask()
    morning.shows("face4")

    clock.error_ms = 9 * HOUR_MS
    morning.touch("face4")

    morning.pass_by()
    morning.shows("standby")
    morning.until(lambda: any(isinstance(record, Ended) for record in morning.records()))
    pressed = next(record for record in morning.records() if isinstance(record, Pressed))
    ended = next(record for record in morning.records() if isinstance(record, Ended))
    assert (ended.asked, ended.cause) == (pressed.asked, "thanked")
    morning.until(lambda: len(corrections(morning)) == 1)
    morning.until(lambda: morning.at_hub() == {4: 1})
    assert_same_days(morning)


def test_the_manager_sees_a_wrong_clock_and_todays_counts(morning: Morning) -> None:
    morning.close()
    morning.open(TurnedClock(-26 * HOUR_MS))
    morning.press_box("door", 5)
    morning.until(lambda: len(corrections(morning)) == 1)

    show_desk(morning)

    morning.until(lambda: "1/1" in morning.text_of("share"))
    assert hall_day(SystemClock().now().wall_ms, 480)[0] in morning.text_of("deskDay")
    morning.until(lambda: "26 小时" in morning.text_of("state-clock"))


def test_an_engineers_time_counts_until_the_hub_says_another(morning: Morning) -> None:
    morning.hall.relay.cut()
    morning.close()
    clock = TurnedClock(-100 * HOUR_MS)
    morning.open(clock)
    morning.press_box("door", 3)
    morning.until(lambda: morning.stored() == {3: 1})
    settings = load_settings(morning.hall.config)
    evidence = ClockEvidence(clock.now(), SystemClock().now().wall_ms + 600_000, UNCERTAINTY_MS, "engineer", "low")

    assert set_clock(settings, evidence, "000001") == "pin-wrong"
    assert corrections(morning) == []
    assert set_clock(settings, evidence, PIN) == "corrected"
    assert [one.trust for one in corrections(morning)] == ["low"]
    assert [audit.detail["answer"] for audit in morning.audits("clock-set")] == ["corrected"]
    assert len(morning.audits("pin-wrong")) == 1

    morning.hall.relay.mend()
    morning.close()
    morning.open(clock)
    morning.until(lambda: [one.trust for one in corrections(morning)] == ["low", "high"])
    assert set_clock(settings, evidence, PIN) == "trusted"
    morning.until(lambda: morning.at_hub() == {3: 1})
    assert_same_days(morning)
