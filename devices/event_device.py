"""Where the keys of a box or scanner that types come from: its event device, taken from everybody else, or the window.

An event device (/dev/input/…) that cannot be taken alone is not used at all: its digits would also go into whatever has
the focus. `WindowKeys` stands in where there is no such device and takes what the window was typed.
"""

import errno
import fcntl
import os
import stat

from devices.blocking_read import BlockingRead
from devices.input_events import Move, encode
from devices.port_error import PortError, opening_failed, unplugged

_EVIOCGRAB = 0x40044590


class EventDevice:
    """Opens and takes the device at once. A FIFO or a terminal that carries the same stream is read as it is, all else
    that cannot be taken is refused: the same keys would also come by the console.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.identity = path
        try:
            self._descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError as error:
            raise opening_failed(path, error, group="input", what="an event device") from error
        try:
            _take_alone(path, self._descriptor)
        except PortError:
            os.close(self._descriptor)
            raise
        self._reading = BlockingRead(self._descriptor)

    def read(self, silence_s: float | None) -> bytes | None:
        """As `BlockingRead.read`. PortError when the device is gone."""
        try:
            return self._reading.read(silence_s)
        except OSError as error:
            raise unplugged(self.path) from error

    def wake(self) -> None:
        self._reading.wake()

    def close(self) -> None:
        self._reading.close()
        os.close(self._descriptor)


class WindowKeys:
    """A device that is never lost. `type` may be called from any thread while it is open."""

    path = "window"
    identity = "window"

    def __init__(self) -> None:
        self._keys_read, self._keys_write = os.pipe()
        os.set_blocking(self._keys_read, False)
        os.set_blocking(self._keys_write, False)
        self._reading = BlockingRead(self._keys_read)

    def type(self, code: int, *, down: bool) -> None:
        """Dropped where thousands of keys wait already: nobody types so fast."""
        move: Move = "down" if down else "up"
        try:
            os.write(self._keys_write, encode(code, move))
        except BlockingIOError:
            return

    def read(self, silence_s: float | None) -> bytes | None:
        return self._reading.read(silence_s)

    def wake(self) -> None:
        self._reading.wake()

    def close(self) -> None:
        self._reading.close()
        os.close(self._keys_read)
        os.close(self._keys_write)


def open_keys(device: str) -> EventDevice | WindowKeys:
    """The event device at this path; for "" the keys of the window."""
    return EventDevice(device) if device else WindowKeys()


def _take_alone(path: str, descriptor: int) -> None:
    if stat.S_ISFIFO(os.fstat(descriptor).st_mode) or os.isatty(descriptor):
        return
    try:
        fcntl.ioctl(descriptor, _EVIOCGRAB, 1)
    except OSError as error:
        if error.errno == errno.ENODEV:
            raise unplugged(path) from error
        if error.errno == errno.EBUSY:
            raise PortError("held", f"port {path} cannot be taken alone: another program has taken it") from error
        raise PortError("unusable", f"port {path} cannot be used as an event device: it is none") from error
