"""A report that was on its way when the power went: sent again, counted once."""

import shutil
import sqlite3
import subprocess
import sys

import pytest

from sync.provinces.book import Book, BookError
from sync.reports.press_time import PressTime
from tests.sync.provinces.conformance import DUPLICATE
from tests.sync.provinces.conftest import case_report, rating_report, visit


def holds(*, takes):
    """Has the message, and never answers."""

    def fault(platform, request, kind, fields):
        if takes:
            platform.kept(kind, fields)
        platform.released.wait(20)

    return fault


@pytest.mark.parametrize(("takes", "receipt"), [(True, DUPLICATE), (False, "回执-3")])
def test_killed_while_the_platform_has_the_rating(tmp_path, rest, desk_of, plain_rest, takes, receipt):
    rest.faults = [None, holds(takes=takes)]
    book = tmp_path / "reports.db"
    with subprocess.Popen([sys.executable, "-m", "tests.sync.provinces.killed", book, rest.url]) as sender:
        rest.until_asked(2)
        sender.kill()
    desk = desk_of(plain_rest, rest.url)
    assert desk.entry(rating_report()).maybe_taken
    desk.send(*visit())
    assert desk.state(case_report()) == "accepted"
    assert (desk.state(rating_report()), desk.entry(rating_report()).receipt) == ("accepted", receipt)
    assert len(rest.ratings) == 1


@pytest.mark.parametrize("takes", [True, False])
def test_from_each_exchange_that_the_power_cut_it_goes_on_to_one_outcome(tmp_path, rest, desk, takes):
    """The book and the platform as they were at each exchange, with the message taken or lost."""
    moments = []

    def notes_the_moment(platform, request, kind, fields):
        before = set(platform.cases), dict(platform.ratings)
        answer = platform.kept(kind, fields)
        then = (set(platform.cases), dict(platform.ratings)) if takes else before
        moments.append((copied(desk.path, tmp_path / f"{len(moments)}.db"), *then))
        platform.answer(request, *answer)

    rest.faults = [notes_the_moment] * 4
    desk.send(*visit(), *visit(2))
    assert len(moments) == 4
    for path, cases, ratings in moments:
        desk.close()
        desk.path, rest.cases, rest.ratings = path, cases, ratings
        desk.open()
        desk.send(*visit(), *visit(2))
        assert desk.book.figures.counts() == {("case", 0, "accepted"): 2, ("rating", 5, "accepted"): 2}
        assert len(rest.ratings) == 2


def copied(path, target):
    """As SQLite would find it after the power has gone: the file and its log, without the shared memory."""
    shutil.copy(path, target)
    log = path.with_name(path.name + "-wal")
    if log.exists():
        shutil.copy(log, target.with_name(target.name + "-wal"))
    return target


def test_an_outcome_is_never_changed(desk, rest):
    desk.send(*visit())
    for change in ("UPDATE report SET state = 'waiting'", "UPDATE report SET level = 4", "DELETE FROM report"):
        with pytest.raises(sqlite3.IntegrityError):
            desk.book._file.change(change)


def test_a_book_of_another_province_is_refused(desk):
    with pytest.raises(BookError, match="plain-rest"):
        Book(desk.path, "shandong-form-a")


def test_a_book_holds_no_name_and_no_case_number(tmp_path, desk, rest):
    desk.send(*visit(words="谢谢你"))
    held = b"".join(path.read_bytes() for path in tmp_path.glob("reports.db*"))
    assert not any(text.encode() in held for text in ("张三", "T-1", "13900000000", "谢谢你", "370800190001011234"))


def test_a_press_at_a_time_that_no_calendar_has_is_enrolled_on_no_day(desk):
    report = rating_report(pressed=PressTime(10**24, 0, doubtful=True))
    assert desk.book.enrol(report, 0).day == ""
    assert desk.book.figures.oldest_unsent() is None
