"""The day's services, asks and changes, read from the records."""

from collections.abc import Callable
from dataclasses import replace

from sync.journal.day_book import DayBook, DayFacts
from sync.journal.writer import Journal
from sync.records import Entry, TicketMoved, VisitChanged
from tests.sync.conftest import Hours, Visits

DAY, NEXT_DAY = "2026-11-23", "2026-11-24"


class Queue:
    def __init__(self, clock: Hours, visits: Visits) -> None:
        self.clock, self.visits = clock, visits

    def ended(self, ticket: str, window: str = "3") -> Entry:
        return TicketMoved(window, "1001", ticket, "ended", self.clock.now())

    def asked(self, ticket: str, window: str = "3") -> list[Entry]:
        asked = self.visits.asked(window=window)
        asked = replace(asked, ask=replace(asked.ask, ticket=ticket))
        return [asked, self.visits.ended(asked, rated=False)]

    def changed(self, clerk: str) -> list[Entry]:
        asked = self.visits.asked(clerk=clerk)
        press = self.visits.pressed(asked, 1)
        now = self.clock.now()
        return [asked, press, VisitChanged(asked.visit, 1, 5, "glass", now, press.at), self.visits.ended(asked)]


def test_services_without_an_ask_are_counted_each_once_whatever_the_order(
    journal: Journal, visits: Visits, clock: Hours
) -> None:
    queue, book = Queue(clock, visits), DayBook(480)
    journal.append([queue.ended("A1"), *queue.asked("A1"), *queue.asked("A2"), *queue.asked("A2"), queue.ended("A2")])
    journal.append([queue.ended("A3"), queue.ended("A3"), queue.ended("A1", "4"), *queue.asked("A9"), *visits.rated(5)])

    assert book.read(journal.connection, DAY, None) == DayFacts(4, 2, ())
    journal.append([*queue.asked("A3")])
    assert (
        book.read(journal.connection, DAY, None)
        == DayFacts(4, 1, ())
        == DayBook(480).read(journal.connection, DAY, None)
    )


def test_levels_taken_back_are_counted_for_the_clerk_who_was_signed_in_when_it_was_asked(
    opened: Callable[[], Journal], visits: Visits, clock: Hours
) -> None:
    queue, journal = Queue(clock, visits), opened()
    journal.append([*visits.rated(5), *queue.changed("1001"), *queue.changed("1002"), *queue.changed("1001")])
    assert DayBook(480).read(journal.connection, DAY, None).changes == (("1001", 2), ("1002", 1))


def test_a_day_begins_anew_and_the_day_before_is_not_in_it(journal: Journal, visits: Visits, clock: Hours) -> None:
    queue, book = Queue(clock, visits), DayBook(480)
    journal.append([queue.ended("A1"), *queue.changed("1001")])
    assert book.read(journal.connection, DAY, None) == DayFacts(1, 1, (("1001", 1),))

    clock.pass_hours(20)
    assert book.read(journal.connection, NEXT_DAY, None) == DayFacts(0, 0, ())
    journal.append([queue.ended("A1")])
    assert book.read(journal.connection, NEXT_DAY, None) == DayFacts(1, 1, ())
    assert DayBook(480).read(journal.connection, NEXT_DAY, None) == DayFacts(1, 1, ())


def test_the_few_records_of_a_wrong_clock_do_not_hide_what_stands_before_them(
    journal: Journal, visits: Visits, clock: Hours
) -> None:
    queue = Queue(clock, visits)
    journal.append([queue.ended("A1")])
    clock.pass_hours(48)
    journal.append([*visits.not_rated(), queue.ended("A2")])
    clock.pass_hours(-48)
    journal.append([queue.ended("A3")])

    assert DayBook(480).read(journal.connection, DAY, None).ended == 2
