"""An event device without hardware: a FIFO that carries the kernel's input_event structures. POSIX only.

It can be pulled out and put back. Codes are written as a keyboard's: two bytes each, most significant first.
"""

import os
import tempfile
from pathlib import Path

from devices.input_events import Move, encode
from devices.keystrokes import CODE_BYTES


class EventFifo:
    """`path` is where the FIFO shall stand; without it a temporary folder is used, and removed by `close`."""

    def __init__(self, path: Path | None = None) -> None:
        self._folder = None if path else tempfile.TemporaryDirectory(prefix="evaluator-")
        self._path = path or Path(self._folder.name if self._folder else "") / "event-kbd"
        self._descriptor: int | None = None

    @property
    def line(self) -> str | None:
        """The path of the FIFO; None while unplugged."""
        return str(self._path) if self._descriptor is not None else None

    def plug(self) -> None:
        """Nothing happens if it is plugged in. OSError if something else stands there."""
        if self._descriptor is None:
            if self._path.is_fifo():
                self._path.unlink()
            os.mkfifo(self._path)
            # Open for reading too: bytes that are written before the host opens it wait, as those of a terminal do.
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_NONBLOCK)

    def unplug(self) -> None:
        if self._descriptor is not None:
            self._path.unlink(missing_ok=True)
            os.close(self._descriptor)
            self._descriptor = None

    def close(self) -> None:
        self.unplug()
        if self._folder is not None:
            self._folder.cleanup()

    def write(self, data: bytes) -> int:
        """Types whole codes, each down and up; returns how many of the bytes it took."""
        return sum(self._type(data[at : at + CODE_BYTES], "down", "up") for at in range(0, len(data), CODE_BYTES))

    def hold(self, data: bytes) -> int:
        """The keyboard's own repeat of the last code of `data`, which is still down."""
        return self._type(data[-CODE_BYTES:], "held")

    def _type(self, code: bytes, *moves: Move) -> int:
        """A key whose events do not fit whole is lost: half of one would put everything behind it out of step."""
        if self._descriptor is None or len(code) != CODE_BYTES:
            return 0
        try:
            os.write(self._descriptor, b"".join(encode(int.from_bytes(code), move) for move in moves))
        except BlockingIOError:
            return 0
        return CODE_BYTES
