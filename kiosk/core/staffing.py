"""What a clerk and the queue tell a window: who is there, that it pauses, how far a ticket is. Pure; called by
`kiosk.core.visit` alone. None of it touches a visit that is open.
"""

from dataclasses import replace

from kiosk.core.events import (
    Append,
    CaseDataGiven,
    PauseAsked,
    Resumed,
    Say,
    Served,
    SignedIn,
    SignedOut,
    Staffed,
    TicketTold,
)
from kiosk.core.stages import Step, Window
from sync.records import At, Audited, TicketMoved, VisitCaseData


def staffed(window: Window, event: Staffed) -> Step:
    """One who signs in over another takes the window over; a visit stays with the clerk it was asked for."""
    match event:
        case SignedIn(clerk, at):
            before: dict[str, str | int] = {"before": window.clerk} if window.clerk not in {"", clerk} else {}
            step = _audited(replace(window, clerk=clerk), "signed-in", at, {"clerk": clerk, **before})
            return _saying(step, Say("show_clerk", clerk))
        case SignedOut(at):
            return _audited(replace(window, clerk=""), "signed-out", at, {"clerk": window.clerk})
        case PauseAsked(reason, at):
            return _saying(_audited(replace(window, pause=reason), "paused", at, {"reason": reason}), Say("pause"))
        case Resumed(at):
            return _saying(_audited(replace(window, pause=None), "resumed", at, {}), Say("resume"))


def served(window: Window, event: Served) -> Step:
    match event:
        case CaseDataGiven(visit, cases, at):
            return Step(window, (Append((VisitCaseData(visit, cases, at),)),))
        case TicketTold():
            return _ticket_told(window, event)


def _ticket_told(window: Window, event: TicketTold) -> Step:
    """Told twice it is recorded once. A call closes nothing that a citizen is doing."""
    if window.ticket == (event.ticket, event.state):
        return Step(window)
    moved = TicketMoved(window.rules.window, window.clerk, event.ticket, event.state, event.at)
    return Step(replace(window, ticket=(event.ticket, event.state)), (Append((moved,)),))


def _audited(window: Window, what: str, at: At, detail: dict[str, str | int]) -> Step:
    return Step(window, (Append((Audited(what, at, window.rules.window, detail),)),))


def _saying(step: Step, say: Say) -> Step:
    return replace(step, effects=(*step.effects, say))
