"""A wrong clock, on a real file: what counts is corrected, what was written stays, and anybody can check it."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from sync.anchors import ClockEvidence
from sync.journal.reader import day_counts
from sync.journal.salvage import salvage
from sync.journal.verify import verify_journal
from sync.journal.writer import Journal
from sync.records import At, Correction, Head, Record, decode
from tests.sync.conftest import MORNING_MS, Hours, Visits

MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000


class WrongHours(Hours):
    """The device's own idea of the time: `error_ms` beside the truth, jumping whenever the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.error_ms = 0
        self.boot = "b007b007b007b007"
        self.booted_ms = 0

    def now(self) -> At:
        return At(MORNING_MS + self.ms + self.error_ms, 50_000 + self.ms - self.booted_ms, self.boot)

    def reboot(self, boot: str) -> None:
        self.boot, self.booted_ms = boot, self.ms

    def hub_says(self) -> ClockEvidence:
        return ClockEvidence(self.now(), MORNING_MS + self.ms, 1_000, "hub", "high")

    def engineer_says(self, beside_ms: int = 0) -> ClockEvidence:
        return ClockEvidence(self.now(), MORNING_MS + self.ms + beside_ms, MINUTE_MS, "engineer", "low")


@pytest.fixture
def clock() -> WrongHours:
    return WrongHours()


def records(journal: Journal) -> list[Record]:
    return [decode(body) for (body,) in journal.connection.execute("SELECT body FROM record ORDER BY position")]


def corrections(journal: Journal) -> int:
    return sum(isinstance(record, Correction) for record in records(journal))


def hours(journal: Journal) -> dict[tuple[str, int, int], int]:
    rows = journal.connection.execute("SELECT day, hour, outcome, sum(visits) FROM tally GROUP BY day, hour, outcome")
    return {(day, hour, outcome): visits for day, hour, outcome, visits in rows}


def assert_sound(directory: Path) -> None:
    verdict = verify_journal(directory)
    assert verdict.findings == ()


def test_a_right_clock_writes_nothing(journal: Journal, visits: Visits, clock: WrongHours) -> None:
    clock.error_ms = 30_000
    journal.append(visits.rated(5))
    before = len(records(journal))

    assert not journal.correct(clock.hub_says(), clock.now())

    assert len(records(journal)) == before
    assert journal.clock(clock.now()) is None


def test_a_dead_clock_battery_is_corrected_when_the_hub_is_met(
    opened: Callable[[], Journal], visits: Visits, clock: WrongHours, tmp_path: Path
) -> None:
    clock.error_ms = -MORNING_MS  # 1970
    journal = opened()
    journal.append([*visits.rated(5), *visits.not_rated()])
    assert hours(journal) == {("1970-01-01", 8, 5): 1, ("1970-01-01", 8, 0): 1}

    clock.pass_hours(1)
    assert journal.correct(clock.hub_says(), clock.now())
    journal.append(visits.rated(1))

    assert hours(journal) == {("2026-11-23", 8, 5): 1, ("2026-11-23", 8, 0): 1, ("2026-11-23", 9, 1): 1}
    assert not journal.correct(clock.hub_says(), clock.now()), "the anchor serves on"
    assert journal.sign_head(clock.now(), leaving=True)
    assert_sound(tmp_path)


@pytest.mark.parametrize("jump", [-7 * HOUR_MS, 7 * HOUR_MS, -DAY_MS, 40 * DAY_MS])
def test_a_jump_of_the_wall_clock_is_corrected_and_order_and_raw_times_stay(
    jump: int, opened: Callable[[], Journal], visits: Visits, clock: WrongHours, tmp_path: Path
) -> None:
    journal = opened()
    journal.append(visits.rated(5))
    clock.error_ms = jump
    journal.append(visits.rated(4))
    clock.error_ms = 0
    journal.append(visits.rated(3))
    before = [record.at for record in records(journal)]

    assert journal.correct(clock.hub_says(), clock.now())

    assert hours(journal) == {("2026-11-23", 8, level): 1 for level in (5, 4, 3)}
    assert [record.at for record in records(journal)][: len(before)] == before
    assert_sound(tmp_path)


def test_a_clock_set_right_before_the_first_contact_leaves_nothing_in_1970(
    opened: Callable[[], Journal], visits: Visits, clock: WrongHours, tmp_path: Path
) -> None:
    clock.error_ms = -MORNING_MS
    journal = opened()
    journal.append(visits.rated(5))
    clock.error_ms = 0
    journal.append(visits.rated(4))
    journal.close()
    journal = opened()  # the program, not the machine, starts anew

    assert journal.correct(clock.hub_says(), clock.now())

    assert hours(journal) == {("2026-11-23", 8, 5): 1, ("2026-11-23", 8, 4): 1}
    assert_sound(tmp_path)


def test_a_correction_in_mid_visit_leaves_the_visit_whole(
    opened: Callable[[], Journal], visits: Visits, clock: WrongHours, tmp_path: Path
) -> None:
    clock.error_ms = 3 * HOUR_MS
    journal = opened()
    asked = visits.asked()
    journal.append([asked])
    assert journal.correct(clock.hub_says(), clock.now())
    clock.error_ms = 0

    journal.append([visits.pressed(asked, 2), visits.ended(asked)])

    assert hours(journal) == {("2026-11-23", 8, 2): 1}
    assert_sound(tmp_path)


