"""Entries become records: sequence, hash, seal and counts. All of it runs inside one of the writer's transactions.

Changes the state in memory as it goes; where the transaction fails, the writer throws that state away.
"""

import secrets
import sqlite3
from typing import assert_never

import msgspec

from sync.anchors import widened
from sync.chain import NO_HASH, SUITE, HeadText, genesis, link, receipt_code
from sync.fold import Change, Fold, add_to, outcome_totals
from sync.journal import salvage
from sync.journal.beside_visits import record_of
from sync.journal.boxes import Boxes
from sync.journal.chain_state import CLOCK_NOTE, ChainState, ClockNote, asked_at, hour_of, records_before
from sync.journal.schema import JournalError
from sync.keys import KeyStore
from sync.records import (
    Apologised,
    Asked,
    At,
    Audit,
    Audited,
    CaseData,
    Changed,
    Correction,
    Details,
    Ended,
    Entry,
    Epoch,
    Head,
    LaterCase,
    Opened,
    PaperIssued,
    PaperSpoilt,
    Pressed,
    PreviousGeneration,
    Record,
    Salvaged,
    SealedPart,
    Signed,
    TicketMoved,
    VisitApologised,
    VisitAsked,
    VisitCaseData,
    VisitChanged,
    VisitDetailed,
    VisitEnded,
    VisitId,
    VisitPressed,
    encode,
)
from sync.sealing import Sealer

_RECORD = "INSERT INTO record (position, body, hash) VALUES (?, ?, ?)"
_COUNT = (
    "INSERT INTO tally (day, hour, window, clerk, item, channel, outcome, visits) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT DO UPDATE SET visits = visits + excluded.visits"
)
_EMPTIED = (
    "DELETE FROM tally WHERE day = ? AND hour = ? AND window = ? AND clerk = ? AND item = ? AND channel = ? "
    "AND outcome = ? AND visits = 0"
)
NOTE = "INSERT INTO note (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"


