"""Checks a journal from its own bytes: chain, sequence, signatures, counts, seals, cursors. Changes nothing.

Says the first thing that is wrong with each generation, by sequence. What no file can prove by itself (that its tail
was not cut off since the last head that somebody else has seen) is checked against the hub, not here.
"""

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NoReturn

import msgspec

from sync.chain import NO_HASH, EpochText, HeadText, SignatureError, device_id, epoch_keys, genesis, link, verify
from sync.fold import Fold, TallyKey
from sync.journal.chain_state import records_before
from sync.journal.reader import Generation, JournalReader
from sync.records import Asked, Epoch, Head, Opened, PreviousGeneration, Record, understood


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not hold."""

    generation: str
    seq: int | None
    problem: str

    def __str__(self) -> str:
        where = "" if self.seq is None else f" record {self.seq}:"
        return f"generation {self.generation[:8]}{where} {self.problem}"


@dataclass(frozen=True, slots=True)
class Verdict:
    device: str
    records: int
    heads: int
    unsigned: int
    """Records after the last head: their order is chained, but nobody has signed them yet."""
    head_hash: str
    totals: dict[str, int]
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        return not self.findings


class _BrokenError(Exception):
    """What follows cannot be judged any more."""


def verify_journal(directory: Path) -> Verdict:
    """Raises `JournalError` where the file cannot be read at all."""
    reader = JournalReader(directory)
    try:
        reader.connection.execute("BEGIN")
        walks = [_Walk(reader.connection, one) for one in reader.generations()]
        for walk in walks:
            walk.run()
        findings = [finding for walk in walks for finding in walk.findings]
        findings += _check_strays(reader.connection, walks)
        findings += _check_joints(walks)
        findings += _check_tally(reader.connection, walks)
        findings += _check_cursors(reader.connection, walks)
        last = walks[-1] if walks else None
        return Verdict(
            last.device if last else "",
            sum(walk.records for walk in walks),
            sum(walk.heads for walk in walks),
            last.unsigned if last else 0,
            last.hash.hex() if last else "",
            dict(sum((Counter(walk.totals) for walk in walks), Counter())),
            tuple(findings),
        )
    finally:
        reader.close()


class _Walk:
    """One generation from its genesis to its end."""

    def __init__(self, connection: sqlite3.Connection, generation: Generation) -> None:
        self._connection = connection
        self.generation = generation
        self._fold = Fold(0)
        self._before = records_before(connection, generation.first_position)
        self._keys: dict[int, bytes] = {}
        self._epoch = 0
        self.hash = generation.genesis if isinstance(generation.genesis, bytes) else b""  # the file may hold anything
        self.device = ""
        self.previous: PreviousGeneration | None = None
        self.records = self.heads = self.unsigned = 0
        self.cells: Counter[TallyKey] = Counter()
        self.totals: dict[str, int] = {}
        self.asks: set[int] = set()
        """Sequences of asks with cases: where sealed boxes may stand."""
        self.findings: list[Finding] = []

    def run(self) -> None:
        expected = self.generation.first_position
        try:
            for position, body, stored in self._rows():
                seq = expected - self.generation.first_position
                if position != expected:
                    self._broken(seq, "is missing")
                if not (isinstance(body, bytes) and isinstance(stored, bytes)):
                    self._broken(seq, "was changed: it does not stand there as bytes")
                self._check_record(seq, body, stored)
                expected += 1
            if expected == self.generation.first_position:
                self._broken(0, "is missing: the generation is empty")
        except _BrokenError:
            return

    def _rows(self) -> Iterator[tuple[int, object, object]]:
        """As the file has them: somebody may have put other things than bytes there."""
        first = self.generation.first_position
        return iter(
            self._connection.execute(
                "SELECT position, body, hash FROM record WHERE position >= ? AND position < ? ORDER BY position",
                (first, first + self.generation.next_seq),
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
        elif isinstance(record, Asked):
            if record.cases:
                self.asks.add(seq)
            self._check_seals(seq, record)
        if record is not None:
            for cell, visits in self._fold.changes(seq, record, self._before):
                self.cells[cell] += visits
                self.totals[str(cell.outcome)] = self.totals.get(str(cell.outcome), 0) + visits

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

    def _check_seals(self, seq: int, asked: Asked) -> None:
        """A sealed box may have been destroyed; one that is there is the one that was committed to."""
        committed = {
            (f"case:{number}", recipient): digest
            for number, case in enumerate(asked.cases)
            for recipient, digest in case.sealed
        }
        rows = self._connection.execute(
            "SELECT part, recipient, cipher FROM sealed WHERE position = ?", (self.generation.first_position + seq,)
        )
        for part, recipient, cipher in rows:
            if committed.get((part, recipient)) != hashlib.sha256(cipher).digest():
                self._note(seq, f"has a sealed {part} for {recipient} that it never committed to")

    def _note(self, seq: int | None, problem: str) -> None:
        self.findings.append(Finding(self.generation.id, seq, problem))

    def _broken(self, seq: int, problem: str) -> NoReturn:
        self._note(seq, problem)
        raise _BrokenError


def _check_strays(connection: sqlite3.Connection, walks: list[_Walk]) -> list[Finding]:
    """What belongs to no generation, and boxes that belong to no ask."""
    first = min((walk.generation.first_position for walk in walks), default=None)
    before = "1" if first is None else "position < ?"
    stray = connection.execute(f"SELECT count(*) FROM record WHERE {before}", () if first is None else (first,))  # noqa: S608
    count = int(stray.fetchone()[0])
    findings = [Finding("", None, f"{count} records belong to no generation: its row was removed")] if count else []
    asks = {walk.generation.first_position + seq for walk in walks for seq in walk.asks}
    if not any(walk.findings for walk in walks):
        positions = {row[0] for row in connection.execute("SELECT DISTINCT position FROM sealed")}
        findings += [
            Finding("", None, f"a sealed box stands at position {position}, where nobody asked")
            for position in sorted(positions - asks)[:10]
        ]
    devices = {walk.device for walk in walks if walk.device}
    if len(devices) > 1:
        findings.append(Finding("", None, f"generations of {len(devices)} devices stand in one file"))
    return findings


def _check_joints(walks: list[_Walk]) -> list[Finding]:
    """A generation that names the one before it names its end."""
    return [
        Finding(
            before.generation.id,
            before.records,
            f"is missing: the generation after this one begins behind record {after.previous.seq}",
        )
        for before, after in pairwise(walks)
        if after.previous is not None
        and after.previous.generation == before.generation.id
        and (after.previous.seq, after.previous.hash) != (before.records - 1, before.hash)
    ]


def _check_tally(connection: sqlite3.Connection, walks: list[_Walk]) -> list[Finding]:
    if not walks or any(walk.findings for walk in walks):
        return []
    cells: Counter[TallyKey] = Counter()
    for walk in walks:
        cells.update(walk.cells)
    kept = {TallyKey(*row[:7]): row[7] for row in connection.execute("SELECT * FROM tally")}
    differing = sorted(
        (cell for cell in cells.keys() | kept.keys() if cells.get(cell, 0) != kept.get(cell, 0)),
        key=lambda cell: [str(part) for part in cell],
    )
    return [
        Finding(
            walks[-1].generation.id,
            None,
            f"the counts of {cell.day} {cell.hour}h, window {cell.window}, outcome {cell.outcome} say "
            f"{kept.get(cell, 0)}, the records give {cells.get(cell, 0)}",
        )
        for cell in differing[:10]
    ]


def _check_cursors(connection: sqlite3.Connection, walks: list[_Walk]) -> list[Finding]:
    ends = {walk.generation.id: walk.generation.next_seq for walk in walks}
    return [
        Finding(
            generation,
            None,
            f"destination {name} is said to have {next_seq} records, there are {ends.get(generation, 0)}",
        )
        for name, generation, next_seq in connection.execute("SELECT name, generation, next_seq FROM destination")
        if next_seq > ends.get(generation, 0)
    ]
