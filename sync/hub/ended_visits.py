"""Which visits of main branches have ended and have a case: what a province is to be told of, in the order of arrival.

Learnt from the records when somebody asks: the tables can be dropped and come back, in the order in which the branches
stand then. Belongs to the store's thread.
"""

import sqlite3
from dataclasses import dataclass
from typing import Final

from sync.hub.verify import decoded
from sync.provinces.book import VisitKey
from sync.records import Asked, CaseData, Changed, Ended, Pressed, Record, Salvaged
from sync.transaction import transaction

STEP: Final = 2000
"""Records that one `catch_up` looks at: what a batch of a device may have to wait for."""
_TABLES: Final = (
    """CREATE TABLE IF NOT EXISTS ended_visit (
        position INTEGER PRIMARY KEY,
        device TEXT NOT NULL,
        generation TEXT NOT NULL,
        asked INTEGER NOT NULL,
        salvage_branch INTEGER,
        salvage_seq INTEGER,
        enrolled INTEGER NOT NULL DEFAULT 0,
        level INTEGER NOT NULL DEFAULT 0,
        ratings INTEGER NOT NULL DEFAULT 0,
        UNIQUE (device, generation, asked)
    )""",
    """CREATE TABLE IF NOT EXISTS expected (
        device TEXT NOT NULL,
        level INTEGER NOT NULL,
        ratings INTEGER NOT NULL,
        PRIMARY KEY (device, level)
    ) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS ended_visit_new ON ended_visit (position) WHERE NOT enrolled",
    "CREATE TABLE IF NOT EXISTS ended_reach (branch INTEGER PRIMARY KEY, next INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS enrolled_in (book BLOB NOT NULL)",
)
_ENDED: Final = "INSERT OR IGNORE INTO ended_visit (device, generation, asked) VALUES (?, ?, ?)"
_MORE: Final = "UPDATE ended_visit SET enrolled = 0 WHERE device = ? AND generation = ? AND asked = ?"
_MARKS: Final = (b'"ended"', b'"salvaged"', b'"case-data"')
_SALVAGED: Final = (
    "INSERT INTO ended_visit (device, generation, asked, salvage_branch, salvage_seq) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT DO UPDATE SET salvage_branch = excluded.salvage_branch, salvage_seq = excluded.salvage_seq, "
    "enrolled = 0"
)

_EXPECTED: Final = (
    "INSERT INTO expected (device, level, ratings) VALUES (?, ?, ?) "
    "ON CONFLICT DO UPDATE SET ratings = ratings + excluded.ratings"
)


@dataclass(frozen=True, slots=True)
class Salvage:
    """Where a `salvaged` record of a visit stands."""

    branch: int
    seq: int


@dataclass(frozen=True, slots=True)
class NewVisit:
    position: int
    key: VisitKey


@dataclass(frozen=True, slots=True)
class EnrolledVisit:
    """Of `ratings` cases the level is expected at the platform."""

    visit: NewVisit
    level: int
    ratings: int


class EndedVisits:
    """`book` names the book that visits are enrolled in; another one has to be told of all of them."""

    def __init__(self, db: sqlite3.Connection, book: bytes) -> None:
        self._db = db
        for table in _TABLES:
            db.execute(table)
        known = db.execute("SELECT book FROM enrolled_in").fetchone()
        if known != (book,):
            self.enrol_all_again()
            db.execute("DELETE FROM enrolled_in")
            db.execute("INSERT INTO enrolled_in VALUES (?)", (book,))

    def enrol_all_again(self) -> None:
        """The book does not know of all that it was told. What it does know it keeps as it is."""
        self._db.execute("UPDATE ended_visit SET enrolled = 0 WHERE enrolled")

    def catch_up(self) -> bool:
        """Looks at some records more; True once it knows of every visit that has ended."""
        behind = self._db.execute(
            "SELECT id, device, generation, coalesce(ended_reach.next, 0) FROM branch "
            "LEFT JOIN ended_reach ON branch = id "
            "WHERE number = 0 AND coalesce(ended_reach.next, 0) < branch.next LIMIT 1"
        ).fetchone()
        if behind is not None:
            self._learn(*behind)
            return False
        self._learn_those_left_open()
        return True

    def new(self, limit: int) -> list[NewVisit]:
        """Not enrolled yet, in order."""
        rows = self._db.execute(
            "SELECT position, device, generation, asked FROM ended_visit WHERE NOT enrolled ORDER BY position LIMIT ?",
            (limit,),
        )
        return [NewVisit(position, VisitKey(*key)) for position, *key in rows]

    def enrolled(self, visits: list[EnrolledVisit]) -> None:
        """Durable when it returns."""
        with transaction(self._db):
            for one in visits:
                position, device = one.visit.position, one.visit.key.device
                before = self._db.execute("SELECT level, -ratings FROM ended_visit WHERE position = ?", (position,))
                for level, ratings in (before.fetchone(), (one.level, one.ratings)):
                    self._db.execute(_EXPECTED, (device, level, ratings))
                self._db.execute(
                    "UPDATE ended_visit SET enrolled = 1, level = ?, ratings = ? WHERE position = ?",
                    (one.level, one.ratings, position),
                )

    def _learn(self, branch: int, device: str, generation: str, start: int) -> None:
        rows = self._db.execute(
            "SELECT seq, body FROM record WHERE branch = ? AND seq >= ? ORDER BY seq LIMIT ?", (branch, start, STEP)
        ).fetchall()
        with transaction(self._db):
            for seq, body in rows:
                record = decoded(body) if any(mark in body for mark in _MARKS) else None
                if isinstance(record, Ended) and self._has_case(branch, record.asked):
                    self._db.execute(_ENDED, (device, generation, record.asked))
                elif isinstance(record, CaseData):
                    self._db.execute(_MORE, (device, generation, record.asked))
                elif isinstance(record, Salvaged) and (asked := _ask_of_salvaged(record)) is not None:
                    self._db.execute(_SALVAGED, (device, record.generation, asked, branch, seq))
            self._db.execute(
                "INSERT INTO ended_reach (branch, next) VALUES (?, ?) ON CONFLICT DO UPDATE SET next = excluded.next",
                (branch, rows[-1][0] + 1),
            )

    def _learn_those_left_open(self) -> None:
        """Pressed and thanked for, in a generation in whose place a later one stands: their end will not come."""
        rows = self._db.execute(
            "SELECT branch.id, device, generation, asked FROM open_visit JOIN branch ON branch.id = open_visit.branch "
            "JOIN generation USING (device, generation) WHERE rated AND branch.number = 0 AND EXISTS (SELECT 1 "
            "FROM generation AS later WHERE later.device = branch.device AND later.number > generation.number)"
        ).fetchall()
        for branch, *key in rows:
            if self._has_case(branch, key[2]):
                self._db.execute(_ENDED, key)

    def _has_case(self, branch: int, asked: int) -> bool:
        row = self._db.execute("SELECT body FROM record WHERE branch = ? AND seq = ?", (branch, asked)).fetchone()
        ask = decoded(row[0]) if row else None
        return isinstance(ask, Asked) and bool(ask.cases)


def salvage_of(db: sqlite3.Connection, key: VisitKey) -> Salvage | None:
    """The last record that salvaged something of this visit."""
    row = db.execute(
        "SELECT salvage_branch, salvage_seq FROM ended_visit "
        "WHERE device = ? AND generation = ? AND asked = ? AND salvage_branch IS NOT NULL",
        key,
    ).fetchone()
    return Salvage(*row) if row else None


def salvaged_records(salvaged: Salvaged) -> list[Record]:
    return [record for body in salvaged.bodies if (record := decoded(body.encode())) is not None]


def _ask_of_salvaged(salvaged: Salvaged) -> int | None:
    """Sequence of the ask, in the generation that was damaged; None where there was no case."""
    records = salvaged_records(salvaged)
    ask = next((record for record in records if isinstance(record, Asked)), None)
    if ask is not None and not ask.cases:
        return None
    return next((record.asked for record in records if isinstance(record, Pressed | Changed | Ended)), None)
