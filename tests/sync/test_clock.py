"""Which time counts: anchors, evidence and the fold, without a disk."""

from collections import Counter

import pytest

from sync.anchors import OFF_MS, Anchor, ClockEvidence, anchor_after, believed_ms, needs_correction, widened
from sync.fold import Fold, TallyKey
from sync.records import Asked, At, Correction, Ended, Pressed, Record, decode, encode

NOON_MS = 1_795_147_200_000  # 2026-11-20 12:00 in UTC+8
HOUR_MS = 3_600_000
BOOT, OTHER = "b007b007b007b007", "0123456789abcdef"


def at(wall_ms: int, boot_ms: int, boot: str = BOOT) -> At:
    return At(wall_ms, boot_ms, boot)


def anchor(trust: str = "high", true_ms: int = NOON_MS, boot_ms: int = 100_000, boot: str = BOOT) -> Anchor:
    return Anchor(boot, boot_ms, true_ms, 1_000, "hub" if trust == "high" else "engineer", trust)


def evidence(wall_ms: int, boot_ms: int, true_ms: int, trust: str = "high") -> ClockEvidence:
    return ClockEvidence(at(wall_ms, boot_ms), true_ms, 1_000, "hub" if trust == "high" else "engineer", trust)


def correction(true_ms: int, boot_ms: int, trust: str = "high", boot: str = BOOT, written: str = BOOT) -> Correction:
    source = "hub" if trust == "high" else "engineer"
    return Correction(
        at=at(0, boot_ms + 5, written),
        boot=boot,
        boot_ms=boot_ms,
        true_ms=true_ms,
        uncertainty_ms=1_000,
        source=source,
        trust=trust,
    )


def asked(when: At) -> Asked:
    return Asked(
        at=when,
        visit=bytes(16),
        window="3",
        place="window",
        object="window",
        channel="window-evaluator",
        trigger="clerk-page",
        limit_s=60,
    )


def pressed(when: At, ask: int, level: int = 5) -> Pressed:
    return Pressed(at=when, asked=ask, level=level, source="glass", nonce=bytes(16))


def ended(when: At, ask: int, outcome: str = "rated") -> Ended:
    return Ended(at=when, asked=ask, outcome=outcome, cause="thanked")


def cells(*records: Record) -> dict[TallyKey, int]:
    fold, sums = Fold(480), Counter[TallyKey]()
    for seq, record in enumerate(records):
        for cell, visits in fold.changes(seq, record, lambda end: ((s, records[s]) for s in reversed(range(end)))):
            sums[cell] += visits
    return {cell: visits for cell, visits in sums.items() if visits}


def days(*records: Record) -> dict[tuple[str, int, int], int]:
    return {(cell.day, cell.hour, cell.outcome): visits for cell, visits in cells(*records).items()}


def test_a_time_of_the_same_boot_is_judged_by_the_clock_since_boot() -> None:
    assert believed_ms(at(5, 40_000), anchor()) == NOON_MS - 60_000


def test_a_time_of_another_boot_stays_as_it_is() -> None:
    assert believed_ms(at(5, 40_000, OTHER), anchor()) == 5


def test_a_raw_time_that_is_right_within_a_minute_counts_as_it_is() -> None:
    assert believed_ms(at(NOON_MS + OFF_MS, 100_000), anchor()) == NOON_MS + OFF_MS
    assert believed_ms(at(NOON_MS + OFF_MS + 1, 100_000), anchor()) == NOON_MS


def test_low_trust_never_replaces_high_and_high_replaces_both() -> None:
    low, high = correction(NOON_MS, 7, "low"), correction(NOON_MS + HOUR_MS, 8)
    assert anchor_after(anchor("high"), low) == anchor("high")
    assert anchor_after(anchor("low"), low) == anchor("low", NOON_MS, 7)
    assert anchor_after(anchor("low"), high) == anchor("high", NOON_MS + HOUR_MS, 8)
    assert anchor_after(anchor("high"), high) == anchor("high", NOON_MS + HOUR_MS, 8)
    assert anchor_after(anchor("high", boot=OTHER), low) == anchor("low", NOON_MS, 7)


def test_a_correction_that_speaks_of_another_boot_than_its_own_is_no_evidence() -> None:
    assert anchor_after(None, correction(NOON_MS, 7, boot=OTHER)) is None


