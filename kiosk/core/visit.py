"""The visit: everything that decides what a press means lives here and in `kiosk.core.details`.

One `Window` a window (or walk-up point); `advance(window, event)` gives the next one and what must be done. Times are
milliseconds of the clock since boot, so that no correction of the wall clock can shorten or stretch a visit.

    Resting ──asked──▶ Asking ──pressed──▶ Recording ──recorded──▶ Thanking ──3 s──▶ Resting (or the next ask)
       ▲                 │  ▲                  └─not recorded─▶ Apologising ──4 s──┐
       └───timed out─────┘  └──────────────────────────────────────────────────────┘
    A walk-up point is pressed at rest: the press itself opens the visit. Where there is a screen for it, what may be
    said after the press (`kiosk.core.details`) stands between Recording and Thanking.

Thanking and Detailing are entered by `Recorded` alone, which is said after the press is on the disk. An event that a
stage does not name changes nothing. No level ever comes from anything but a press.
"""

from dataclasses import replace
from typing import Final, assert_never

from kiosk.core import details, staffing
from kiosk.core.events import (
    PAUSE_REASONS,
    Acknowledge,
    AnswersGiven,
    Append,
    AskedFor,
    CaseDataGiven,
    ChangeAsked,
    Effect,
    Event,
    HelpCalled,
    NotRecorded,
    PageSkipped,
    PauseAsked,
    PauseReason,
    Pressed,
    ReasonsGiven,
    Recorded,
    Resumed,
    Said,
    Say,
    Saying,
    SelfStarted,
    SignedIn,
    SignedOut,
    Staffed,
    Stray,
    TicketTold,
    TimedOut,
    Touched,
    WordsGiven,
)
from kiosk.core.stages import (
    RETRY_MS,
    Apologising,
    Asking,
    Detailing,
    Offer,
    Page,
    Rechoosing,
    Recording,
    Rerecording,
    Resting,
    Rules,
    Stage,
    Step,
    Thanking,
    Window,
)
from sync.records import Ask, At, VisitAsked, VisitEnded, VisitId, VisitPressed
from sync.records.stored import EndCause, Outcome

TAKEN_UP_MS: Final = 600_000
"""For this long after a visit that nobody answered the citizen may take it up by themselves."""

__all__ = [
    "PAUSE_REASONS",
    "RETRY_MS",
    "Acknowledge",
    "AnswersGiven",
    "Apologising",
    "Append",
    "AskedFor",
    "Asking",
    "CaseDataGiven",
    "ChangeAsked",
    "Detailing",
    "Effect",
    "Event",
    "HelpCalled",
    "NotRecorded",
    "Offer",
    "Page",
    "PageSkipped",
    "PauseAsked",
    "PauseReason",
    "Pressed",
    "ReasonsGiven",
    "Rechoosing",
    "Recorded",
    "Recording",
    "Rerecording",
    "Resting",
    "Resumed",
    "Rules",
    "Said",
    "Say",
    "Saying",
    "SelfStarted",
    "SignedIn",
    "SignedOut",
    "Staffed",
    "Stage",
    "Step",
    "Stray",
    "Thanking",
    "TicketTold",
    "TimedOut",
    "Touched",
    "Window",
    "WordsGiven",
    "advance",
    "next_timeout_ms",
]


def advance(window: Window, event: Event) -> Step:
    """The next window and what must be done. Never raises; never invents or drops a press."""
    match event:
        case AskedFor():
            return _asked_for(window, event)
        case SelfStarted():
            return _self_started(window, event)
        case Pressed():
            return _pressed(window, event)
        case Recorded():
            return _recorded(window, event)
        case NotRecorded():
            return _not_recorded(window, event)
        case TimedOut():
            return _timed_out(window, event)
        case Touched() | ReasonsGiven() | AnswersGiven() | WordsGiven() | PageSkipped() | HelpCalled() | ChangeAsked():
            return _said(window, event)
        case SignedIn() | SignedOut() | PauseAsked() | Resumed():
            return staffing.staffed(window, event)
        case CaseDataGiven() | TicketTold():
            return staffing.served(window, event)
        case _:
            assert_never(event)


