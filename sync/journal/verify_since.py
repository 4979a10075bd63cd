"""Checks the end of a journal, from a day on: for every evening, where reading everything takes minutes.

Begins at the last head signed before that day. Its signature is checked through every change of key since the device's
first; the hash, totals and open visits that it states are believed. Where that cannot be done, or anything is found,
everything is read: a verdict from here is either sound from its start on, or of the whole file.
"""

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from sync.anchors import Anchor, anchor_after, believed_ms
from sync.chain import SignatureError
from sync.journal.chain_state import clock_note, records_before
from sync.journal.reader import JournalReader
from sync.journal.schema import translated
from sync.journal.verify import (
    Verdict,
    check_boxes,
    check_cursors,
    check_destroyed,
    check_joints,
    check_tally,
    verify_journal,
)
from sync.journal.walk import Walk
from sync.records import Correction, Head, Opened, Record, Signed, understood


@dataclass(frozen=True, slots=True)
class Start:
    """The head that was taken at its word."""

    generation: str
    seq: int
    unread: int
    """Records before it, in this generation and all earlier ones."""


@translated("read")
def verify_since(directory: Path, day: dt.date) -> tuple[Verdict, Start | None]:
    """`day` in the hall's time. The verdict counts what was read. Without a start everything was.

    Raises `JournalError` where the file cannot be read at all.
    """
    reader = JournalReader(directory)
    try:
        reader.connection.execute("BEGIN")
        walks = _begin(reader, directory / "keys" / "epochs.jsonl", day)
        if walks and _holds(reader, walks, day):
            first = walks[0]
            unread = first.generation.first_position + first.from_seq - reader.generations()[0].first_position
            return _verdict(walks), Start(first.generation.id, first.from_seq, unread)
    except (msgspec.DecodeError, SignatureError, OSError, TypeError, ValueError, KeyError):
        pass  # whatever stands there instead of records and keys: reading everything tells what it is
    finally:
        reader.close()
    return verify_journal(directory), None


def _begin(reader: JournalReader, epochs: Path, day: dt.date) -> list[Walk]:
    """From the generation with the last head before `day` on. None where no head is that old."""
    walks: list[Walk] = []
    for generation in reversed(reader.generations()):
        walk = Walk(reader.connection, generation)
        walks.insert(0, walk)
        if _begin_at_head(reader, walk, epochs, day):
            return walks
    return []


def _begin_at_head(reader: JournalReader, walk: Walk, epochs: Path, day: dt.date) -> bool:
    first = walk.generation.first_position
    row = reader.connection.execute("SELECT body FROM record WHERE position = ?", (first,)).fetchone()
    opened = understood(row[0]) if row else None
    if not isinstance(opened, Opened):
        return False
    from_ms = calendar.timegm(day.timetuple()) * 1000 - opened.utc_offset_minutes * 60_000
    note = clock_note(reader.connection, walk.generation.id)
    backwards = records_before(reader.connection, first)(walk.generation.next_seq)
    found = _head_before(backwards, note.anchor if note else None, from_ms)
    if found is None:
        return False
    seq, head = found
    never_corrected = note is not None and note.anchor is None
    anchor = None if never_corrected else _anchor_at(head, backwards)
    walk.begin_at(seq, opened, head, _changes(epochs, opened, head.head.epoch), anchor)
    return True


def _head_before(
    backwards: Iterator[tuple[int, Record | None]], anchor: Anchor | None, from_ms: int
) -> tuple[int, Head] | None:
    """The last head before a moment, by the times that count: a boot's last anchor gives them to all of its records.

    Reads no further.
    """
    for seq, record in backwards:
        if isinstance(record, Correction) and (anchor is None or anchor.boot != record.at.boot):
            anchor = anchor_after(anchor, record)
        elif isinstance(record, Head) and believed_ms(record.at, anchor) < from_ms:
            return seq, record
    return None


def _anchor_at(head: Head, backwards: Iterator[tuple[int, Record | None]]) -> Anchor | None:
    """What was in force at a head: looks back to where the machine was switched on."""
    corrections: list[Correction] = []
    for _, record in backwards:
        if record is not None and record.at.boot != head.at.boot:
            break
        if isinstance(record, Correction):
            corrections.append(record)
    anchor: Anchor | None = None
    for correction in reversed(corrections):
        anchor = anchor_after(anchor, correction)
    return anchor


def _changes(epochs: Path, opened: Opened, epoch: int) -> list[Signed]:
    """Of the signing key, up to an epoch. The opening has those before it, the keys folder has all."""
    if epoch <= len(opened.epochs):
        return opened.epochs[:epoch]
    return [msgspec.json.decode(line, type=Signed) for line in epochs.read_bytes().splitlines()[:epoch]]


def _holds(reader: JournalReader, walks: list[Walk], day: dt.date) -> bool:
    for walk in walks:
        walk.run()
    connection, first = reader.connection, walks[0].generation.first_position + walks[0].from_seq
    return not (
        any(walk.findings for walk in walks)
        or len({walk.device for walk in walks}) > 1
        or check_destroyed(walks)
        or check_boxes(connection, walks, first)
        or check_joints(walks)
        or check_tally(connection, walks, str(day))
        or check_cursors(connection, walks)
    )


def _verdict(walks: list[Walk]) -> Verdict:
    counted: Counter[str] = Counter()
    for walk in walks:
        for cell, visits in walk.cells.items():
            counted[str(cell.outcome)] += visits
    return Verdict(
        walks[-1].device,
        sum(walk.records - walk.from_seq for walk in walks),
        sum(walk.heads for walk in walks),
        walks[-1].unsigned,
        walks[-1].hash.hex(),
        dict(+counted),
        (),
    )
