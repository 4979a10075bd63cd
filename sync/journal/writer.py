"""The one hand that writes. Everything of one `append` is on the disk when it returns, or nothing of it is."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from sync.anchors import Anchor, ClockEvidence, WallOffsets, needs_correction
from sync.chain import NO_HASH
from sync.fold import Fold
from sync.journal import salvage
from sync.journal.appending import NOTE, Appender
from sync.journal.chain_state import HOUR_MS, ChainState, hour_of, load
from sync.journal.schema import FILE_NAME, JournalError, journal_error, open_for_writing, renew_reserve, translated
from sync.keys import KeyStore
from sync.records import (
    At,
    Correction,
    Entry,
    Signed,
    VisitId,
)
from sync.sealing import Sealer

EPOCH_MS = 24 * HOUR_MS
_SETTLED = (
    "INSERT INTO destination (name, generation, next_seq) VALUES (?, ?, ?) "
    "ON CONFLICT DO UPDATE SET generation = excluded.generation, next_seq = excluded.next_seq"
)


class Journal:
    """Belongs to the thread that opened it. Raises `JournalError` and nothing else for trouble with disk or file."""

    def __init__(self, directory: Path, keys: KeyStore, sealer: Sealer, utc_offset_minutes: int, at: At) -> None:
        self._keys = keys
        self._utc_offset_minutes = utc_offset_minutes
        self._state: ChainState | None = None
        self._path = directory / FILE_NAME
        self._db = open_for_writing(self._path)
        self._appender = Appender(self._db, keys, sealer, utc_offset_minutes)
        try:
            with self._transaction(first_at=at) as state:
                if (plan := self.read_note(salvage.NOTE)) is not None:
                    self._appender.go_on_after_damage(state, msgspec.json.decode(plan, type=salvage.Plan), at)
                self._appender.catch_up_epochs(state, at)
                self._appender.end_interrupted(state, at)
        except JournalError:
            self._db.close()
            raise
        self._keys.erase_past()

    def append(
        self, entries: Sequence[Entry], cursors: Mapping[str, tuple[str, int]] | None = None
    ) -> dict[VisitId, str]:
        """Writes the entries in order, and the cursors beside them; gives the receipt code of each press. One flush.

        A cursor (destination to generation and next sequence) is what that destination said itself: it may lag, it is
        never ahead. Of several presses of one visit the first counts; the visit refuses the others long before.
        """
        receipts: dict[VisitId, str] = {}
        with self._transaction() as state:
            for entry in entries:
                self._appender.add_due_head(state, entry.at)
                self._appender.add_entry(state, entry, receipts)
            for destination, cursor in (cursors or {}).items():
                self._db.execute(_SETTLED, (destination, *cursor))
        return receipts

    def sign_head(self, at: At, *, leaving: bool = False) -> bool:
        """Writes a head over a past hour (when leaving, over the current one too) and replaces a key that served a day.

        Says whether anything was written.
        """
        with self._transaction() as state:
            signed = state.unsigned > 0 and (leaving or hour_of(at) != state.last_hour)
            if signed:
                self._appender.add_head(state, at)
            served_ms = at.wall_ms - (self._keys.changed_ms or state.opened_ms)
        if 0 <= served_ms < EPOCH_MS:
            return signed
        self._keys.next_epoch(at.wall_ms, lambda change: self._publish(change, at))
        return True

    def correct(self, evidence: ClockEvidence, at: At) -> bool:
        """Appends a correction where records of this boot count at a wrong time; says whether it did.

        Costs nothing while the clock is right. The records of this boot are read back once for each correction.
        """
        if (state := self._state) is not None and not _is_wrong(state, evidence):
            return False
        with self._transaction() as state:
            if not _is_wrong(state, evidence):
                return False
            self._appender.add_due_head(state, at)
            correction = Correction(
                at=at,
                boot=evidence.at.boot,
                boot_ms=evidence.at.boot_ms,
                true_ms=evidence.true_ms,
                uncertainty_ms=evidence.uncertainty_ms,
                source=evidence.source,
                trust=evidence.trust,
            )
            self._appender.add(state, correction)
        return True

    def clock(self, at: At) -> tuple[Anchor, WallOffsets] | None:
        """The anchor by which this boot's records count, and how the wall clock stood meanwhile. None: no evidence
        against the wall clock.
        """
        anchor, offsets = (self._state.fold.anchor, self._state.offsets) if self._state else (None, None)
        if anchor is None or offsets is None or not anchor.boot == offsets.boot == at.boot:
            return None
        return anchor, offsets

    def is_whole(self) -> bool:
        """Whether every page can be read. Takes seconds for a journal of years: only on suspicion."""
        with translated("read"):
            return bool(self._db.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))

    def renew_reserve(self) -> None:
        """For a quiet moment: gives back to the reserve what presses have used of it."""
        with translated("written"):
            renew_reserve(self._db, self._path)

    def write_note(self, name: str, value: str) -> None:
        """Small things that must survive a restart and are no record: the PIN's lockout."""
        with translated("written"):
            self._db.execute(NOTE, (name, value))

    def read_note(self, name: str) -> str | None:
        with translated("read"):
            row = self._db.execute("SELECT value FROM note WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    @property
    def connection(self) -> sqlite3.Connection:
        """For questions asked on the journal's own thread."""
        return self._db

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def _transaction(self, first_at: At | None = None) -> Iterator[ChainState]:
        """One commit, one flush. After a failure what is in memory is read back from the file: the disk decides."""
        try:
            state = self._state or load(self._db)
            self._state = None
            self._db.execute("BEGIN IMMEDIATE")
            if state is None:
                state = ChainState("", 0, -1, NO_HASH, Fold(self._utc_offset_minutes))
                self._appender.open_generation(state, first_at)
            yield state
            self._db.execute("COMMIT")
            self._state = state
        except sqlite3.Error as fault:
            raise journal_error("written", fault) from fault
        except (msgspec.DecodeError, UnicodeDecodeError) as fault:
            raise JournalError(f"the journal holds bytes that are no record: {fault}", "damaged") from fault
        finally:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")

    def _publish(self, change: Signed, at: At) -> None:
        with self._transaction() as state:
            self._appender.add_epoch(state, change, at)


def _is_wrong(state: ChainState, evidence: ClockEvidence) -> bool:
    return needs_correction(evidence, state.fold.anchor, state.offsets)