def next_timeout_ms(window: Window) -> int | None:
    """When, on the clock since boot, `TimedOut` is due; None while nothing runs out."""
    match window.stage:
        case Asking(closes_ms=due) | Rechoosing(until_ms=due) | Thanking(until_ms=due) | Apologising(until_ms=due):
            return due
        case Detailing() as stage:
            return details.due_ms(stage)
        case Resting() | Recording() | Rerecording():
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
        case Asking() | Recording() | Thanking() | Apologising() | Detailing() | Rechoosing() | Rerecording():
            return _wait(details.hurried(window, event.at), event.visit, ask, event.at)
        case _:
            assert_never(window.stage)


def _self_started(window: Window, event: SelfStarted) -> Step:
    """Never closes anything, and never at a point whose faces are lit anyway."""
    if not isinstance(window.stage, Resting) or window.rules.place != "window" or window.pause is not None:
        return Step(window)
    taken_up = window.unrated
    if taken_up is not None and event.at.boot_ms < taken_up[1]:
        ask = replace(taken_up[0], trigger="citizen", flags=(*taken_up[0].flags, "self-started"))
    else:
        ask = _bound(window, _self_started_ask(window.rules))
    return _open(window, event.fresh, ask, event.at)


def _pressed(window: Window, event: Pressed) -> Step:
    match window.stage:
        case Asking(visit, ask, closes_ms):
            return _record(window, visit, ask, closes_ms, event, before=())
        case Resting() if window.rules.place == "walk-up" and window.pause is None:
            ask = _bound(window, _walk_up_ask(window.rules))
            closes_ms = event.at.boot_ms + window.rules.stays_open_ms
            before = (VisitAsked(event.fresh, ask, event.at),)
            return _record(window, event.fresh, ask, closes_ms, event, before=before)
        case Rechoosing() as stage:
            return details.pressed_again(window, stage, event)
        case Resting() | Recording() | Thanking() | Apologising() | Detailing() | Rerecording():
            return details.stray(window, event)
        case _:
            assert_never(window.stage)


def _record(
    window: Window, visit: VisitId, ask: Ask, closes_ms: int, event: Pressed, before: tuple[VisitAsked, ...]
) -> Step:
    press = VisitPressed(visit, event.level, event.source, event.at, event.evidence)
    stage = Recording(visit, ask, closes_ms, event)
    return Step(replace(window, stage=stage, unrated=None), (Append((*before, press), awaited=visit),))


def _recorded(window: Window, event: Recorded) -> Step:
    match window.stage:
        case Recording(visit) as stage if visit == event.visit:
            return details.after_recording(window, stage, event)
        case Rerecording() as again if again.visit == event.visit:
            return details.recorded_again(window, again, event)
        case _:
            return Step(window)


def _not_recorded(window: Window, event: NotRecorded) -> Step:
    match window.stage:
        case Recording(visit, ask, closes_ms) if visit == event.visit:
            until_ms = event.at.boot_ms + window.rules.apology_ms
            stage = Apologising(visit, ask, max(closes_ms, until_ms + RETRY_MS), until_ms)
            return Step(replace(window, stage=stage))
        case Rerecording() as again if again.visit == event.visit:
            return details.not_recorded_again(window, again, event)
        case _:
            return Step(window)


def _said(window: Window, event: Said) -> Step:
    match window.stage:
        case Detailing() as stage:
            return details.said(window, stage, event)
        case Rechoosing() as stage if isinstance(event, PageSkipped):
            return details.kept(window, stage, event.at)
        case Rechoosing() as stage if isinstance(event, Touched):
            return details.touched_again(window, stage, event.at)
        case Asking() | Thanking() as stage if isinstance(event, Touched):
            return _touched(window, stage, event.at)
        case Asking(visit) if isinstance(event, PageSkipped) and window.rules.place == "terminal":
            return _next(window, _end(visit, "not-rated", "left", event.at), event.at)
        case Thanking(visit) if isinstance(event, PageSkipped):
            return _next(window, _end(visit, "rated", "thanked", event.at), event.at)
        case _:
            return Step(window)


