"""Brings reports to one platform: each is sent until the platform has said what becomes of it.

A report that was on its way when the power went is sent again; that its first try may have arrived is remembered.
Nothing here looks at a level: neither the order, nor a wait, nor what is sent depends on it.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from sync.backoff import Backoff
from sync.provinces.book import Book, Entry
from sync.provinces.mapping import UnfitError, code_of_level, sending_of
from sync.provinces.outcomes import Duplicate, Later, NeedsPerson, Ours, Outcome, Unauthorised, Verdict, settled
from sync.provinces.platform import Platform
from sync.records import Case
from sync.reports.report import Kind, Report

log = logging.getLogger(__name__)

MOST_WAIT_MS: Final = 24 * 3_600_000
"""A wait longer than any that is given out was written under a wrong clock, and is over."""


@dataclass(frozen=True, slots=True)
class Pass:
    """How many reports were tried, and after how many seconds something is due; None: nothing waits.

    `words` is why the pass ended early: the platform cannot be reached, or takes nothing now.
    """

    sent: int
    wait_s: float | None
    words: str = ""


class Reporter:
    """Used by one thread. `chance` gives numbers in [0, 1)."""

    def __init__(
        self,
        platform: Platform,
        book: Book,
        now_ms: Callable[[], int],
        chance: Callable[[], float],
        backoff: Backoff | None = None,
        retries: Backoff | None = None,
    ) -> None:
        self._platform = platform
        self._profile = platform.profile
        self._book = book
        self._now_ms = now_ms
        self._chance = chance
        self._backoff = backoff or Backoff()
        self._retries = retries or Backoff(60.0, 6 * 3600.0)
        self._failures = 0

    def enrol(self, reports: Iterable[Report]) -> None:
        """From now on those are expected at the platform that it wants at all."""
        for report in reports:
            if sending_of(self._profile, report) is not None:
                self._book.enrol(report, self._now_ms())

    def wants(self, kind: Kind) -> bool:
        """Whether the platform wants reports of this kind."""
        return kind == "rating" or self._profile.case is not None

    def send_due(self, reports: Iterable[Report]) -> Pass:
        """One pass, in the order given: the reports of one case with the case first."""
        sent, waits = 0, list[float]()
        for report in reports:
            if sending_of(self._profile, report) is None:
                continue
            entry = self._book.enrol(report, self._now_ms())
            if entry.state != "waiting":
                continue
            if (wait_s := self._held_s(report, entry)) is not None:
                waits.append(wait_s)
                continue
            outcome = self._try(report, entry)
            sent += 1
            wait_s = self._keep(entry, outcome)
            if wait_s is not None:
                waits.append(wait_s)
            if isinstance(outcome, Later) and outcome.of_platform:
                return Pass(sent, wait_s, outcome.words)
        return Pass(sent, min(waits, default=None))

    def _held_s(self, report: Report, entry: Entry) -> float | None:
        """None: it can go now."""
        now = self._now_ms()
        if now < entry.due_ms <= now + MOST_WAIT_MS:
            return (entry.due_ms - now) / 1000
        until = entry.met_ms + self._profile.time.trusted_clock_wait_h * 3_600_000
        doubtful = report.rating is not None and report.rating.pressed.doubtful and entry.pressed is None
        if doubtful and now < until:
            return (until - now) / 1000
        case = self._book.entry(report.key._replace(kind="case")) if report.key.kind == "rating" else None
        if (case is not None and case.state == "waiting") or self._book.waits_for_another(report):
            return self._retries.first_s
        return None

    def _try(self, report: Report, entry: Entry) -> Outcome:
        try:
            report = self._as_kept(report, entry)
            message = self._platform.message(report, self._now_ms())
        except UnfitError as fault:
            return NeedsPerson(fault.words, fault.fields)
        self._book.begin_try(report)
        verdict = self._platform.ask(message, report, self._now_ms())
        if isinstance(verdict, Unauthorised) and self._platform.refresh():
            verdict = self._platform.ask(message, report, self._now_ms())
        return self._settled(verdict, report, entry)

    def _as_kept(self, report: Report, entry: Entry) -> Report:
        """With the time of the first try, and what a person has mended."""
        if report.rating is not None and entry.pressed is not None:
            report = replace(report, rating=replace(report.rating, pressed=entry.pressed))
        if mended := self._book.mended(report.key):
            case = msgspec.to_builtins(report.case) | mended
            report = replace(report, case=msgspec.convert(case, Case))
        return report

    def _settled(self, verdict: Verdict, report: Report, entry: Entry) -> Outcome:
        match verdict:
            case Unauthorised(words):
                return Later(words, of_platform=True)
            case Duplicate():
                level = code_of_level(self._profile, report.rating.level) if report.rating else ""
                maybe_taken = entry.maybe_taken and not self._book.another_of_service(report)
                return settled(verdict, Ours(report.key.reference, level, maybe_taken, report.rating is None))
            case _:
                return verdict

    def _keep(self, entry: Entry, outcome: Outcome) -> float | None:
        """Seconds after which there is something to do; None where the report is settled.

        One at which the platform fails waits by itself as well: the next pass begins with another.
        """
        now, due_ms, wait_s = self._now_ms(), 0, None
        if not isinstance(outcome, Later) or not outcome.of_platform:
            self._failures = 0
        if isinstance(outcome, Later):
            wait_s = max(self._retries.delay_s(entry.tries + 1, self._chance()), outcome.wait_s or 0.0)
            if not outcome.of_platform or outcome.taken == "maybe":
                due_ms = now + int(1000 * wait_s)
            if outcome.of_platform:
                self._failures += 1
                wait_s = max(self._backoff.delay_s(self._failures, self._chance()), outcome.wait_s or 0.0)
        self._book.keep(entry, outcome, now, due_ms)
        log.info("device %.12s, visit at %d: %s", entry.key.device, entry.key.asked, type(outcome).__name__)
        return wait_s
