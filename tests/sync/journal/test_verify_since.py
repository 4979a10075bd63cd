"""`verify --since`: what it reads it checks, what it does not read it says, and what is in doubt is read whole."""

import datetime as dt
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from sync.anchors import ClockEvidence
from sync.chain import link
from sync.journal.verify import verify_journal
from sync.journal.verify_since import verify_since
from sync.journal.writer import Journal
from sync.keys import KeyStore
from sync.records import Case, Head, Pressed, decode, encode
from tests.sync.conftest import Hours, Visits

MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (dt.date(2026, 11, day) for day in (23, 24, 25, 26))


@pytest.fixture
def four_days(opened: Callable[[], Journal], visits: Visits, clock: Hours, tmp_path: Path) -> Path:
    """Monday to Thursday, two hours of visits a day and a head behind each; a new key from Tuesday on."""
    journal = opened()
    for _ in range(4):
        journal.append([*visits.rated(5), *visits.rated(1)])
        clock.pass_hours(1)
        journal.append([*visits.rated(4, Case(project_no="1")), *visits.not_rated()])
        clock.pass_hours(1)
        journal.sign_head(clock.now())
        clock.pass_hours(22)
    journal.close()
    return tmp_path


def tamper(directory: Path, *statements: tuple[str, tuple[object, ...]]) -> None:
    database = sqlite3.connect(directory / "journal.db", isolation_level=None)
    database.execute("DROP TRIGGER IF EXISTS record_never_changes")
    for statement, values in statements:
        database.execute(statement, values)
    database.close()


def rows(directory: Path) -> list[tuple[int, bytes, bytes]]:
    database = sqlite3.connect(directory / "journal.db")
    found = database.execute("SELECT position, body, hash FROM record ORDER BY position").fetchall()
    database.close()
    return found


def test_the_last_day_alone_is_read_and_the_rest_is_named(four_days: Path) -> None:
    verdict, start = verify_since(four_days, THURSDAY)
    whole = verify_journal(four_days)

    assert start is not None
    assert verdict.sound
    assert isinstance(decode(rows(four_days)[start.seq][1]), Head)
    assert verdict.records + start.unread == whole.records
    assert (verdict.device, verdict.head_hash, verdict.unsigned) == (whole.device, whole.head_hash, whole.unsigned)
    assert verdict.totals == {"5": 1, "1": 1, "4": 1, "0": 1}


def test_an_earlier_day_reads_more(four_days: Path) -> None:
    reads = [verify_since(four_days, day)[0].records for day in (THURSDAY, WEDNESDAY, TUESDAY, MONDAY)]

    assert reads == sorted(set(reads))
    assert verify_since(four_days, MONDAY) == (verify_journal(four_days), None)


def test_any_record_that_was_changed_is_found_if_it_was_read(four_days: Path) -> None:
    _, start = verify_since(four_days, THURSDAY)
    assert start is not None

    for position, body, _ in rows(four_days):
        tamper(four_days, ("UPDATE record SET body = ? WHERE position = ?", (body[:-1] + b" }", position)))
        verdict, said = verify_since(four_days, THURSDAY)
        tamper(four_days, ("UPDATE record SET body = ? WHERE position = ?", (body, position)))

        seq = position - 1
        assert (verdict.sound, said) == ((True, start) if seq < start.seq else (False, None)), seq


def test_a_fault_is_named_by_a_check_of_everything(four_days: Path) -> None:
    position, body, _ = [row for row in rows(four_days) if b'"level":1' in row[1]][-1]
    changed = body.replace(b'"level":1', b'"level":5')
    tamper(four_days, ("UPDATE record SET body = ? WHERE position = ?", (changed, position)))

    verdict, start = verify_since(four_days, THURSDAY)

    assert start is None
    assert verdict == verify_journal(four_days)
    assert f"record {position - 1}: was changed" in str(verdict.findings[0])