def _timed_out(window: Window, event: TimedOut) -> Step:
    due = next_timeout_ms(window)
    if due is None or event.at.boot_ms < due:
        return Step(window)
    match window.stage:
        case Asking(visit, ask):
            step = _next(window, _end(visit, "not-rated", "timed-out", event.at), event.at)
            taken_up_until = event.at.boot_ms + TAKEN_UP_MS
            if window.waiting or ask.later is not None:
                return step  # a later rating is the citizen's who had the code, never the next one's
            return replace(step, window=replace(step.window, unrated=(ask, taken_up_until)))
        case Detailing() as stage:
            return details.timed_out(window, stage, event.at)
        case Rechoosing() as again:
            return details.kept(window, again, event.at)
        case Thanking(visit):
            return _next(window, _end(visit, "rated", "thanked", event.at), event.at)
        case Apologising(visit, ask, closes_ms):
            if window.rules.place == "walk-up":
                return _next(window, _end(visit, "not-rated", "apologised", event.at), event.at)
            return Step(replace(window, stage=_asking(window.rules, visit, ask, closes_ms, apologised=True)))
        case _:
            return Step(window)


def _asking(rules: Rules, visit: VisitId, ask: Ask, closes_ms: int, *, apologised: bool = False) -> Asking:
    return Asking(visit, ask, closes_ms, apologised, closes_ms + rules.touched_longest_ms)


def _touched(window: Window, stage: Asking | Thanking, at: At) -> Step:
    """Somebody is there: they get time, though not without end, and not while another ask waits."""
    if window.waiting is not None:
        return Step(window)
    longer_ms = min(stage.ends_ms, at.boot_ms + window.rules.touched_ms)
    match stage:
        case Asking(closes_ms=due):
            return Step(replace(window, stage=replace(stage, closes_ms=max(due, longer_ms))))
        case Thanking(until_ms=due):
            return Step(replace(window, stage=replace(stage, until_ms=max(due, longer_ms))))


def _open(window: Window, visit: VisitId, ask: Ask, at: At) -> Step:
    stage = _asking(window.rules, visit, ask, at.boot_ms + window.rules.stays_open_ms)
    return Step(replace(window, stage=stage, unrated=None), (Append((VisitAsked(visit, ask, at),)), Say("ask")))


def _wait(window: Window, visit: VisitId, ask: Ask, at: At) -> Step:
    """Both asks are recorded at once; one that waited and is replaced was never on the screen."""
    replaced = (_end(window.waiting[0], "not-rated", "superseded", at),) if window.waiting else ()
    return Step(
        replace(window, waiting=(visit, ask)),
        (*replaced, Append((VisitAsked(visit, ask, at),))),
    )


def _next(window: Window, ended: Append, at: At) -> Step:
    if window.waiting is None:
        rested = Step(replace(window, stage=Resting()), (ended,))
        if window.rules.place == "walk-up":
            return rested
        return _saying(rested, Say("reset" if window.pause is None else "pause"))
    visit, ask = window.waiting
    stage = _asking(window.rules, visit, ask, at.boot_ms + window.rules.stays_open_ms)
    return Step(replace(window, stage=stage, waiting=None), (ended, Say("ask")))


def _end(visit: VisitId, outcome: Outcome, cause: EndCause, at: At) -> Append:
    return Append((VisitEnded(visit, outcome, cause, at),))


def _saying(step: Step, say: Say) -> Step:
    return replace(step, effects=(*step.effects, say))


def _bound(window: Window, ask: Ask) -> Ask:
    """The ask with clerk and circumstances as they are at this moment; a later rating keeps those of its visit."""
    if ask.later is not None:
        return ask
    flags = ask.flags
    if window.rules.place == "window" and not window.clerk:
        flags = (*flags, "no-clerk")
    if window.pause is not None:
        flags = (*flags, "paused")
    if window.rules.shared_box:
        flags = (*flags, "shared-box")
    ticket = ask.ticket or (window.ticket[0] if window.ticket and window.rules.place == "window" else "")
    return replace(ask, clerk=window.clerk, flags=flags, ticket=ticket)


def _walk_up_ask(rules: Rules) -> Ask:
    return Ask(
        window=rules.window,
        place="walk-up",
        object="hall",
        channel="hall-terminal",
        trigger="press",
        limit_s=rules.stays_open_ms // 1000,
    )


def _self_started_ask(rules: Rules) -> Ask:
    return Ask(
        window=rules.window,
        place="window",
        object="window",
        channel="window-evaluator",
        trigger="citizen",
        limit_s=rules.stays_open_ms // 1000,
        flags=("self-started",),
    )
