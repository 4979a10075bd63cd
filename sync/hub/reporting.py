"""The hub reports to its province, on a thread of its own: each visit that has ended, until the platform has spoken.

What is to be told stands in the store, what came of it in the book of reports (`province.db`); so it goes on from any
moment at which the power went. It sleeps until `wake`, or until something is due again; what arrives meanwhile never
shortens a wait that the platform caused. Nothing here looks at a level, but for what is settled: a bad review is not,
before its rectification has ended.
"""

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from pathlib import Path
from typing import Final, TypeVar

from sync.hub.ended_visits import EndedVisits, EnrolledVisit, NewVisit
from sync.hub.platform_clock import PlatformClock
from sync.hub.province_alarms import ProvinceAlarms
from sync.hub.province_control import BOOK_FILE, ProvinceSaid
from sync.hub.reconciliation import missing_reports
from sync.hub.schema import HubError
from sync.hub.settlements import Settlement, SettlementError
from sync.hub.store import Store
from sync.hub.visit_reading import NOT_HERE, Unread, VisitReading
from sync.provinces.book import Book, BookError, VisitKey
from sync.provinces.platform import Platform
from sync.provinces.reporter import MOST_WAIT_MS, Reporter
from sync.records import BAD_LEVELS
from sync.reports.report import Report

log = logging.getLogger(__name__)
T = TypeVar("T")

AT_ONCE: Final = 20
"""Visits that are read and opened in one go: what a batch of a device may have to wait for."""
_FAULT_PAUSE_S: Final = 60.0
_MOST_RECEIPT: Final = 2000


class _StoppedError(Exception):
    pass


