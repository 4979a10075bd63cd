"""What is remembered of each report to one platform: one row a report, in one SQLite file (0600).

No case number, no name and no words of a citizen stand in it, but for the values that a person has mended, until the
platform has taken them. What a platform has accepted never changes (triggers refuse it). Belongs to one thread.
"""

import hashlib
import hmac
import os
import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from sync.provinces.outcomes import Accepted, AnotherStands, Later, NeedsPerson, Outcome
from sync.reports.press_time import PressTime
from sync.reports.report import Kind, Report, ReportKey

State = Literal["waiting", "accepted", "another-stands", "needs-person"]
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
    """CREATE TRIGGER an_outcome_never_changes BEFORE UPDATE ON report
        WHEN OLD.state IN ('accepted', 'another-stands')
        BEGIN SELECT RAISE(ABORT, 'an outcome never changes'); END""",
    """CREATE TRIGGER a_report_never_goes BEFORE DELETE ON report
        BEGIN SELECT RAISE(ABORT, 'a report never goes'); END""",
)
_OF: Final = "device = ? AND generation = ? AND asked = ? AND case_number = ?"
_COLUMNS: Final = (
    "device, generation, asked, case_number, kind, level, state, words, fields, receipt, tries, maybe_taken, pressed, "
    "met_ms, due_ms"
)


class BookError(Exception):
    """The file cannot be used. The message says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One report as it stands. `pressed` is frozen by the first try; `due_ms`: not before this wall-clock time.

    `tries` are those that the platform answered.
    """

    key: ReportKey
    level: int
    state: State
    words: str
    fields: tuple[str, ...]
    receipt: str
    tries: int
    maybe_taken: bool
    pressed: PressTime | None
    met_ms: int
    due_ms: int


