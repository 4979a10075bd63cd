"""Presses that no visit waited for, bytes that are no press, what a keypad calls: one audit record a minute and kind.

A stuck key, a noisy line or a plug that shakes says so many times a second; the journal is told how often, and what
came first and last.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from sync.records import At, Audited

COALESCE_MS: Final = 60_000
FLAPPING: Final = 4
"""A box that was found or lost so often within a minute is told once a minute from then on."""
_MOST_HEX: Final = 128
_MOST_RUNS: Final = 200
"""Kinds at once; beyond, they are told together as `many`."""


class _Kind(NamedTuple):
    what: str
    window: str
    evaluator: str
    address: int
    kind: str


@dataclass(slots=True)
class _Run:
    since: At
    first: str
    last: str
    count: int = 1


@dataclass(slots=True)
class Strays:
    """Collects; `due_ms` says when to `take`."""

    _runs: dict[_Kind, _Run] = field(default_factory=dict)
    _plugged_ms: dict[str, deque[int]] = field(default_factory=dict)

    def stray_press(self, window: str, evaluator: str, address: int, frame: str, at: At) -> None:
        self._note(_Kind("stray-press", window, evaluator, address, "key"), frame, at)

    def unadopted(self, window: str, evaluator: str, address: int, frame: str, at: At) -> None:
        """A press or an order under a map that nobody has adopted."""
        self._note(_Kind("stray-press", window, evaluator, address, "unadopted"), frame, at)

    def dropped_press(self, window: str, evaluator: str, address: int, why: str, frame: str, at: At) -> None:
        self._note(_Kind("dropped-press", window, evaluator, address, why), frame, at)

    def keypad_order(self, window: str, evaluator: str, address: int, order: str, digits: str, at: At) -> None:
        """An order that is for the auditor alone; each number that was typed is a kind of its own."""
        self._note(_Kind(f"keypad-{order}", window, evaluator, address, digits[:_MOST_HEX]), digits, at)

    def bad_frame(self, window: str, evaluator: str, address: int | None, kind: str, raw: bytes, at: At) -> None:
        self._note(_Kind("bad-frame", window, evaluator, -1 if address is None else address, kind), raw.hex(), at)

    def flaps(self, evaluator: str, what: str, at: At) -> bool:
        """Whether this finding or losing is one too many to be a record of its own, and was collected."""
        told = self._plugged_ms.setdefault(evaluator, deque(maxlen=FLAPPING))
        if len(told) < FLAPPING or at.boot_ms - told[0] >= COALESCE_MS:
            told.append(at.boot_ms)
            return False
        self._note(_Kind("evaluator-flapping", "", evaluator, -1, "port"), what, at)
        return True

    @property
    def due_ms(self) -> int | None:
        """On the clock since boot; None while there is nothing."""
        if not self._runs:
            return None
        return min(run.since.boot_ms for run in self._runs.values()) + COALESCE_MS

    def take(self) -> tuple[Audited, ...]:
        """Everything collected so far, as audit records."""
        runs, self._runs = self._runs, {}
        return tuple(_audited(kind, run) for kind, run in runs.items())

    def _note(self, kind: _Kind, raw: str, at: At) -> None:
        raw = raw[:_MOST_HEX]
        if kind not in self._runs and len(self._runs) >= _MOST_RUNS:
            kind = kind._replace(kind="many")
        run = self._runs.get(kind)
        if run is None:
            self._runs[kind] = _Run(at, raw, raw)
        else:
            run.count += 1
            run.last = raw


def _audited(kind: _Kind, run: _Run) -> Audited:
    detail: dict[str, str | int] = {
        "evaluator": kind.evaluator,
        "address": kind.address,
        "kind": kind.kind,
        "count": run.count,
        "first": run.first,
        "last": run.last,
    }
    return Audited(kind.what, run.since, kind.window, detail)
