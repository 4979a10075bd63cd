"""What the kiosk asks the journal to append: facts of a visit, before sequence, hash and seal are added."""

from dataclasses import dataclass, field
from typing import NewType

from sync.records.case import Case
from sync.records.stored import (
    At,
    Channel,
    Earlier,
    EndCause,
    Evidence,
    ObjectKind,
    Outcome,
    PaperForm,
    Place,
    Source,
    TicketState,
    Trigger,
)

VisitId = NewType("VisitId", bytes)
"""16 random bytes."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A rating is wanted: bound to its object and clerk now, whoever stands there later."""

    window: str
    place: Place
    object: ObjectKind
    channel: Channel
    trigger: Trigger
    limit_s: int
    clerk: str = ""
    cases: tuple[Case, ...] = ()
    flags: tuple[str, ...] = ()
    ticket: str = ""
    """Number of the queue ticket; only its keyed digest is recorded."""
    slips: tuple[bytes, ...] = ()
    """Of each case, what finds it again by the code of the slip (`CaseCommitment.slip`); empty: no slip was given."""
    later: Earlier | None = None
    paper: PaperForm | None = None
    item: str = ""
    """taskCode of an `item`, which was chosen without a case."""


@dataclass(frozen=True, slots=True)
class VisitAsked:
    visit: VisitId
    ask: Ask
    at: At


@dataclass(frozen=True, slots=True)
class VisitPressed:
    visit: VisitId
    level: int
    source: Source
    at: At
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class VisitApologised:
    """A press that the journal could not take; the citizen was told so."""

    visit: VisitId
    level: int
    source: Source
    reason: str
    at: At
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class VisitChanged:
    """The level `was`, pressed at `pressed_at`, was a mistake: `level` counts instead."""

    visit: VisitId
    was: int
    level: int
    source: Source
    at: At
    pressed_at: At
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class VisitDetailed:
    """What was said after the press. `words` and the contact are sealed before they touch the disk; empty: not said."""

    visit: VisitId
    at: At
    table: str = ""
    tags: tuple[str, ...] = ()
    answers: tuple[tuple[str, int], ...] = ()
    help: bool = False
    words: str = ""
    contact_name: str = ""
    contact_phone: str = ""

    def __repr__(self) -> str:
        return f"VisitDetailed(visit={self.visit!r})"


@dataclass(frozen=True, slots=True)
class VisitCaseData:
    """What became known later of the visit's cases, each by its place in the ask. Sealed before it touches the disk."""

    visit: VisitId
    cases: tuple[tuple[int, Case], ...]
    at: At

    def __repr__(self) -> str:
        return f"VisitCaseData(visit={self.visit!r})"


@dataclass(frozen=True, slots=True)
class TicketMoved:
    """A queue ticket was called, is being served, or its service has ended. `ticket` is recorded as a keyed digest."""

    window: str
    clerk: str
    ticket: str
    state: TicketState
    at: At

    def __repr__(self) -> str:
        return f"TicketMoved(window={self.window!r}, state={self.state!r})"


@dataclass(frozen=True, slots=True)
class VisitEnded:
    visit: VisitId
    outcome: Outcome
    cause: EndCause
    at: At


@dataclass(frozen=True, slots=True)
class PaperIssued:
    """`serials` as they are recorded (`PaperForm.serial`)."""

    batch: str
    point: str
    serials: tuple[bytes, ...]
    at: At


@dataclass(frozen=True, slots=True)
class PaperSpoilt:
    batch: str
    serial: bytes
    at: At


@dataclass(frozen=True, slots=True)
class Audited:
    """`detail` never holds words of a citizen, a case number, a token or a PIN."""

    what: str
    at: At
    window: str = ""
    detail: dict[str, str | int] = field(default_factory=dict)


Entry = (
    VisitAsked
    | VisitPressed
    | VisitApologised
    | VisitChanged
    | VisitDetailed
    | VisitCaseData
    | TicketMoved
    | VisitEnded
    | PaperIssued
    | PaperSpoilt
    | Audited
)
