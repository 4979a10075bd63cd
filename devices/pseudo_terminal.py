"""A serial line without hardware: a pseudo-terminal that can be pulled out and put back. POSIX only."""

import os
import select
import tempfile
import threading
import tty
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple


class _Line(NamedTuple):
    master: int
    slave: int
    wake_read: int
    wake_write: int
    path: str


class PseudoTerminal:
    """`heard` gets what the host writes, on a thread of this object's own. With `link`, a symbolic link there leads
    to the slave while the line is plugged in, so that the port keeps its path as a by-id path does.
    """

    def __init__(self, heard: Callable[[bytes], None], link: Path | None = None) -> None:
        self._heard = heard
        self._link = link
        self._line: _Line | None = None
        self._thread: threading.Thread | None = None

    @property
    def line(self) -> str | None:
        """The path of the slave; None while unplugged."""
        return self._line.path if self._line else None

    def plug(self) -> None:
        """Opens a new pseudo-terminal. Nothing happens if there is one. OSError if `link` is in the way."""
        if self._line is not None:
            return
        if self._link is not None and self._link.exists() and not self._link.is_symlink():
            raise FileExistsError(f"{self._link} is there already and is not a link")
        master, slave = os.openpty()
        # The slave stays open here too: the master would report a hang-up whenever the last host closes it.
        tty.setraw(slave)
        os.set_blocking(master, False)
        self._line = _Line(master, slave, *os.pipe(), os.ttyname(slave))
        self._point_link(self._line.path)
        self._thread = threading.Thread(
            target=self._listen, args=(self._line,), name=f"pty-{Path(self._line.path).name}", daemon=True
        )
        self._thread.start()

    def unplug(self) -> None:
        """Hangs up on the host and takes the link away. Nothing happens if there is no line."""
        line, thread = self._line, self._thread
        if line is None or thread is None:
            return
        self._line = None
        if self._link is not None:
            self._link.unlink(missing_ok=True)
        os.write(line.wake_write, b"x")
        thread.join()
        for descriptor in (line.master, line.slave, line.wake_read, line.wake_write):
            os.close(descriptor)

    def write(self, data: bytes) -> int:
        """Puts bytes on the line; returns how many it took: the rest is lost, as on a wire that nobody reads."""
        if self._line is None:
            return 0
        try:
            return os.write(self._line.master, data)
        except BlockingIOError:
            return 0

    def _point_link(self, path: str) -> None:
        if self._link is None:
            return
        with tempfile.TemporaryDirectory(dir=self._link.parent) as directory:
            new = Path(directory) / "link"
            new.symlink_to(path)
            new.replace(self._link)

    def _listen(self, line: _Line) -> None:
        while True:
            ready, _, _ = select.select([line.master, line.wake_read], [], [])
            if line.wake_read in ready:
                return
            self._heard(os.read(line.master, 4096))
