"""What can happen while something is found at a terminal, and what must be done about it: data."""

from typing import Literal

from msgspec import Struct

from kiosk.core.catalogue import Item
from kiosk.core.finding_stages import Way
from kiosk.core.visit import AskedFor
from sync.records import Ask, At, VisitId


class WayChosen(Struct, frozen=True):
    way: Way
    at: At
    fresh: VisitId
    """The id of the visit that this opens, where nothing more is to be found."""


class Scanned(Struct, frozen=True):
    """`number` is empty where what was scanned is no case number."""

    number: str
    at: At


class CodeScanned(Struct, frozen=True):
    """The code of a slip, whole and well formed, was scanned."""

    code: str
    at: At


class Typed(Struct, frozen=True):
    key: str
    at: At


class Erased(Struct, frozen=True):
    """The last key, or all of them."""

    at: At
    everything: bool = False


class Entered(Struct, frozen=True):
    """The number is complete."""

    at: At


class LookedUp(Struct, frozen=True):
    number: str
    rateable: bool
    """By its number alone."""
    at: At


class Prove(Struct, frozen=True):
    """Do number and code belong together? Answer with `Proved`."""

    number: str
    code: str

    def __repr__(self) -> str:
        return "Prove()"


class Proven(Struct, frozen=True):
    """Number and code belong together: the visit that rates it later."""

    visit: VisitId
    ask: Ask


class NotProven(Struct, frozen=True):
    seconds: int
    """Until another code is looked at; 0: at once."""


Verdict = Proven | NotProven | Literal["misread", "unreached"]


class Proved(Struct, frozen=True):
    proof: Prove
    """What was asked."""
    verdict: Verdict
    at: At


class DepartmentChosen(Struct, frozen=True):
    department: str
    at: At


class ItemChosen(Struct, frozen=True):
    item: Item
    at: At


class Confirmed(Struct, frozen=True):
    at: At
    fresh: VisitId


class WentBack(Struct, frozen=True):
    at: At


class Cancelled(Struct, frozen=True):
    at: At


class Stirred(Struct, frozen=True):
    """Somebody is there."""

    at: At


class RanOut(Struct, frozen=True):
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


class LookUp(Struct, frozen=True):
    """May the case of this number be rated by its number alone? Answer with `LookedUp`."""

    number: str


class Open(Struct, frozen=True):
    """It is known what is to be rated: ask for it."""

    asked: AskedFor


Effect = LookUp | Prove | Open
