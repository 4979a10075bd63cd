"""A citizen's receipt, looked up at the hub: the same answer as at the kiosk, and as little of the level in it.

The codes stand in a table of their own, made from the records when somebody asks: it can be dropped and comes back.
Belongs to the store's thread. Does not decide who may ask: everybody may, at a bounded rate (`Patience`).
"""

import math
import sqlite3
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from sync.chain import link
from sync.hub.branches import Branches
from sync.receipts import ReceiptAnswer, answer, changed, code_of, is_salvaged_press, signed_at
from sync.records import Changed, Pressed, Salvaged, Signed, understood
from sync.transaction import transaction

STEP: Final = 5000
"""Records that one `catch_up` looks at: what a batch of a device may have to wait for."""
_CALLERS: Final = 4096
"""Callers that are remembered; the one that has been silent longest is forgotten."""
_TABLES: Final = (
    """CREATE TABLE IF NOT EXISTS receipt (
        code BLOB PRIMARY KEY,
        branch INTEGER NOT NULL,
        seq INTEGER NOT NULL
    ) WITHOUT ROWID""",
    "CREATE TABLE IF NOT EXISTS receipt_reach (branch INTEGER PRIMARY KEY, next INTEGER NOT NULL)",
)


class Receipts:
    """Every code that was given for a press that is here."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def catch_up(self) -> bool:
        """Looks at some records more; True once it knows the codes of all. A fork's press is here like any other."""
        for table in _TABLES:
            self._db.execute(table)
        behind = self._db.execute(
            "SELECT id, coalesce(receipt_reach.next, start) FROM branch LEFT JOIN receipt_reach ON branch = id "
            "WHERE coalesce(receipt_reach.next, start) < branch.next LIMIT 1"
        ).fetchone()
        if behind is None:
            return True
        self._learn(*behind)
        return False

    def find(self, code: bytes) -> ReceiptAnswer | None:
        """None: no press here has this code (10 bytes)."""
        row = self._db.execute(
            "SELECT device, generation, branch.id, seq, first_key, genesis, utc_offset_minutes FROM receipt "
            "JOIN branch ON branch.id = receipt.branch JOIN device USING (device) "
            "JOIN generation USING (device, generation) WHERE code = ?",
            (code,),
        ).fetchone()
        if row is None:
            return None
        device, generation, branch, seq, first_key, genesis, offset = row
        previous = self._hash_before(device, generation, branch, seq) if seq else genesis
        here = self._records(branch, seq, seq + 1)
        holds = bool(here) and link(previous, here[0][0]) == here[0][1]
        record = understood(here[0][0]) if holds else None
        if not isinstance(record, Pressed | Changed | Salvaged):
            return changed(device, generation, acknowledged=True)
        signed_ms = self._signed_ms((device, generation, branch, seq), first_key, previous)
        return answer(device, generation, record, signed_ms, offset, acknowledged=True)

    def _learn(self, branch: int, start: int) -> None:
        rows = self._db.execute(
            "SELECT seq, hash, body FROM record WHERE branch = ? AND seq >= ? ORDER BY seq LIMIT ?",
            (branch, start, STEP),
        ).fetchall()
        presses = [(code_of(of), branch, seq) for seq, of, body in rows if _is_press(body)]
        salvaged = [(code_of(of), branch, seq) for seq, _, body in rows if (of := _salvaged_hash(body))]
        with transaction(self._db):
            # a press that arrived before the damage says more than what was salvaged of it, whichever came first
            self._db.executemany("INSERT OR REPLACE INTO receipt (code, branch, seq) VALUES (?, ?, ?)", presses)
            self._db.executemany("INSERT OR IGNORE INTO receipt (code, branch, seq) VALUES (?, ?, ?)", salvaged)
            self._db.execute(
                "INSERT INTO receipt_reach (branch, next) VALUES (?, ?) ON CONFLICT DO UPDATE SET next = excluded.next",
                (branch, rows[-1][0] + 1),
            )

    def _signed_ms(self, place: tuple[str, str, int, int], first_key: bytes, running: bytes) -> int | None:
        """When the hub received the first head over a record, if the chain leads to it and its signature holds."""
        device, generation, branch, seq = place
        row = self._db.execute(
            "SELECT seq, text, epoch, signature, received_ms FROM head "
            "WHERE branch = ? AND seq >= ? ORDER BY seq LIMIT 1",
            (branch, seq),
        ).fetchone()
        if row is None:
            return None
        end, text, epoch, signature, received_ms = row
        for body, _ in self._records(branch, seq, end + 1):
            running = link(running, body)
        later = self._db.execute("SELECT key FROM signing_key WHERE device = ? AND epoch = ?", (device, epoch))
        keys = [first_key] if epoch == 0 else [key for (key,) in later]
        head = Signed(text, epoch, signature)
        holds = any(signed_at(key, head, (device, generation, end, running)) is not None for key in keys)
        return int(received_ms) if holds else None

    def _records(self, branch: int, first: int, end: int) -> list[tuple[bytes, bytes]]:
        rows = self._db.execute(
            "SELECT CAST(body AS BLOB), CAST(hash AS BLOB) FROM record "
            "WHERE branch = ? AND seq >= ? AND seq < ? ORDER BY seq",
            (branch, first, end),
        )
        return list(rows)

    def _hash_before(self, device: str, generation: str, branch: int, seq: int) -> bytes:
        branches = Branches(self._db, device, generation)
        own = next(one for one in branches.all() if one.id == branch)
        return b"".join(branches.hashes(own, seq - 1, seq))


class Patience:
    """A bounded rate for each caller: some questions at once, then one every so often."""

    def __init__(self, now: Callable[[], float], burst: int = 20, every_s: float = 0.5) -> None:
        """`now` is in seconds and never goes back."""
        self._now = now
        self._burst_s, self._every_s = burst * every_s, every_s
        self._until: OrderedDict[str, float] = OrderedDict()

    def wait_s(self, caller: str) -> int:
        """0: go on. Else the seconds after which this caller may ask again."""
        now = self._now()
        until = max(now, self._until.pop(caller, now))
        over = until + self._every_s - now - self._burst_s
        self._until[caller] = until if over > 0 else until + self._every_s
        while len(self._until) > _CALLERS:
            self._until.popitem(last=False)
        return math.ceil(over) if over > 0 else 0


def _is_press(body: bytes) -> bool:
    return (b'"pressed"' in body or b'"changed"' in body) and isinstance(understood(body), Pressed | Changed)


def _salvaged_hash(body: bytes) -> bytes:
    record = understood(body) if b'"salvaged"' in body else None
    return record.hash if is_salvaged_press(record) else b""
