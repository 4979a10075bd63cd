"""The memory of what was asked: lets a repeated ask have the same answer, and says when a visit counts as over.

In memory alone, for a while alone. An ask's id may be a case number, so only keyed digests of ids and bodies are held.
A visit counts as over at a fixed delay after it was accepted, whatever the citizen did: nobody can read a level, nor
whether there was one, from that.
"""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final, Literal, TypeVar

from sync.records import At, VisitId

REMEMBERED: Final = 1000
"""Asks and visits a window."""
DELAY_S: Final = 75
"""Beyond the ask's own limit: enough for an open answer to be let finish."""

Known = TypeVar("Known")


@dataclass(frozen=True, slots=True)
class Accepted:
    visit: VisitId
    at: At
    limit_s: int
    slip: str = field(default="", repr=False)
    """The code of its slip: given with the ask, before there is any level. Empty where none was given."""

    @property
    def ends_wall_ms(self) -> int:
        return self.at.wall_ms + (self.limit_s + DELAY_S) * 1000

    def state(self, now: At) -> Literal["open", "ended"]:
        return "ended" if now.boot_ms >= self.at.boot_ms + (self.limit_s + DELAY_S) * 1000 else "open"


@dataclass(frozen=True, slots=True)
class OtherBody:
    """The same ask id came before, with something else."""


class AskBook:
    """One window's. `key` is random and new with every start."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._asks: OrderedDict[bytes, tuple[bytes, Accepted]] = OrderedDict()
        self._visits: OrderedDict[str, Accepted] = OrderedDict()

    def known(self, ask: str, body: bytes) -> Accepted | OtherBody | None:
        found = self._asks.get(self._digest(ask.encode()))
        if found is None:
            return None
        return found[1] if found[0] == self._digest(body) else OtherBody()

    def remember(self, ask: str | None, body: bytes, accepted: Accepted) -> None:
        _add(self._visits, accepted.visit.hex(), accepted)
        if ask is not None:
            _add(self._asks, self._digest(ask.encode()), (self._digest(body), accepted))

    def visit(self, visit: str) -> Accepted | None:
        return self._visits.get(visit)

    def _digest(self, content: bytes) -> bytes:
        return hashlib.blake2b(content, digest_size=16, key=self._key).digest()


Name = TypeVar("Name")


def _add(memory: OrderedDict[Name, Known], name: Name, known: Known) -> None:
    memory[name] = known
    if len(memory) > REMEMBERED:
        memory.popitem(last=False)
