"""The control socket: how a command of the same user reaches the running kiosk, which alone writes the journal.

A Unix socket (0600) beside the journal. One JSON line in, one JSON line out. Knows four words: `note`, for what an
auditor must know of, `clock`, for an engineer's time with the PIN, `adopt`, for an evaluator's map with the PIN, and
`visits`, for how many windows a citizen may be rating at. Where no kiosk runs, the command takes the journal's lock and
writes by itself.
"""

import json
import logging
import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from kiosk.clock_setting import Answer
from kiosk.evaluators.adopting import Answer as AdoptAnswer
from kiosk.evaluators.maps import EvaluatorMap
from kiosk.settings import Settings
from sync.anchors import ClockEvidence
from sync.clock import SystemClock
from sync.journal.lock import JournalLock
from sync.records import At, Audited
from sync.records.stored import CalendarMs, Count

log = logging.getLogger(__name__)

FILE_NAME: Final = "control.sock"
NOTES: Final = frozenset({"pin-set", "window-token-made", "hub-token-set", "proxy-password-set"})
_MOST_BYTES: Final = 4096
_PATIENCE_S: Final = 5.0
_LONG_PATIENCE_S: Final = 60.0
"""A PIN is slow to check, and a disk may be."""


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


class _Asked(msgspec.Struct, frozen=True):
    note: str = ""
    clock: _Clock | None = None
    adopt: _Adopt | None = None
    visits: bool = False


class ControlError(Exception):
    """The running kiosk did not take it. The message says what to do."""


@dataclass(frozen=True, slots=True)
class ControlPorts:
    """Called on the control socket's thread. `clock` and `adopt` may wait, the others must not."""

    note: Callable[[str], None]
    clock: Callable[[ClockEvidence, str], Answer]
    adopt: Callable[[EvaluatorMap, str], AdoptAnswer]
    visits: Callable[[], int]


class Control:
    """Listens from `start` to `stop`, on a thread of its own."""

    def __init__(self, directory: Path, ports: ControlPorts) -> None:
        self._path = directory / FILE_NAME
        self._ports = ports
        self._socket = socket.socket(socket.AF_UNIX)
        self._thread = threading.Thread(target=self._serve, name="control", daemon=True)

    def start(self) -> None:
        """Raises `OSError` where the socket cannot be made. Only the holder of the journal's lock may call it."""
        self._path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            self._socket.bind(str(self._path))
        finally:
            os.umask(before)
        self._socket.listen(4)
        self._thread.start()

    def stop(self, deadline_s: float = 2.0) -> None:
        if self._thread.is_alive():
            self._socket.shutdown(socket.SHUT_RDWR)
            self._thread.join(deadline_s)
        self._socket.close()
        self._path.unlink(missing_ok=True)

    def _serve(self) -> None:
        while True:
            try:
                caller, _ = self._socket.accept()
            except OSError:
                return
            with caller:
                caller.settimeout(_PATIENCE_S)
                try:
                    caller.sendall(json.dumps(self._answer(caller.recv(_MOST_BYTES))).encode() + b"\n")
                except OSError as fault:
                    log.info("a control call ended early: %s", fault)

    def _answer(self, line: bytes) -> dict[str, str]:
        try:
            asked = msgspec.json.decode(line, type=_Asked)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return {"error": "not understood"}
        if asked.clock is not None:
            return {"done": self._ports.clock(asked.clock.evidence(), asked.clock.pin)}
        if asked.adopt is not None:
            return {"done": self._ports.adopt(asked.adopt.map, asked.adopt.pin)}
        if asked.visits:
            return {"done": str(self._ports.visits())}
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


def open_visits(settings: Settings) -> int | None:
    """At how many windows a visit is open. None where no kiosk runs. Raises `ControlError`."""
    done = _call(settings, {"visits": True})
    return None if done is None else int(done)


def _call(settings: Settings, asked: dict[str, object]) -> str | None:
    """What was done. None where no kiosk runs."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(_PATIENCE_S)
        try:
            connection.connect(str(settings.storage.directory / FILE_NAME))
        except OSError:
            return None
        try:
            connection.sendall(json.dumps(asked).encode() + b"\n")
            connection.settimeout(_LONG_PATIENCE_S)
            answer = json.loads(connection.recv(_MOST_BYTES))
        except (OSError, ValueError) as fault:
            raise ControlError(f"the running kiosk did not answer ({fault}): restart it and try again") from fault
    if "done" not in answer:
        raise ControlError("the running kiosk does not know this command: it is of another version")
    return str(answer["done"])


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
