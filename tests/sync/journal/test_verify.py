"""`verify` finds what an insider with the file in hand could do, at its very place."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from sync.chain import HeadText, link
from sync.journal.verify import verify_journal
from sync.journal.writer import Journal
from sync.keys import KeyStore
from sync.records import Case, Head, Pressed, decode, encode
from tests.sync.conftest import Hours, Visits


@pytest.fixture
def morning(opened: Callable[[], Journal], visits: Visits, clock: Hours, tmp_path: Path) -> Path:
    """Two hours of visits, a head after each, and a case."""
    journal = opened()
    journal.append([*visits.rated(5), *visits.rated(1)])
    clock.pass_hours(1)
    journal.append([*visits.rated(4, Case(project_no="1")), *visits.not_rated()])
    clock.pass_hours(1)
    journal.sign_head(clock.now())
    journal.close()
    return tmp_path


def tamper(directory: Path, *statements: tuple[str, tuple[object, ...]]) -> None:
    """What somebody with the file can do: the triggers are in the file too."""
    database = sqlite3.connect(directory / "journal.db", isolation_level=None)
    database.execute("DROP TRIGGER record_never_changes")
    database.execute("DROP TRIGGER record_never_goes")
    for statement, values in statements:
        database.execute(statement, values)
    database.close()


def rows(directory: Path) -> list[tuple[int, bytes, bytes]]:
    database = sqlite3.connect(directory / "journal.db")
    found = database.execute("SELECT position, body, hash FROM record ORDER BY position").fetchall()
    database.close()
    return found


def problems(directory: Path) -> str:
    return "; ".join(str(finding) for finding in verify_journal(directory).findings)


def test_an_untouched_journal_is_sound(morning: Path) -> None:
    verdict = verify_journal(morning)

    assert verdict.findings == ()
    assert verdict.sound
    assert (verdict.heads, verdict.unsigned) == (2, 0)
    assert verdict.totals == {"5": 1, "1": 1, "4": 1, "0": 1}
    assert verdict.records == len(rows(morning))


def test_a_changed_level_is_found_at_its_record(morning: Path) -> None:
    position, body, _ = next(row for row in rows(morning) if b'"level":1' in row[1])
    tamper(
        morning, ("UPDATE record SET body = ? WHERE position = ?", (body.replace(b'"level":1', b'"level":5'), position))
    )

    assert f"record {position - 1}: was changed" in problems(morning)


def test_a_level_changed_with_all_later_hashes_made_anew_is_found_at_the_next_head(morning: Path) -> None:
    changes, running = [], b""
    for position, body, stored in rows(morning):
        new = body.replace(b'"level":1', b'"level":5')
        running = link(running, new) if running else stored
        changes.append(("UPDATE record SET body = ?, hash = ? WHERE position = ?", (new, running, position)))
    tamper(morning, *changes)
    head = next(position - 1 for position, body, _ in rows(morning) if isinstance(decode(body), Head))

    assert f"record {head}: signs another chain" in problems(morning)


def test_a_removed_record_is_named_as_missing(morning: Path) -> None:
    tamper(morning, ("DELETE FROM record WHERE position = 6", ()))

    assert "record 5: is missing" in problems(morning)


def test_two_records_in_each_others_place_are_found(morning: Path) -> None:
    (_, one, _), (_, other, _) = rows(morning)[4:6]
    tamper(
        morning,
        ("UPDATE record SET body = ? WHERE position = 5", (other,)),
        ("UPDATE record SET body = ? WHERE position = 6", (one,)),
    )

    assert "record 4: was changed" in problems(morning)


def test_a_head_signed_by_another_key_is_found(morning: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    stranger = KeyStore(tmp_path_factory.mktemp("stranger"))
    position, body, _ = rows(morning)[-1]
    head = decode(body)
    assert isinstance(head, Head)
    forged = encode(Head(at=head.at, head=stranger.sign(head.head.text)))
    previous = rows(morning)[-2][2]
    tamper(
        morning,
        ("UPDATE record SET body = ?, hash = ? WHERE position = ?", (forged, link(previous, forged), position)),
    )

    assert f"record {position - 1}: was signed by another" in problems(morning)


def test_counts_that_differ_from_the_records_are_found(morning: Path) -> None:
    tamper(morning, ("UPDATE tally SET visits = 0 WHERE outcome = 1", ()))

    assert "outcome 1 say 0, the records give 1" in problems(morning)


def test_an_extra_count_that_no_record_gives_is_found(morning: Path) -> None:
    tamper(morning, ("INSERT INTO tally VALUES ('2026-11-23', 9, '3', '1001', '', 'window-evaluator', 5, 7)", ()))

    assert "the records give 0" in problems(morning)


def test_a_sealed_box_that_was_exchanged_is_found(morning: Path) -> None:
    tamper(morning, ("UPDATE sealed SET cipher = zeroblob(300)", ()))

    assert "never committed to" in problems(morning)


def test_a_sealed_box_that_is_gone_without_a_record_is_found(morning: Path) -> None:
    tamper(morning, ("DELETE FROM sealed", ()))

    assert "its sealed text is gone and no record says why" in problems(morning)


def test_a_cursor_ahead_of_the_records_is_found(morning: Path) -> None:
    tamper(morning, ("INSERT INTO destination SELECT 'hub', id, 9999 FROM generation", ()))

    assert "destination hub is said to have 9999" in problems(morning)


def test_a_record_of_a_later_version_is_chained_and_not_understood(
    opened: Callable[[], Journal], visits: Visits, tmp_path: Path
) -> None:
    journal = opened()
    journal.append(visits.rated(5))
    journal.close()
    position, _, last = rows(tmp_path)[-1]
    body = b'{"kind":"details","at":[1,2,"x"],"asked":1}'
    tamper(tmp_path, ("INSERT INTO record VALUES (?, ?, ?)", (position + 1, body, link(last, body))))

    assert verify_journal(tmp_path).sound


def test_a_press_that_appears_twice_is_found_by_the_counts(
    opened: Callable[[], Journal], visits: Visits, clock: Hours, tmp_path: Path
) -> None:
    """A visit counts once, however many presses somebody appends to it."""
    asked = visits.asked()
    journal = opened()
    journal.append([asked, visits.pressed(asked, 5)])
    journal.close()
    position, body, last = rows(tmp_path)[-1]
    pressed = decode(body)
    assert isinstance(pressed, Pressed)
    again = encode(msgspec.structs.replace(pressed, nonce=bytes(16)))
    tamper(
        tmp_path,
        ("INSERT INTO record VALUES (?, ?, ?)", (position + 1, again, link(last, again))),
        ("UPDATE tally SET visits = 2", ()),
    )

    assert "outcome 5 say 2, the records give 1" in problems(tmp_path)


def test_a_head_text_is_what_was_signed_to_the_byte(morning: Path) -> None:
    head = decode(rows(morning)[-1][1])
    assert isinstance(head, Head)

    assert msgspec.json.encode(msgspec.json.decode(head.head.text, type=HeadText)).decode() == head.head.text


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("DELETE FROM generation", "belong to no generation"),
        ("UPDATE record SET body = CAST(body AS TEXT) WHERE position = 3", "does not stand there as bytes"),
        ("INSERT INTO sealed VALUES (3, 'case:0', 'hub', x'00', x'00')", "where nobody asked"),
        ("UPDATE tally SET outcome = 'five' WHERE outcome = 5", "outcome five"),
        ("INSERT INTO record VALUES (0, x'7b7d', x'00')", "belong to no generation"),
        ("UPDATE generation SET genesis = 'text'", "record 0"),
    ],
)
def test_what_an_insider_put_beside_the_records_is_found(morning: Path, statement: str, problem: str) -> None:
    tamper(morning, (statement, ()))

    assert problem in problems(morning)


def test_a_generation_that_does_not_begin_with_its_opening_is_found(
    opened: Callable[[], Journal], visits: Visits, tmp_path: Path
) -> None:
    journal = opened()
    journal.append(visits.rated(5))
    journal.close()
    changes, running = [], bytes(32)
    for position, body, _ in rows(tmp_path)[1:]:
        running = link(running, body)
        changes.append(("UPDATE record SET hash = ? WHERE position = ?", (running, position)))
    tamper(
        tmp_path,
        ("DELETE FROM record WHERE position = 1", ()),
        ("UPDATE generation SET first_position = 2, genesis = zeroblob(32)", ()),
        *changes,
    )

    assert "does not open this generation" in problems(tmp_path)
