"""What one hall day's records say beside the counts of visits: services that ended, whether anybody was asked for a
rating, and how often a level was taken back at each clerk's window. Belongs to the thread of its connection.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from sync.anchors import Anchor, believed_ms
from sync.clock import hall_day
from sync.records import Asked, Changed, Record, Service, understood

_KINDS: Final = tuple(f'{{"kind":"{kind}"'.encode() for kind in ("asked", "changed", "service", "head"))
_OTHER_DAYS: Final = 200
"""So many records of another day, one behind the other, are the day before: a wrong clock's few are passed over."""


@dataclass(frozen=True, slots=True)
class DayFacts:
    ended: int
    """Services of tickets that were told as ended; 0 where no queue says."""
    not_asked: int
    """Of these, those for which nobody was asked."""
    changes: tuple[tuple[str, int], ...]
    """Clerk's number to the levels that were taken back, the most first."""


@dataclass(slots=True)
class _Day:
    day: str
    position: int
    """Of the last record read."""
    ended: set[tuple[str, bytes]] = field(default_factory=set)
    asked: set[tuple[str, bytes]] = field(default_factory=set)
    changes: Counter[str] = field(default_factory=Counter)


class DayBook:
    """Reads each record of the day once: what is new since it was asked last, all of the day at first."""

    def __init__(self, utc_offset_minutes: int) -> None:
        self._utc_offset_minutes = utc_offset_minutes
        self._known: _Day | None = None

    def read(self, db: sqlite3.Connection, day: str, anchor: Anchor | None) -> DayFacts:
        """`day` is `yyyy-MM-dd`; `anchor` as it is in force now. Raises `sqlite3.Error`, `msgspec.DecodeError`."""
        end = db.execute("SELECT coalesce(max(position), 0) FROM record").fetchone()[0]
        known = self._known
        if known is None or known.day != day or known.position > end:
            known = self._known = _Day(day, end)
            for position, record in reversed(list(self._back_to(db, day, anchor))):
                self._take(db, known, position, record)
        else:
            for position, record in _rows(db, "position > ? ORDER BY position", known.position):
                if self._day(record, anchor) == day:
                    self._take(db, known, position, record)
            known.position = end
        not_asked = len(known.ended - known.asked)
        return DayFacts(len(known.ended), not_asked, tuple(known.changes.most_common()))

    def _back_to(self, db: sqlite3.Connection, day: str, anchor: Anchor | None) -> Iterator[tuple[int, Record]]:
        others = 0
        for position, record in _rows(db, "position > ? ORDER BY position DESC", 0):
            if self._day(record, anchor) == day:
                others = 0
                yield position, record
            elif (others := others + 1) == _OTHER_DAYS:
                return

    def _day(self, record: Record, anchor: Anchor | None) -> str:
        return hall_day(believed_ms(record.at, anchor), self._utc_offset_minutes)[0]

    def _take(self, db: sqlite3.Connection, known: _Day, position: int, record: Record) -> None:
        match record:
            case Asked(window=window, ticket=ticket) if ticket:
                known.asked.add((window, ticket))
            case Service(window=window, ticket=ticket, state="ended"):
                known.ended.add((window, ticket))
            case Changed(asked=asked):
                known.changes[_clerk(db, position, asked)] += 1
            case _:
                pass


def _rows(db: sqlite3.Connection, where: str, position: int) -> Iterator[tuple[int, Record]]:
    rows = db.execute(f"SELECT position, body FROM record WHERE {where}", (position,))  # noqa: S608
    for place, body in rows:
        if body.startswith(_KINDS) and (record := understood(body)) is not None:
            yield place, record


def _clerk(db: sqlite3.Connection, position: int, asked: int) -> str:
    """Of the ask in the generation that this position belongs to."""
    row = db.execute(
        "SELECT body FROM record WHERE position = ? + "
        "(SELECT max(first_position) FROM generation WHERE first_position <= ?)",
        (asked, position),
    ).fetchone()
    ask = understood(row[0]) if row else None
    return ask.clerk if isinstance(ask, Asked) else ""