def test_a_head_that_another_key_signed_is_not_taken_at_its_word(
    four_days: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Somebody wrote Monday anew, with all later hashes, and signed every head with a key of their own."""
    stranger = KeyStore(tmp_path_factory.mktemp("stranger"))
    changes, running = [], b""
    for position, body, stored in rows(four_days):
        new = body.replace(b'"level":1', b'"level":5')
        record = decode(new)
        if isinstance(record, Head) and running:
            text = record.head.text.encode()
            new = encode(msgspec.structs.replace(record, head=stranger.sign(text.decode())))
        running = link(running, new) if running else stored
        changes.append(("UPDATE record SET body = ?, hash = ? WHERE position = ?", (new, running, position)))
    tamper(four_days, *changes)

    verdict, start = verify_since(four_days, THURSDAY)

    assert start is None
    assert not verdict.sound


def test_the_counts_of_the_day_are_checked_and_those_before_it_are_not(four_days: Path) -> None:
    tamper(four_days, ("UPDATE tally SET visits = 7 WHERE day = '2026-11-23' AND outcome = 5", ()))
    before = verify_since(four_days, THURSDAY)
    tamper(four_days, ("UPDATE tally SET visits = 7 WHERE day = '2026-11-26' AND outcome = 5", ()))
    after = verify_since(four_days, THURSDAY)

    assert before[0].sound
    assert before[1] is not None
    assert not after[0].sound
    assert "outcome 5 say 7, the records give 1" in "".join(map(str, after[0].findings))


def test_a_sealed_box_that_was_exchanged_on_the_day_is_found(four_days: Path) -> None:
    tamper(
        four_days,
        ("UPDATE sealed SET cipher = zeroblob(9) WHERE position = (SELECT max(position) FROM sealed)", ()),
    )

    assert not verify_since(four_days, THURSDAY)[0].sound


@pytest.mark.parametrize("content", [None, b"", b"no JSON\n"])
def test_without_the_changes_of_key_everything_is_read(four_days: Path, content: bytes | None) -> None:
    changes = four_days / "keys" / "epochs.jsonl"
    if content is None:
        changes.unlink()
    else:
        changes.write_bytes(content)

    assert verify_since(four_days, THURSDAY) == (verify_journal(four_days), None)
    assert verify_journal(four_days).sound


def test_a_visit_that_is_open_over_the_head_counts_on_its_day(
    opened: Callable[[], Journal], visits: Visits, clock: Hours, tmp_path: Path
) -> None:
    journal = opened()
    asked = visits.asked()
    clock.pass_hours(15.5)
    journal.append([asked])
    journal.sign_head(clock.now(), leaving=True)
    clock.pass_hours(1)
    journal.append([visits.pressed(asked, 5), visits.ended(asked)])
    journal.close()

    verdict, start = verify_since(tmp_path, TUESDAY)

    assert start is not None
    assert verdict.sound
    assert verdict.totals == {"5": 1}


def test_a_correction_of_the_clock_before_the_head_stays_in_force(
    opened: Callable[[], Journal], visits: Visits, clock: Hours, tmp_path: Path
) -> None:
    """The machine says Monday where it is Saturday the week before."""
    journal = opened()
    truly_ms = clock.now().wall_ms - 48 * 3_600_000
    journal.append(visits.rated(2))
    journal.correct(ClockEvidence(clock.now(), truly_ms, 1_000, "hub", "high"), clock.now())
    for level in (5, 4):
        clock.pass_hours(24)
        journal.append(visits.rated(level))
        journal.sign_head(clock.now(), leaving=True)
    journal.close()

    verdict, start = verify_since(tmp_path, MONDAY)

    assert start is not None
    assert verdict.sound
    assert verdict.totals == {"4": 1}


def test_generations_after_the_head_are_read_whole(
    opener: Callable[[], Journal], visits: Visits, clock: Hours, tmp_path: Path
) -> None:
    """An old copy was put back on Tuesday: a new generation goes on behind it."""
    journal = opener()
    journal.append(visits.rated(5))
    journal.sign_head(clock.now(), leaving=True)
    journal.close()
    shutil.copy(tmp_path / "journal.db", tmp_path / "copy.db")
    clock.pass_hours(24)
    journal = opener()
    journal.append(visits.rated(4))
    journal.sign_head(clock.now(), leaving=True)
    journal.close()
    (tmp_path / "copy.db").replace(tmp_path / "journal.db")
    journal = opener()
    journal.append(visits.rated(3))
    journal.close()
    records = [decode(body) for _, body, _ in rows(tmp_path)]
    assert [record.level for record in records if isinstance(record, Pressed)] == [5, 3]

    verdict, start = verify_since(tmp_path, TUESDAY)

    assert start is not None
    assert verdict.totals == {"3": 1}
    assert verdict.records + start.unread == verify_journal(tmp_path).records
