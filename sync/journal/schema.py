"""The journal's tables, and how every connection to it is set up. `docs/journal.md` is for other programs."""

import errno
import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

VERSION: Final = 1
FILE_NAME: Final = "journal.db"
PAGE_BYTES: Final = 1024
RESERVE_BYTES: Final = 1 << 20

_TABLES: Final = (
    """CREATE TABLE generation (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        first_position INTEGER NOT NULL,
        genesis BLOB NOT NULL,
        epoch INTEGER NOT NULL
    )""",
    """CREATE TABLE record (
        position INTEGER PRIMARY KEY,
        body BLOB NOT NULL,
        hash BLOB NOT NULL
    )""",
    """CREATE TRIGGER record_never_changes BEFORE UPDATE ON record
        BEGIN SELECT RAISE(ABORT, 'a record never changes'); END""",
    """CREATE TRIGGER record_never_goes BEFORE DELETE ON record
        BEGIN SELECT RAISE(ABORT, 'a record never goes'); END""",
    """CREATE TABLE tally (
        day TEXT NOT NULL,
        hour INTEGER NOT NULL,
        window TEXT NOT NULL,
        clerk TEXT NOT NULL,
        item TEXT NOT NULL,
        channel TEXT NOT NULL,
        outcome INTEGER NOT NULL,
        visits INTEGER NOT NULL,
        PRIMARY KEY (day, hour, window, clerk, item, channel, outcome)
    ) WITHOUT ROWID""",
    """CREATE TABLE sealed (
        position INTEGER NOT NULL,
        part TEXT NOT NULL,
        recipient TEXT NOT NULL,
        visit BLOB NOT NULL,
        cipher BLOB NOT NULL,
        PRIMARY KEY (position, part, recipient)
    ) WITHOUT ROWID""",
    """CREATE TABLE destination (
        name TEXT PRIMARY KEY,
        generation TEXT NOT NULL,
        next_seq INTEGER NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE reserve (filler BLOB)""",
    """CREATE TABLE note (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) WITHOUT ROWID""",
)


class JournalError(Exception):
    """The disk or the file does not allow what was wanted. The message says what to do.

    `code` is for translations: `disk-full`, `read-only`, `disk-error`, `damaged`, `newer`, `held`, `not-durable`,
    `other-device` or `unusable`.
    """

    def __init__(self, message: str, code: str = "unusable") -> None:
        super().__init__(message)
        self.code = code


@contextmanager
def translated(what: str) -> Iterator[None]:
    """SQLite's errors become `JournalError`: trouble with disk or file, not a bug."""
    try:
        yield
    except sqlite3.Error as fault:
        raise journal_error(what, fault) from fault


def journal_error(what: str, fault: sqlite3.Error) -> JournalError:
    name = getattr(fault, "sqlite_errorname", "")
    log.warning("the journal could not be %s: %s", what, name or fault)
    return JournalError(f"the journal cannot be {what}: {fault} {name}".rstrip(), code_of(fault))


def code_of(fault: Exception) -> str:
    """What kind of trouble it is, by SQLite's name or the system's number of it."""
    name = getattr(fault, "sqlite_errorname", "")
    number = getattr(fault, "errno", None)
    if name.startswith("SQLITE_FULL") or number in {errno.ENOSPC, errno.EDQUOT}:
        return "disk-full"
    if name.startswith("SQLITE_READONLY") or number in {errno.EROFS, errno.EACCES}:
        return "read-only"
    if name.startswith(("SQLITE_IOERR", "SQLITE_CANTOPEN")) or number == errno.EIO:
        return "disk-error"
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return "damaged"
    return "unusable"


def open_for_writing(path: Path) -> sqlite3.Connection:
    """The one connection that may write. Creates the file (0600) and its tables. Raises `JournalError`."""
    connection = None
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        path.chmod(0o600)  # by path: closing a descriptor of a file that SQLite has open would drop SQLite's locks
        connection = sqlite3.connect(path, isolation_level=None, cached_statements=64)
        _set_up(connection)
        _migrate(connection, path)
        renew_reserve(connection, path)
    except (OSError, sqlite3.Error, JournalError) as fault:
        if connection is not None:
            connection.close()
        if isinstance(fault, JournalError):
            raise
        raise JournalError(f"the journal {path} cannot be opened: {fault}", code_of(fault)) from fault
    return connection


def open_for_reading(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, on a live journal too. Raises `JournalError`."""
    if not path.exists():
        raise JournalError(f"there is no journal at {path}: has the kiosk run with these settings?")
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
        version = connection.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.Error as fault:
        raise JournalError(f"{path} cannot be read: {fault}", code_of(fault)) from fault
    _refuse_other_versions(version, path)
    return connection


def _set_up(connection: sqlite3.Connection) -> None:
    """Sets what durability stands on, and reads it back: SQLite keeps silent about a setting that it did not take."""
    connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # also while boxes come in: else pages keep copies of moved rows
    mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
    synchronous = connection.execute("PRAGMA synchronous").fetchone()[0]
    if (mode, synchronous) != ("wal", 2):
        raise JournalError(
            f"the disk does not allow a durable journal (journal_mode {mode}, synchronous {synchronous}): "
            "put storage.directory on a local file system such as ext4",
            "not-durable",
        )


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == VERSION:
        return
    if version != 0:
        _refuse_other_versions(version, path)
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations

    migrations = Migrations("journal")

    @migrations()
    def first_tables(database: Database) -> None:
        for statement in _TABLES:
            database.execute(statement)
        database.execute("PRAGMA user_version = 1")

    migrations.apply(Database(connection))


def renew_reserve(connection: sqlite3.Connection, path: Path) -> None:
    """Grows the write-ahead log and the file ahead of need: at start, and when half of it has been used.

    A commit then overwrites blocks that the file system has already given, which is faster than growing a file, and a
    disk that others have filled still takes presses. The log is kept at this size by never truncating it in service.
    Where there is no space left for a reserve, what is left of it has to do.
    """
    log_file = path.with_name(path.name + "-wal")
    free = connection.execute("PRAGMA freelist_count").fetchone()[0] * PAGE_BYTES
    if free >= RESERVE_BYTES // 2 and log_file.exists() and log_file.stat().st_size >= RESERVE_BYTES:
        return
    connection.execute("PRAGMA secure_delete = OFF")  # nothing of anybody's is in it
    try:
        connection.execute("INSERT INTO reserve (filler) VALUES (zeroblob(?))", (RESERVE_BYTES,))
        connection.execute("DELETE FROM reserve")
        connection.execute("PRAGMA wal_checkpoint(RESTART)")
    except sqlite3.OperationalError as fault:
        if code_of(fault) != "disk-full":
            raise
        log.warning("no space for the journal's reserve: %s", fault)
    finally:
        connection.execute("PRAGMA secure_delete = ON")


def _refuse_other_versions(version: int, path: Path) -> None:
    if version != VERSION:
        message = f"{path} has version {version}, this program reads {VERSION}: install the newer one"
        raise JournalError(message, "newer")
