"""Which visits' sealed texts are settled: the final recipient has acknowledged them and no rectification is open.

A settlement is final and never changes. From them follows the release of a generation (`sync.release`), the only thing
by which a device destroys what it has sealed. The hub's own copies stay: it is the archive. Belongs to the store's
thread.
"""

import sqlite3
from dataclasses import dataclass
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from sync.commitments import commitments
from sync.hub.branches import Branch, Branches
from sync.hub.verify import decoded
from sync.records import BAD_LEVELS, Asked, Changed, Details, Ended, Pressed, Record
from sync.release import MOST_EXCEPTIONS, Release, ReleaseKey, ReleaseText

Kind = Literal["no-rectification", "rectified"]
"""A bad review (差评) is settled by the end of its rectification (整改); any other visit had none."""
_OF: Final = "WHERE device = ? AND generation = ?"


class Settlement(Struct, frozen=True, forbid_unknown_fields=True):
    """What an operator, or a courier to the final recipient, says about one visit."""

    device: str
    generation: str
    asked: Annotated[int, Meta(ge=0, le=1 << 53)]
    """Sequence of the ask."""
    kind: Kind
    receipt: Annotated[str, Meta(min_length=1, max_length=2000)]
    """The final recipient's own words, such as the number that its platform gave."""


class Unsettled(Struct, frozen=True):
    """A visit whose sealed texts are still needed."""

    device: str
    generation: str
    asked: int
    asked_ms: int
    window: str


