"""The hub's tables. One connection, in one thread, writes and reads them."""

import os
import sqlite3
from pathlib import Path
from typing import Final

from sync.commitments import ask_of, commitments
from sync.hub.help_calls import TABLE as HELP_CALLS
from sync.hub.slip_visits import TABLES as SLIP_VISITS
from sync.hub.verify import decoded
from sync.records import Record

VERSION: Final = 2
FILE_NAME: Final = "hub.db"

_TABLES: Final = (
    """CREATE TABLE device (
        device TEXT PRIMARY KEY,
        first_key BLOB NOT NULL,
        contact_ms INTEGER NOT NULL
    ) WITHOUT ROWID""",
    # two keys for one epoch: a cloned device whose copies both replaced their key
    """CREATE TABLE signing_key (
        device TEXT NOT NULL,
        epoch INTEGER NOT NULL,
        key BLOB NOT NULL,
        text TEXT NOT NULL,
        signature BLOB NOT NULL,
        PRIMARY KEY (device, epoch, key)
    ) WITHOUT ROWID""",
    """CREATE TABLE generation (
        device TEXT NOT NULL,
        generation TEXT NOT NULL,
        number INTEGER NOT NULL,
        genesis BLOB NOT NULL,
        utc_offset_minutes INTEGER NOT NULL,
        PRIMARY KEY (device, generation)
    ) WITHOUT ROWID""",
    """CREATE TABLE branch (
        id INTEGER PRIMARY KEY,
        device TEXT NOT NULL,
        generation TEXT NOT NULL,
        number INTEGER NOT NULL,
        parent INTEGER REFERENCES branch (id),
        start INTEGER NOT NULL,
        next INTEGER NOT NULL,
        head BLOB NOT NULL,
        epoch INTEGER NOT NULL,
        UNIQUE (device, generation, number)
    )""",
    """CREATE TABLE record (
        branch INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        hash BLOB NOT NULL,
        body BLOB NOT NULL,
        PRIMARY KEY (branch, seq)
    ) WITHOUT ROWID""",
    """CREATE TRIGGER record_never_changes BEFORE UPDATE ON record
        BEGIN SELECT RAISE(ABORT, 'a record never changes'); END""",
    """CREATE TRIGGER record_never_goes BEFORE DELETE ON record
        BEGIN SELECT RAISE(ABORT, 'a record never goes'); END""",
    """CREATE TABLE head (
        branch INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        text TEXT NOT NULL,
        epoch INTEGER NOT NULL,
        signature BLOB NOT NULL,
        received_ms INTEGER NOT NULL,
        PRIMARY KEY (branch, seq)
    ) WITHOUT ROWID""",
    """CREATE TABLE sealed (
        device TEXT NOT NULL,
        visit BLOB NOT NULL,
        part TEXT NOT NULL,
        recipient TEXT NOT NULL,
        digest BLOB NOT NULL,
        cipher BLOB NOT NULL,
        PRIMARY KEY (device, visit, part, recipient, digest)
    ) WITHOUT ROWID""",
    """CREATE TABLE open_visit (
        branch INTEGER NOT NULL,
        asked INTEGER NOT NULL,
        rated INTEGER NOT NULL,
        PRIMARY KEY (branch, asked)
    ) WITHOUT ROWID""",
    """CREATE TABLE anchor (
        branch INTEGER PRIMARY KEY,
        value TEXT NOT NULL
    )""",
    """CREATE TABLE tally (
        day TEXT NOT NULL,
        hour INTEGER NOT NULL,
        device TEXT NOT NULL,
        window TEXT NOT NULL,
        clerk TEXT NOT NULL,
        item TEXT NOT NULL,
        channel TEXT NOT NULL,
        outcome INTEGER NOT NULL,
        visits INTEGER NOT NULL,
        PRIMARY KEY (day, hour, device, window, clerk, item, channel, outcome)
    ) WITHOUT ROWID""",
    """CREATE TABLE total (
        device TEXT NOT NULL,
        generation TEXT NOT NULL,
        outcome INTEGER NOT NULL,
        visits INTEGER NOT NULL,
        PRIMARY KEY (device, generation, outcome)
    ) WITHOUT ROWID""",
    """CREATE TABLE alarm (
        id INTEGER PRIMARY KEY,
        day TEXT NOT NULL,
        device TEXT NOT NULL,
        kind TEXT NOT NULL,
        generation TEXT NOT NULL,
        detail TEXT NOT NULL,
        first_ms INTEGER NOT NULL,
        last_ms INTEGER NOT NULL,
        times INTEGER NOT NULL,
        UNIQUE (device, kind, day)
    )""",
)
_SINCE_VERSION_2: Final = (
    # visits of main branches whose sealed texts are here and still needed
    """CREATE TABLE unsettled (
        device TEXT NOT NULL,
        generation TEXT NOT NULL,
        asked INTEGER NOT NULL,
        PRIMARY KEY (device, generation, asked)
    ) WITHOUT ROWID""",
    """CREATE TABLE settlement (
        device TEXT NOT NULL,
        generation TEXT NOT NULL,
        asked INTEGER NOT NULL,
        ended INTEGER NOT NULL,
        kind TEXT NOT NULL,
        receipt TEXT NOT NULL,
        settled_ms INTEGER NOT NULL,
        PRIMARY KEY (device, generation, asked)
    ) WITHOUT ROWID""",
    """CREATE TRIGGER settlement_never_changes BEFORE UPDATE ON settlement
        BEGIN SELECT RAISE(ABORT, 'a settlement never changes'); END""",
    """CREATE TRIGGER settlement_never_goes BEFORE DELETE ON settlement
        BEGIN SELECT RAISE(ABORT, 'a settlement never goes'); END""",
)


