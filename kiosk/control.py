"""The control socket: how a command of the same user reaches the running kiosk, which alone writes the journal.

A Unix socket (0600) beside the journal. One JSON line in, one JSON line out. Knows one word: `note`, for what an
auditor must know of. Where no kiosk runs, the command takes the journal's lock and writes by itself.
"""

import json
import logging
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from kiosk.settings import Settings
from sync.clock import SystemClock
from sync.journal.lock import JournalLock
from sync.records import Audited

log = logging.getLogger(__name__)

FILE_NAME: Final = "control.sock"
NOTES: Final = frozenset({"pin-set", "window-token-made", "hub-token-set"})
_MOST_BYTES: Final = 4096
_PATIENCE_S: Final = 5.0


class ControlError(Exception):
    """The running kiosk did not take it. The message says what to do."""


class Control:
    """Listens from `start` to `stop`, on a thread of its own. `note` must not block."""

    def __init__(self, directory: Path, note: Callable[[str], None]) -> None:
        self._path = directory / FILE_NAME
        self._note = note
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
            what = json.loads(line)["note"]
        except (ValueError, KeyError, TypeError):
            return {"error": "not understood"}
        if what not in NOTES:
            return {"error": "not understood"}
        self._note(what)
        return {"done": what}


def tell(settings: Settings, what: str) -> None:
    """Makes `what` a record. Raises `ControlError`, or `JournalError` where no kiosk runs and the disk is at fault."""
    directory = settings.storage.directory
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(_PATIENCE_S)
        try:
            connection.connect(str(directory / FILE_NAME))
        except OSError:
            _write(settings, what)
            return
        try:
            connection.sendall(json.dumps({"note": what}).encode() + b"\n")
            answer = json.loads(connection.recv(_MOST_BYTES))
        except (OSError, ValueError) as fault:
            raise ControlError(f"the running kiosk did not answer ({fault}): restart it and try again") from fault
    if "done" not in answer:
        raise ControlError("the running kiosk does not know this command: it is of another version")


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
