"""Where a visit can stand, and by which rules: data, decided on by `kiosk.core.visit`."""

from dataclasses import dataclass
from typing import Final, Literal

from kiosk.core.events import Effect, PauseReason, Pressed
from sync.records import Ask, At, TicketState, VisitId
from sync.records.stored import Place

Page = Literal["reasons", "questions", "words"]
RETRY_MS: Final = 15_000
"""After an apology the citizen has at least this long to press again."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a citizen may say after the press. The same pages, in the same order, for as long, whatever the level."""

    pages: tuple[Page, ...]
    help: bool = True
    """The person in charge may be called."""
    idle_ms: int = 30_000
    """A page that nobody touches closes after this long."""
    longest_ms: int = 180_000
    waiting_ms: int = 60_000
    """The longest, once another ask waits."""
    change_ms: int = 8_000
    """The level may be taken back for this long, once."""
    rechoose_ms: int = 15_000
    receipt_ms: int = 12_000
    """How long the receipt stands at the end, unless it is closed before."""


@dataclass(frozen=True, slots=True)
class Rules:
    window: str
    place: Place
    stays_open_ms: int = 60_000
    thanks_ms: int = 3_000
    apology_ms: int = 4_000
    touched_ms: int = 30_000
    """Who touches the glass while faces or receipt wait has at least this long from then."""
    touched_longest_ms: int = 60_000
    """By so much, touches can keep them in all."""
    shared_box: bool = False
    """Another window is rated on the same box: each ask says so."""
    offer: Offer | None = None
    """What may be said after the press; None where there is no screen for it, or no time."""


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
    ends_ms: int = 0
    """Touches keep the faces until then at most."""


@dataclass(frozen=True, slots=True)
class Recording:
    """Pressed; the journal has not answered yet. No time-out: it is the disk's turn."""

    visit: VisitId
    ask: Ask
    closes_ms: int
    press: Pressed


@dataclass(frozen=True, slots=True)
class Detailing:
    """Recorded and thanked for; what is said here is an offer, and the level stands whatever becomes of it."""

    visit: VisitId
    ask: Ask
    receipt: str
    level: int
    pressed_at: At
    page: int
    """Index into the offer's pages."""
    until_ms: int
    ends_ms: int
    change_until_ms: int | None
    """None: the level was changed already, or the time for it is over."""
    help_called: bool = False
    change_failed: bool = False
    """The disk did not take the change: the level before stands, and the citizen is told so."""


@dataclass(frozen=True, slots=True)
class Rechoosing:
    """The faces once more. Without a press the level before stands."""

    details: Detailing
    until_ms: int

    @property
    def visit(self) -> VisitId:
        return self.details.visit


@dataclass(frozen=True, slots=True)
class Rerecording:
    """Another level was pressed; the journal has not answered yet."""

    details: Detailing
    press: Pressed

    @property
    def visit(self) -> VisitId:
        return self.details.visit


@dataclass(frozen=True, slots=True)
class Thanking:
    visit: VisitId
    receipt: str
    until_ms: int
    ends_ms: int = 0
    """Touches keep the receipt until then at most."""


@dataclass(frozen=True, slots=True)
class Apologising:
    visit: VisitId
    ask: Ask
    closes_ms: int
    until_ms: int


Stage = Resting | Asking | Recording | Detailing | Rechoosing | Rerecording | Thanking | Apologising


@dataclass(frozen=True, slots=True)
class Window:
    rules: Rules
    stage: Stage = Resting()
    clerk: str = ""
    """Number of the clerk signed in, or empty."""
    pause: PauseReason | None = None
    """Why the window is paused. Shows at rest; never closes a visit."""
    waiting: tuple[VisitId, Ask] | None = None
    """An ask that came while a citizen was answering."""
    unrated: tuple[Ask, int] | None = None
    """The ask that nobody answered last, and until when (ms since boot) the citizen may still take it up."""
    ticket: tuple[str, TicketState] | None = None
    """The queue ticket told last: an ask that names none is for its service."""


@dataclass(frozen=True, slots=True)
class Step:
    window: Window
    effects: tuple[Effect, ...] = ()