def test_a_press_before_and_one_after_midnight_come_to_their_own_days(
    opened: Callable[[], Journal], visits: Visits, clock: WrongHours, tmp_path: Path
) -> None:
    clock.error_ms = -10 * HOUR_MS
    clock.pass_hours(15.99)
    journal = opened()
    journal.append(visits.rated(5))
    clock.pass_hours(0.02)
    journal.append(visits.rated(4))

    assert journal.correct(clock.hub_says(), clock.now())

    assert hours(journal) == {("2026-11-23", 23, 5): 1, ("2026-11-24", 0, 4): 1}
    assert day_counts(journal.connection, "2026-11-24") == {4: 1}
    assert_sound(tmp_path)


def test_the_engineers_time_holds_until_the_hub_is_met_and_never_after(
    opened: Callable[[], Journal], visits: Visits, clock: WrongHours, tmp_path: Path
) -> None:
    clock.error_ms = -MORNING_MS
    journal = opened()
    journal.append(visits.rated(5))

    assert journal.correct(clock.engineer_says(2 * HOUR_MS), clock.now())
    assert hours(journal) == {("2026-11-23", 10, 5): 1}
    assert journal.correct(clock.hub_says(), clock.now())
    assert hours(journal) == {("2026-11-23", 8, 5): 1}

    assert not journal.correct(clock.engineer_says(5 * HOUR_MS), clock.now())
    assert corrections(journal) == 2
    found = journal.clock(clock.now())
    assert found is not None
    assert (found[0].source, found[0].trust) == ("hub", "high")
    assert_sound(tmp_path)


def test_the_hub_confirms_what_the_engineer_said_with_a_record_of_its_own(
    journal: Journal, visits: Visits, clock: WrongHours
) -> None:
    clock.error_ms = 5 * HOUR_MS
    journal.append(visits.rated(5))
    journal.correct(clock.engineer_says(), clock.now())

    assert journal.correct(clock.hub_says(), clock.now())
    assert hours(journal) == {("2026-11-23", 8, 5): 1}


def test_a_restart_in_the_same_boot_keeps_the_anchor(
    opened: Callable[[], Journal], visits: Visits, clock: WrongHours, tmp_path: Path
) -> None:
    clock.error_ms = -MORNING_MS
    journal = opened()
    journal.correct(clock.hub_says(), clock.now())
    journal.close()

    journal = opened()
    journal.append(visits.rated(5))

    assert hours(journal) == {("2026-11-23", 8, 5): 1}
    assert not journal.correct(clock.hub_says(), clock.now())
    assert_sound(tmp_path)


def test_another_boot_without_evidence_stays_on_its_raw_day(
    opened: Callable[[], Journal], visits: Visits, clock: WrongHours, tmp_path: Path
) -> None:
    clock.error_ms = -MORNING_MS
    journal = opened()
    asked = visits.asked()
    journal.append([*visits.rated(5), asked])
    assert journal.correct(clock.hub_says(), clock.now())
    journal.close()

    clock.reboot("1111111111111111")
    journal = opened()
    journal.append(visits.rated(4))
    assert journal.clock(clock.now()) is None
    assert hours(journal) == {("2026-11-23", 8, 5): 1, ("1970-01-01", 8, 0): 1, ("1970-01-01", 8, 4): 1}
    assert_sound(tmp_path)

    assert journal.correct(clock.hub_says(), clock.now())
    assert hours(journal) == {("2026-11-23", 8, 5): 1, ("2026-11-23", 8, 0): 1, ("2026-11-23", 8, 4): 1}
    assert_sound(tmp_path)


def test_heads_after_a_correction_state_totals_that_no_move_has_changed(
    opened: Callable[[], Journal], visits: Visits, clock: WrongHours, tmp_path: Path
) -> None:
    clock.error_ms = -2 * HOUR_MS
    journal = opened()
    journal.append([*visits.rated(5), *visits.rated(5), *visits.not_rated()])
    journal.correct(clock.hub_says(), clock.now())
    journal.sign_head(clock.now(), leaving=True)
    journal.close()

    with closing(opened()) as again:
        again.append(visits.rated(5))
        again.sign_head(clock.now(), leaving=True)
        assert sum(isinstance(record, Head) for record in records(again)) == 2
    assert verify_journal(tmp_path).totals == {"5": 3, "0": 1}
    assert_sound(tmp_path)


def test_a_count_put_back_to_the_wrong_day_is_found(
    opened: Callable[[], Journal], visits: Visits, clock: WrongHours, tmp_path: Path
) -> None:
    clock.error_ms = -MORNING_MS
    journal = opened()
    journal.append(visits.rated(5))
    journal.correct(clock.hub_says(), clock.now())
    journal.connection.execute("UPDATE tally SET day = '1970-01-01'")

    assert "the counts of 1970-01-01" in str(verify_journal(tmp_path).findings[0])


def test_what_a_salvaged_journal_takes_over_keeps_its_corrected_days(
    opened: Callable[[], Journal], visits: Visits, clock: WrongHours, tmp_path: Path
) -> None:
    clock.error_ms = -MORNING_MS
    journal = opened()
    journal.append(visits.rated(5))
    journal.correct(clock.hub_says(), clock.now())
    journal.append(visits.rated(4))
    journal.close()
    salvage(tmp_path, "damaged", clock.now())

    journal = opened()
    assert hours(journal) == {("2026-11-23", 8, 5): 1, ("2026-11-23", 8, 4): 1}
    assert journal.clock(clock.now()) is None, "a new generation has heard nothing yet"
    journal.append(visits.rated(3))
    assert journal.correct(clock.hub_says(), clock.now())

    assert hours(journal) == {("2026-11-23", 8, level): 1 for level in (5, 4, 3)}
    assert_sound(tmp_path)