class SettlementError(Exception):
    """The visit is not settled by this. The message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class _Visit:
    """`ended` is the sequence of its last record."""

    ended: int
    is_bad: bool


class Settlements:
    """Without a key it settles visits and releases nothing."""

    def __init__(self, db: sqlite3.Connection, key: ReleaseKey | None) -> None:
        self._db = db
        self._key = key

    def settle(self, said: Settlement, now_ms: int) -> None:
        """Within a transaction of the caller. Said twice in the same words it is once. Raises `SettlementError`."""
        of = (said.device, said.generation)
        known = self._db.execute(f"SELECT kind, receipt FROM settlement {_OF} AND asked = ?", (*of, said.asked))  # noqa: S608
        if (row := known.fetchone()) is not None:
            if row == (said.kind, said.receipt):
                # what came to be known of a case after that is settled with it
                self._db.execute(f"DELETE FROM unsettled {_OF} AND asked = ?", (*of, said.asked))  # noqa: S608
                return
            raise SettlementError(f"the visit is settled already, as {row[0]} with the receipt: {row[1]}")
        visit = self._visit(said)
        if visit.is_bad and said.kind != "rectified":
            raise SettlementError(
                "a bad review (差评): settle it as rectified, once its rectification (整改) has ended"
            )
        if not visit.is_bad and said.kind == "rectified":
            raise SettlementError("not a bad review, so nothing was rectified: settle it with no-rectification")
        self._db.execute(
            "INSERT INTO settlement (device, generation, asked, ended, kind, receipt, settled_ms) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*of, said.asked, visit.ended, said.kind, said.receipt, now_ms),
        )
        self._db.execute(f"DELETE FROM unsettled {_OF} AND asked = ?", (*of, said.asked))  # noqa: S608

    def release(self, device: str, generation: str) -> Release | None:
        """None while nothing is settled. The same text until something more is settled."""
        text = self._text(device, generation)
        return self._key.sign(text) if self._key is not None and text is not None else None

    def unsettled(self, limit: int = 100) -> list[Unsettled]:
        """The first of each generation first."""
        rows = self._db.execute(
            "SELECT device, generation, asked, body FROM unsettled JOIN branch USING (device, generation) "
            "JOIN record ON record.branch = branch.id AND record.seq = asked WHERE number = 0 "
            "ORDER BY device, generation, asked LIMIT ?",
            (limit,),
        )
        asks = ((*of, asked, decoded(body)) for *of, asked, body in rows.fetchall())
        return [
            Unsettled(device, generation, asked, ask.at.wall_ms, ask.window)
            for device, generation, asked, ask in asks
            if isinstance(ask, Asked)
        ]

    def _text(self, device: str, generation: str) -> ReleaseText | None:
        of = (device, generation)
        last = self._db.execute(f"SELECT max(ended) FROM settlement {_OF}", of).fetchone()[0]  # noqa: S608
        if last is None:
            return None
        rows = self._db.execute(
            f"SELECT asked FROM unsettled {_OF} AND asked <= ? ORDER BY asked LIMIT ?",  # noqa: S608
            (*of, last, MOST_EXCEPTIONS + 1),
        )
        waiting = [row[0] for row in rows]
        end = last + 1 if len(waiting) <= MOST_EXCEPTIONS else waiting[-1]
        newest = self._db.execute(
            f"SELECT max(settled_ms) FROM settlement {_OF} AND asked < ?",  # noqa: S608
            (*of, end),
        ).fetchone()[0]
        if newest is None:
            return None
        branches = Branches(self._db, device, generation)
        return ReleaseText(
            device=device,
            generation=generation,
            next=end,
            hash=branches.hashes(branches.all()[0], end - 1, end)[0],
            unsettled=waiting[:MOST_EXCEPTIONS],
            time_ms=newest,
        )

    def _visit(self, said: Settlement) -> _Visit:
        """That the whole visit is here, with every text that it sealed."""
        main = self._main_branch(said)
        ask = self._record(main, said.asked)
        if not isinstance(ask, Asked):
            raise SettlementError(f"nobody asked for a rating at sequence {said.asked}: give the sequence of the ask")
        ended, level, wanted = self._run(main, said.asked, ask)
        if ended < 0 and self._was_left(said):
            ended = main.next - 1
        if ended < 0:
            raise SettlementError("the visit has not ended here: settle it when its last record has arrived")
        rows = self._db.execute("SELECT digest FROM sealed WHERE device = ? AND visit = ?", (said.device, ask.visit))
        here = {row[0] for row in rows}
        if not wanted:
            raise SettlementError("the visit sealed nothing: there is nothing to settle")
        if wanted - here:
            raise SettlementError(
                "a sealed text of the visit is not here: only the kiosk has it, so it must stay there"
            )
        return _Visit(ended, level in BAD_LEVELS)

    def _run(self, main: Branch, asked: int, ask: Asked) -> tuple[int, int, set[bytes]]:
        """Sequence of the visit's end (-1: not here), the level that counts (0: none), what it committed to."""
        level, wanted = 0, set(commitments(ask).values())
        rows = self._db.execute(
            "SELECT seq, body FROM record WHERE branch = ? AND seq > ? ORDER BY seq", (main.id, asked)
        )
        for seq, body in rows:
            record = decoded(body)
            if not isinstance(record, Pressed | Changed | Details | Ended) or record.asked != asked:
                continue
            wanted |= set(commitments(record).values())
            if isinstance(record, Changed) or (isinstance(record, Pressed) and not level):
                level = record.level
            if isinstance(record, Ended):
                rows.close()
                return seq, level, wanted
        return -1, level, wanted

    def _was_left(self, said: Settlement) -> bool:
        """A later generation goes on where this one was damaged or lost: a visit that was open then never ends."""
        row = self._db.execute(
            "SELECT 1 FROM generation WHERE device = ? AND number > "
            "(SELECT number FROM generation WHERE device = ? AND generation = ?)",
            (said.device, said.device, said.generation),
        ).fetchone()
        return row is not None

    def _main_branch(self, said: Settlement) -> Branch:
        branches = Branches(self._db, said.device, said.generation).all()
        if not branches:
            raise SettlementError("no such device and generation: `kiosk hub unsettled` lists what can be settled")
        return branches[0]

    def _record(self, branch: Branch, seq: int) -> Record | None:
        row = self._db.execute("SELECT body FROM record WHERE branch = ? AND seq = ?", (branch.id, seq)).fetchone()
        return decoded(row[0]) if row else None


def settlement_from(line: bytes) -> Settlement:
    """Raises `SettlementError`."""
    try:
        return msgspec.json.decode(line, type=Settlement)
    except (msgspec.MsgspecError, UnicodeDecodeError) as fault:
        raise SettlementError(f"not a settlement: {fault}") from fault