class Reporting:
    """`store` belongs to the one thread of `executor`. `wall_ms` is the wall clock, `chance` gives numbers in [0, 1).

    Raises `HubError` where its file cannot be used.
    """

    def __init__(
        self,
        platform: Platform,
        directory: Path,
        store: Store,
        executor: Executor,
        wall_ms: Callable[[], int],
        chance: Callable[[], float],
        utc_offset_minutes: int,
        clock: PlatformClock | None = None,
        after_pass: Callable[[], None] = lambda: None,
    ) -> None:
        """`clock`: of the platform's own default. `after_pass` is called on the store's thread."""
        try:
            self.book = Book(directory / BOOK_FILE, platform.profile.name)
        except BookError as fault:
            raise HubError(str(fault)) from fault
        self._platform = platform
        self._directory = directory
        self._store = store
        self._executor = executor
        self._wall_ms = wall_ms
        self._alarms = ProvinceAlarms(store.connection, store.upstreams, utc_offset_minutes)
        self.clock = clock
        self._after_pass = after_pass
        self._reporter = Reporter(platform, self.book, wall_ms, chance)
        self._thread = threading.Thread(target=self._run, name="hub-reporting", daemon=True)
        self._moved = threading.Condition()
        self._news = False
        self._stopping = False
        self._platform_at = 0.0
        """By the clock that never jumps: nothing is sent before."""
        self._state = ProvinceSaid()

    @property
    def title(self) -> str:
        return self._platform.profile.title

    @property
    def state(self) -> ProvinceSaid:
        return self._state

    def start(self) -> None:
        self._store.upstreams.province = self
        self._store.arrived = self.wake
        self._thread.start()

    def stop(self, deadline_s: float = 5.0) -> None:
        """Cuts an exchange under way; that the report may have arrived is known."""
        with self._moved:
            self._stopping = True
            self._moved.notify_all()
        self._platform.end()
        if self._thread.is_alive():
            self._thread.join(deadline_s)
        if not self._thread.is_alive():
            self._store.upstreams.province = None
            self._platform.close()
            self.book.close()

    def wake(self, *, at_once: bool = False) -> None:
        """Something has arrived. May be called from any thread. `at_once`: a person wants it tried now."""
        with self._moved:
            self._news = True
            if at_once:
                self._platform_at = 0.0
            self._moved.notify_all()

    def _run(self) -> None:
        visits: EndedVisits | None = None
        reading: VisitReading | None = None
        while not self._stopping:
            self._news = False
            wait_s: float | None
            try:
                if visits is None or reading is None:
                    reading = self._on_store(lambda: VisitReading(self._store.connection, self._directory))
                    visits = self._on_store(self._open_visits)
                wait_s = self._pass(visits, reading)
            except _StoppedError:
                return
            except (HubError, sqlite3.Error, OSError) as fault:
                wait_s = _FAULT_PAUSE_S
                self._show(str(fault), wait_s)
            except Exception:
                log.exception("a fault of this program stops the reports")
                wait_s = _FAULT_PAUSE_S
                self._show("上报程序出错，原因见本级节点的日志", wait_s)
            self._wait(wait_s)

    def _pass(self, visits: EndedVisits, reading: VisitReading) -> float | None:
        """Seconds after which something is due; None: nothing waits."""
        self._enrol(visits, reading)
        self._settle()
        left_s = self._platform_at - time.monotonic()
        if left_s > 0:
            self._on_store(self._tell)
            return left_s
        done = self._reporter.send_due(self._due(reading))
        self._settle()
        if done.words:
            left_s = done.wait_s or 0.0
            self._platform_at = time.monotonic() + left_s
            self._show(done.words, left_s)
        else:
            self._state = ProvinceSaid("", self._wall_ms())
        self._on_store(self._tell)
        return left_s if done.words else self._next_s(done.wait_s)

    def _open_visits(self) -> EndedVisits:
        """A book that was set back to a copy is told again of what it does not know."""
        db = self._store.connection
        visits = EndedVisits(db, self.book.id)
        if missing_reports(db, self._store.upstreams):
            self._alarms.look(self._wall_ms())
            visits.enrol_all_again()
        return visits

    def _tell(self) -> None:
        self._store.upstreams.moved()
        self._alarms.look(self._wall_ms())
        self._after_pass()

    def _next_s(self, wait_s: float | None) -> float | None:
        now = self._wall_ms()
        due_ms = self.book.next_due_ms(now)
        waits = [wait for wait in (wait_s, (due_ms - now) / 1000 if due_ms is not None else None) if wait is not None]
        return min(waits, default=None)

    def _enrol(self, visits: EndedVisits, reading: VisitReading) -> None:
        """Also while the platform cannot be reached: what is expected there is known all the same."""
        while not self._on_store(visits.catch_up):
            pass
        while found := self._on_store(lambda: self._read_new(visits, reading)):
            with self.book.together():
                for visit, reports in found:
                    self.book.more_has_arrived(visit.key)
                    if isinstance(reports, Unread):
                        self._set_aside(reports)
                    else:
                        self._reporter.enrol(reports)
            told = [_told(visit, reports) for visit, reports in found]
            self._on_store(lambda told=told: visits.enrolled(told))  # type: ignore[misc]

    def _read_new(
        self, visits: EndedVisits, reading: VisitReading
    ) -> list[tuple[NewVisit, tuple[Report, ...] | Unread]]:
        now = self._wall_ms()
        return [(visit, reading.reports(visit.key, now)) for visit in visits.new(AT_ONCE)]

    def _due(self, reading: VisitReading) -> Iterator[Report]:
        """Made anew from the records, a few at a time, in the order in which they were met."""
        after, now = 0, self._wall_ms()
        while not self._stopping and (chunk := self.book.due(now, now + MOST_WAIT_MS, after, 2 * AT_ONCE)):
            after = chunk[-1][0]
            visits = list(dict.fromkeys(VisitKey(*key[:3]) for _, key in chunk))
            made = self._on_store(lambda visits=visits: [reading.reports(visit, now) for visit in visits])  # type: ignore[misc]
            reports: dict[tuple[object, ...], Report] = {}
            for one in made:
                if isinstance(one, Unread):
                    self._set_aside(one)
                else:
                    reports |= {report.key: report for report in one}
            yield from (reports[key] for _, key in chunk if key in reports and not self._stopping)

    def _set_aside(self, unread: Unread) -> None:
        for key in unread.keys:
            if self._reporter.wants(key.kind):
                is_rating = key.kind == "rating"
                level, day = (unread.level, unread.day) if is_rating else (0, "")
                self.book.enrol_unread(key, level, day, NOT_HERE, self._wall_ms())

    def _settle(self) -> None:
        """What the platform has accepted whole is settled at once, unless it is a bad review."""
        while visits := self.book.accepted_visits(AT_ONCE):
            for visit in visits:
                entries = self.book.of_visit(visit)
                taken = all(entry.state == "accepted" for entry in entries)
                if taken and not any(entry.level in BAD_LEVELS for entry in entries):
                    receipts = dict.fromkeys(entry.receipt for entry in entries if entry.receipt)
                    self._settle_visit(visit, "; ".join(receipts)[:_MOST_RECEIPT] or "accepted")
                self.book.looked_at(visit)

    def _settle_visit(self, visit: VisitKey, receipt: str) -> None:
        settlement = Settlement(*visit, kind="no-rectification", receipt=receipt)
        try:
            self._on_store(lambda: self._store.settle(settlement, self._wall_ms()))
        except SettlementError as fault:
            log.info("device %.12s: the visit at %d is left to a person: %s", visit.device, visit.asked, fault)

    def _on_store(self, work: Callable[[], T]) -> T:
        if self._stopping:
            raise _StoppedError
        return self._executor.submit(work).result()

    def _show(self, words: str, wait_s: float) -> None:
        retry_at_ms = self._wall_ms() + int(1000 * wait_s)
        if words != self._state.words:
            log.warning("nothing is reported for %.0f s: %s", wait_s, words)
        self._state = ProvinceSaid(words, self._state.last_pass_ms, retry_at_ms)

    def _wait(self, seconds: float | None) -> None:
        with self._moved:
            self._moved.wait_for(lambda: self._stopping or self._news, seconds)


def _told(visit: NewVisit, reports: tuple[Report, ...] | Unread) -> EnrolledVisit:
    if isinstance(reports, Unread):
        return EnrolledVisit(visit, reports.level, sum(key.kind == "rating" for key in reports.keys))
    levels = [report.rating.level for report in reports if report.rating is not None]
    return EnrolledVisit(visit, levels[0] if levels else 0, len(levels))
