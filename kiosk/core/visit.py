"""The visit: everything that decides what a press means lives in this file.

One `Window` a window (or walk-up point); `advance(window, event)` gives the next one and what must be done. Times are
milliseconds of the clock since boot, so that no correction of the wall clock can shorten or stretch a visit.

    Resting ──asked──▶ Asking ──pressed──▶ Recording ──recorded──▶ Thanking ──3 s──▶ Resting (or the next ask)
       ▲                 │  ▲                  └─not recorded─▶ Apologising ──4 s──┐
       └───timed out─────┘  └──────────────────────────────────────────────────────┘
    A walk-up point is pressed at rest: the press itself opens the visit.

Thanking is entered by `Recorded` alone, which is said after the press is on the disk. An event that a stage does not
name changes nothing. No level ever comes from anything but a press.
"""

from dataclasses import dataclass, replace
from typing import Final, assert_never

from sync.records import (
    Ask,
    At,
    Audited,
    Entry,
    Evidence,
    VisitAsked,
    VisitEnded,
    VisitId,
    VisitPressed,
)
from sync.records.stored import EndCause, Outcome, Place, Source

RETRY_MS: Final = 15_000
"""After an apology the citizen has at least this long to press again."""


@dataclass(frozen=True, slots=True)
class Rules:
    window: str
    place: Place
    stays_open_ms: int = 60_000
    thanks_ms: int = 3_000
    apology_ms: int = 4_000


@dataclass(frozen=True, slots=True)
class Resting:
    """Nobody is being asked. At a walk-up point the faces are lit all the same."""


@dataclass(frozen=True, slots=True)
class Asking:
    visit: VisitId
    ask: Ask
    closes_ms: int
    apologised: bool = False
    """The citizen pressed once and was told to press again: a new ask waits instead of superseding."""


@dataclass(frozen=True, slots=True)
class Recording:
    """Pressed; the journal has not answered yet. No time-out: it is the disk's turn."""

    visit: VisitId
    ask: Ask
    closes_ms: int
    source: Source
    evidence: Evidence | None


@dataclass(frozen=True, slots=True)
class Thanking:
    visit: VisitId
    receipt: str
    until_ms: int


@dataclass(frozen=True, slots=True)
class Apologising:
    visit: VisitId
    ask: Ask
    closes_ms: int
    until_ms: int


Stage = Resting | Asking | Recording | Thanking | Apologising


@dataclass(frozen=True, slots=True)
class Window:
    rules: Rules
    stage: Stage = Resting()
    clerk: str = ""
    """Number of the clerk signed in, or empty."""
    pause: str | None = None
    """Why the window is paused. Shows at rest; never closes a visit."""
    waiting: tuple[VisitId, Ask] | None = None
    """An ask that came while a citizen was answering."""


@dataclass(frozen=True, slots=True)
class AskedFor:
    visit: VisitId
    ask: Ask
    at: At


@dataclass(frozen=True, slots=True)
class Pressed:
    level: int
    source: Source
    at: At
    fresh: VisitId
    """The id of the visit that this press opens, should it be the first thing that happens."""
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    visit: VisitId
    receipt: str
    at: At


@dataclass(frozen=True, slots=True)
class NotRecorded:
    visit: VisitId
    at: At


@dataclass(frozen=True, slots=True)
class TimedOut:
    at: At


@dataclass(frozen=True, slots=True)
class SignedIn:
    clerk: str
    at: At


@dataclass(frozen=True, slots=True)
class SignedOut:
    at: At


@dataclass(frozen=True, slots=True)
class PauseAsked:
    reason: str
    at: At


@dataclass(frozen=True, slots=True)
class Resumed:
    at: At


Event = AskedFor | Pressed | Recorded | NotRecorded | TimedOut | SignedIn | SignedOut | PauseAsked | Resumed


@dataclass(frozen=True, slots=True)
class Append:
    """Write these, in this order. Where `awaited` is a visit, say afterwards whether it was recorded."""

    entries: tuple[Entry, ...]
    awaited: VisitId | None = None


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """The press is on the disk: let the box that sent it know, the same for every level."""

    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Stray:
    """A key was pressed that no visit waited for: for the auditor, never for a count."""

    evidence: Evidence
    at: At


Effect = Append | Acknowledge | Stray


@dataclass(frozen=True, slots=True)
class Step:
    window: Window
    effects: tuple[Effect, ...] = ()


def advance(window: Window, event: Event) -> Step:
    """The next window and what must be done. Never raises; never invents or drops a press."""
    match event:
        case AskedFor():
            return _asked_for(window, event)
        case Pressed():
            return _pressed(window, event)
        case Recorded():
            return _recorded(window, event)
        case NotRecorded():
            return _not_recorded(window, event)
        case TimedOut():
            return _timed_out(window, event)
        case SignedIn(clerk, at):
            return _audited(replace(window, clerk=clerk), "signed-in", at, {"clerk": clerk})
        case SignedOut(at):
            return _audited(replace(window, clerk=""), "signed-out", at, {"clerk": window.clerk})
        case PauseAsked(reason, at):
            return _audited(replace(window, pause=reason), "paused", at, {"reason": reason})
        case Resumed(at):
            return _audited(replace(window, pause=None), "resumed", at, {})
        case _:
            assert_never(event)


