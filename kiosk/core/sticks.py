"""What a stick holds, and what came of a visit to it: for the manager's page. Pure."""

from dataclasses import dataclass
from typing import Literal

Action = Literal["write", "take", "carry"]


@dataclass(frozen=True, slots=True)
class Stick:
    """Mounted somewhere. With `missing` or `fault` nothing can be done with it."""

    place: str
    """The folder that it is mounted on."""
    own: int = 0
    """Parcels of this kiosk on it."""
    carried: int = 0
    """Of those, the ones that another kiosk says it carries: nothing is settled by that."""
    others: int = 0
    acknowledgements: int = 0
    """For this kiosk."""
    missing: tuple[str, ...] = ()
    """Mount options that it lacks."""
    fault: str = ""
    """Code."""

    @property
    def usable(self) -> bool:
        return not self.missing and not self.fault


@dataclass(frozen=True, slots=True)
class Wrote:
    parcels: int
    records: int


@dataclass(frozen=True, slots=True)
class Took:
    """Acknowledgements of this kiosk."""

    taken: int
    refused: int
    reason: str
    """Code of the first that was refused; empty for none."""
    sent_back: int
    """Parcels that the hub did not take."""


@dataclass(frozen=True, slots=True)
class CarriedOn:
    parcels: int
    known: int
    acknowledgements: int
    """Put onto the stick."""
    refused: tuple[str, ...]
    """Codes: why a parcel was not taken."""


@dataclass(frozen=True, slots=True)
class NotDone:
    reason: str
    """Code."""


Outcome = Wrote | Took | CarriedOn | NotDone
