"""What a hub tells a device of the nodes behind it: how far they are, and the hall's totals of today.

It is the hub's word. What a device can prove of the hub itself is that it holds the same bytes (`sync.delivery`).
"""

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

Outcomes = dict[str, int]
"""Outcome ("5".."1", "0" not rated, "-5".."-1" pressed but apologised for) to its number of visits."""
Levels = dict[str, int]
"""Level ("5".."1") to its number of ratings reported; a level without any is left out."""


class Deadline(Struct, frozen=True, omit_defaults=True):
    """When the platform would write its own default for the oldest rating that it has not got yet."""

    day: str
    """The hall's day of its press, yyyy-MM-dd."""
    ends: str
    """The last day before the default, yyyy-MM-dd."""
    days_left: int
    """Of `unit`, today not counted; negative once it is over."""
    unit: str
    """`working` or `calendar`."""
    source: str
    """What the clock stands on, in words."""
    near: bool = False
    """Two working days are left, or less."""
    guessed: bool = False
    """The holidays of a year within it are not known: Mondays to Fridays are counted."""


class ProvinceReach(Struct, frozen=True, omit_defaults=True):
    """Ratings reported to the province, one for each case: of this device, pressed today."""

    title: str
    accepted: Levels
    another_stands: Levels
    set_aside: Levels
    waiting: Levels
    trouble: str = ""
    """Why nothing is sent at this moment, in the platform's words or those of the way."""
    deadline: Deadline | None = None
    """Of the whole hub; none where no clock is set, or nothing is unsent."""


class Upstream(Struct, frozen=True, omit_defaults=True):
    """`day` is today in the hub's time zone; the counts are of that day, by the halls' own days."""

    province: ProvinceReach | None
    day: Annotated[str, Meta(description="yyyy-MM-dd; empty from a hub that says nothing of counts.")] = ""
    counted: Outcomes = {}
    """Of this device."""
    hall: Outcomes = {}
    """Of all devices of this hub. Those of the others may be some seconds old."""


def read_upstream(told: Any) -> Upstream | None:
    """None for what is not of this form: nothing of the road depends on it."""
    try:
        return msgspec.convert(told, Upstream)
    except msgspec.ValidationError:
        return None
