"""What is remembered of each report to one platform: one row a report, in one file (`book_file.py`).

No case number, no name and no words of a citizen stand in it, but for the values that a person has mended, until the
platform has taken them. What a platform has accepted never changes (triggers refuse it). May be used from any thread.
"""

# ruff: noqa: S608 - the statements are joined from the constants below

import hashlib
import hmac
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from sync.clock import hall_day
from sync.provinces.book_figures import BookFigures, State, VisitKey
from sync.provinces.book_file import BookError, BookFile
from sync.provinces.outcomes import Accepted, AnotherStands, Later, NeedsPerson, Outcome
from sync.reports.press_time import PressTime
from sync.reports.report import Report, ReportKey

__all__ = ["Book", "BookError", "Entry", "State", "VisitKey", "day_of"]

_VISIT: Final = "device = ? AND generation = ? AND asked = ?"
_OF: Final = f"{_VISIT} AND case_number = ?"
_THIS: Final = f"{_OF} AND kind = ?"
_COLUMNS: Final = (
    "device, generation, asked, case_number, kind, level, day, state, words, fields, receipt, tries, maybe_taken, "
    "pressed, met_ms, due_ms"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One report as it stands. `pressed` is frozen by the first try; `due_ms`: not before this wall-clock time.

    `day` is the hall's day of the press, empty for a case. `tries` are those that the platform answered.
    """

    key: ReportKey
    level: int
    day: str
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
    """Raises `BookError` where the file cannot be opened or is another destination's.

    Without `destination` it is whoever's it is, and has to be there. `read_only`: beside whoever writes it.
    """

    def __init__(self, path: Path, destination: str | None, *, read_only: bool = False) -> None:
        if destination is None and not path.exists():
            raise BookError(f"there is no {path}: nothing has been reported from here yet")
        self._file = BookFile(path, read_only=read_only)
        self.figures = BookFigures(self._file)
        self._service_key = self._file.fact("service-key", secrets.token_bytes(32))
        self.id = self._file.fact("book", secrets.token_bytes(16))
        """Which book this is: another one remembers nothing of what went out."""
        known = self._file.fact("destination", (destination or "").encode()).decode()
        if destination not in {None, known}:
            self._file.close()
            raise BookError(
                f"{path} holds the reports to {known}: choose another file for {destination}, or move it aside; "
                "everything is then reported anew"
            )

    def close(self) -> None:
        self._file.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is changed within is kept whole or not at all, with one flush."""
        with self._file.transaction():
            yield

    def enrol(self, report: Report, now_ms: int) -> Entry:
        """As it stands; from now on it is expected at the platform."""
        level, day = _level_and_day(report)
        if (entry := self.entry(report.key)) is not None:
            if entry.state == "waiting" and (entry.level, entry.day) != (level, day):
                self._file.change(
                    f"UPDATE report SET level = ?, day = ? WHERE {_THIS} AND state = 'waiting'",
                    (level, day, *report.key),
                )
                return self._known(report.key)
            return entry
        self._insert(report.key, self._service(report.natural_key), level, day, now_ms)
        return self._known(report.key)

    def enrol_unread(self, key: ReportKey, level: int, day: str, words: str, now_ms: int) -> None:
        """A report that cannot be made, and is expected all the same: it needs a person, who is told `words`."""
        with self._file.transaction():
            if self.entry(key) is None:
                self._insert(key, self._service((":".join(map(str, key)), -1)), level, day, now_ms)
            self._file.change(
                f"UPDATE report SET state = 'needs-person', words = ? WHERE {_THIS} AND state = 'waiting'",
                (words, *key),
            )

    def entry(self, key: ReportKey) -> Entry | None:
        rows = self._file.rows(f"SELECT {_COLUMNS} FROM report WHERE {_THIS}", key)
        return _entry(rows[0]) if rows else None

    def of_visit(self, visit: VisitKey) -> list[Entry]:
        rows = self._file.rows(f"SELECT {_COLUMNS} FROM report WHERE {_VISIT} ORDER BY position", visit)
        return [_entry(row) for row in rows]

    def of_generation(self, device: str, generation: str, first: int, visits: int) -> list[Entry]:
        """Of so many visits, from the one asked for at `first` or behind it."""
        rows = self._file.rows(
            f"SELECT {_COLUMNS} FROM report WHERE device = ? AND generation = ? AND asked >= ? AND asked <= ("
            "SELECT coalesce(max(asked), -1) FROM (SELECT DISTINCT asked FROM report "
            "WHERE device = ? AND generation = ? AND asked >= ? ORDER BY asked LIMIT ?)) "
            "ORDER BY asked, case_number, kind",
            (device, generation, first, device, generation, first, visits),
        )
        return [_entry(row) for row in rows]

    def due(self, now_ms: int, latest_ms: int, after: int, limit: int) -> list[tuple[int, ReportKey]]:
        """Reports that wait and are due, behind position `after`, in the order in which they were met.

        A wait that ends behind `latest_ms` was written under a wrong clock, and is over.
        """
        rows = self._file.rows(
            "SELECT position, device, generation, asked, case_number, kind FROM report WHERE state = 'waiting' "
            "AND position > ? AND (due_ms <= ? OR due_ms > ?) ORDER BY position LIMIT ?",
            (after, now_ms, latest_ms, limit),
        )
        return [(position, ReportKey(*key)) for position, *key in rows]

    def next_due_ms(self, now_ms: int) -> int | None:
        rows = self._file.rows("SELECT min(due_ms) FROM report WHERE state = 'waiting' AND due_ms > ?", (now_ms,))
        return rows[0][0] if rows else None

    def begin_try(self, report: Report) -> None:
        """Durable before a byte leaves: should the power go now, the outcome of this try is unknown.

        Where it could not be read before, it now belongs to its service.
        """
        pressed = msgspec.json.encode(report.rating.pressed).decode() if report.rating else None
        self._file.change(
            f"UPDATE report SET maybe_taken = 1, pressed = ?, service = ? WHERE {_THIS}",
            (pressed, self._service(report.natural_key), *report.key),
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
        with self._file.transaction():
            self._file.change(
                "UPDATE report SET state = ?, words = ?, fields = ?, receipt = ?, tries = ?, maybe_taken = ?, "
                f"due_ms = ?, settled_ms = ? WHERE {_THIS}",
                (state, words, fields, receipt, tries, maybe_taken, due_ms, settled_ms, *before.key),
            )
            if before.key.kind == "rating" and isinstance(outcome, Accepted | AnotherStands):
                self._file.change(f"DELETE FROM mended WHERE {_OF}", before.key[:4])
            if isinstance(outcome, Accepted):
                self._file.change("INSERT OR IGNORE INTO accepted_visit VALUES (?, ?, ?)", before.key[:3])

    def accepted_visits(self, limit: int) -> list[VisitKey]:
        """Of which something was accepted, and which nobody has looked at since."""
        return [VisitKey(*row) for row in self._file.rows("SELECT * FROM accepted_visit LIMIT ?", (limit,))]

    def more_has_arrived(self, visit: VisitKey) -> None:
        """What needed a person is tried again, and whether the visit is settled is looked at anew."""
        again = f"UPDATE report SET state = 'waiting', due_ms = 0 WHERE {_VISIT} AND state = 'needs-person'"
        self._file.change(again, visit)
        found = f"SELECT DISTINCT device, generation, asked FROM report WHERE {_VISIT} AND state = 'accepted'"
        self._file.change(f"INSERT OR IGNORE INTO accepted_visit {found}", visit)

    def looked_at(self, visit: VisitKey) -> None:
        self._file.change(f"DELETE FROM accepted_visit WHERE {_VISIT}", visit)

    def another_of_service(self, report: Report) -> bool:
        """Whether the platform has, or may have, another report of this kind for the same service from here."""
        rows = self._file.rows(
            "SELECT 1 FROM report WHERE service = ? AND kind = ? AND (state = 'accepted' OR maybe_taken) "
            f"AND NOT ({_OF}) LIMIT 1",
            (self._service(report.natural_key), report.key.kind, *report.key[:4]),
        )
        return bool(rows)

    def waits_for_another(self, report: Report) -> bool:
        """Whether an earlier report of the same kind and service is still under way."""
        rows = self._file.rows(
            "SELECT 1 FROM report WHERE service = ? AND kind = ? AND state = 'waiting' AND position < "
            f"(SELECT position FROM report WHERE {_THIS}) LIMIT 1",
            (self._service(report.natural_key), report.key.kind, *report.key),
        )
        return bool(rows)

    def mended(self, key: ReportKey) -> dict[str, Any]:
        """New values of the case, by canonical name."""
        rows = self._file.rows(f"SELECT case_values FROM mended WHERE {_OF}", key[:4])
        return dict(msgspec.json.decode(rows[0][0])) if rows else {}

    def mend(self, key: ReportKey, values: Mapping[str, object]) -> None:
        with self._file.transaction():
            text = msgspec.json.encode({**self.mended(key), **values}).decode()
            self._file.change("INSERT OR REPLACE INTO mended VALUES (?, ?, ?, ?, ?)", (*key[:4], text))

    def send_again(self, key: ReportKey) -> bool:
        """False where it does not need a person."""
        again = f"UPDATE report SET state = 'waiting', due_ms = 0 WHERE {_THIS} AND state = 'needs-person'"
        return self._file.change(again, key) == 1

    def remark(self, key: ReportKey, words: str, now_ms: int) -> bool:
        """How a person settled a report beside which another rating stands. The report stays as it is."""
        of_it = f"INSERT OR REPLACE INTO remark SELECT position, ?, ? FROM report WHERE {_THIS}"
        return self._file.change(f"{of_it} AND state = 'another-stands'", (words, now_ms, *key)) == 1

    def of_state(self, state: State, limit: int = -1) -> list[Entry]:
        """In the order in which they were met; -1: all."""
        rows = self._file.rows(
            f"SELECT {_COLUMNS} FROM report WHERE state = ? ORDER BY position LIMIT ?", (state, limit)
        )
        return [_entry(row) for row in rows]

    def _insert(self, key: ReportKey, service: bytes, level: int, day: str, now_ms: int) -> None:
        self._file.change(
            "INSERT INTO report (device, generation, asked, case_number, kind, service, level, day, met_ms) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*key, service, level, day, now_ms),
        )

    def _known(self, key: ReportKey) -> Entry:
        entry = self.entry(key)
        assert entry is not None, "it was inserted just now"  # noqa: S101
        return entry

    def _service(self, natural_key: tuple[str, int]) -> bytes:
        """Tells two reports of one service from others, and names no case."""
        number, service = natural_key
        return hmac.digest(self._service_key, f"{number}\0{service}".encode(), hashlib.sha256)


def _level_and_day(report: Report) -> tuple[int, str]:
    if report.rating is None:
        return 0, ""
    return report.rating.level, day_of(report.rating.pressed.ms, report.hall_offset_minutes)


def day_of(pressed_ms: int, hall_offset_minutes: int) -> str:
    """The hall's day; empty for a time that no calendar has."""
    try:
        return hall_day(pressed_ms, hall_offset_minutes)[0]
    except (OverflowError, OSError, ValueError):
        return ""


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
    key, (level, day, state, words, fields, receipt, tries, maybe_taken, pressed, met_ms, due_ms) = row[:5], row[5:]
    return Entry(
        ReportKey(*key),
        level,
        day,
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
