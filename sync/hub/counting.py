"""The hub's own counts of a generation's main branch, by the one rule that the kiosk counts with (`sync.fold`)."""

import sqlite3
from collections.abc import Iterator, Sequence

import msgspec

from sync.anchors import Anchor
from sync.fold import Before, Change, Fold, OpenVisit
from sync.records import Asked, Record, Salvaged, decode
from sync.wire import UNREADABLE

_COUNT = (
    "INSERT INTO tally (device, day, hour, window, clerk, item, channel, outcome, visits) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET visits = visits + excluded.visits"
)
_EMPTIED = (
    "DELETE FROM tally WHERE device = ? AND day = ? AND hour = ? AND window = ? AND clerk = ? AND item = ? "
    "AND channel = ? AND outcome = ? AND visits = 0"
)
_TOTAL = (
    "INSERT INTO total (device, generation, outcome, visits) VALUES (?, ?, ?, ?) "
    "ON CONFLICT DO UPDATE SET visits = visits + excluded.visits"
)


class Counting:
    def __init__(self, db: sqlite3.Connection, device: str, generation: str) -> None:
        self._db = db
        self._device = device
        self._generation = generation

    def feed(self, branch: int, start: int, records: Sequence[Record | None]) -> dict[str, int]:
        """Counts records from sequence `start` on; gives the totals of the generation so far."""
        fold = Fold(self._utc_offset_minutes(), self._load(branch), self._load_anchor(branch))
        before = self._before(branch)
        for seq, record in enumerate(records, start):
            for change in _changes(fold, seq, record, before):
                self._db.execute(_TOTAL, (self._device, self._generation, change.cell.outcome, change.visits))
                if not (isinstance(record, Salvaged) and self._has(record)):
                    self._count(change)
        self._save(branch, fold)
        return self._totals()

    def _count(self, change: Change) -> None:
        self._db.execute(_COUNT, (self._device, *change.cell, change.visits))
        if change.visits < 0:
            self._db.execute(_EMPTIED, (self._device, *change.cell))

    def _before(self, branch: int) -> Before:
        """Without the salvaged visits that were counted where they arrived first: they stay there."""

        def walk(seq: int) -> Iterator[tuple[int, Record | None]]:
            for place, body in self._db.execute(
                "SELECT seq, body FROM record WHERE branch = ? AND seq < ? ORDER BY seq DESC", (branch, seq)
            ):
                record = _decoded(body)
                yield place, None if isinstance(record, Salvaged) and self._has(record) else record

        return walk

    def _has(self, salvaged: Salvaged) -> bool:
        """A visit that the device salvaged from a damaged file and that had arrived here before: counted then."""
        row = self._db.execute(
            "SELECT 1 FROM branch JOIN record ON record.branch = branch.id "
            "WHERE device = ? AND generation = ? AND number = 0 AND seq = ?",
            (self._device, salvaged.generation, salvaged.seq),
        ).fetchone()
        return row is not None

    def _utc_offset_minutes(self) -> int:
        row = self._db.execute(
            "SELECT utc_offset_minutes FROM generation WHERE device = ? AND generation = ?",
            (self._device, self._generation),
        ).fetchone()
        return int(row[0])

    def _load(self, branch: int) -> dict[int, OpenVisit]:
        """Visits that an earlier batch asked for and that have not ended."""
        rows = self._db.execute(
            "SELECT asked, rated, body FROM open_visit JOIN record USING (branch) "
            "WHERE branch = ? AND record.seq = open_visit.asked",
            (branch,),
        )
        decoded = ((asked, rated, decode(body)) for asked, rated, body in rows.fetchall())
        return {asked: OpenVisit(ask, bool(rated)) for asked, rated, ask in decoded if isinstance(ask, Asked)}

    def _load_anchor(self, branch: int) -> Anchor | None:
        row = self._db.execute("SELECT value FROM anchor WHERE branch = ?", (branch,)).fetchone()
        return msgspec.json.decode(row[0], type=Anchor) if row else None

    def _save(self, branch: int, fold: Fold) -> None:
        self._db.execute("DELETE FROM open_visit WHERE branch = ?", (branch,))
        self._db.executemany(
            "INSERT INTO open_visit (branch, asked, rated) VALUES (?, ?, ?)",
            ((branch, asked, visit.rated) for asked, visit in fold.open_visits.items()),
        )
        if fold.anchor is not None:
            self._db.execute(
                "INSERT OR REPLACE INTO anchor (branch, value) VALUES (?, ?)",
                (branch, msgspec.json.encode(fold.anchor).decode()),
            )

    def _totals(self) -> dict[str, int]:
        rows = self._db.execute(
            "SELECT outcome, visits FROM total WHERE device = ? AND generation = ? AND visits != 0",
            (self._device, self._generation),
        )
        return {str(outcome): visits for outcome, visits in rows}


def _changes(fold: Fold, seq: int, record: Record | None, before: Before) -> tuple[Change, ...]:
    """A time that no calendar has counts on no day; the totals tell."""
    try:
        return fold.changes(seq, record, before) if record is not None else ()
    except (OverflowError, OSError, ValueError):
        return ()


def _decoded(body: bytes) -> Record | None:
    try:
        return decode(body)
    except UNREADABLE:
        return None
