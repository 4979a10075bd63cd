"""What the writer keeps in memory, read back from the file: where the chain ends, the totals, the visits still open."""

import sqlite3
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from sync.anchors import Anchor, WallOffsets
from sync.chain import HeadText
from sync.fold import Before, Fold, OpenVisit, add_to, counts_of
from sync.records import Asked, At, Head, Opened, Record, Signed, VisitId, understood

HOUR_MS = 3_600_000
_FAR_BACK = 100_000
"""Records: more than a day of any hall."""
CLOCK_NOTE = "clock"
"""The note that keeps `ClockNote`."""


class ClockNote(msgspec.Struct, frozen=True):
    """What one generation knows of its clock, for a start within the same boot."""

    generation: str
    offsets: WallOffsets | None
    anchor: Anchor | None


@dataclass(slots=True)
class ChainState:
    """Belongs to one generation. `seq` is the last record's sequence; -1 where there is none yet."""

    generation: str
    first_position: int
    seq: int
    hash: bytes
    fold: Fold
    visits: dict[VisitId, int] = field(default_factory=dict)
    """Open visits: id to the sequence of the ask."""
    totals: dict[str, int] = field(default_factory=dict)
    """Outcome to absolute count in this generation."""
    unsigned: int = 0
    """Records that no head in the journal covers yet."""
    last_hour: int = 0
    """Wall-clock hour of the last record, counted since 1970."""
    epoch: int = 0
    """The epoch that the journal knows of."""
    opened_ms: int = 0
    """Wall clock of the generation's first record."""
    offsets: WallOffsets | None = None
    """Of the boot that wrote last."""
    head: Signed | None = None
    """The last head that this run signed and that does not stand beside the journal yet."""

    def turn_to(self, generation: str, first_position: int, start: bytes, fold: Fold, epoch: int, at: At) -> None:
        """To a generation without records yet."""
        self.generation, self.first_position, self.seq, self.hash = generation, first_position, -1, start
        self.fold, self.visits, self.totals = fold, {}, {}
        self.unsigned, self.epoch, self.opened_ms = 0, epoch, at.wall_ms
        self.offsets = None


def load(connection: sqlite3.Connection) -> ChainState | None:
    """None where no generation was ever opened."""
    row = connection.execute(
        "SELECT id, first_position, genesis, epoch FROM generation ORDER BY number DESC"
    ).fetchone()
    if row is None:
        return None
    generation, first, genesis, epoch = row
    last = connection.execute("SELECT position, hash FROM record ORDER BY position DESC LIMIT 1").fetchone()
    position, tip = last if last and last[0] >= first else (first - 1, genesis)
    state = ChainState(generation, first, position - first, tip, Fold(0), epoch=epoch)
    _load_opened(connection, state)
    _load_tail(connection, state)
    _load_last_hour(connection, state)
    _load_clock(connection, state)
    return state


def clock_note(connection: sqlite3.Connection, generation: str) -> ClockNote | None:
    """Raises `msgspec.DecodeError`."""
    row = connection.execute("SELECT value FROM note WHERE name = ?", (CLOCK_NOTE,)).fetchone()
    note = msgspec.json.decode(row[0], type=ClockNote) if row else None
    return note if note is not None and note.generation == generation else None


def visits_open(
    connection: sqlite3.Connection, first_position: int, still_open: dict[str, bool]
) -> dict[int, OpenVisit]:
    """What a head says of the visits that have not ended (`HeadText.open`), with the asks that it names."""
    visits: dict[int, OpenVisit] = {}
    for asked, rated in still_open.items():
        position = first_position + int(asked)
        row = connection.execute("SELECT body FROM record WHERE position = ?", (position,)).fetchone()
        record = understood(row[0]) if row else None
        if isinstance(record, Asked):
            visits[int(asked)] = OpenVisit(record, rated)
    return visits


def records_before(connection: sqlite3.Connection, first_position: int) -> Before:
    """Walks back through the generation that begins at `first_position`. Raises `msgspec.DecodeError`."""

    def walk(seq: int) -> Iterator[tuple[int, Record | None]]:
        for position, body in connection.execute(
            "SELECT position, body FROM record WHERE position >= ? AND position < ? ORDER BY position DESC",
            (first_position, first_position + seq),
        ):
            yield position - first_position, understood(body)

    return walk


def asked_at(connection: sqlite3.Connection, first_position: int, seq: int, visit: VisitId) -> int | None:
    """Sequence of a visit's ask in the generation that begins there and has come to `seq`; None where it is not among
    its newest records. Looks back no further: presses wait meanwhile.
    """
    row = connection.execute(
        "SELECT position FROM record WHERE position >= ? AND instr(body, ?) ORDER BY position DESC LIMIT 1",
        (max(first_position, first_position + seq - _FAR_BACK), b'"visit":"' + b64encode(visit) + b'"'),
    ).fetchone()
    return row[0] - first_position if row else None


def _load_opened(connection: sqlite3.Connection, state: ChainState) -> None:
    row = connection.execute("SELECT body FROM record WHERE position = ?", (state.first_position,)).fetchone()
    opened = understood(row[0]) if row else None
    if not isinstance(opened, Opened):
        return
    state.fold = Fold(opened.utc_offset_minutes)
    state.opened_ms = opened.at.wall_ms


def _load_tail(connection: sqlite3.Connection, state: ChainState) -> None:
    """Walks back to the last head, at most an hour of records: what it says and what came after is how things stand."""
    tail: list[tuple[int, Record]] = []
    state.totals = {}
    for seq, record in records_before(connection, state.first_position)(state.seq + 1):
        if isinstance(record, Head):
            text = msgspec.json.decode(record.head.text, type=HeadText)
            state.totals = dict(text.totals)
            state.fold.open_visits = visits_open(connection, state.first_position, text.open)
            break
        state.unsigned += 1
        if record is not None:
            tail.append((seq, record))
    for seq, record in reversed(tail):
        state.fold.feed(seq, record)
        for outcome, visits in counts_of(record):
            add_to(state.totals, outcome, visits)
    state.visits = {VisitId(visit.asked.visit): seq for seq, visit in state.fold.open_visits.items()}


def _load_last_hour(connection: sqlite3.Connection, state: ChainState) -> None:
    for _, record in records_before(connection, state.first_position)(state.seq + 1):
        if record is not None:
            state.last_hour = hour_of(record.at)
            return


def _load_clock(connection: sqlite3.Connection, state: ChainState) -> None:
    note = clock_note(connection, state.generation)
    if note is not None:
        state.offsets, state.fold.anchor = note.offsets, note.anchor


def hour_of(at: At) -> int:
    return at.wall_ms // HOUR_MS
