"""What can happen at a window, and what must be done about it: data, decided on by `kiosk.core.visit`."""

from typing import Final, Literal, get_args

from msgspec import Struct

from sync.records import Ask, At, Case, Entry, Evidence, TicketState, VisitId
from sync.records.stored import Source

PauseReason = Literal["away", "shift-change", "break", "meeting", "fault", "maintenance", "other"]
PAUSE_REASONS: Final[tuple[PauseReason, ...]] = get_args(PauseReason)
"""Why a window can pause. A fixed list, because citizens read it, in their language; `other` shows no reason."""
Saying = Literal["ask", "pause", "resume", "show_clerk", "reset"]


class AskedFor(Struct, frozen=True):
    visit: VisitId
    ask: Ask
    at: At


class Pressed(Struct, frozen=True):
    level: int
    source: Source
    at: At
    fresh: VisitId
    """The id of the visit that this press opens, should it be the first thing that happens."""
    evidence: Evidence | None = None


class Recorded(Struct, frozen=True):
    visit: VisitId
    receipt: str
    at: At


class NotRecorded(Struct, frozen=True):
    visit: VisitId
    at: At


class TimedOut(Struct, frozen=True):
    at: At


class SignedIn(Struct, frozen=True):
    clerk: str
    at: At


class SignedOut(Struct, frozen=True):
    at: At


class PauseAsked(Struct, frozen=True):
    reason: PauseReason
    at: At


class Resumed(Struct, frozen=True):
    at: At


class Touched(Struct, frozen=True):
    """Somebody is there: what is open stays open for longer."""

    at: At


class ReasonsGiven(Struct, frozen=True):
    """`tags` are codes of the table for the level that was pressed; none is as good as any."""

    table: str
    tags: tuple[str, ...]
    at: At


class AnswersGiven(Struct, frozen=True):
    """Second-level questions: code of the question and the answer, 5 to 1."""

    answers: tuple[tuple[str, int], ...]
    at: At


class WordsGiven(Struct, frozen=True):
    words: str
    contact_name: str
    contact_phone: str
    at: At

    def __repr__(self) -> str:
        return "WordsGiven()"


class PageSkipped(Struct, frozen=True):
    """Nothing is said here: the next page, or the end. At a terminal the faces can be left, too."""

    at: At


class HelpCalled(Struct, frozen=True):
    """The citizen wants the person in charge to come."""

    at: At


class ChangeAsked(Struct, frozen=True):
    """The wrong face was pressed."""

    at: At


class SelfStarted(Struct, frozen=True):
    """The citizen wants to rate though nobody asked: for the case served here last, if it was not rated."""

    at: At
    fresh: VisitId


class CaseDataGiven(Struct, frozen=True):
    """More is known of the cases of a visit of this window, each by its place in the ask. The visit may be over."""

    visit: VisitId
    cases: tuple[tuple[int, Case], ...]
    at: At

    def __repr__(self) -> str:
        return "CaseDataGiven()"


class TicketTold(Struct, frozen=True):
    """How far a queue ticket is at this window. Closes nothing, whatever the citizen is doing."""

    ticket: str
    state: TicketState
    at: At

    def __repr__(self) -> str:
        return f"TicketTold(state={self.state!r})"


Said = Touched | ReasonsGiven | AnswersGiven | WordsGiven | PageSkipped | HelpCalled | ChangeAsked
Staffed = SignedIn | SignedOut | PauseAsked | Resumed
Served = CaseDataGiven | TicketTold
Event = AskedFor | SelfStarted | Pressed | Recorded | NotRecorded | TimedOut | Said | Staffed | Served


class Append(Struct, frozen=True):
    """Write these, in this order. Where `awaited` is a visit, say afterwards whether it was recorded."""

    entries: tuple[Entry, ...]
    awaited: VisitId | None = None


class Acknowledge(Struct, frozen=True):
    """The press is on the disk: let the box that sent it know, the same for every level."""

    evidence: Evidence


class Stray(Struct, frozen=True):
    """A key was pressed that no visit waited for: for the auditor, never for a count."""

    evidence: Evidence
    at: At


class Say(Struct, frozen=True):
    """Let the window's boxes say or light this, where they can. Never depends on a level."""

    command: Saying
    clerk: str = ""
    """The number to show, with `show_clerk`."""


Effect = Append | Acknowledge | Stray | Say
