"""The one hand that writes. Everything of one `append` is on the disk when it returns, or nothing of it is."""

import hashlib
import hmac
import secrets
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import assert_never

import msgspec

from sync.anchors import Anchor, ClockEvidence, WallOffsets, needs_correction, widened
from sync.chain import NO_HASH, SUITE, HeadText, genesis, link, receipt_code
from sync.fold import Change, Fold, outcome_totals
from sync.journal import salvage
from sync.journal.chain_state import CLOCK_NOTE, HOUR_MS, ChainState, ClockNote, hour_of, load, records_before
from sync.journal.schema import FILE_NAME, JournalError, journal_error, open_for_writing, renew_reserve, translated
from sync.keys import KeyStore
from sync.records import (
    Apologised,
    Asked,
    At,
    Audit,
    Audited,
    Case,
    CaseCommitment,
    Correction,
    Ended,
    Entry,
    Epoch,
    Head,
    Opened,
    Pressed,
    PreviousGeneration,
    Record,
    Salvaged,
    Signed,
    VisitApologised,
    VisitAsked,
    VisitEnded,
    VisitId,
    VisitPressed,
    encode,
)
from sync.sealing import Sealer

EPOCH_MS = 24 * HOUR_MS
_RECORD = "INSERT INTO record (position, body, hash) VALUES (?, ?, ?)"
_COUNT = (
    "INSERT INTO tally (day, hour, window, clerk, item, channel, outcome, visits) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT DO UPDATE SET visits = visits + excluded.visits"
)
_EMPTIED = (
    "DELETE FROM tally WHERE day = ? AND hour = ? AND window = ? AND clerk = ? AND item = ? AND channel = ? "
    "AND outcome = ? AND visits = 0"
)
_SEALED = "INSERT INTO sealed (position, part, recipient, visit, cipher) VALUES (?, ?, ?, ?, ?)"
_SETTLED = (
    "INSERT INTO destination (name, generation, next_seq) VALUES (?, ?, ?) "
    "ON CONFLICT DO UPDATE SET generation = excluded.generation, next_seq = excluded.next_seq"
)
_NOTE = "INSERT INTO note (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"


