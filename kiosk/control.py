"""What a command of the same user asks of the running kiosk, which alone writes the journal.

Over `sync.control_socket`: one JSON line in, one JSON line out. Knows seven words: `note`, for what an auditor must
know of, `clock`, for an engineer's time with the PIN, `adopt`, for an evaluator's map with the PIN, `paper`, for
printed forms with the PIN, `visits`, for how many windows a citizen may be rating at, `acknowledgement`, for what the
hub said to a parcel, and `carry`, for parcels that were put into the carry box. Where no kiosk runs, the command takes
the journal's lock and writes by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from kiosk.clock_setting import Answer
from kiosk.evaluators.adopting import Answer as AdoptAnswer
from kiosk.evaluators.maps import EvaluatorMap
from kiosk.paper.orders import Answer as PaperAnswer
from kiosk.paper.orders import Order
from kiosk.settings import Settings
from sync.anchors import ClockEvidence
from sync.clock import SystemClock
from sync.control_socket import ControlSocket, call
from sync.journal.lock import JournalLock
from sync.records import At, Audited
from sync.records.stored import CalendarMs, Count

NOTES: Final = frozenset({"pin-set", "window-token-made", "hub-token-set", "proxy-password-set", "enrolled"})


class _Clock(msgspec.Struct, frozen=True):
    pin: str
    at: At
    true_ms: CalendarMs
    uncertainty_ms: Count

    def evidence(self) -> ClockEvidence:
        return ClockEvidence(self.at, self.true_ms, self.uncertainty_ms, "engineer", "low")


class _Adopt(msgspec.Struct, frozen=True):
    pin: str
    map: EvaluatorMap


class _Paper(msgspec.Struct, frozen=True):
    pin: str
    order: Order


class _Asked(msgspec.Struct, frozen=True):
    note: str = ""
    clock: _Clock | None = None
    adopt: _Adopt | None = None
    paper: _Paper | None = None
    visits: bool = False
    acknowledgement: str = ""
    """The file's text: what it means is not read before it is needed."""
    carry: bool = False


class ControlError(Exception):
    """The running kiosk did not take it. The message says what to do."""


@dataclass(frozen=True, slots=True)
class ControlPorts:
    """Called on the control socket's thread. `note`, `visits` and `carry` must not wait, the others may."""

    note: Callable[[str], None]
    clock: Callable[[ClockEvidence, str], Answer]
    adopt: Callable[[EvaluatorMap, str], AdoptAnswer]
    visits: Callable[[], int]
    paper: Callable[[Order, str], PaperAnswer]
    acknowledge: Callable[[str], str]
    carry: Callable[[], None]


class Control(ControlSocket):
    def __init__(self, directory: Path, ports: ControlPorts) -> None:
        super().__init__(directory, "control", self._said)
        self._ports = ports

    def _said(self, line: bytes) -> bytes:
        return msgspec.json.encode(self._understood(line))

    def _understood(self, line: bytes) -> dict[str, str]:
        try:
            asked = msgspec.json.decode(line, type=_Asked)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return {"error": "not understood"}
        if asked.clock is not None:
            return {"done": self._ports.clock(asked.clock.evidence(), asked.clock.pin)}
        if asked.adopt is not None:
            return {"done": self._ports.adopt(asked.adopt.map, asked.adopt.pin)}
        if asked.paper is not None:
            return {"done": self._ports.paper(asked.paper.order, asked.paper.pin)}
        if asked.visits:
            return {"done": str(self._ports.visits())}
        if asked.acknowledgement:
            return {"done": self._ports.acknowledge(asked.acknowledgement)}
        if asked.carry:
            self._ports.carry()
            return {"done": "carry"}
        if asked.note not in NOTES:
            return {"error": "not understood"}
        self._ports.note(asked.note)
        return {"done": asked.note}


def tell(settings: Settings, what: str) -> None:
    """Makes `what` a record. Raises `ControlError`, or `JournalError` where no kiosk runs and the disk is at fault."""
    if _call(settings, {"note": what}) is None:
        _write(settings, what)


def set_clock(settings: Settings, evidence: ClockEvidence, pin: str) -> Answer | None:
    """Lets the running kiosk judge the PIN and record the time. None where no kiosk runs. Raises `ControlError`."""
    clock = _Clock(pin, evidence.at, evidence.true_ms, evidence.uncertainty_ms)
    done = _call(settings, {"clock": msgspec.to_builtins(clock)})
    return None if done is None else msgspec.convert(done, Answer)


def adopt(settings: Settings, shown: EvaluatorMap, pin: str) -> AdoptAnswer | None:
    """Lets the running kiosk judge the PIN and adopt the map. None where no kiosk runs. Raises `ControlError`."""
    done = _call(settings, {"adopt": msgspec.to_builtins(_Adopt(pin, shown))})
    return None if done is None else msgspec.convert(done, AdoptAnswer)


def paper(settings: Settings, order: Order, pin: str) -> PaperAnswer | None:
    """Lets the running kiosk judge the PIN and obey. None where no kiosk runs. Raises `ControlError`."""
    done = _call(settings, {"paper": msgspec.to_builtins(_Paper(pin, order))})
    return None if done is None else msgspec.convert(done, PaperAnswer)


def open_visits(settings: Settings) -> int | None:
    """At how many windows a visit is open. None where no kiosk runs. Raises `ControlError`."""
    done = _call(settings, {"visits": True})
    return None if done is None else int(done)


def acknowledge(settings: Settings, acknowledgement: str) -> str | None:
    """Lets the running kiosk take what the hub said to a parcel, and gives its answer. None where no kiosk runs. Raises
    `ControlError`.
    """
    return _call(settings, {"acknowledgement": acknowledgement})


def carry(settings: Settings) -> bool:
    """Tells the running kiosk of parcels in its carry box. False where no kiosk runs. Raises `ControlError`."""
    return _call(settings, {"carry": True}) is not None


def _call(settings: Settings, asked: dict[str, object]) -> str | None:
    """What was done. None where no kiosk runs."""
    try:
        said = call(settings.storage.directory, msgspec.json.encode(asked))
        if said is None:
            return None
        answer = msgspec.json.decode(said, type=dict[str, str])
    except (OSError, msgspec.MsgspecError) as fault:
        raise ControlError(f"the running kiosk did not answer ({fault}): restart it and try again") from fault
    if "done" not in answer:
        raise ControlError("the running kiosk does not know this command: it is of another version")
    return answer["done"]


def _write(settings: Settings, what: str) -> None:
    from kiosk.storage import open_journal

    lock = JournalLock(settings.storage.directory)
    try:
        now = SystemClock().now()
        journal, _ = open_journal(settings, now)
        journal.append([Audited(what, now)])
        journal.close()
    finally:
        lock.release()
