"""What the recorder is asked to do, one job after the other, and what it answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.journal.schema import JournalError
from sync.records import Entry, VisitId

if TYPE_CHECKING:  # brings the cryptography in, which is loaded on the recorder's own thread
    from sync.anchors import ClockEvidence
    from sync.journal.writer import Journal


@dataclass(frozen=True, slots=True)
class Stored:
    """On the disk. `receipts` has the code of each press."""

    receipts: dict[VisitId, str]


@dataclass(frozen=True, slots=True)
class NotStored:
    """Not on the disk; the reason is the code of a `JournalError`."""

    reason: str


Outcome = Stored | NotStored


@dataclass(frozen=True, slots=True)
class Write:
    entries: tuple[Entry, ...]
    done: Callable[[Outcome], None]


@dataclass(frozen=True, slots=True)
class Question:
    ask: Callable[["Journal"], None]
    failed: Callable[[JournalError], None]


@dataclass(frozen=True, slots=True)
class Correct:
    evidence: "ClockEvidence"


@dataclass(frozen=True, slots=True)
class Damaged:
    """A reader met pages that cannot be read."""


@dataclass(frozen=True, slots=True)
class Nudge:
    """Nothing to do but to think again how long may be slept."""


@dataclass(frozen=True, slots=True)
class Stop:
    pass


Job = Write | Question | Correct | Damaged | Nudge | Stop
