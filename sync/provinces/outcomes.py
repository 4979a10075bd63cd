"""What a try came to: four outcomes, whatever a platform answers. `Duplicate` and `Unauthorised` lead to one."""

from dataclasses import dataclass
from typing import Literal

Taken = Literal["no", "maybe", "unsaid"]
"""Whether the platform has taken a report that it did not accept: its answer excludes it, leaves it open, or says
nothing about it, so that what was known before still holds.
"""


@dataclass(frozen=True, slots=True)
class Accepted:
    """`receipt` in the platform's own words."""

    receipt: str


@dataclass(frozen=True, slots=True)
class AnotherStands:
    """Somebody rated this service elsewhere. Kept as it is, never merged: a person settles it."""

    words: str


@dataclass(frozen=True, slots=True)
class Later:
    """`of_platform`: no other report would get further either."""

    words: str
    taken: Taken = "unsaid"
    of_platform: bool = False
    wait_s: float | None = None
    """What the platform asked for."""


@dataclass(frozen=True, slots=True)
class NeedsPerson:
    """`fields`: the platform's names of the fields that its words are about, where they can be told."""

    words: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The platform has one already. `reference` and `level` are what it gave back of it; empty where it gave none."""

    words: str
    reference: str = ""
    level: str = ""


@dataclass(frozen=True, slots=True)
class Unauthorised:
    words: str


Outcome = Accepted | AnotherStands | Later | NeedsPerson
Verdict = Accepted | Later | NeedsPerson | Duplicate | Unauthorised
"""What one answer says by itself."""


def settled(duplicate: Duplicate, ours: "Ours") -> Accepted | AnotherStands:
    """Whether the one that the platform has already is this very report."""
    if duplicate.reference:
        same = duplicate.reference == ours.reference
    elif duplicate.level and ours.level:
        same = duplicate.level == ours.level
    else:
        same = ours.maybe_taken
    return Accepted(duplicate.words) if same or ours.is_case else AnotherStands(duplicate.words)


@dataclass(frozen=True, slots=True)
class Ours:
    """What is known here of the report that was called a duplicate."""

    reference: str
    level: str
    """The platform's code of it; empty for a case."""
    maybe_taken: bool
    """A try before had an unknown outcome, and no other report of this service was accepted from here."""
    is_case: bool
    """A case that the platform has already is where it should be: whoever brought it there."""
