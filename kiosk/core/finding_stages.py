"""Where the finding at a terminal can stand: data, decided on by `kiosk.core.finding`."""

from dataclasses import dataclass, field
from typing import Final, Literal

from kiosk.core.catalogue import Item
from sync.records.stored import Trigger

Way = Literal["scan", "number", "item", "later", "hall", "terminal"]
"""What can be chosen at the start: a case by its number, an item of the catalogue, a case that was not rated on the
spot (with the code of its slip), the hall, the terminal itself.
"""

KEYS: Final = "1234567890ABCDEFGHIJKLMNOPQRSTUVWXYZ-"
"""What the screen's own keypad types: all that case numbers and tickets were seen to hold."""
LONGEST_NUMBER: Final = 64
LONGEST_QUERY: Final = 24
CODE_SIGNS: Final = 9
"""Of the code of a slip, without the dashes between its groups."""
IDLE_MS: Final = 60_000


@dataclass(frozen=True, slots=True)
class Start:
    pass


@dataclass(frozen=True, slots=True)
class Scanning:
    misread: bool = False
    """What was scanned last was no case number."""


@dataclass(frozen=True, slots=True)
class Typing:
    number: str = ""
    later: bool = False
    """The code of a slip goes with it."""
    code: str = ""
    """Scanned already."""


@dataclass(frozen=True, slots=True)
class LookingUp:
    number: str
    trigger: Trigger


@dataclass(frozen=True, slots=True)
class Coding:
    """The case can be rated by whoever has the code of its slip."""

    number: str
    code: str = ""
    misread: bool = False
    """What was given last is no code: that is no guess."""


@dataclass(frozen=True, slots=True)
class Proving:
    number: str
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Choosing:
    """Of the departments, or of the items of one."""

    query: str = ""
    """Letters typed so far: Pinyin in full or its initials."""
    department: str = ""
    """Empty: the departments are shown."""


@dataclass(frozen=True, slots=True)
class CaseNamed:
    """A case by its number, and nothing else: whose it is, nobody here knows."""

    number: str
    trigger: Trigger


@dataclass(frozen=True, slots=True)
class ItemNamed:
    item: Item


Named = CaseNamed | ItemNamed


@dataclass(frozen=True, slots=True)
class Confirming:
    named: Named
    before: "Stage"
    """Where the way back leads."""


@dataclass(frozen=True, slots=True)
class Refused:
    """This case cannot be rated here. Says the same whatever the reason."""

    by_code: bool = False
    seconds: int = 0
    """Until another code is looked at."""
    unreached: bool = False
    """What was rated elsewhere in the hall cannot be known now."""


Stage = Start | Scanning | Typing | LookingUp | Coding | Proving | Choosing | Confirming | Refused


@dataclass(frozen=True, slots=True)
class Finding:
    window: str
    limit_s: int
    """How long the visit stays open that this ends in."""
    ways: tuple[Way, ...]
    stage: Stage = Start()
    until_ms: int | None = None
    """When all of it is forgotten; None at the start."""
