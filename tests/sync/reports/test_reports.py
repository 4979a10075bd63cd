"""From the records of a real journal, with its sealed texts, to the reports of its visits."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.anchors import Anchor
from sync.records import (
    LEVELS,
    NOT_RATED,
    Asked,
    At,
    Case,
    CaseCommitment,
    Changed,
    Details,
    Ended,
    Pressed,
    VisitChanged,
    VisitDetailed,
    decode,
)
from sync.reports.building import Opened, Origin, UnreadableError, reports_of
from sync.reports.press_time import EARLIEST_MS, press_time
from sync.reports.report import canonical
from sync.reports.visit import ended_visits
from sync.sealing import unseal
from tests.sync.conftest import MORNING_MS

FIRST, SECOND = Case("T-1", task_code="11", user_name="张三"), Case("T-2", 3)
AT = At(MORNING_MS, 50_000, "b007b007b007b007")


def ended(journal):
    rows = journal.connection.execute("SELECT body FROM record ORDER BY position").fetchall()
    return list(ended_visits((seq, decode(body)) for seq, (body,) in enumerate(rows)))


def opened(journal, hub_key, visit):
    rows = journal.connection.execute("SELECT part, cipher FROM sealed").fetchall()
    return Opened({part: unseal(hub_key.private_bytes_raw(), visit.asked.visit, part, box) for part, box in rows})


def reports(journal, hub_key, now_ms=MORNING_MS + 60_000):
    (visit,) = ended(journal)
    pressed = press_time(visit.pressed, None, now_ms) if visit.pressed else None
    return reports_of(Origin("d" * 64, "g" * 32, 480), visit, opened(journal, hub_key, visit), pressed)


def test_each_case_of_a_ticket_is_a_case_and_a_rating_in_this_order(journal, visits, hub_key):
    journal.append(visits.rated(2, FIRST, SECOND))
    found = reports(journal, hub_key)
    assert [(report.key.case, report.key.kind) for report in found] == [
        (0, "case"),
        (0, "rating"),
        (1, "case"),
        (1, "rating"),
    ]
    assert [report.natural_key for report in found] == [("T-1", 1), ("T-1", 1), ("T-2", 3), ("T-2", 3)]
    fields = canonical(found[1])
    assert (fields["level"], fields["pressedAt"], fields["window"], fields["clerk"]) == (2, MORNING_MS, "3", "1001")
    assert (fields["userName"], fields["taskCode"], fields["channel"]) == ("张三", "11", "window-evaluator")


def test_what_was_said_goes_with_the_rating(journal, visits, hub_key, clock):
    asked = visits.asked(FIRST)
    said = VisitDetailed(asked.visit, clock.now(), "national/1", ("210", "214"), words="太慢", contact_phone="139")
    journal.append([asked, visits.pressed(asked, 2), said, visits.ended(asked)])
    fields = canonical(reports(journal, hub_key)[1])
    assert (fields["tags"], fields["words"], fields["contactPhone"]) == (("210", "214"), "太慢", "139")


def test_after_a_change_the_new_level_counts_at_the_time_of_the_press_without_what_was_said_before(
    journal, visits, hub_key, clock
):
    asked = visits.asked(FIRST)
    pressed = visits.pressed(asked, 1)
    before = VisitDetailed(asked.visit, clock.now(), "national/1", ("108",), words="不好")
    clock.pass_hours(0.001)
    changed = VisitChanged(asked.visit, 1, 5, "glass", clock.now(), pressed.at)
    after = VisitDetailed(asked.visit, clock.now(), "national/1", ("510",))
    journal.append([asked, pressed, before, changed, after, visits.ended(asked)])
    fields = canonical(reports(journal, hub_key)[1])
    assert (fields["level"], fields["pressedAt"], fields["tags"]) == (5, MORNING_MS, ("510",))
    assert "words" not in fields


def test_a_visit_that_nobody_rated_gives_its_case_alone(journal, visits, hub_key):
    asked = visits.asked(FIRST)
    journal.append([asked, visits.ended(asked, rated=False)])
    assert [report.key.kind for report in reports(journal, hub_key)] == ["case"]


def test_a_visit_without_a_case_is_for_no_province(journal, visits, hub_key):
    journal.append(visits.rated(5))
    assert reports(journal, hub_key) == ()


def test_a_visit_that_has_not_ended_is_none(journal, visits):
    asked = visits.asked(FIRST)
    journal.append([asked, visits.pressed(asked, 4)])
    assert ended(journal) == []


def test_a_text_that_is_not_there_is_named_and_nothing_is_told(journal, visits):
    journal.append(visits.rated(5, FIRST))
    (visit,) = ended(journal)
    with pytest.raises(UnreadableError, match="case:0"):
        reports_of(Origin("d" * 64, "g" * 32, 480), visit, Opened({}), None)


def test_a_report_shows_nobodys_name(journal, visits, hub_key):
    journal.append(visits.rated(1, FIRST))
    shown = repr(reports(journal, hub_key))
    assert "张三" not in shown
    assert "T-1" not in shown
    assert "level" not in shown


@pytest.mark.parametrize(
    ("wall_ms", "anchor_ms", "trust", "offset_ms", "doubtful"),
    [
        (MORNING_MS, None, "high", 0, False),
        (MORNING_MS, MORNING_MS + 30_000, "high", 0, False),
        (MORNING_MS - 7_200_000, MORNING_MS, "high", 7_200_000, False),
        (MORNING_MS - 7_200_000, MORNING_MS, "low", 7_200_000, True),
        (EARLIEST_MS - 1, None, "high", 0, True),
        (0, MORNING_MS, "high", MORNING_MS, False),
        (MORNING_MS + 7_200_000, None, "high", 0, True),
    ],
)
def test_the_raw_time_and_the_recorded_offset_are_kept_apart(wall_ms, anchor_ms, trust, offset_ms, doubtful):
    at = At(wall_ms, AT.boot_ms, AT.boot)
    anchor = Anchor(AT.boot, AT.boot_ms, anchor_ms, 1000, "hub", trust) if anchor_ms is not None else None
    found = press_time(at, anchor, MORNING_MS + 60_000)
    assert (found.raw_ms, found.offset_ms, found.doubtful) == (wall_ms, offset_ms, doubtful)
    assert found.corrected == (offset_ms != 0)


def test_an_anchor_of_another_boot_says_nothing():
    anchor = Anchor("another0another0", 0, 0, 1000, "engineer", "low")
    assert press_time(AT, anchor, MORNING_MS).ms == MORNING_MS


levels = st.sampled_from(LEVELS)
steps = st.one_of(
    levels.map(lambda level: Pressed(at=AT, asked=0, level=level, source="glass", nonce=bytes(16))),
    st.tuples(levels, levels).map(
        lambda both: Changed(at=AT, asked=0, was=both[0], level=both[1], pressed_at=AT, source="glass", nonce=bytes(16))
    ),
    st.sampled_from(["110", "510"]).map(lambda tag: Details(at=AT, asked=0, tags=[tag])),
)


@given(run=st.lists(steps, max_size=8))
def test_the_level_is_that_of_the_first_press_or_of_the_last_change_behind_it(run):
    """The rule once more, the slow way."""
    commitment = CaseCommitment(bytes(16), [("hub", hashlib.sha256(b"").digest())])
    ask = Asked(
        at=AT, visit=bytes(16), window="3", place="window", object="case", channel="window-evaluator",
        trigger="keypad", limit_s=60, cases=[commitment],
    )  # fmt: skip
    end = Ended(at=AT, asked=0, outcome="rated", cause="thanked")
    (visit,) = ended_visits(enumerate([ask, *run, end]))
    presses = [place for place, record in enumerate(run) if isinstance(record, Pressed)]
    changes = [
        place for place, record in enumerate(run) if isinstance(record, Changed) and presses and place > presses[0]
    ]
    counts = run[(changes or presses)[-1 if changes else 0]].level if presses else NOT_RATED
    tags = [
        record.tags
        for place, record in enumerate(run)
        if isinstance(record, Details) and place > max(changes, default=-1)
    ]
    assert visit.level == counts
    assert list(visit.said.tags) == (tags[-1] if tags else [])