class Journal:
    """Belongs to the thread that opened it. Raises `JournalError` and nothing else for trouble with disk or file."""

    def __init__(self, directory: Path, keys: KeyStore, sealer: Sealer, utc_offset_minutes: int, at: At) -> None:
        self._keys = keys
        self._sealer = sealer
        self._utc_offset_minutes = utc_offset_minutes
        self._state: ChainState | None = None
        self._path = directory / FILE_NAME
        self._db = open_for_writing(self._path)
        try:
            with self._transaction(first_at=at) as state:
                if (plan := self.read_note(salvage.NOTE)) is not None:
                    self._go_on_after_damage(state, msgspec.json.decode(plan, type=salvage.Plan), at)
                self._catch_up_epochs(state, at)
                self._end_interrupted(state, at)
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
            if entries:
                self._add_due_head(state, entries[0].at)
            for entry in entries:
                self._add_entry(state, entry, receipts)
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
                self._add_head(state, at)
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
            self._add_due_head(state, at)
            correction = Correction(
                at=at,
                boot=evidence.at.boot,
                boot_ms=evidence.at.boot_ms,
                true_ms=evidence.true_ms,
                uncertainty_ms=evidence.uncertainty_ms,
                source=evidence.source,
                trust=evidence.trust,
            )
            self._add(state, correction)
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
            self._db.execute(_NOTE, (name, value))

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
                self._open_generation(state, first_at)
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

    def _open_generation(self, state: ChainState, at: At | None) -> None:
        """Turns `state` to a new generation, which hangs on the one before, where there is one."""
        if at is None:
            raise JournalError("the journal's tables are gone: stop the kiosk and start it again", "damaged")
        previous = PreviousGeneration(state.generation, state.seq, state.hash) if state.generation else None
        generation = secrets.token_bytes(16).hex()
        start = genesis(self._keys.first_key, generation, previous.hash if previous else NO_HASH)
        first = self._db.execute("SELECT coalesce(max(position), 0) + 1 FROM record").fetchone()[0]
        self._db.execute(
            "INSERT INTO generation (id, first_position, genesis, epoch) VALUES (?, ?, ?, ?)",
            (generation, first, start, self._keys.epoch),
        )
        totals = outcome_totals(self._db.execute("SELECT outcome, visits FROM tally"))
        state.turn_to(generation, first, start, Fold(self._utc_offset_minutes), self._keys.epoch, at)
        opened = Opened(
            at=at,
            suite=SUITE,
            device=self._keys.device,
            first_key=self._keys.first_key,
            generation=generation,
            epochs=self._keys.changes,
            utc_offset_minutes=self._utc_offset_minutes,
            previous=previous,
            totals=totals,
        )
        self._add(state, opened)
        if previous is None and not self._keys.fresh:
            self._add(state, Audit(at=at, what="journal-missing"))

    def _go_on_after_damage(self, state: ChainState, plan: salvage.Plan, at: At) -> None:
        """What was taken over is closed; a new generation begins with what could be salvaged behind the damage."""
        if plan.taken_over:
            self._open_generation(state, at)
        detail: dict[str, str | int] = {
            "reason": plan.reason,
            "kept": plan.kept,
            "records": plan.taken_over,
            "visits": len(plan.salvaged),
        }
        self._add(state, Audit(at=at, what="salvaged", detail=detail))
        for visit in plan.salvaged:
            self._add(state, visit)
        self._db.execute("DELETE FROM note WHERE name = ?", (salvage.NOTE,))

    def _catch_up_epochs(self, state: ChainState, at: At) -> None:
        """A key change that the power or the disk interrupted is in the keys folder and not yet here."""
        if self._keys.epoch > state.epoch:
            for change in self._keys.changes[state.epoch :]:
                self._add_epoch(state, change, at)

    def _publish(self, change: Signed, at: At) -> None:
        with self._transaction() as state:
            self._add_epoch(state, change, at)

    def _add_epoch(self, state: ChainState, change: Signed, at: At) -> None:
        self._add(state, Epoch(at=at, change=change))
        state.epoch += 1
        self._db.execute("UPDATE generation SET epoch = ? WHERE id = ?", (state.epoch, state.generation))

    def _end_interrupted(self, state: ChainState, at: At) -> None:
        for visit, asked in list(state.visits.items()):
            rated = state.fold.open_visits[asked].rated
            self._add_end(state, VisitEnded(visit, "rated" if rated else "not-rated", "interrupted", at))

    def _add_head(self, state: ChainState, at: At) -> None:
        self._catch_up_epochs(state, at)
        still_open = {str(asked): visit.rated for asked, visit in state.fold.open_visits.items()}
        text = HeadText(
            self._keys.device, state.generation, state.seq, state.hash, state.totals, at.wall_ms, still_open
        )
        self._add(state, Head(at=at, head=self._keys.sign(msgspec.json.encode(text).decode())))
        state.unsigned = 0

    def _add_due_head(self, state: ChainState, at: At) -> None:
        if state.unsigned and hour_of(at) != state.last_hour:
            self._add_head(state, at)

    def _add_entry(self, state: ChainState, entry: Entry, receipts: dict[VisitId, str]) -> None:
        match entry:
            case VisitAsked():
                self._add_ask(state, entry)
            case VisitPressed(visit, level, source, at, evidence):
                self._add(
                    state,
                    Pressed(
                        at=at,
                        asked=state.visits[visit],
                        level=level,
                        source=source,
                        nonce=secrets.token_bytes(16),
                        evidence=evidence,
                    ),
                )
                receipts[visit] = receipt_code(state.hash)
            case VisitApologised(visit, level, source, reason, at, evidence):
                asked = state.visits[visit]
                self._add(
                    state,
                    Apologised(
                        at=at,
                        asked=asked,
                        level=level,
                        source=source,
                        reason=reason,
                        nonce=secrets.token_bytes(16),
                        evidence=evidence,
                    ),
                )
            case VisitEnded():
                self._add_end(state, entry)
            case Audited(what, at, window, detail):
                self._add(state, Audit(at=at, what=what, window=window, detail=detail))
            case _:
                assert_never(entry)

    def _add_ask(self, state: ChainState, entry: VisitAsked) -> None:
        ask, position = entry.ask, state.first_position + state.seq + 1
        asked = Asked(
            at=entry.at,
            visit=entry.visit,
            window=ask.window,
            place=ask.place,
            object=ask.object,
            channel=ask.channel,
            trigger=ask.trigger,
            limit_s=ask.limit_s,
            clerk=ask.clerk,
            cases=[self._seal(position, entry.visit, number, case) for number, case in enumerate(ask.cases)],
            flags=list(ask.flags),
        )
        self._add(state, asked)
        state.visits[entry.visit] = state.seq

    def _add_end(self, state: ChainState, entry: VisitEnded) -> None:
        asked = state.visits.pop(entry.visit)
        self._add(state, Ended(at=entry.at, asked=asked, outcome=entry.outcome, cause=entry.cause))

    def _seal(self, position: int, visit: VisitId, number: int, case: Case) -> CaseCommitment:
        part = f"case:{number}"
        boxes = self._sealer.seal(visit, part, msgspec.json.encode(case))
        for recipient, cipher in boxes:
            self._db.execute(_SEALED, (position, part, recipient, visit, cipher))
        name = f"{case.project_no}\x00{case.service_number}".encode()
        return CaseCommitment(
            pseudonym=hmac.digest(self._keys.pseudonym_key, name, "sha256")[:16],
            sealed=[(recipient, hashlib.sha256(cipher).digest()) for recipient, cipher in boxes],
            service=case.service_number,
            item=case.task_code,
        )

    def _add(self, state: ChainState, record: Record) -> None:
        body = encode(record)
        state.seq += 1
        state.hash = link(state.hash, body)
        state.unsigned += 1
        state.last_hour = hour_of(record.at)
        self._db.execute(_RECORD, (state.first_position + state.seq, body, state.hash))
        offsets = widened(state.offsets, record.at)
        if isinstance(record, Salvaged) and record.counted_at.boot == record.at.boot:
            offsets = widened(offsets, record.counted_at)
        for change in state.fold.changes(state.seq, record, records_before(self._db, state.first_position)):
            self._count(state, change)
        if offsets is not state.offsets or isinstance(record, Correction):
            state.offsets = offsets
            note = ClockNote(state.generation, offsets, state.fold.anchor)
            self._db.execute(_NOTE, (CLOCK_NOTE, msgspec.json.encode(note).decode()))

    def _count(self, state: ChainState, change: Change) -> None:
        self._db.execute(_COUNT, (*change.cell, change.visits))
        if change.visits < 0:
            self._db.execute(_EMPTIED, change.cell)
        outcome = str(change.cell.outcome)
        state.totals[outcome] = state.totals.get(outcome, 0) + change.visits


def _is_wrong(state: ChainState, evidence: ClockEvidence) -> bool:
    return needs_correction(evidence, state.fold.anchor, state.offsets)