class Book:
    """Raises `BookError` where the file cannot be opened or is another destination's."""

    def __init__(self, path: Path, destination: str) -> None:
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            self._db = sqlite3.connect(path, timeout=5.0, isolation_level=None)
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
                self._db.execute(f"PRAGMA {pragma}")
            self._create(path)
        except (OSError, sqlite3.Error) as fault:
            raise BookError(f"{path} cannot be opened: {fault}") from fault
        self._service_key = bytes(self._fact("service-key", secrets.token_bytes(32)))
        known = self._fact("destination", destination.encode()).decode()
        if known != destination:
            self._db.close()
            raise BookError(f"{path} holds the reports to {known}: choose another file for {destination}")

    def close(self) -> None:
        self._db.close()

    def enrol(self, report: Report, now_ms: int) -> Entry:
        """As it stands; from now on it is expected at the platform."""
        if (entry := self.entry(report.key)) is not None:
            return entry
        level = report.rating.level if report.rating else 0
        self._db.execute(
            "INSERT INTO report (device, generation, asked, case_number, kind, service, level, met_ms) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (*report.key, self._service(report), level, now_ms),
        )
        return self._known(report.key)

    def entry(self, key: ReportKey) -> Entry | None:
        row = self._db.execute(f"SELECT {_COLUMNS} FROM report WHERE {_OF} AND kind = ?", key).fetchone()  # noqa: S608
        return _entry(row) if row else None

    def begin_try(self, key: ReportKey, pressed: PressTime | None) -> None:
        """Durable before a byte leaves: should the power go now, the outcome of this try is unknown."""
        self._db.execute(
            f"UPDATE report SET maybe_taken = 1, pressed = ? WHERE {_OF} AND kind = ?",  # noqa: S608
            (msgspec.json.encode(pressed).decode() if pressed else None, *key),
        )

    def keep(self, before: Entry, outcome: Outcome, now_ms: int, due_ms: int = 0) -> None:
        """What a try came to. `before` is the entry from before the try."""
        state, words, fields, receipt = _columns(outcome)
        maybe_taken, tries = before.maybe_taken, before.tries + 1
        if isinstance(outcome, Later) and outcome.taken != "unsaid":
            maybe_taken = outcome.taken == "maybe"
        elif isinstance(outcome, Later) and outcome.of_platform:
            tries = before.tries
        settled_ms = None if state == "waiting" else now_ms
        with self._transaction():
            self._db.execute(
                "UPDATE report SET state = ?, words = ?, fields = ?, receipt = ?, tries = ?, maybe_taken = ?, "  # noqa: S608
                f"due_ms = ?, settled_ms = ? WHERE {_OF} AND kind = ?",
                (state, words, fields, receipt, tries, maybe_taken, due_ms, settled_ms, *before.key),
            )
            if before.key.kind == "rating" and isinstance(outcome, Accepted | AnotherStands):
                self._db.execute(f"DELETE FROM mended WHERE {_OF}", before.key[:4])  # noqa: S608

    def another_of_service(self, report: Report) -> bool:
        """Whether the platform has, or may have, another report of this kind for the same service from here."""
        row = self._db.execute(
            "SELECT 1 FROM report WHERE service = ? AND kind = ? AND (state = 'accepted' OR maybe_taken) "  # noqa: S608
            f"AND NOT ({_OF})",
            (self._service(report), report.key.kind, *report.key[:4]),
        ).fetchone()
        return row is not None

    def waits_for_another(self, report: Report) -> bool:
        """Whether an earlier report of the same kind and service is still under way."""
        row = self._db.execute(
            "SELECT 1 FROM report WHERE service = ? AND kind = ? AND state = 'waiting' AND position < "  # noqa: S608
            f"(SELECT position FROM report WHERE {_OF} AND kind = ?)",
            (self._service(report), report.key.kind, *report.key),
        ).fetchone()
        return row is not None

    def mended(self, key: ReportKey) -> dict[str, Any]:
        """New values of the case, by canonical name."""
        row = self._db.execute(f"SELECT case_values FROM mended WHERE {_OF}", key[:4]).fetchone()  # noqa: S608
        return dict(msgspec.json.decode(row[0])) if row else {}

    def mend(self, key: ReportKey, values: Mapping[str, object]) -> None:
        text = msgspec.json.encode({**self.mended(key), **values}).decode()
        self._db.execute("INSERT OR REPLACE INTO mended VALUES (?, ?, ?, ?, ?)", (*key[:4], text))

    def send_again(self, key: ReportKey) -> bool:
        """False where it does not need a person."""
        done = self._db.execute(
            f"UPDATE report SET state = 'waiting', due_ms = 0 WHERE {_OF} AND kind = ? AND state = 'needs-person'",  # noqa: S608
            key,
        )
        return done.rowcount == 1

    def remark(self, key: ReportKey, words: str, now_ms: int) -> bool:
        """How a person settled a report beside which another rating stands. The report stays as it is."""
        done = self._db.execute(
            "INSERT OR REPLACE INTO remark SELECT position, ?, ? FROM report "  # noqa: S608
            f"WHERE {_OF} AND kind = ? AND state = 'another-stands'",
            (words, now_ms, *key),
        )
        return done.rowcount == 1

    def of_state(self, state: State) -> list[Entry]:
        """In the order in which they were met."""
        rows = self._db.execute(f"SELECT {_COLUMNS} FROM report WHERE state = ? ORDER BY position", (state,))  # noqa: S608
        return [_entry(row) for row in rows]

    def counts(self) -> dict[tuple[Kind, int, State], int]:
        """Reports, not visits, by kind, level (0 for a case) and state: all that are expected, and their outcomes."""
        rows = self._db.execute("SELECT kind, level, state, count(*) FROM report GROUP BY kind, level, state")
        return {(kind, level, state): count for kind, level, state, count in rows}

    def _known(self, key: ReportKey) -> Entry:
        entry = self.entry(key)
        assert entry is not None, "it was inserted just now"  # noqa: S101
        return entry

    def _service(self, report: Report) -> bytes:
        """Tells two reports of one service from others, and names no case."""
        number, service = report.natural_key
        return hmac.digest(self._service_key, f"{number}\0{service}".encode(), hashlib.sha256)

    def _fact(self, name: str, fresh: bytes) -> bytes:
        self._db.execute("INSERT OR IGNORE INTO fact VALUES (?, ?)", (name, fresh))
        value: bytes = self._db.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()[0]
        return value

    def _create(self, path: Path) -> None:
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version not in {0, VERSION}:
            raise BookError(f"{path} is of version {version}, this program reads version {VERSION}")
        if version == 0:
            with self._transaction():
                for statement in _TABLES:
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version = {VERSION}")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        finally:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")


def _columns(outcome: Outcome) -> tuple[State, str, str, str]:
    """State, words, fields at fault, receipt."""
    match outcome:
        case Accepted(receipt):
            return "accepted", "", "[]", receipt
        case AnotherStands(words):
            return "another-stands", words, "[]", ""
        case NeedsPerson(words, fields):
            return "needs-person", words, msgspec.json.encode(fields).decode(), ""
        case Later(words):
            return "waiting", words, "[]", ""


def _entry(row: tuple[Any, ...]) -> Entry:
    *key, level, state, words, fields, receipt, tries, maybe_taken, pressed, met_ms, due_ms = row
    return Entry(
        ReportKey(*key),
        level,
        state,
        words,
        msgspec.json.decode(fields, type=tuple[str, ...]),
        receipt,
        tries,
        bool(maybe_taken),
        msgspec.json.decode(pressed, type=PressTime) if pressed else None,
        met_ms,
        due_ms,
    )
