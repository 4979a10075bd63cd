"""One generation of a journal, walked from its genesis or from a head: what does not hold ends the walk."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

import msgspec

from sync.anchors import Anchor
from sync.chain import NO_HASH, EpochText, HeadText, SignatureError, device_id, epoch_keys, genesis, link, verify
from sync.fold import Fold, TallyKey, add_to
from sync.journal.chain_state import records_before, visits_open
from sync.journal.reader import Generation
from sync.journal.verify_sealed import SealedBoxes
from sync.records import (
    At,
    Changed,
    Ended,
    Epoch,
    Head,
    Opened,
    Pressed,
    PreviousGeneration,
    Record,
    Signed,
    understood,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not hold."""

    generation: str
    seq: int | None
    problem: str

    def __str__(self) -> str:
        where = "" if self.seq is None else f" record {self.seq}:"
        return f"generation {self.generation[:8]}{where} {self.problem}"


class _BrokenError(Exception):
    """What follows cannot be judged any more."""


class Walk:
    """One generation to its end: from its genesis, or from a head that is taken at its word (`begin_at`)."""

    def __init__(self, connection: sqlite3.Connection, generation: Generation) -> None:
        self._connection = connection
        self.generation = generation
        self._fold = Fold(0)
        self._before = records_before(connection, generation.first_position)
        self._keys: dict[int, bytes] = {}
        self._epoch = 0
        self.from_seq = 0
        """Where checking begins."""
        self.hash = generation.genesis if isinstance(generation.genesis, bytes) else b""  # the file may hold anything
        self.device = ""
        self.previous: PreviousGeneration | None = None
        self.records = self.heads = self.unsigned = 0
        self.cells: Counter[TallyKey] = Counter()
        self.totals: dict[str, int] = {}
        self.sealed = SealedBoxes(connection, generation.id, generation.first_position)
        self.findings: list[Finding] = []
        self._pressed: dict[int, tuple[int, At]] = {}
        """Sequence of the ask to the level that counts and when it was pressed; level 0: changed, and not again."""

    def begin_at(self, seq: int, opened: Opened, head: Head, epochs: list[Signed], anchor: Anchor | None) -> None:
        """At the head with sequence `seq`: what it says of the records before it is believed, `run` checks that the
        device signed it. `epochs` are the changes of key up to its own; `anchor` is the one in force there. Raises
        `SignatureError`, `msgspec.DecodeError` and `ValueError`.
        """
        if device_id(opened.first_key) != opened.device:
            raise SignatureError("the device is not the hash of its first key")
        text = msgspec.json.decode(head.head.text, type=HeadText)
        visits = visits_open(self._connection, self.generation.first_position, text.open)
        self.from_seq = self.records = seq
        self.device, self.hash, self.totals = opened.device, text.hash, dict(text.totals)
        self._fold = Fold(opened.utc_offset_minutes, visits, anchor)
        self._keys = epoch_keys(opened.device, opened.first_key, epochs)
        self._epoch = max(self._keys)

    def run(self) -> None:
        expected = self.generation.first_position + self.from_seq
        try:
            for position, body, stored in self._rows():
                seq = expected - self.generation.first_position
                if position != expected:
                    self._broken(seq, "is missing")
                if not (isinstance(body, bytes) and isinstance(stored, bytes)):
                    self._broken(seq, "was changed: it does not stand there as bytes")
                self._check_record(seq, body, stored)
                expected += 1
            if expected == self.generation.first_position + self.from_seq:
                self._broken(0, "is missing: the generation is empty")
        except _BrokenError:
            return

    def _rows(self) -> Iterator[tuple[int, object, object]]:
        """As the file has them: somebody may have put other things than bytes there."""
        first = self.generation.first_position
        return iter(
            self._connection.execute(
                "SELECT position, body, hash FROM record WHERE position >= ? AND position < ? ORDER BY position",
                (first + self.from_seq, first + self.generation.next_seq),
            )
        )

    def _check_record(self, seq: int, body: bytes, stored: bytes) -> None:
        computed = link(self.hash, body)
        if computed != stored:
            self._broken(seq, "was changed: its bytes do not give the hash that stands beside it")
        try:
            record = understood(body)
        except msgspec.DecodeError:
            self._broken(seq, "is not JSON")
        self._understand(seq, record)
        self._check_seals(seq, record)
        self.hash = stored
        self.records += 1
        self.unsigned = 0 if isinstance(record, Head) else self.unsigned + 1

    def _understand(self, seq: int, record: Record | None) -> None:
        if seq == 0 and not isinstance(record, Opened):
            self._broken(seq, "does not open this generation")
        if isinstance(record, Opened):
            self._check_opened(seq, record)
        elif isinstance(record, Epoch):
            self._check_epoch(seq, record)
        elif isinstance(record, Head):
            self._check_head(seq, record)
        elif isinstance(record, Pressed | Changed | Ended):
            self._check_answer(seq, record)
        if record is not None:
            for cell, visits in self._fold.changes(seq, record, self._before):
                self.cells[cell] += visits
                add_to(self.totals, cell.outcome, visits)

    def _check_opened(self, seq: int, opened: Opened) -> None:
        previous = opened.previous.hash if opened.previous else NO_HASH
        start = genesis(opened.first_key, opened.generation, previous)
        if seq != 0 or opened.generation != self.generation.id or start != self.generation.genesis:
            self._broken(seq, "does not open this generation")
        if device_id(opened.first_key) != opened.device:
            self._broken(seq, "names a device that is not the hash of its first key")
        self.device = opened.device
        self.previous = opened.previous
        self._fold = Fold(opened.utc_offset_minutes)
        try:
            self._keys = epoch_keys(opened.device, opened.first_key, opened.epochs)
        except (SignatureError, msgspec.DecodeError) as fault:
            self._broken(seq, str(fault))
        self._epoch = len(opened.epochs)

    def _check_answer(self, seq: int, record: Pressed | Changed | Ended) -> None:
        """A level is changed once, and only one that was pressed. Of a visit that began before checking did, the press
        may not be known.
        """
        if isinstance(record, Pressed):
            self._pressed.setdefault(record.asked, (record.level, record.at))
        elif isinstance(record, Ended):
            self._pressed.pop(record.asked, None)
        else:
            known = record.asked in self._pressed or record.asked >= self.from_seq
            if known and self._pressed.get(record.asked) != (record.was, record.pressed_at):
                self._broken(seq, "changes a level that was not pressed, or that was changed before")
            self._pressed[record.asked] = (0, record.at)

    def _check_epoch(self, seq: int, record: Epoch) -> None:
        try:
            text = msgspec.json.decode(record.change.text, type=EpochText)
            verify(self._keys[self._epoch], record.change)
        except (SignatureError, msgspec.DecodeError) as fault:
            self._broken(seq, f"changes the signing key without the signature of the key before: {fault}")
        if text.epoch != self._epoch + 1 or text.device != self.device:
            self._broken(seq, f"jumps from epoch {self._epoch} to {text.epoch}")
        self._epoch = text.epoch
        self._keys[text.epoch] = text.key

    def _check_head(self, seq: int, record: Head) -> None:
        """An old stretch signed with a newer key would be a stretch that was signed again."""
        if record.head.epoch != self._epoch:
            self._broken(seq, f"is signed under epoch {record.head.epoch}, in force was {self._epoch}")
        try:
            text = msgspec.json.decode(record.head.text, type=HeadText)
            verify(self._keys[self._epoch], record.head)
        except (SignatureError, msgspec.DecodeError) as fault:
            self._broken(seq, f"was signed by another: {fault}")
        if (text.device, text.generation, text.seq, text.hash) != (
            self.device,
            self.generation.id,
            seq - 1,
            self.hash,
        ):
            self._broken(seq, "signs another chain than the one before it")
        if text.totals != self.totals:
            self._broken(seq, f"signs totals {text.totals}, the records give {self.totals}")
        if text.open != {str(asked): visit.rated for asked, visit in self._fold.open_visits.items()}:
            self._broken(seq, f"signs other visits as open than the records leave open: {text.open}")
        self.heads += 1

    def _check_seals(self, seq: int, record: Record | None) -> None:
        for problem in self.sealed.take(seq, record):
            self._note(seq, problem)

    def _note(self, seq: int | None, problem: str) -> None:
        self.findings.append(Finding(self.generation.id, seq, problem))

    def _broken(self, seq: int, problem: str) -> NoReturn:
        self._note(seq, problem)
        raise _BrokenError
