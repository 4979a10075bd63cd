"""Reading a journal, live or at rest, on a connection that cannot write. One per thread."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sync.fold import add_to, counts_of, outcome_totals
from sync.journal.schema import FILE_NAME, JournalError, open_for_reading, translated
from sync.records import Opened, understood

_ASKED: Final = b'{"kind":"asked",'
_ENDED: Final = b'{"kind":"ended",'
_RATED: Final = b',"outcome":"rated",'


@dataclass(frozen=True, slots=True)
class Generation:
    id: str
    first_position: int
    next_seq: int
    """Sequence that the next record will have."""
    genesis: bytes


@dataclass(frozen=True, slots=True)
class SealedRow:
    seq: int
    part: str
    recipient: str
    visit: bytes
    cipher: bytes


@dataclass(frozen=True, slots=True)
class Slice:
    """Records of one generation, in order, with what is needed to send and to check them."""

    generation: str
    from_seq: int
    previous_hash: bytes
    bodies: list[bytes]
    head_hash: bytes
    """Hash of the last record here; `previous_hash` where there is none."""
    totals: dict[str, int]
    """Outcome to absolute count in the generation, up to the last record here."""
    sealed: list[SealedRow]

    @property
    def next_seq(self) -> int:
        return self.from_seq + len(self.bodies)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a destination has not acknowledged yet."""

    records: int
    oldest_wall_ms: int | None


class JournalReader:
    """Each method reads in a transaction of its own, short enough never to hold up a checkpoint."""

    def __init__(self, directory: Path) -> None:
        self._db = open_for_reading(directory / FILE_NAME)
        self._known: tuple[str, int, dict[str, int]] | None = None

    @property
    def connection(self) -> sqlite3.Connection:
        return self._db

    def close(self) -> None:
        self._db.close()

    def generations(self) -> list[Generation]:
        """Oldest first; none in a journal that is just being made."""
        with self._snapshot():
            return self._generations()

    def hash_at(self, generation: Generation, seq: int) -> bytes:
        """Hash of a record; of the genesis for -1."""
        if seq < 0:
            return generation.genesis
        with translated("read"):
            row = self._db.execute(
                "SELECT hash FROM record WHERE position = ?", (generation.first_position + seq,)
            ).fetchone()
        if row is None:
            raise JournalError(f"record {seq} is not in the journal")
        return bytes(row[0])

    def slice(self, identity: str, from_seq: int, limit: int) -> Slice:
        """Up to `limit` records from `from_seq` on."""
        with self._snapshot():
            generation = self._generation(identity)
            first = generation.first_position + from_seq
            last = min(first + limit, generation.first_position + generation.next_seq) - 1
            rows = self._db.execute(
                "SELECT body FROM record WHERE position BETWEEN ? AND ? ORDER BY position", (first, last)
            )
            bodies = [body for (body,) in rows]
            previous = self.hash_at(generation, from_seq - 1)
            end = from_seq + len(bodies) - 1
            return Slice(
                identity,
                from_seq,
                previous,
                bodies,
                self.hash_at(generation, end) if bodies else previous,
                self._totals_at(generation, end, bodies),
                list(self._sealed(generation, first, last)),
            )

    def totals(self) -> dict[str, int]:
        """Outcome to absolute count over the whole file."""
        return outcome_totals(self._db.execute("SELECT outcome, sum(visits) FROM tally GROUP BY outcome"))

    def settled(self, destination: str) -> tuple[str, int] | None:
        """Generation and next sequence that a destination has confirmed."""
        return settled(self._db, destination)

    @contextmanager
    def _snapshot(self) -> Iterator[None]:
        with translated("read"):
            if self._db.in_transaction:  # the caller has one already
                yield
                return
            self._db.execute("BEGIN")
            try:
                yield
            finally:
                self._db.execute("COMMIT")

    def _generations(self) -> list[Generation]:
        rows = self._db.execute("SELECT id, first_position, genesis FROM generation ORDER BY number").fetchall()
        limits = [first for _, first, _ in rows[1:]] + [1 << 62] if rows else []
        return [
            Generation(identity, first, self._last_before(limit, first) - first + 1, genesis)
            for (identity, first, genesis), limit in zip(rows, limits, strict=True)
        ]

    def _last_before(self, limit: int, first: int) -> int:
        """The last position of a generation that begins at `first`; the one before it where it has no record."""
        row = self._db.execute("SELECT max(position) FROM record WHERE position < ?", (limit,)).fetchone()
        return max(int(row[0] or 0), first - 1)

    def _generation(self, identity: str) -> Generation:
        for generation in self._generations():
            if generation.id == identity:
                return generation
        raise JournalError(f"this journal has no generation {identity}")

    def _totals_at(self, generation: Generation, seq: int, bodies: list[bytes]) -> dict[str, int]:
        """Counted on from the slice before, else back from the end: what is unsent is short, a journal may be long."""
        known = (generation.id, -1, {}) if seq == len(bodies) - 1 else self._known
        if known is not None and known[:2] == (generation.id, seq - len(bodies)):
            totals = dict(known[2])
            step, counted = 1, iter(bodies)
        else:
            totals = self._end_totals(generation)
            first, last = generation.first_position + seq + 1, generation.first_position + generation.next_seq - 1
            later = self._db.execute("SELECT body FROM record WHERE position BETWEEN ? AND ?", (first, last))
            step, counted = -1, (bytes(body) for (body,) in later)
        for body in counted:
            for outcome, visits in _counts(body):
                add_to(totals, outcome, step * visits)
        self._known = (generation.id, seq, totals)
        return totals

    def _end_totals(self, generation: Generation) -> dict[str, int]:
        """At a generation's end: what the next one began with, or what stands now, less what it began with itself."""
        later = self._db.execute(
            "SELECT first_position FROM generation WHERE first_position > ? ORDER BY number",
            (generation.first_position,),
        ).fetchone()
        end = self._opened_totals(later[0]) if later else self.totals()
        start = self._opened_totals(generation.first_position)
        return {outcome: visits - start.get(outcome, 0) for outcome, visits in end.items()}

    def _opened_totals(self, position: int) -> dict[str, int]:
        row = self._db.execute("SELECT body FROM record WHERE position = ?", (position,)).fetchone()
        opened = understood(row[0]) if row else None
        return opened.totals if isinstance(opened, Opened) else {}

    def _sealed(self, generation: Generation, first: int, last: int) -> Iterator[SealedRow]:
        for position, part, recipient, visit, cipher in self._db.execute(
            "SELECT position, part, recipient, visit, cipher FROM sealed WHERE position BETWEEN ? AND ?", (first, last)
        ):
            yield SealedRow(position - generation.first_position, part, recipient, bytes(visit), bytes(cipher))


