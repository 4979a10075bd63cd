"""The control socket: how a command of the same user reaches the one process that writes.

A Unix socket (0600) beside what is written. One line in, one line out; what a line means is its owner's to say. Where
nobody listens, the command takes the writer's lock and writes by itself.
"""

import logging
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

FILE_NAME: Final = "control.sock"
_MOST_BYTES: Final = 8 * 1024 * 1024
"""Of a line: a parcel in base64, and what stands around it."""
_PATIENCE_S: Final = 5.0
_LONG_PATIENCE_S: Final = 60.0
"""A PIN is slow to check, the store may be at work, and a disk may be slow."""


class ControlSocket:
    """Listens from `start` to `stop`, on a thread of its own, where `answer` is called with each line: it may wait."""

    def __init__(self, directory: Path, thread_name: str, answer: Callable[[bytes], bytes]) -> None:
        self._path = directory / FILE_NAME
        self._answer = answer
        self._socket = socket.socket(socket.AF_UNIX)
        self._thread = threading.Thread(target=self._serve, name=thread_name, daemon=True)

    def start(self) -> None:
        """Raises `OSError` where the socket cannot be made. Only the holder of the writer's lock may call it."""
        self._path.unlink(missing_ok=True)
        self._socket.bind(str(self._path))
        self._path.chmod(0o600)  # nobody can connect before `listen`
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
                    caller.sendall(self._answer(_line(caller)) + b"\n")
                except OSError as fault:
                    log.info("a control call ended early: %s", fault)


def call(directory: Path, line: bytes) -> bytes | None:
    """The answer, empty where the other end hung up. None where nobody listens. Raises `OSError`."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(_PATIENCE_S)
        try:
            connection.connect(str(directory / FILE_NAME))
        except OSError:
            return None
        connection.sendall(line + b"\n")
        connection.settimeout(_LONG_PATIENCE_S)
        return _line(connection)


def _line(connection: socket.socket) -> bytes:
    """Up to the newline, or to the end of what comes."""
    line = bytearray()
    while not line.endswith(b"\n") and len(line) <= _MOST_BYTES:
        piece = connection.recv(65_536)
        if not piece:
            break
        line += piece
    return bytes(line)
