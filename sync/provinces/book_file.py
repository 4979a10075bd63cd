"""The file (0600) that a book of reports stands in: one SQLite connection, used by one thread at a time."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sync.transaction import transaction

VERSION: Final = 1
_TABLES: Final = (
    "CREATE TABLE fact (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
    """CREATE TABLE report (
        position INTEGER PRIMARY KEY,
        device TEXT NOT NULL,
        generation TEXT NOT NULL,
        asked INTEGER NOT NULL,
        case_number INTEGER NOT NULL,
        kind TEXT NOT NULL,
        service BLOB NOT NULL,
        level INTEGER NOT NULL,
        day TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'waiting',
        words TEXT NOT NULL DEFAULT '',
        fields TEXT NOT NULL DEFAULT '[]',
        receipt TEXT NOT NULL DEFAULT '',
        tries INTEGER NOT NULL DEFAULT 0,
        maybe_taken INTEGER NOT NULL DEFAULT 0,
        pressed TEXT,
        met_ms INTEGER NOT NULL,
        due_ms INTEGER NOT NULL DEFAULT 0,
        settled_ms INTEGER,
        UNIQUE (device, generation, asked, case_number, kind)
    )""",
    "CREATE INDEX report_by_service ON report (service, kind)",
    "CREATE INDEX report_by_state ON report (state, position)",
    """CREATE INDEX report_unsent ON report (day)
        WHERE kind = 'rating' AND state IN ('waiting', 'needs-person')""",
    """CREATE TABLE mended (
        device TEXT NOT NULL,
        generation TEXT NOT NULL,
        asked INTEGER NOT NULL,
        case_number INTEGER NOT NULL,
        case_values TEXT NOT NULL,
        PRIMARY KEY (device, generation, asked, case_number)
    ) WITHOUT ROWID""",
    """CREATE TABLE remark (
        position INTEGER PRIMARY KEY REFERENCES report (position),
        words TEXT NOT NULL,
        written_ms INTEGER NOT NULL
    )""",
    # visits of which a report was accepted and nobody has looked yet whether that settles them
    """CREATE TABLE accepted_visit (
        device TEXT NOT NULL,
        generation TEXT NOT NULL,
        asked INTEGER NOT NULL,
        PRIMARY KEY (device, generation, asked)
    ) WITHOUT ROWID""",
    """CREATE TABLE tally (
        day TEXT NOT NULL,
        device TEXT NOT NULL,
        kind TEXT NOT NULL,
        level INTEGER NOT NULL,
        state TEXT NOT NULL,
        reports INTEGER NOT NULL,
        PRIMARY KEY (day, device, kind, level, state)
    ) WITHOUT ROWID""",
    """CREATE TABLE total (
        device TEXT NOT NULL,
        kind TEXT NOT NULL,
        level INTEGER NOT NULL,
        state TEXT NOT NULL,
        reports INTEGER NOT NULL,
        PRIMARY KEY (device, kind, level, state)
    ) WITHOUT ROWID""",
    """CREATE TRIGGER a_new_report_counts AFTER INSERT ON report BEGIN
        INSERT INTO tally VALUES (NEW.day, NEW.device, NEW.kind, NEW.level, NEW.state, 1)
        ON CONFLICT DO UPDATE SET reports = reports + 1;
        INSERT INTO total VALUES (NEW.device, NEW.kind, NEW.level, NEW.state, 1)
        ON CONFLICT DO UPDATE SET reports = reports + 1; END""",
    """CREATE TRIGGER a_report_moves AFTER UPDATE OF day, level, state ON report BEGIN
        UPDATE tally SET reports = reports - 1 WHERE day = OLD.day AND device = OLD.device AND kind = OLD.kind
        AND level = OLD.level AND state = OLD.state;
        UPDATE total SET reports = reports - 1 WHERE device = OLD.device AND kind = OLD.kind
        AND level = OLD.level AND state = OLD.state;
        INSERT INTO tally VALUES (NEW.day, NEW.device, NEW.kind, NEW.level, NEW.state, 1)
        ON CONFLICT DO UPDATE SET reports = reports + 1;
        INSERT INTO total VALUES (NEW.device, NEW.kind, NEW.level, NEW.state, 1)
        ON CONFLICT DO UPDATE SET reports = reports + 1; END""",
    """CREATE TRIGGER an_outcome_never_changes BEFORE UPDATE ON report
        WHEN OLD.state IN ('accepted', 'another-stands')
        BEGIN SELECT RAISE(ABORT, 'an outcome never changes'); END""",
    """CREATE TRIGGER a_report_never_goes BEFORE DELETE ON report
        BEGIN SELECT RAISE(ABORT, 'a report never goes'); END""",
)


class BookError(Exception):
    """The file cannot be used. The message says why."""


class BookFile:
    """From any thread; whoever is within `transaction` has it alone. Raises `BookError` where it cannot be opened."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self._alone = threading.RLock()
        self._read_only = read_only
        try:
            if read_only:
                self._db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
                self._check(path)
                return
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            self._db = sqlite3.connect(path, timeout=5.0, isolation_level=None, check_same_thread=False)
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
                self._db.execute(f"PRAGMA {pragma}")
            self._create(path)
        except (OSError, sqlite3.Error) as fault:
            raise BookError(f"{path} cannot be opened: {fault}") from fault

    def close(self) -> None:
        with self._alone:
            self._db.close()

    def rows(self, query: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        with self._alone:
            return self._db.execute(query, values).fetchall()

    def change(self, statement: str, values: tuple[Any, ...] = ()) -> int:
        """How many rows it concerned. Durable when it returns, unless within a transaction."""
        with self._alone:
            return self._db.execute(statement, values).rowcount

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or nothing; within another it is a part of that."""
        with self._alone:
            if self._begun():
                yield
                return
            with transaction(self._db):
                yield

    def fact(self, name: str, fresh: bytes) -> bytes:
        """`fresh` is kept where nothing is known by that name."""
        if not self._read_only:
            self.change("INSERT OR IGNORE INTO fact VALUES (?, ?)", (name, fresh))
        return bytes(self.rows("SELECT value FROM fact WHERE name = ?", (name,))[0][0])

    def _begun(self) -> bool:
        return self._db.in_transaction

    def _check(self, path: Path) -> int:
        version = int(self._db.execute("PRAGMA user_version").fetchone()[0])
        if version not in {0, VERSION}:
            raise BookError(f"{path} is of version {version}, this program reads version {VERSION}")
        return version

    def _create(self, path: Path) -> None:
        if self._check(path) == 0:
            with self.transaction():
                for statement in _TABLES:
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version = {VERSION}")
