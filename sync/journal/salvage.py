"""A damaged journal is kept aside whole; what can be read of it goes on in a new file, under a new generation.

The stretch of each generation whose chain still holds is taken over as it is, signatures and all. A visit that can be
read behind the damage becomes a `salvaged` record of the new generation, so that its press still counts. Nothing is
deleted: the old file stays in `kept/`, and an audit record says what was taken over.

The new file is complete and on the disk before the old one is moved. `finish` goes on where the power interrupted.
"""

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec

from sync.chain import NO_HASH, genesis, link
from sync.files import sync_directory
from sync.fold import Fold, counts_of
from sync.journal.chain_state import records_before
from sync.journal.kept import kept_aside
from sync.journal.raw_pages import Row, rows_in
from sync.journal.schema import FILE_NAME, open_for_writing
from sync.records import Apologised, Asked, At, Changed, Ended, Epoch, Opened, Pressed, Record, Salvaged, understood

log = logging.getLogger(__name__)

NOTE: Final = "salvage"
NEW_NAME: Final = "salvaged.db"
_CHUNK: Final = 256
_LONGEST_HOLE: Final = 40
"""Chunks without a readable record after which the file is taken to have ended."""


class Plan(msgspec.Struct, frozen=True):
    """What the writer has to add as the first records of the new generation."""

    reason: str
    kept: str
    taken_over: int
    salvaged: list[Salvaged]


@dataclass(slots=True)
class _Found:
    """What could be read of the old file."""

    generations: list[tuple[str, int, bytes]] = field(default_factory=list)
    """Id, first position, genesis: by the `opened` records."""
    sound: list[Row] = field(default_factory=list)
    loose: list[Row] = field(default_factory=list)
    sealed: list[tuple[int, str, str, bytes, bytes]] = field(default_factory=list)
    settled: list[tuple[str, str, int]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)


def salvage(directory: Path, reason: str, at: At) -> None:
    """Only for the holder of the journal's lock, with no connection open. Nothing goes on of another device's file."""
    found = _read(directory / FILE_NAME) if reason != "other-device" else _Found()
    kept = directory / "kept" / f"{at.wall_ms}-{len(kept_aside(directory))}"
    plan = Plan(reason, kept.name, len(found.sound), list(_salvaged(found, at)))
    new = directory / NEW_NAME
    for leftover in directory.glob(NEW_NAME + "*"):
        leftover.unlink()
    _write(new, found, plan)
    finish(directory)
    log.warning("a damaged journal was kept in %s: %d records go on", kept, plan.taken_over)


def finish(directory: Path) -> None:
    """Puts the new file in the old one's place, the old one where the new one says. Harmless where there is none."""
    new = directory / NEW_NAME
    plan = None if not new.exists() or (directory / (NEW_NAME + "-wal")).exists() else _plan_in(new)
    if plan is None:
        return
    kept = directory / "kept" / plan.kept
    kept.mkdir(mode=0o700, parents=True, exist_ok=True)
    sync_directory(kept.parent)
    for suffix in ("-shm", "-wal", ""):
        old = directory / (FILE_NAME + suffix)
        if old.exists():
            old.rename(kept / old.name)
    sync_directory(kept)
    new.rename(directory / FILE_NAME)
    sync_directory(directory)


