"""Citizens who asked for the person in charge to come: told with window and case while they are still in the hall.

The case number is sealed; it is opened for the answer to a reader, in memory, where this hub's seal key lies beside its
store. Belongs to the store's thread.
"""

import sqlite3
from base64 import b64decode
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from sync.hub.verify import decoded
from sync.records import Asked, Case, Details, Record
from sync.sealing import UnsealError, unseal

TABLE: Final = """CREATE TABLE IF NOT EXISTS help_call (
    device TEXT NOT NULL,
    generation TEXT NOT NULL,
    asked INTEGER NOT NULL,
    window TEXT NOT NULL,
    clerk TEXT NOT NULL,
    visit BLOB NOT NULL,
    called_ms INTEGER NOT NULL,
    PRIMARY KEY (device, generation, asked)
) WITHOUT ROWID"""
_SHOWN: Final = 100


class HelpCall(Struct, frozen=True):
    device: str
    generation: str
    asked: Annotated[int, Meta(description="Sequence of the ask: with device and generation it names the visit.")]
    window: str
    clerk: str
    called_ms: Annotated[int, Meta(description="The kiosk's wall clock.")]
    cases: Annotated[
        list[str],
        Meta(description="Case numbers, opened with the hub's seal key; empty where there is none, or it is not here."),
    ]


def note_help(db: sqlite3.Connection, of: tuple[str, str], branch: int, record: Record | None) -> None:
    """Within the transaction that keeps the record. `of`: device and generation."""
    if not isinstance(record, Details) or not record.help:
        return
    row = db.execute("SELECT body FROM record WHERE branch = ? AND seq = ?", (branch, record.asked)).fetchone()
    ask = decoded(row[0]) if row else None
    if isinstance(ask, Asked):
        db.execute(
            "INSERT OR IGNORE INTO help_call (device, generation, asked, window, clerk, visit, called_ms) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*of, record.asked, ask.window, ask.clerk, ask.visit, record.at.wall_ms),
        )


class HelpCalls:
    def __init__(self, db: sqlite3.Connection, key_file: Path) -> None:
        self._db = db
        self._key_file = key_file

    def newest(self) -> list[HelpCall]:
        rows = self._db.execute(
            "SELECT device, generation, asked, window, clerk, called_ms, visit FROM help_call "
            "ORDER BY called_ms DESC LIMIT ?",
            (_SHOWN,),
        ).fetchall()
        key = self._key() if rows else None
        return [
            HelpCall(device, generation, asked, window, clerk, called_ms, self._cases(device, visit, key))
            for device, generation, asked, window, clerk, called_ms, visit in rows
        ]

    def _cases(self, device: str, visit: bytes, key: bytes | None) -> list[str]:
        """Each once: what became known of a case later names it again."""
        if key is None:
            return []
        numbers: list[str] = []
        for part, cipher in self._db.execute(
            "SELECT part, cipher FROM sealed WHERE device = ? AND visit = ? AND part GLOB 'case:*' ORDER BY part",
            (device, visit),
        ):
            try:
                numbers.append(msgspec.json.decode(unseal(key, visit, part, cipher), type=Case).project_no)
            except (UnsealError, msgspec.MsgspecError):
                continue
        return list(dict.fromkeys(numbers))

    def _key(self) -> bytes | None:
        try:
            return b64decode(self._key_file.read_bytes(), validate=False)
        except (OSError, ValueError):
            return None
