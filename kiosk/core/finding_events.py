"""What can happen while something is found at a terminal, and what must be done about it: data."""

from dataclasses import dataclass
from typing import Literal

from kiosk.core.catalogue import Item
from kiosk.core.finding_stages import Way
from kiosk.core.visit import AskedFor
from sync.records import Ask, At, VisitId


@dataclass(frozen=True, slots=True)
class WayChosen:
    way: Way
    at: At
    fresh: VisitId
    """The id of the visit that this opens, where nothing more is to be found."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """`number` is empty where what was scanned is no case number."""

    number: str
    at: At


@dataclass(frozen=True, slots=True)
class CodeScanned:
    """The code of a slip, whole and well formed, was scanned."""

    code: str
    at: At


@dataclass(frozen=True, slots=True)
class Typed:
    key: str
    at: At


@dataclass(frozen=True, slots=True)
class Erased:
    """The last key, or all of them."""

    at: At
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Entered:
    """The number is complete."""

    at: At


@dataclass(frozen=True, slots=True)
class LookedUp:
    number: str
    rateable: bool
    """By its number alone."""
    at: At


@dataclass(frozen=True, slots=True)
class Prove:
    """Do number and code belong together? Answer with `Proved`."""

    number: str
    code: str

    def __repr__(self) -> str:
        return "Prove()"


@dataclass(frozen=True, slots=True)
class Proven:
    """Number and code belong together: the visit that rates it later."""

    visit: VisitId
    ask: Ask


@dataclass(frozen=True, slots=True)
class NotProven:
    seconds: int
    """Until another code is looked at; 0: at once."""


Verdict = Proven | NotProven | Literal["misread", "unreached"]


@dataclass(frozen=True, slots=True)
class Proved:
    proof: Prove
    """What was asked."""
    verdict: Verdict
    at: At


@dataclass(frozen=True, slots=True)
class DepartmentChosen:
    department: str
    at: At


@dataclass(frozen=True, slots=True)
class ItemChosen:
    item: Item
    at: At


@dataclass(frozen=True, slots=True)
class Confirmed:
    at: At
    fresh: VisitId


@dataclass(frozen=True, slots=True)
class WentBack:
    at: At


@dataclass(frozen=True, slots=True)
class Cancelled:
    at: At


@dataclass(frozen=True, slots=True)
class Stirred:
    """Somebody is there."""

    at: At


@dataclass(frozen=True, slots=True)
class RanOut:
    at: At


Event = (
    WayChosen
    | Scanned
    | CodeScanned
    | Typed
    | Erased
    | Entered
    | LookedUp
    | Proved
    | DepartmentChosen
    | ItemChosen
    | Confirmed
    | WentBack
    | Cancelled
    | Stirred
    | RanOut
)


@dataclass(frozen=True, slots=True)
class LookUp:
    """May the case of this number be rated by its number alone? Answer with `LookedUp`."""

    number: str


@dataclass(frozen=True, slots=True)
class Open:
    """It is known what is to be rated: ask for it."""

    asked: AskedFor


Effect = LookUp | Prove | Open