class Appender:
    """Belongs to one `Journal` and its connection. Decides nothing about when, and commits nothing."""

    def __init__(self, db: sqlite3.Connection, keys: KeyStore, sealer: Sealer, utc_offset_minutes: int) -> None:
        self._db = db
        self._keys = keys
        self._boxes = Boxes(db, keys.pseudonym_key, sealer)
        self._utc_offset_minutes = utc_offset_minutes

    def open_generation(self, state: ChainState, at: At | None) -> None:
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
        self.add(state, opened)
        if previous is None and not self._keys.fresh:
            self.add(state, Audit(at=at, what="journal-missing"))

    def go_on_after_damage(self, state: ChainState, plan: salvage.Plan, at: At) -> None:
        """What was taken over is closed; a new generation begins with what could be salvaged behind the damage."""
        if plan.taken_over:
            self.open_generation(state, at)
        detail: dict[str, str | int] = {
            "reason": plan.reason,
            "kept": plan.kept,
            "records": plan.taken_over,
            "visits": len(plan.salvaged),
        }
        self.add(state, Audit(at=at, what="salvaged", detail=detail))
        for visit in plan.salvaged:
            self.add(state, visit)
        self._db.execute("DELETE FROM note WHERE name = ?", (salvage.NOTE,))

    def catch_up_epochs(self, state: ChainState, at: At) -> None:
        """A key change that the power or the disk interrupted is in the keys folder and not yet here."""
        if self._keys.epoch > state.epoch:
            for change in self._keys.changes[state.epoch :]:
                self.add_epoch(state, change, at)

    def add_epoch(self, state: ChainState, change: Signed, at: At) -> None:
        self.add(state, Epoch(at=at, change=change))
        state.epoch += 1
        self._db.execute("UPDATE generation SET epoch = ? WHERE id = ?", (state.epoch, state.generation))

    def end_interrupted(self, state: ChainState, at: At) -> None:
        for visit, asked in list(state.visits.items()):
            rated = state.fold.open_visits[asked].rated
            self._add_end(state, VisitEnded(visit, "rated" if rated else "not-rated", "interrupted", at))

    def add_head(self, state: ChainState, at: At) -> None:
        self.catch_up_epochs(state, at)
        still_open = {str(asked): visit.rated for asked, visit in state.fold.open_visits.items()}
        text = HeadText(
            self._keys.device, state.generation, state.seq, state.hash, state.totals, at.wall_ms, still_open
        )
        state.head = self._keys.sign(msgspec.json.encode(text).decode())
        self.add(state, Head(at=at, head=state.head))
        state.unsigned = 0

    def add_due_head(self, state: ChainState, at: At) -> None:
        if state.unsigned and hour_of(at) != state.last_hour:
            self.add_head(state, at)

    def add_entry(self, state: ChainState, entry: Entry, receipts: dict[VisitId, str]) -> None:
        match entry:
            case VisitAsked():
                self._add_ask(state, entry)
            case VisitPressed(visit, level, source, at, evidence):
                self.add(
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
                self.add(
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
            case VisitChanged(visit, was, level, source, at, pressed_at, evidence):
                self.add(
                    state,
                    Changed(
                        at=at,
                        asked=state.visits[visit],
                        was=was,
                        level=level,
                        pressed_at=pressed_at,
                        source=source,
                        nonce=secrets.token_bytes(16),
                        evidence=evidence,
                    ),
                )
                receipts[visit] = receipt_code(state.hash)
            case VisitDetailed():
                self._add_details(state, entry)
            case VisitCaseData():
                self._add_case_data(state, entry)
            case VisitEnded():
                self._add_end(state, entry)
            case TicketMoved() | PaperIssued() | PaperSpoilt() | Audited():
                self.add(state, record_of(entry, self._boxes.ticket))
            case _:
                assert_never(entry)

    def _add_ask(self, state: ChainState, entry: VisitAsked) -> None:
        ask, position = entry.ask, state.first_position + state.seq + 1
        slips = ask.slips or (b"",) * len(ask.cases)
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
            cases=[
                self._boxes.commit(position, entry.visit, number, case, slip)
                for number, (case, slip) in enumerate(zip(ask.cases, slips, strict=True))
            ],
            flags=list(ask.flags),
            later=ask.later,
            paper=ask.paper,
            ticket=self._boxes.ticket(ask.ticket) if ask.ticket else b"",
            item=ask.item,
        )
        self.add(state, asked)
        state.visits[entry.visit] = state.seq

    def _add_details(self, state: ChainState, entry: VisitDetailed) -> None:
        position = state.first_position + state.seq + 1
        sealed = []
        if entry.words:
            boxes = self._boxes.put(position, entry.visit, "words", entry.words.encode())
            sealed.append(SealedPart("words", boxes))
        if entry.contact_name or entry.contact_phone:
            contact = msgspec.json.encode({"name": entry.contact_name, "phone": entry.contact_phone})
            sealed.append(SealedPart("contact", self._boxes.put(position, entry.visit, "contact", contact)))
        details = Details(
            at=entry.at,
            asked=state.visits[entry.visit],
            table=entry.table,
            tags=list(entry.tags),
            answers=dict(entry.answers),
            help=entry.help,
            sealed=sealed,
        )
        self.add(state, details)

    def _add_case_data(self, state: ChainState, entry: VisitCaseData) -> None:
        """The visit may have ended. One of a generation before, after damage, cannot be named in this one."""
        asked = state.visits.get(entry.visit)
        if asked is None:
            asked = asked_at(self._db, state.first_position, state.seq, entry.visit)
        if asked is None:
            self.add(state, Audit(at=entry.at, what="case-data-unplaced"))
            return
        position = state.first_position + state.seq + 1
        cases = [
            LaterCase(number, self._boxes.put(position, entry.visit, f"case:{number}", msgspec.json.encode(case)))
            for number, case in entry.cases
        ]
        self.add(state, CaseData(at=entry.at, asked=asked, cases=cases))

    def _add_end(self, state: ChainState, entry: VisitEnded) -> None:
        asked = state.visits.pop(entry.visit)
        self.add(state, Ended(at=entry.at, asked=asked, outcome=entry.outcome, cause=entry.cause))

    def add(self, state: ChainState, record: Record) -> None:
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
            self._db.execute(NOTE, (CLOCK_NOTE, msgspec.json.encode(note).decode()))

    def _count(self, state: ChainState, change: Change) -> None:
        self._db.execute(_COUNT, (*change.cell, change.visits))
        if change.visits < 0:
            self._db.execute(_EMPTIED, change.cell)
        add_to(state.totals, change.cell.outcome, change.visits)