class HubError(Exception):
    """The hub's folder, file or settings do not allow it to run. The message says what to do."""


_ADDED: Final = (HELP_CALLS, *SLIP_VISITS)
"""Tables that a store of this version may lack, since they were added without changing what was there."""


def open_store(directory: Path) -> sqlite3.Connection:
    """Creates the file (0600) and its tables where there are none. Raises `HubError`."""
    path = directory / FILE_NAME
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        path.chmod(0o600)
        connection = sqlite3.connect(path, timeout=2.0, isolation_level=None, cached_statements=64)
        _set_up(connection)
        _create(connection, path)
        for statement in _ADDED:
            connection.execute(statement)
    except (OSError, sqlite3.Error) as fault:
        raise HubError(f"the hub's file {path} cannot be opened: {fault}") from fault
    return connection


def _set_up(connection: sqlite3.Connection) -> None:
    """Sets what durability stands on, and reads it back: SQLite keeps silent about a setting that it did not take."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")
    mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
    synchronous = connection.execute("PRAGMA synchronous").fetchone()[0]
    if (mode, synchronous) != ("wal", 2):
        raise HubError(
            f"the disk does not allow a durable store (journal_mode {mode}, synchronous {synchronous}): "
            "put `directory` on a local file system such as ext4",
        )


def _create(connection: sqlite3.Connection, path: Path) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == VERSION:
        return
    if version not in {0, 1}:
        raise HubError(f"{path} is of version {version}, this program reads version {VERSION}: install the newer one")
    connection.execute("BEGIN IMMEDIATE")
    for statement in (_TABLES if version == 0 else ()) + _SINCE_VERSION_2:
        connection.execute(statement)
    _note_unsettled(connection)
    connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")


def _note_unsettled(connection: sqlite3.Connection) -> None:
    """What a store of version 1 holds was never settled."""
    rows = connection.execute(
        "SELECT device, generation, seq, body FROM record JOIN branch ON branch.id = record.branch WHERE number = 0"
    )
    for device, generation, seq, body in rows.fetchall():
        note_unsettled(connection, (device, generation), seq, decoded(body))


def note_unsettled(connection: sqlite3.Connection, of: tuple[str, str], seq: int, record: Record | None) -> None:
    """Within the transaction that keeps the record. `of`: device and generation."""
    if commitments(record):
        connection.execute(
            "INSERT OR IGNORE INTO unsettled (device, generation, asked) VALUES (?, ?, ?)", (*of, ask_of(seq, record))
        )
