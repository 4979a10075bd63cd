"""Which visits of all devices have a slip, how they stand, and to whom each was granted last.

Kept with the records, in their transaction; main branches alone. Belongs to the store's thread.
"""

import sqlite3
from collections.abc import Mapping
from typing import Final

import msgspec

from sync.clock import hall_day
from sync.hub.verify import decoded
from sync.records import LEVELS, Asked, Changed, Ended, Pressed, Record, Salvaged
from sync.slip_question import GRANT_MS, HALL_TAG, HALL_TAG_BYTES, SlipAnswer, SlipAsked, SlipCase, SlipVisit

TABLES: Final = (
    """CREATE TABLE IF NOT EXISTS slip_visit (
        device TEXT NOT NULL,
        generation TEXT NOT NULL,
        asked INTEGER NOT NULL,
        tag BLOB NOT NULL,
        later INTEGER NOT NULL,
        standing INTEGER NOT NULL,
        window TEXT NOT NULL,
        place TEXT NOT NULL,
        clerk TEXT NOT NULL,
        asked_ms INTEGER NOT NULL,
        cases BLOB NOT NULL,
        PRIMARY KEY (device, generation, asked, tag)
    ) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS slip_visit_tag ON slip_visit (tag)",
    """CREATE TABLE IF NOT EXISTS slip_grant (
        tag BLOB PRIMARY KEY,
        device TEXT NOT NULL,
        granted_ms INTEGER NOT NULL
    ) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS slip_grant_age ON slip_grant (granted_ms)",
)
_OPEN: Final = 0
_NOT_RATED: Final = 1
_RATED: Final = 2
"""Only ever upwards: a press that stands nowhere else any more was still made."""
_FORGOTTEN_MS: Final = 200 * 86_400_000
"""A grant of so long ago is in nobody's way: a profile's period has 90 working days at most."""
_ASKED: Final = (
    "INSERT INTO slip_visit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT DO UPDATE SET standing = max(standing, excluded.standing)"
)
_STANDS: Final = "UPDATE slip_visit SET standing = max(standing, ?) WHERE device = ? AND generation = ? AND asked = ?"


def note_slip(db: sqlite3.Connection, of: tuple[str, str], seq: int, record: Record | None) -> None:
    """Within the transaction that keeps the record. `of`: device and generation."""
    match record:
        case Asked():
            _note_ask(db, (*of, seq), record, _OPEN)
        case Pressed(asked=asked) | Changed(asked=asked):
            db.execute(_STANDS, (_RATED, *of, asked))
        case Ended(asked=asked):
            db.execute(_STANDS, (_NOT_RATED, *of, asked))
        case Salvaged():
            _note_salvaged(db, of[0], record)
        case _:
            pass


def _note_ask(db: sqlite3.Connection, key: tuple[str, str, int], ask: Asked, standing: int) -> None:
    for tag, cases in _tags(ask).items():
        bound = (ask.window, ask.place, ask.clerk, ask.at.wall_ms)
        db.execute(_ASKED, (*key, tag, ask.later is not None, standing, *bound, msgspec.json.encode(cases)))


def _note_salvaged(db: sqlite3.Connection, device: str, salvaged: Salvaged) -> None:
    """It may have ended behind the damage, or not have arrived at all before."""
    records = [decoded(body.encode()) for body in salvaged.bodies]
    asked = next((one.asked for one in records if isinstance(one, Pressed | Changed | Ended)), None)
    if asked is None:
        return
    key, standing = (device, salvaged.generation, asked), _RATED if salvaged.outcome in LEVELS else _NOT_RATED
    if isinstance(records[0], Asked):
        _note_ask(db, key, records[0], standing)
    db.execute(_STANDS, (standing, *key))


def _tags(ask: Asked) -> Mapping[bytes, list[SlipCase]]:
    tags: dict[bytes, list[SlipCase]] = {}
    for case in ask.cases:
        if len(case.slip) == HALL_TAG_BYTES and case.slip[0] == HALL_TAG:
            tags.setdefault(case.slip, []).append(SlipCase(case.service, case.item))
    return tags


class SlipVisits:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def answer(self, question: SlipAsked, now_ms: int) -> SlipAnswer:
        """A grant is durable when it returns."""
        rows = self._db.execute(
            "SELECT device, standing, later FROM slip_visit WHERE tag = ?", (question.tag,)
        ).fetchall()
        refused = not (question.own or any(not later for _, _, later in rows)) or any(
            _stands_in_the_way(question, device, standing) for device, standing, _ in rows
        )
        if refused or not self._grant(question, now_ms):
            return SlipAnswer(granted=False)
        return SlipAnswer(granted=True, visit=self._newest(question.tag))

    def _grant(self, question: SlipAsked, now_ms: int) -> bool:
        """One at a time. Another device has to wait until the one before has been heard of since: what that one opened
        has then arrived, in order, and stands in the way by itself.
        """
        row = self._db.execute(
            "SELECT slip_grant.device, granted_ms, coalesce(contact_ms, 0) FROM slip_grant "
            "LEFT JOIN device USING (device) WHERE tag = ?",
            (question.tag,),
        ).fetchone()
        if row is not None:
            holder, granted_ms, contact_ms = row
            if granted_ms <= now_ms < granted_ms + GRANT_MS:
                return False
            if holder != question.device and contact_ms < granted_ms + GRANT_MS:
                return False
        self._db.execute("DELETE FROM slip_grant WHERE granted_ms < ?", (now_ms - _FORGOTTEN_MS,))
        self._db.execute(
            "INSERT OR REPLACE INTO slip_grant (tag, device, granted_ms) VALUES (?, ?, ?)",
            (question.tag, question.device, now_ms),
        )
        return True

    def _newest(self, tag: bytes) -> SlipVisit | None:
        """The last where the citizen took it up again."""
        row = self._db.execute(
            "SELECT device, generation, asked, window, place, clerk, asked_ms, utc_offset_minutes, cases "
            "FROM slip_visit JOIN generation USING (device, generation) WHERE tag = ? AND NOT later "
            "ORDER BY number DESC, asked DESC LIMIT 1",
            (tag,),
        ).fetchone()
        if row is None:
            return None
        device, generation, asked, window, place, clerk, asked_ms, offset, cases = row
        day, named = hall_day(asked_ms, offset)[0], msgspec.json.decode(cases, type=list[SlipCase])
        return SlipVisit(device, generation, asked, window, place, clerk, day, named)


def _stands_in_the_way(question: SlipAsked, device: str, standing: int) -> bool:
    """The end of the asker's own visit may not have arrived yet: its journal has said that it is not rated."""
    return standing == _RATED or (standing == _OPEN and not (question.own and device == question.device))
