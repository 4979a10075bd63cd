"""Whether every press of today is where it should be: at this kiosk, at the hub, at the province, level by level.

For the manager alone. What the hub has is proved by its answers; what the province has is the hub's word.
"""

from dataclasses import dataclass
from typing import Literal

DayUnit = Literal["working", "calendar"]


@dataclass(frozen=True, slots=True)
class Reported:
    """Ratings for the province, one for each case of a visit, and what became of them there."""

    accepted: int = 0
    another_stands: int = 0
    set_aside: int = 0
    waiting: int = 0

    @property
    def expected(self) -> int:
        return self.accepted + self.another_stands + self.set_aside + self.waiting


@dataclass(frozen=True, slots=True)
class LevelBalance:
    level: int
    pressed: int
    """Also the presses that were answered by the apology."""
    stored: int
    sent: int
    """Of those stored: what the hub has proved to hold."""
    hub: int | None
    """Counted there; None while it has said nothing of today."""
    reported: Reported | None
    """None where the hub reports to nobody."""


@dataclass(frozen=True, slots=True)
class DefaultDeadline:
    """When the platform would write its own default for the oldest rating that it has not got. Days: `yyyy-MM-dd`."""

    day: str
    ends: str
    days_left: int
    unit: DayUnit
    near: bool
    guessed: bool
    """Without the holidays of the year."""


@dataclass(frozen=True, slots=True)
class Balance:
    levels: tuple[LevelBalance, ...]
    """From 5 to 1."""
    hall: dict[int, int] | None
    """Outcome to visits of all kiosks of the hub today; None while it has said nothing of today."""
    told_ms: int | None
    """Wall clock of this machine when the hub said so."""
    province: str = ""
    """Its title; empty where the hub reports to nobody."""
    trouble: str = ""
    """Why the hub can send it nothing now, in the platform's words."""
    deadline: DefaultDeadline | None = None
    differs: bool = False
    """The hub counts otherwise than this kiosk."""
