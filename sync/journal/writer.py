"""The one hand that writes. Everything of one `append` is on the disk when it returns, or nothing of it is."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from sync.anchors import Anchor, ClockEvidence, WallOffsets, needs_correction
from sync.chain import NO_HASH
from sync.fold import Fold
from sync.journal import destroying, newest_head, put_back, salvage
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
from sync.release import ReleaseError, read_release
from sync.release_queue import Order
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
            before, kept = put_back.last_generation(self._db), f"{at.wall_ms}-older"
            with self._transaction(first_at=at) as state:
                put_back.refuse_other_device(self._db, state, keys)
                if (note := self.read_note(salvage.NOTE)) is not None:
                    plan = msgspec.json.decode(note, type=salvage.Plan)
                    self._appender.go_on_after_damage(state, plan, at)
                    kept = plan.kept
                older = put_back.go_on_after_loss(directory, self._db, self._appender, state, keys, before, at)
                self._appender.catch_up_epochs(state, at)
                self._appender.end_interrupted(state, at)
        except JournalError:
            self._db.close()
            raise
        if older:
            newest_head.keep_aside(directory, kept)
        self._keys.erase_past()

    def append(
        self,
        entries: Sequence[Entry],
        cursors: Mapping[str, tuple[str, int]] | None = None,
        notes: Mapping[str, str] | None = None,
    ) -> dict[VisitId, str]:
        """Writes the entries in order, and cursors and notes beside them; gives the receipt code of each press. One
        flush.

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
            for note in (notes or {}).items():
                self._db.execute(NOTE, note)
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
        if state.head is not None and newest_head.write(self._path.parent, state.head):
            state.head = None
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

    def carry_out(self, order: Order, at: At) -> destroying.Progress:
        """One pass of destroying the sealed boxes that a release lets go, with the record that says so. One flush.

        Costs nothing where nothing is left to destroy. A release that is not the hub's, or not for this chain, destroys
        nothing and is recorded.
        """
        try:
            text = read_release(order.release, order.hub_key)
            with translated("read"):
                first = destroying.check_place(self._db, self._keys.device, order.generation, text)
        except ReleaseError as fault:
            return self._refuse(order, fault, at)
        with self._transaction() as state:
            if destroying.citizen_is_answering(state):
                return destroying.Progress("again")
            boxes = destroying.boxes_to_destroy(self._db, first, text)
            if (refusal := self._refusal(order.generation)) and refusal.reason:
                self._note_refusal(order.generation, msgspec.structs.replace(refusal, reason=""))
            if not boxes:
                return destroying.Progress("done")
            again, boxes = len(boxes) > destroying.MOST_BOXES, boxes[: destroying.MOST_BOXES]
            self._appender.add_due_head(state, at)
            self._appender.add_entry(state, destroying.destroy(self._db, boxes, order.release, at), {})
            self._db.execute(NOTE, (destroying.LOG_NOTE, "1"))
        return destroying.Progress("again" if again else "done", len(boxes), recorded=True)

    def forget_destroyed(self) -> None:
        """For a quiet moment: empties the write-ahead log where it may hold what was destroyed."""
        with translated("written"):
            if self.read_note(destroying.LOG_NOTE) is not None and destroying.empty_the_log(self._db):
                self._db.execute("DELETE FROM note WHERE name = ?", (destroying.LOG_NOTE,))

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

    def _refuse(self, order: Order, fault: ReleaseError, at: At) -> destroying.Progress:
        known, digest = self._refusal(order.generation), destroying.digest_of(order.release)
        new = known is None or known.is_worth_a_record(digest, at)
        if new:
            with self._transaction() as state:
                self._appender.add_due_head(state, at)
                record = destroying.refusal_record(order.generation, fault, digest, at)
                self._appender.add_entry(state, record, {})
                self._note_refusal(order.generation, destroying.Refusal(digest, hour_of(at), fault.code))
        return destroying.Progress("refused", recorded=new)

    def _refusal(self, generation: str) -> destroying.Refusal | None:
        value = self.read_note(f"{destroying.REFUSED_NOTE}:{generation}")
        return None if value is None else msgspec.json.decode(value, type=destroying.Refusal)

    def _note_refusal(self, generation: str, refusal: destroying.Refusal) -> None:
        self.write_note(f"{destroying.REFUSED_NOTE}:{generation}", msgspec.json.encode(refusal).decode())

    def _publish(self, change: Signed, at: At) -> None:
        with self._transaction() as state:
            self._appender.add_epoch(state, change, at)


def _is_wrong(state: ChainState, evidence: ClockEvidence) -> bool:
    return needs_correction(evidence, state.fold.anchor, state.offsets)
