"""Sealed boxes go for good, on the hub's signed word alone. All of it runs on the journal's one writing connection.

What was deleted is overwritten in the file (`secure_delete`) and leaves the write-ahead log with the next checkpoint
that empties it. What the cells of a flash card keep is beyond software.
"""

import hashlib
import sqlite3
from base64 import b64encode
from dataclasses import dataclass
from typing import Final, Literal

import msgspec
from msgspec import Struct

from sync.anchors import anchor_after, believed_ms
from sync.commitments import ask_of
from sync.journal.chain_state import HOUR_MS, ChainState
from sync.records import At, Audited, Correction, understood
from sync.release import Release, ReleaseError, ReleaseText

MOST_BOXES: Final = 500
"""Boxes that one pass destroys: a press that comes meanwhile waits for no more than that."""
LOG_NOTE: Final = "destroyed-in-log"
"""The note that stands while the write-ahead log may still hold what was destroyed."""
REFUSED_NOTE: Final = "release-refused"
_BOXES: Final = "SELECT position, part, recipient FROM sealed WHERE position >= ? AND position < ? ORDER BY 1, 2, 3"
_CORRECTIONS: Final = "SELECT body FROM record WHERE position BETWEEN ? AND ? AND instr(body, ?) ORDER BY position"
_SOON: Final = 2000
"""Records within which a correction of the clock is looked for: a hub says the time with its first answer."""
_DESTROY: Final = "DELETE FROM sealed WHERE position = ? AND part = ? AND recipient = ?"

Box = tuple[int, str, str]
"""Position, part, recipient."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What one pass came to. `again`: more boxes wait, or a citizen is answering."""

    outcome: Literal["done", "again", "refused"]
    boxes: int = 0
    recorded: bool = False


class Refusal(Struct, frozen=True):
    """The last release of a generation that was refused. `reason` is empty once a good one was carried out."""

    digest: str
    hour: int
    """Wall-clock hour, counted since 1970."""
    reason: str

    def is_worth_a_record(self, digest: str, at: At) -> bool:
        """Each release is recorded once, and no more than one an hour: a hub may say a new one with each answer."""
        return digest != self.digest and at.wall_ms // HOUR_MS != self.hour


def check_place(db: sqlite3.Connection, device: str, generation: str, text: ReleaseText) -> int:
    """That a release speaks of this very chain; gives the generation's first position. Raises `ReleaseError`."""
    if (text.device, text.generation) != (device, generation):
        raise ReleaseError("other-place", "the release is for another device or generation")
    row = db.execute("SELECT first_position, genesis FROM generation WHERE id = ?", (generation,)).fetchone()
    if row is None:
        raise ReleaseError("other-place", "the release is for a generation that is not in this journal")
    first, genesis = row
    last = db.execute("SELECT hash FROM record WHERE position = ?", (first + text.next - 1,)).fetchone()
    later = db.execute("SELECT min(first_position) FROM generation WHERE first_position > ?", (first,)).fetchone()[0]
    within = later is None or first + text.next <= later
    held = genesis if text.next == 0 else last[0] if last and within else None
    if held != text.hash:
        raise ReleaseError("other-chain", f"record {text.next - 1} has another hash here, or is not here")
    return int(first)


def boxes_to_destroy(db: sqlite3.Connection, first: int, text: ReleaseText) -> list[Box]:
    """In order, `MOST_BOXES` and one at most. A box of a record that this version does not know stays."""
    boxes: list[Box] = []
    covered: dict[int, bool] = {}
    for position, part, recipient in db.execute(_BOXES, (first, first + text.next)):
        if position not in covered:
            row = db.execute("SELECT body FROM record WHERE position = ?", (position,)).fetchone()
            asked = ask_of(position - first, understood(row[0])) if row else None
            covered[position] = asked is not None and text.covers(asked)
        if covered[position]:
            boxes.append((position, part, recipient))
        if len(boxes) > MOST_BOXES:
            break
    return boxes


def destroy(db: sqlite3.Connection, boxes: list[Box], release: Release, at: At) -> Audited:
    """Within a transaction of the caller, who appends the record that this gives."""
    db.executemany(_DESTROY, boxes)
    detail: dict[str, str | int] = {
        "boxes": len(boxes),
        "release": release.text,
        "signature": b64encode(release.signature).decode(),
    }
    return Audited("sealed-destroyed", at, "", detail)


def refusal_record(generation: str, fault: ReleaseError, digest: str, at: At) -> Audited:
    return Audited("release-refused", at, "", {"reason": fault.code, "generation": generation, "release": digest})


def digest_of(release: Release) -> str:
    return hashlib.sha256(release.text.encode() + release.signature).hexdigest()


def citizen_is_answering(state: ChainState | None) -> bool:
    return state is not None and bool(state.visits)


def empty_the_log(db: sqlite3.Connection) -> bool:
    """False where somebody reads at this moment: tried again later, since the recorder may not wait for a reader."""
    patience = db.execute("PRAGMA busy_timeout").fetchone()[0]
    db.execute("PRAGMA busy_timeout = 0")
    try:
        busy, _, _ = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        db.execute(f"PRAGMA busy_timeout = {patience}")
    return bool(busy == 0)


def oldest_box(db: sqlite3.Connection) -> int | None:
    """Wall clock of the record whose sealed box has waited longest; None without boxes.

    Where the clock was wrong when that was recorded: what the correction says that followed soon after in that boot.
    """
    row = db.execute("SELECT position, body FROM record WHERE position = (SELECT min(position) FROM sealed)").fetchone()
    record = understood(row[1]) if row else None
    if record is None:
        return None
    anchor = None
    for (body,) in db.execute(_CORRECTIONS, (row[0], row[0] + _SOON, b'"correction"')):
        correction = understood(body)
        if isinstance(correction, Correction) and correction.at.boot == record.at.boot:
            anchor = anchor_after(anchor, correction)
    return believed_ms(record.at, anchor)


def refused_reason(db: sqlite3.Connection) -> str:
    """Why the last release that was heard destroyed nothing, as the code of a `ReleaseError`; or empty."""
    for (value,) in db.execute("SELECT value FROM note WHERE name GLOB ?", (f"{REFUSED_NOTE}:*",)):
        reason = msgspec.json.decode(value, type=Refusal).reason
        if reason:
            return reason
    return ""