def test_a_right_clock_needs_no_correction() -> None:
    offsets = widened(None, at(NOON_MS, 5_000))
    assert not needs_correction(evidence(NOON_MS + 30_000, 35_000, NOON_MS), None, offsets)
    assert needs_correction(evidence(NOON_MS + 90_000, 35_000, NOON_MS), None, offsets)


def test_a_clock_that_was_set_right_before_anybody_could_say_the_time_is_corrected_all_the_same() -> None:
    offsets = widened(widened(None, at(9_000, 5_000)), at(NOON_MS, 40_000))
    assert needs_correction(evidence(NOON_MS, 40_000, NOON_MS), None, offsets)


def test_an_anchor_in_force_is_replaced_only_by_more_trust_or_another_time() -> None:
    wrong_wall = 0
    assert not needs_correction(evidence(wrong_wall, 100_000, NOON_MS), anchor("high"), None)
    assert needs_correction(evidence(wrong_wall, 100_000, NOON_MS + HOUR_MS), anchor("high"), None)
    assert needs_correction(evidence(wrong_wall, 100_000, NOON_MS), anchor("low"), None)
    assert not needs_correction(evidence(wrong_wall, 100_000, NOON_MS + HOUR_MS, "low"), anchor("high"), None)


def test_a_correction_reads_back_as_it_was_written_and_refuses_a_year_that_no_calendar_has() -> None:
    record = correction(NOON_MS, 7)
    assert decode(encode(record)) == record
    with pytest.raises(Exception, match="true_ms"):
        decode(encode(correction(1 << 60, 7)))


def test_what_counted_in_this_boot_moves_and_what_comes_later_counts_there_at_once() -> None:
    first = [asked(at(0, 1_000)), pressed(at(0, 1_000), 0), ended(at(0, 1_000), 0)]
    later = [asked(at(9, 70_000)), ended(at(9, 70_000), 4, "not-rated")]
    assert days(*first, correction(NOON_MS, 61_000), *later) == {("2026-11-20", 11, 5): 1, ("2026-11-20", 12, 0): 1}


def test_another_boot_is_not_touched() -> None:
    before = [asked(at(0, 1_000, OTHER)), pressed(at(0, 1_000, OTHER), 0), ended(at(0, 1_000, OTHER), 0)]
    assert days(*before, correction(NOON_MS, 61_000)) == {("1970-01-01", 8, 5): 1}


def test_an_end_in_this_boot_of_a_visit_of_the_boot_before_moves_with_its_own_window() -> None:
    records = [asked(at(0, 1_000, OTHER)), ended(at(0, 1_000), 0, "not-rated"), correction(NOON_MS, 1_000)]
    assert days(*records) == {("2026-11-20", 12, 0): 1}


def test_a_second_press_of_a_visit_rated_in_the_boot_before_does_not_move() -> None:
    records = [asked(at(0, 1_000, OTHER)), pressed(at(0, 2_000, OTHER), 0, 5), pressed(at(0, 1_000), 0, 1)]
    assert days(*records, correction(NOON_MS, 1_000)) == {("1970-01-01", 8, 5): 1}


def test_a_record_without_an_ask_neither_counts_nor_moves() -> None:
    assert days(pressed(at(0, 1_000), 7), ended(at(0, 1_000), 0), correction(NOON_MS, 1_000)) == {}


def test_an_ask_that_is_still_open_loses_nothing() -> None:
    records = [asked(at(0, 1_000)), correction(NOON_MS, 1_000), pressed(at(0, 2_000), 0)]
    assert days(*records) == {("2026-11-20", 12, 5): 1}


def test_the_engineers_time_gives_way_to_the_hubs() -> None:
    run = [asked(at(0, 1_000)), pressed(at(0, 1_000), 0), ended(at(0, 1_000), 0)]
    low, high = correction(NOON_MS + 5 * HOUR_MS, 1_000, "low"), correction(NOON_MS, 1_000)
    assert days(*run, low) == {("2026-11-20", 17, 5): 1}
    assert days(*run, low, high) == {("2026-11-20", 12, 5): 1}
    assert days(*run, high, low) == {("2026-11-20", 12, 5): 1}


def test_a_visit_across_midnight_counts_on_the_day_of_its_press() -> None:
    midnight = NOON_MS + 12 * HOUR_MS
    run = [asked(at(0, 1_000)), pressed(at(0, 31_000), 0), ended(at(0, 32_000), 0)]
    assert days(*run, correction(midnight - 10_000, 1_000)) == {("2026-11-21", 0, 5): 1}