def day_counts(connection: sqlite3.Connection, day: str) -> dict[int, int]:
    """Outcome to number of visits on one hall day (`yyyy-MM-dd`)."""
    return dict(
        connection.execute("SELECT outcome, sum(visits) FROM tally WHERE day = ? GROUP BY outcome", (day,)).fetchall()
    )


def window_counts(connection: sqlite3.Connection, day: str) -> dict[str, dict[int, int]]:
    """Window to outcome to number of visits on one hall day."""
    counts: dict[str, dict[int, int]] = {}
    for window, outcome, visits in connection.execute(
        "SELECT window, outcome, sum(visits) FROM tally WHERE day = ? GROUP BY window, outcome", (day,)
    ):
        counts.setdefault(window, {})[outcome] = visits
    return counts


def settled(connection: sqlite3.Connection, destination: str) -> tuple[str, int] | None:
    """Generation and next sequence that a destination has confirmed."""
    row = connection.execute("SELECT generation, next_seq FROM destination WHERE name = ?", (destination,)).fetchone()
    return None if row is None else (str(row[0]), int(row[1]))


def channel_counts(connection: sqlite3.Connection, day: str) -> dict[str, dict[int, int]]:
    """Channel to outcome to number of visits on one hall day."""
    counts: dict[str, dict[int, int]] = {}
    for channel, outcome, visits in connection.execute(
        "SELECT channel, outcome, sum(visits) FROM tally WHERE day = ? GROUP BY channel, outcome", (day,)
    ):
        counts.setdefault(channel, {})[outcome] = visits
    return counts


def waiting(connection: sqlite3.Connection, settled: tuple[str, int] | None) -> Waiting:
    """What stands beyond a destination's cursor, over all generations from the one of the cursor on."""
    start = connection.execute("SELECT coalesce(min(position), 1) FROM record").fetchone()[0]
    if settled is not None:
        row = connection.execute("SELECT first_position FROM generation WHERE id = ?", (settled[0],)).fetchone()
        start = row[0] + settled[1] if row else start
    end = connection.execute("SELECT coalesce(max(position), 0) FROM record").fetchone()[0]
    oldest = connection.execute("SELECT body FROM record WHERE position = ?", (start,)).fetchone()
    record = understood(oldest[0]) if oldest else None
    return Waiting(max(0, end - start + 1), record.at.wall_ms if record else None)


def _counts(body: bytes) -> tuple[tuple[int, int], ...]:
    """A record of a kind that this version does not know counts for nothing here.

    Nor do the two that there are most of, in the exact bytes that are written: no need to look into them.
    """
    if body.startswith(_ASKED) or (body.startswith(_ENDED) and _RATED in body):
        return ()
    record = understood(body)
    return counts_of(record) if record is not None else ()
