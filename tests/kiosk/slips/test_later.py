"""Rating later by case number and code: once, in its period, refused alike, on a real journal and its recorder."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from slip_rig import DAY_MS, NUMBER, Hall

from kiosk.slips.codes import CodeError, code_from, read_code
from kiosk.slips.later import GRANT_MS, Granted, Refused, Unavailable
from sync.journal import salvage
from sync.journal.verify import verify_journal
from sync.records import Asked, Audit, Audited, Earlier, VisitAsked, VisitEnded, VisitPressed


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    hall = Hall(tmp_path)
    yield hall
    hall.close()


def test_a_visit_that_nobody_rated_is_rated_later_and_counted_on_that_day(hall: Hall) -> None:
    slip = hall.unrated(NUMBER)
    hall.clock.ms += 3 * DAY_MS

    granted = hall.find(NUMBER, slip.code)
    assert isinstance(granted, Granted)
    hall.rate(granted, 2)

    on_the_spot, later = hall.records(Asked)
    assert (later.channel, later.trigger, later.object, later.flags) == ("later-terminal", "slip", "case", ["later"])
    assert (later.window, later.clerk) == (on_the_spot.window, on_the_spot.clerk)
    assert later.later == Earlier(hall.generation(), 1)
    assert [case.pseudonym for case in later.cases] == [case.pseudonym for case in on_the_spot.cases]
    assert [(case.service, case.item) for case in later.cases] == [(2, "T1")]
    assert hall.counts("2026-11-23") == {0: 1}
    assert hall.counts("2026-11-26") == {2: 1}
    assert verify_journal(hall.directory).sound


def test_once(hall: Hall) -> None:
    slip = hall.unrated(NUMBER)
    granted = hall.find(NUMBER, slip.code)
    assert isinstance(granted, Granted)
    hall.rate(granted)

    assert isinstance(hall.find(NUMBER, slip.code), Refused)
    hall.clock.ms += GRANT_MS + 1
    assert isinstance(hall.find(NUMBER, slip.code), Refused)


def test_two_terminals_cannot_open_one_slip(hall: Hall) -> None:
    slip = hall.unrated(NUMBER)
    first = hall.find(NUMBER, slip.code)
    assert isinstance(first, Granted)
    assert isinstance(hall.find(NUMBER, slip.code), Refused)

    asked = VisitAsked(first.visit, first.ask, hall.clock.now())
    hall.write(asked)
    hall.clock.ms += GRANT_MS + 1
    assert isinstance(hall.find(NUMBER, slip.code), Refused)  # the other one stands before the faces

    hall.write(hall.ended(asked))
    assert isinstance(hall.find(NUMBER, slip.code), Granted)  # nobody pressed: the slip is still good


@pytest.mark.parametrize("restarts", [False, True])
def test_whatever_is_wrong_is_refused_alike(hall: Hall, *, restarts: bool) -> None:
    good, late = hall.unrated(NUMBER), hall.unrated("OLD")
    hall.clock.ms += 8 * DAY_MS
    rated, running = hall.slip("RATED"), hall.slip("OPEN")
    asked, open_one = hall.asked(rated, "RATED"), hall.asked(running, "OPEN")
    hall.write(asked, VisitPressed(asked.visit, 5, "box", hall.clock.now()))
    hall.write(VisitEnded(asked.visit, "rated", "thanked", hall.clock.now()), open_one)
    tries = [
        (NUMBER, code_from(b"wrong")),
        ("RATED", rated.code),
        ("OPEN", running.code),
        ("OLD", late.code),
    ]

    answers = [hall.find(*one) for one in tries]
    if restarts:
        hall.close()
        hall.open()
    locked = hall.find("370800" * 900 + "😀\x00", good.code)

    assert answers == [Refused(left, 0) for left in (4, 3, 2, 1)]
    assert locked == Refused(0, 30)
    assert [record.what for record in hall.records(Audit)].count("slip-wrong") == 5
    assert hall.find("RATED", rated.code) == Refused(0, 30)  # not looked at: it costs no further try
    assert [record.what for record in hall.records(Audit)].count("slip-wrong") == 5


def test_the_wait_grows_and_has_an_end(hall: Hall) -> None:
    slip = hall.unrated(NUMBER)
    waits = []
    for _ in range(10):
        answer = hall.find(NUMBER, code_from(b"wrong"))
        assert isinstance(answer, Refused)
        waits.append(answer.seconds)
        hall.clock.ms += answer.seconds * 1000

    assert waits == [0, 0, 0, 0, 30, 60, 120, 240, 300, 300]
    assert isinstance(hall.find(NUMBER, slip.code), Granted)
    assert hall.find(NUMBER, code_from(b"wrong")) == Refused(4, 0)


def test_a_mistyped_code_is_no_guess(hall: Hall) -> None:
    slip = hall.unrated(NUMBER)
    for _ in range(20):
        with pytest.raises(CodeError):
            hall.find(NUMBER, "ABC")

    assert isinstance(hall.find(NUMBER, slip.code), Granted)


def test_each_case_of_a_visit_is_rated_once(hall: Hall) -> None:
    slip = hall.unrated("A1", "A2")
    first = hall.find("a1", slip.code)
    assert isinstance(first, Granted)
    hall.rate(first)

    assert isinstance(hall.find("A1", slip.code), Refused)
    second = hall.find("A2", slip.code)
    assert isinstance(second, Granted)
    assert [case.project_no for case in second.ask.cases] == ["A2"]


def test_a_visit_that_was_taken_up_at_the_window_and_rated_there_is_not_rated_again(hall: Hall) -> None:
    slip = hall.slip(NUMBER)
    asked = hall.asked(slip, NUMBER)
    taken_up = replace(asked, visit=hall.fresh(), ask=replace(asked.ask, trigger="citizen"))
    hall.write(asked, hall.ended(asked), taken_up, VisitPressed(taken_up.visit, 3, "glass", hall.clock.now()))

    assert isinstance(hall.find(NUMBER, slip.code), Refused)


def test_the_file_holds_neither_code_nor_case_number(hall: Hall) -> None:
    slip = hall.unrated(NUMBER)
    assert isinstance(hall.find(NUMBER, slip.code), Granted)
    hall.close()

    stored = b"".join(path.read_bytes() for path in hall.directory.rglob("*") if path.is_file())
    hall.open()

    assert NUMBER.encode() not in stored
    for spelt in (slip.code, slip.code.replace("-", ""), read_code(slip.code).hex()):
        assert spelt.encode() not in stored


@pytest.mark.parametrize("rated", [False, True])
def test_a_visit_behind_damage_is_rated_once_all_the_same(hall: Hall, *, rated: bool) -> None:
    slip = hall.slip(NUMBER)
    asked = hall.asked(slip, NUMBER)
    hall.write(Audited("paused", hall.clock.now()), asked)
    if rated:
        hall.write(VisitPressed(asked.visit, 3, "box", hall.clock.now()))
    else:
        hall.write(hall.ended(asked))
    generation = hall.generation()
    hall.close()
    with closing(sqlite3.connect(hall.directory / "journal.db")) as connection:
        connection.execute("DROP TRIGGER record_never_changes")
        changed = "CAST(replace(CAST(body AS TEXT), 'paused', 'reused') AS BLOB)"
        connection.execute(f"UPDATE record SET body = {changed} WHERE instr(body, 'paused')")
        connection.commit()
    salvage.salvage(hall.directory, "damaged", hall.clock.now())
    hall.open()

    found = hall.find(NUMBER, slip.code)

    if rated:
        assert isinstance(found, Refused)
    else:
        assert isinstance(found, Granted)
        assert found.ask.later == Earlier(generation, 2)
        hall.rate(found)
        assert isinstance(hall.find(NUMBER, slip.code), Refused)


def test_a_journal_that_cannot_be_read_is_no_refusal(hall: Hall) -> None:
    slip = hall.unrated(NUMBER)
    journal = hall.directory / "journal.db"
    journal.rename(hall.directory / "elsewhere.db")

    assert hall.find(NUMBER, slip.code) == Unavailable()

    (hall.directory / "elsewhere.db").rename(journal)
