"""What was said of the cases of each ask, so that more can be said later and nothing otherwise.

In memory alone: keyed digests of cases and of what their fields said, never the words. Of a visit asked for before a
restart, or a day ago, nothing is known.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from msgspec.structs import asdict

from sync.records import At, Case, VisitId

REMEMBERED: Final = 1000
"""Visits a window."""
LATEST_S: Final = 86_400
"""For so long after the ask more can be said."""
_NAME: Final = frozenset({"project_no", "service_number"})


@dataclass(frozen=True, slots=True)
class NewlyKnown:
    """Each by its place in the ask, and with what is new alone; empty where all had been said already."""

    visit: VisitId
    cases: tuple[tuple[int, Case], ...]


@dataclass(frozen=True, slots=True)
class OtherCase:
    """A case that the ask did not name."""


@dataclass(frozen=True, slots=True)
class SaidOtherwise:
    """A field that was given before, with something else."""

    field: str


@dataclass(slots=True)
class _Known:
    number: int
    fields: dict[str, bytes]


class CaseMemory:
    """One window's. `key` is random and new with every start."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._visits: OrderedDict[str, tuple[VisitId, At, dict[bytes, _Known]]] = OrderedDict()

    def remember(self, visit: VisitId, cases: tuple[Case, ...], at: At) -> None:
        known = {self._name(case): _Known(number, dict(self._fields(case))) for number, case in enumerate(cases)}
        self._visits[visit.hex()] = (visit, at, known)
        if len(self._visits) > REMEMBERED:
            self._visits.popitem(last=False)

    def add(self, visit: str, cases: tuple[Case, ...], now: At) -> NewlyKnown | OtherCase | SaidOtherwise | None:
        """Takes all of it, or nothing; None for a visit that is not known (any more)."""
        found = self._visits.get(visit)
        if found is None or now.boot_ms - found[1].boot_ms > LATEST_S * 1000:
            return None
        fresh: list[tuple[_Known, Case, dict[str, bytes]]] = []
        for case in cases:
            known = found[2].get(self._name(case))
            if known is None:
                return OtherCase()
            said = dict(self._fields(case))
            otherwise = next((name for name, told in said.items() if known.fields.get(name, told) != told), None)
            if otherwise is not None:
                return SaidOtherwise(otherwise)
            fresh.append((known, case, {name: told for name, told in said.items() if name not in known.fields}))
        for known, _, new in fresh:
            known.fields |= new
        return NewlyKnown(found[0], tuple((known.number, _only(case, new)) for known, case, new in fresh if new))

    def _name(self, case: Case) -> bytes:
        return self._digest(f"{case.project_no}\x00{case.service_number}")

    def _fields(self, case: Case) -> Iterator[tuple[str, bytes]]:
        for name, value in asdict(case).items():
            if value and name not in _NAME:
                yield name, self._digest(f"{name}\x00{value}")

    def _digest(self, text: str) -> bytes:
        return hashlib.blake2b(text.encode(), digest_size=12, key=self._key).digest()


def _only(case: Case, fields: dict[str, bytes]) -> Case:
    given = asdict(case)
    return Case(case.project_no, case.service_number, **{name: given[name] for name in fields})
