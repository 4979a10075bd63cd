"""What can happen at a window, and what must be done about it: data, decided on by `kiosk.core.visit`."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

from sync.records import Ask, At, Case, Entry, Evidence, TicketState, VisitId
from sync.records.stored import Source

PauseReason = Literal["away", "shift-change", "break", "meeting", "fault", "maintenance", "other"]
PAUSE_REASONS: Final[tuple[PauseReason, ...]] = get_args(PauseReason)
"""Why a window can pause. A fixed list, because citizens read it, in their language; `other` shows no reason."""
Saying = Literal["ask", "pause", "resume", "show_clerk", "reset"]


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
    reason: PauseReason
    at: At


@dataclass(frozen=True, slots=True)
class Resumed:
    at: At


@dataclass(frozen=True, slots=True)
class Touched:
    """Somebody is there: what is open stays open for longer."""

    at: At


@dataclass(frozen=True, slots=True)
class ReasonsGiven:
    """`tags` are codes of the table for the level that was pressed; none is as good as any."""

    table: str
    tags: tuple[str, ...]
    at: At


@dataclass(frozen=True, slots=True)
class AnswersGiven:
    """Second-level questions: code of the question and the answer, 5 to 1."""

    answers: tuple[tuple[str, int], ...]
    at: At


@dataclass(frozen=True, slots=True)
class WordsGiven:
    words: str
    contact_name: str
    contact_phone: str
    at: At

    def __repr__(self) -> str:
        return "WordsGiven()"


@dataclass(frozen=True, slots=True)
class PageSkipped:
    """Nothing is said here: the next page, or the end. At a terminal the faces can be left, too."""

    at: At


@dataclass(frozen=True, slots=True)
class HelpCalled:
    """The citizen wants the person in charge to come."""

    at: At


@dataclass(frozen=True, slots=True)
class ChangeAsked:
    """The wrong face was pressed."""

    at: At


@dataclass(frozen=True, slots=True)
class SelfStarted:
    """The citizen wants to rate though nobody asked: for the case served here last, if it was not rated."""

    at: At
    fresh: VisitId


@dataclass(frozen=True, slots=True)
class CaseDataGiven:
    """More is known of the cases of a visit of this window, each by its place in the ask. The visit may be over."""

    visit: VisitId
    cases: tuple[tuple[int, Case], ...]
    at: At

    def __repr__(self) -> str:
        return "CaseDataGiven()"


@dataclass(frozen=True, slots=True)
class TicketTold:
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


@dataclass(frozen=True, slots=True)
class Say:
    """Let the window's boxes say or light this, where they can. Never depends on a level."""

    command: Saying
    clerk: str = ""
    """The number to show, with `show_clerk`."""


Effect = Append | Acknowledge | Stray | Say
