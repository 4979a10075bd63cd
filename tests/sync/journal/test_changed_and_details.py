"""A mis-press that was taken back, and what was said after the press: the fold counts, the journal shows the story."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from sync.journal.reader import JournalReader, day_counts
from sync.journal.salvage import salvage
from sync.journal.verify import verify_journal
from sync.journal.writer import Journal
from sync.receipts import find_receipt, parse_code
from sync.records import (
    Audited,
    Changed,
    Details,
    Pressed,
    Record,
    Salvaged,
    VisitAsked,
    VisitChanged,
    VisitDetailed,
    decode,
    encode,
)
from sync.sealing import unseal
from tests.sync.conftest import Hours, Visits
from tests.sync.journal.test_verify import tamper

DAY = "2026-11-23"


def change(asked: VisitAsked, was: int, level: int, clock: Hours) -> VisitChanged:
    return VisitChanged(asked.visit, was, level, "glass", clock.now(), clock.now())


def records(directory: Path) -> list[Record]:
    reader = JournalReader(directory)
    bodies = [body for one in reader.generations() for body in reader.slice(one.id, 0, one.next_seq).bodies]
    reader.close()
    return [decode(body) for body in bodies]


def counts(directory: Path) -> dict[int, int]:
    reader = JournalReader(directory)
    found = day_counts(reader.connection, DAY)
    reader.close()
    return found


def assert_sound(directory: Path) -> None:
    assert [str(finding) for finding in verify_journal(directory).findings] == []


def test_a_changed_level_counts_instead_of_the_first_and_both_stay(
    journal: Journal, visits: Visits, clock: Hours, tmp_path: Path
) -> None:
    asked = visits.asked()
    journal.append([asked, visits.pressed(asked, 1)])
    journal.append([change(asked, 1, 5, clock)])
    journal.append([visits.ended(asked), *visits.rated(4)])

    assert counts(tmp_path) == {5: 1, 4: 1}
    assert [record.level for record in records(tmp_path) if isinstance(record, Pressed)] == [1, 4]
    assert [(record.was, record.level) for record in records(tmp_path) if isinstance(record, Changed)] == [(1, 5)]
    assert_sound(tmp_path)


def test_a_change_in_the_next_hour_counts_in_the_hour_of_the_press(
    journal: Journal, visits: Visits, clock: Hours, tmp_path: Path
) -> None:
    asked = visits.asked()
    journal.append([asked, visits.pressed(asked, 2)])
    pressed_at = clock.now()
    clock.pass_hours(1)
    journal.append([VisitChanged(asked.visit, 2, 3, "glass", clock.now(), pressed_at)])

    cells = journal.connection.execute("SELECT hour, outcome, visits FROM tally").fetchall()
    assert cells == [(8, 3, 1)]
    assert_sound(tmp_path)


def test_a_change_behind_a_head_is_counted_once_and_outlives_a_restart(
    opened: Callable[[], Journal], visits: Visits, clock: Hours, tmp_path: Path
) -> None:
    """The head signed between press and change says that the visit is rated; the totals go on from it."""
    journal = opened()
    asked = visits.asked()
    press = visits.pressed(asked, 4)
    journal.append([asked, press])
    clock.pass_hours(1)
    journal.sign_head(clock.now())
    change = VisitChanged(asked.visit, 4, 5, "glass", clock.now(), press.at)
    journal.append([change, visits.ended(asked)])
    clock.pass_hours(1)
    journal.sign_head(clock.now())
    journal.close()

    opened().append(visits.rated(3))

    assert verify_journal(tmp_path).totals == {"5": 1, "3": 1}
    assert_sound(tmp_path)


def test_each_press_and_change_has_a_receipt_that_stays_good(
    journal: Journal, visits: Visits, clock: Hours, tmp_path: Path
) -> None:
    asked = visits.asked()
    first = journal.append([asked, visits.pressed(asked, 1)])[asked.visit]
    second = journal.append([change(asked, 1, 5, clock), visits.ended(asked)])[asked.visit]

    reader = JournalReader(tmp_path)
    answers = [find_receipt(reader, parse_code(code)) for code in (first, second)]
    reader.close()
    assert first != second
    assert [answer is not None and answer.unchanged for answer in answers] == [True, True]
    assert answers[0] == answers[1], "the answer tells nobody which of the two was taken back"


def test_words_and_contact_stand_sealed_and_nowhere_else(
    journal: Journal, visits: Visits, clock: Hours, hub_key: X25519PrivateKey, tmp_path: Path
) -> None:
    asked = visits.asked()
    said = VisitDetailed(
        asked.visit,
        clock.now(),
        table="national-1",
        tags=("213", "214"),
        answers=(("attitude", 2),),
        words="排队两小时，无人引导",
        contact_name="金丝雀",
        contact_phone="13900000042",
    )
    journal.append([asked, visits.pressed(asked, 2), said, visits.ended(asked)])

    (details,) = [record for record in records(tmp_path) if isinstance(record, Details)]
    assert (details.tags, details.answers, details.table) == (["213", "214"], {"attitude": 2}, "national-1")
    boxes = journal.connection.execute("SELECT part, visit, cipher FROM sealed").fetchall()
    opened_boxes = {part: unseal(hub_key.private_bytes_raw(), visit, part, cipher) for part, visit, cipher in boxes}
    assert opened_boxes["words"].decode() == "排队两小时，无人引导"
    assert msgspec.json.decode(opened_boxes["contact"]) == {"name": "金丝雀", "phone": "13900000042"}
    everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for canary in ("金丝雀", "13900000042", "无人引导"):
        assert canary.encode() not in everything
        assert canary.encode("utf-16-le") not in everything
    assert "金丝雀" not in repr(said)
    assert counts(tmp_path) == {2: 1}
    assert_sound(tmp_path)


def test_a_box_of_words_that_was_exchanged_is_found(
    journal: Journal, visits: Visits, clock: Hours, tmp_path: Path
) -> None:
    asked = visits.asked()
    journal.append([asked, visits.pressed(asked, 2), VisitDetailed(asked.visit, clock.now(), words="慢")])
    journal.close()
    tamper(tmp_path, ("UPDATE sealed SET cipher = ? WHERE part = 'words'", (b"other",)))

    assert "words" in "; ".join(map(str, verify_journal(tmp_path).findings))


@pytest.mark.parametrize("lost", ["between", "press"])
def test_a_change_behind_damage_still_counts(
    opened: Callable[[], Journal], visits: Visits, clock: Hours, tmp_path: Path, lost: str
) -> None:
    journal = opened()
    asked = visits.asked()
    journal.append([asked, visits.pressed(asked, 1), Audited("paused", clock.now())])
    journal.append([change(asked, 1, 5, clock), visits.ended(asked)])
    journal.close()
    kind = b'"audit"' if lost == "between" else b'"pressed"'
    (position,) = [
        number + 1
        for number, record in enumerate(records(tmp_path))
        if kind in encode(record) and b"started" not in encode(record)
    ]
    tamper(tmp_path, ("UPDATE record SET body = x'00' WHERE position = ?", (position,)))

    salvage(tmp_path, "damaged", clock.now())
    opened()

    assert counts(tmp_path) == {5: 1}
    (saved,) = [record for record in records(tmp_path) if isinstance(record, Salvaged)]
    assert saved.replaces == (1 if lost == "between" else None)
    assert_sound(tmp_path)
