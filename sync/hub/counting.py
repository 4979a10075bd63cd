"""The hub's own counts of a generation's main branch, by the one rule that the kiosk counts with (`sync.fold`)."""

import sqlite3
from collections.abc import Sequence

from sync.fold import Fold, OpenVisit, TallyKey
from sync.records import Asked, Record, Salvaged, decode

_COUNT = (
    "INSERT INTO tally (device, day, hour, window, clerk, item, channel, outcome, visits) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET visits = visits + 1"
)
_TOTAL = (
    "INSERT INTO total (device, generation, outcome, visits) VALUES (?, ?, ?, 1) "
    "ON CONFLICT DO UPDATE SET visits = visits + 1"
)


class Counting:
    def __init__(self, db: sqlite3.Connection, device: str, generation: str) -> None:
        self._db = db
        self._device = device
        self._generation = generation

    def feed(self, branch: int, start: int, records: Sequence[Record | None]) -> dict[str, int]:
        """Counts records from sequence `start` on; gives the totals of the generation so far."""
        fold = Fold(self._utc_offset_minutes(), self._load(branch))
        for seq, record in enumerate(records, start):
            cell = _cell(fold, seq, record)
            if cell is not None:
                self._db.execute(_TOTAL, (self._device, self._generation, cell.outcome))
                if not (isinstance(record, Salvaged) and self._has(record)):
                    self._db.execute(_COUNT, (self._device, *cell))
        self._save(branch, fold.open_visits)
        return self._totals()

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

    def _save(self, branch: int, visits: dict[int, OpenVisit]) -> None:
        self._db.execute("DELETE FROM open_visit WHERE branch = ?", (branch,))
        self._db.executemany(
            "INSERT INTO open_visit (branch, asked, rated) VALUES (?, ?, ?)",
            ((branch, asked, visit.rated) for asked, visit in visits.items()),
        )

    def _totals(self) -> dict[str, int]:
        rows = self._db.execute(
            "SELECT outcome, visits FROM total WHERE device = ? AND generation = ?", (self._device, self._generation)
        )
        return {str(outcome): visits for outcome, visits in rows}


def _cell(fold: Fold, seq: int, record: Record | None) -> TallyKey | None:
    """A time that no calendar has counts on no day; the totals tell."""
    try:
        return fold.feed(seq, record) if record is not None else None
    except (OverflowError, OSError, ValueError):
        return None
