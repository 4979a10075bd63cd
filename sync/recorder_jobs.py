"""What the recorder is asked to do, one job after the other, and what it answers."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct

from sync.journal.schema import JournalError
from sync.records import Entry, VisitId

if TYPE_CHECKING:  # brings the cryptography in, which is loaded on the recorder's own thread
    from sync.anchors import ClockEvidence
    from sync.journal.writer import Journal


class Stored(Struct, frozen=True):
    """On the disk. `receipts` has the code of each press."""

    receipts: dict[VisitId, str]


class NotStored(Struct, frozen=True):
    """Not on the disk; the reason is the code of a `JournalError`."""

    reason: str


Outcome = Stored | NotStored


class Write(Struct, frozen=True):
    entries: tuple[Entry, ...]
    done: Callable[[Outcome], None]


class Question(Struct, frozen=True):
    ask: Callable[["Journal"], None]
    failed: Callable[[JournalError], None]


class Correct(Struct, frozen=True):
    evidence: "ClockEvidence"


class Damaged(Struct, frozen=True):
    """A reader met pages that cannot be read."""


class Nudge(Struct, frozen=True):
    """Nothing to do but to think again how long may be slept."""


class Stop(Struct, frozen=True):
    pass


Job = Write | Question | Correct | Damaged | Nudge | Stop