def _plan_in(new: Path) -> Plan | None:
    """Read without a trace beside the file. None where the power went before the file was complete."""
    try:
        with closing(sqlite3.connect(f"{new.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            row = connection.execute("SELECT value FROM note WHERE name = ?", (NOTE,)).fetchone()
    except sqlite3.Error:
        return None
    return msgspec.json.decode(row[0], type=Plan) if row else None


def _read(path: Path) -> _Found:
    """By SQLite as far as it goes; records that it cannot reach from the bytes of the pages."""
    found = _Found()
    records: dict[int, Row] = {}
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            records = {row[0]: row for row in _records(connection)}
            found.sealed = _rows(connection, "SELECT position, part, recipient, visit, cipher FROM sealed")
            found.settled = _rows(connection, "SELECT name, generation, next_seq FROM destination")
            found.notes = _rows(connection, "SELECT name, value FROM note")
    except sqlite3.Error as fault:
        log.warning("salvage: %s", fault)
    for row in rows_in(path):
        records.setdefault(row[0], row)
    _sort_out(found, [records[position] for position in sorted(records)])
    return found


def _rows(connection: sqlite3.Connection, query: str, values: tuple[int, ...] = ()) -> list[Any]:
    """As far as they can be read."""
    rows = []
    try:
        for row in connection.execute(query, values):
            rows.append(row)  # noqa: PERF402 - what was read before the damage counts
    except sqlite3.Error as fault:
        log.warning("salvage: %s", fault)
    return rows


def _records(connection: sqlite3.Connection) -> Iterator[Row]:
    """Every record that can be read; around damage one by one."""
    query = "SELECT position, body, hash FROM record WHERE position BETWEEN ? AND ? ORDER BY position"
    start, holes = 1, 0
    while holes < _LONGEST_HOLE:
        rows: list[Row] = []
        try:
            rows = connection.execute(query, (start, start + _CHUNK - 1)).fetchall()
        except sqlite3.Error:
            for position in range(start, start + _CHUNK):
                rows += _rows(connection, query, (position, position))
        yield from ((position, bytes(body), bytes(digest)) for position, body, digest in rows)
        holes = 0 if rows else holes + 1
        start += _CHUNK


def _sort_out(found: _Found, rows: list[Row]) -> None:
    """The stretch of each generation that hangs together from its genesis; the rest is loose."""
    expected, running, broken = 0, b"", True
    for position, body, stored in rows:
        record = _decoded(body)
        if isinstance(record, Opened):
            before = record.previous.hash if record.previous else NO_HASH
            running = genesis(record.first_key, record.generation, before)
            found.generations.append((record.generation, position, running))
            expected, broken = position, False
        if broken or position != expected or link(running, body) != stored:
            broken = True
            found.loose.append((position, body, stored))
            continue
        found.sound.append((position, body, stored))
        expected, running = position + 1, stored


def _salvaged(found: _Found, at: At) -> Iterator[Salvaged]:
    """Visits whose press, or end without one, stands behind the damage."""
    readable = {position: record for position, body, _ in (*found.sound, *found.loose) if (record := _decoded(body))}
    counted = {
        (identity, record.asked)
        for position, body, _ in found.sound
        if isinstance(record := _decoded(body), Pressed) and (identity := _generation_of(found, position)[0])
    }
    texts = {position: body.decode("utf-8", "replace") for position, body, _ in (*found.sound, *found.loose)}
    hashes = {position: stored for position, _, stored in (*found.sound, *found.loose)}
    for position, body, stored in found.loose:
        record = _decoded(body)
        identity, first = _generation_of(found, position)
        if not isinstance(record, Pressed | Apologised | Changed | Ended) or not counts_of(record):
            continue
        visit = (identity, record.asked)
        if isinstance(record, Pressed):
            if visit in counted:
                continue
            counted.add(visit)
        asked = readable.get(first + record.asked)
        known = asked if isinstance(asked, Asked) else None
        yield Salvaged(
            at=at,
            generation=identity,
            seq=max(0, position - first),
            outcome=counts_of(record)[-1][0],
            counted_at=record.pressed_at if isinstance(record, Changed) else record.at,
            window=known.window if known else "",
            clerk=known.clerk if known else "",
            item=known.counted_item if known else "",
            channel=known.channel if known else "",
            hash=stored,
            previous=hashes.get(position - 1, b""),
            bodies=[texts[first + record.asked], texts[position]] if known else [texts[position]],
            replaces=record.was if isinstance(record, Changed) and visit in counted else None,
        )


def _generation_of(found: _Found, position: int) -> tuple[str, int]:
    """Id and first position of the generation that a position belongs to; empty where its row cannot be read."""
    before = [(first, identity) for identity, first, _ in found.generations if first <= position]
    first, identity = max(before, default=(1, ""))
    return identity, first


def _decoded(body: bytes) -> Record | None:
    try:
        return understood(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _write(path: Path, found: _Found, plan: Plan) -> None:
    connection = open_for_writing(path)
    connection.execute("BEGIN IMMEDIATE")
    held = {position for position, _, _ in found.sound}
    for identity, first, start in found.generations:
        if first in held:
            connection.execute(
                "INSERT INTO generation (id, first_position, genesis, epoch) VALUES (?, ?, ?, ?)",
                (identity, first, start, _epoch_of(found, first)),
            )
    connection.executemany("INSERT INTO record (position, body, hash) VALUES (?, ?, ?)", found.sound)
    _write_tally(connection, found)
    connection.executemany(
        "INSERT OR IGNORE INTO sealed (position, part, recipient, visit, cipher) VALUES (?, ?, ?, ?, ?)",
        [row for row in found.sealed if row[0] in held],
    )
    _write_cursors(connection, found)
    connection.executemany("INSERT OR IGNORE INTO note (name, value) VALUES (?, ?)", found.notes)
    connection.execute(
        "INSERT OR REPLACE INTO note (name, value) VALUES (?, ?)", (NOTE, msgspec.json.encode(plan).decode())
    )
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
    sync_directory(path.parent)


def _write_tally(connection: sqlite3.Connection, found: _Found) -> None:
    fold, first = Fold(0), 0
    for position, body, _ in found.sound:
        record = _decoded(body)
        if isinstance(record, Opened):
            fold, first = Fold(record.utc_offset_minutes), position
        if record is None:
            continue
        for change in fold.changes(position - first, record, records_before(connection, first)):
            connection.execute(
                "INSERT INTO tally VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET visits = visits + excluded.visits",
                (*change.cell, change.visits),
            )
    connection.execute("DELETE FROM tally WHERE visits = 0")


def _write_cursors(connection: sqlite3.Connection, found: _Found) -> None:
    """Never ahead of what was taken over."""
    ends: dict[str, int] = {}
    for position, _, _ in found.sound:
        identity, first = _generation_of(found, position)
        ends[identity] = position - first + 1
    for name, identity, next_seq in found.settled:
        if identity in ends:
            connection.execute(
                "INSERT INTO destination (name, generation, next_seq) VALUES (?, ?, ?)",
                (name, identity, min(next_seq, ends[identity])),
            )


def _epoch_of(found: _Found, first: int) -> int:
    """The epoch in force at the end of what was taken over of a generation."""
    epoch = 0
    for position, body, _ in found.sound:
        if _generation_of(found, position)[1] != first:
            continue
        record = _decoded(body)
        if isinstance(record, Opened):
            epoch = len(record.epochs)
        elif isinstance(record, Epoch):
            epoch += 1
    return epoch