def next_timeout_ms(window: Window) -> int | None:
    """When, on the clock since boot, `TimedOut` is due; None while nothing runs out."""
    match window.stage:
        case Asking(closes_ms=due) | Thanking(until_ms=due) | Apologising(until_ms=due):
            return due
        case Resting() | Recording():
            return None
        case _:
            assert_never(window.stage)


def _asked_for(window: Window, event: AskedFor) -> Step:
    ask = _bound(window, event.ask)
    match window.stage:
        case Resting():
            return _open(window, event.visit, ask, event.at)
        case Asking(visit, apologised=False):
            step = _open(window, event.visit, ask, event.at)
            return replace(step, effects=(_end(visit, "not-rated", "superseded", event.at), *step.effects))
        case Asking() | Recording() | Thanking() | Apologising():
            return _wait(window, event.visit, ask, event.at)
        case _:
            assert_never(window.stage)


def _pressed(window: Window, event: Pressed) -> Step:
    match window.stage:
        case Asking(visit, ask, closes_ms):
            return _record(window, visit, ask, closes_ms, event, before=())
        case Resting() if window.rules.place == "walk-up" and window.pause is None:
            ask = _bound(window, _walk_up_ask(window.rules))
            closes_ms = event.at.boot_ms + window.rules.stays_open_ms
            before = (VisitAsked(event.fresh, ask, event.at),)
            return _record(window, event.fresh, ask, closes_ms, event, before=before)
        case Resting() | Recording() | Thanking() | Apologising():
            return Step(window, (Stray(event.evidence, event.at),) if event.evidence else ())
        case _:
            assert_never(window.stage)


def _record(
    window: Window, visit: VisitId, ask: Ask, closes_ms: int, event: Pressed, before: tuple[VisitAsked, ...]
) -> Step:
    press = VisitPressed(visit, event.level, event.source, event.at, event.evidence)
    stage = Recording(visit, ask, closes_ms, event.source, event.evidence)
    return Step(replace(window, stage=stage), (Append((*before, press), awaited=visit),))


def _recorded(window: Window, event: Recorded) -> Step:
    match window.stage:
        case Recording(visit, evidence=evidence) if visit == event.visit:
            stage = Thanking(visit, event.receipt, event.at.boot_ms + window.rules.thanks_ms)
            acknowledge = (Acknowledge(evidence),) if evidence else ()
            return Step(replace(window, stage=stage), acknowledge)
        case _:
            return Step(window)


def _not_recorded(window: Window, event: NotRecorded) -> Step:
    match window.stage:
        case Recording(visit, ask, closes_ms) if visit == event.visit:
            until_ms = event.at.boot_ms + window.rules.apology_ms
            stage = Apologising(visit, ask, max(closes_ms, until_ms + RETRY_MS), until_ms)
            return Step(replace(window, stage=stage))
        case _:
            return Step(window)


def _timed_out(window: Window, event: TimedOut) -> Step:
    due = next_timeout_ms(window)
    if due is None or event.at.boot_ms < due:
        return Step(window)
    match window.stage:
        case Asking(visit):
            return _next(window, _end(visit, "not-rated", "timed-out", event.at), event.at)
        case Thanking(visit):
            return _next(window, _end(visit, "rated", "thanked", event.at), event.at)
        case Apologising(visit, ask, closes_ms):
            if window.rules.place == "walk-up":
                return _next(window, _end(visit, "not-rated", "apologised", event.at), event.at)
            return Step(replace(window, stage=Asking(visit, ask, closes_ms, apologised=True)))
        case _:
            return Step(window)


def _open(window: Window, visit: VisitId, ask: Ask, at: At) -> Step:
    stage = Asking(visit, ask, at.boot_ms + window.rules.stays_open_ms)
    return Step(replace(window, stage=stage), (Append((VisitAsked(visit, ask, at),)),))


def _wait(window: Window, visit: VisitId, ask: Ask, at: At) -> Step:
    """Both asks are recorded at once; one that waited and is replaced was never on the screen."""
    replaced = (_end(window.waiting[0], "not-rated", "superseded", at),) if window.waiting else ()
    return Step(
        replace(window, waiting=(visit, ask)),
        (*replaced, Append((VisitAsked(visit, ask, at),))),
    )


def _next(window: Window, ended: Append, at: At) -> Step:
    if window.waiting is None:
        return Step(replace(window, stage=Resting()), (ended,))
    visit, ask = window.waiting
    stage = Asking(visit, ask, at.boot_ms + window.rules.stays_open_ms)
    return Step(replace(window, stage=stage, waiting=None), (ended,))


def _end(visit: VisitId, outcome: Outcome, cause: EndCause, at: At) -> Append:
    return Append((VisitEnded(visit, outcome, cause, at),))


def _audited(window: Window, what: str, at: At, detail: dict[str, str | int]) -> Step:
    return Step(window, (Append((Audited(what, at, window.rules.window, detail),)),))


def _bound(window: Window, ask: Ask) -> Ask:
    """The ask with clerk and circumstances as they are at this moment."""
    flags = ask.flags
    if window.rules.place == "window" and not window.clerk:
        flags = (*flags, "no-clerk")
    if window.pause is not None:
        flags = (*flags, "paused")
    return replace(ask, clerk=window.clerk, flags=flags)


def _walk_up_ask(rules: Rules) -> Ask:
    return Ask(
        window=rules.window,
        place="walk-up",
        object="hall",
        channel="hall-terminal",
        trigger="press",
        limit_s=rules.stays_open_ms // 1000,
    )
