"""The branches of a generation: one main line, and a further one for each fork. Nothing is ever thrown away.

A fork begins at the first record that differs; what is before belongs to its parent and is kept once.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from sync.wire import KnownHash


@dataclass(frozen=True, slots=True)
class Branch:
    id: int
    number: int
    parent: int | None
    start: int
    next: int
    head: bytes
    epoch: int


@dataclass(frozen=True, slots=True)
class Attachment:
    """Where a batch belongs: the first `matched` of its records are on this branch already."""

    branch: Branch
    matched: int


class Branches:
    def __init__(self, db: sqlite3.Connection, device: str, generation: str) -> None:
        self._db = db
        self._device = device
        self._generation = generation

    def all(self) -> list[Branch]:
        rows = self._db.execute(
            "SELECT id, number, parent, start, next, head, epoch FROM branch "
            "WHERE device = ? AND generation = ? ORDER BY number",
            (self._device, self._generation),
        )
        return [Branch(*row) for row in rows]

    def add(self, parent: Branch | None, start: int, head: bytes, epoch: int) -> Branch:
        number = len(self.all())
        identity = self._db.execute(
            "INSERT INTO branch (device, generation, number, parent, start, next, head, epoch) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (self._device, self._generation, number, parent and parent.id, start, start, head, epoch),
        ).lastrowid
        return Branch(identity or 0, number, parent.id if parent else None, start, start, head, epoch)

    def attach(self, genesis: bytes, previous: bytes, first: int, hashes: Sequence[bytes]) -> Attachment | None:
        """None: no branch holds the record before the first one of the batch."""
        best: tuple[Branch, int] | None = None
        for branch in self.all():
            if first > branch.next or self._hash_before(branch, first, genesis) != previous:
                continue
            matched = _common(self.hashes(branch, first, first + len(hashes)), hashes)
            if best is None or matched > best[1]:
                best = (branch, matched)
        return Attachment(*best) if best else None

    def hashes(self, branch: Branch, first: int, end: int) -> list[bytes]:
        """Hashes of the sequences from `first` to before `end`, as far as the branch has them."""
        inherited: list[bytes] = []
        if first < branch.start and branch.parent is not None:
            inherited = self.hashes(self._by_id(branch.parent), first, min(end, branch.start))
        own = self._db.execute(
            "SELECT hash FROM record WHERE branch = ? AND seq >= ? AND seq < ? ORDER BY seq", (branch.id, first, end)
        )
        return inherited + [row[0] for row in own]

    def locator(self, branch: Branch) -> list[KnownHash]:
        """Hashes at the head and 1, 3, 7, 15 … before it, and at 0."""
        wanted, seq, step = [], branch.next - 1, 1
        while seq > 0:
            wanted.append(seq)
            seq, step = seq - step, step * 2
        return [KnownHash(seq, self.hashes(branch, seq, seq + 1)[0]) for seq in (*wanted, 0)] if branch.next else []

    def _hash_before(self, branch: Branch, first: int, genesis: bytes) -> bytes:
        return self.hashes(branch, first - 1, first)[0] if first else genesis

    def _by_id(self, identity: int) -> Branch:
        return next(branch for branch in self.all() if branch.id == identity)


def _common(ours: Sequence[bytes], theirs: Sequence[bytes]) -> int:
    for count, (left, right) in enumerate(zip(ours, theirs, strict=False)):
        if left != right:
            return count
    return min(len(ours), len(theirs))
