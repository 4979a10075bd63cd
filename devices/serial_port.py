"""One open serial port that is read by one thread. The only file that knows pyserial.

Everything that can go wrong with a port leaves this file as PortError.
"""

import errno
import logging
import os
import termios
import time

import serial

from devices.facts import Cause
from devices.profile_parts import Link

_log = logging.getLogger(__name__)

_WRITE_DEADLINE_S = 0.2
_PARITIES = {"none": "N", "even": "E", "odd": "O", "mark": "M", "space": "S"}
_GONE = frozenset({errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.EIO})
_HELD = frozenset({errno.EAGAIN, errno.EBUSY})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM})


class PortError(Exception):
    """A port cannot be opened, or can no longer be used. The message is the reason in words for an engineer."""

    def __init__(self, cause: Cause, reason: str) -> None:
        super().__init__(reason)
        self.cause = cause


def opening_failed(path: str, error: Exception) -> PortError:
    """Why `path` could not be opened, and what can be done about it."""
    number = getattr(error, "errno", None)
    if number in _GONE:
        return PortError("missing", f"port {path} does not exist")
    if number in _HELD:
        return PortError("held", f"port {path} is held by another program")
    if number in _FORBIDDEN:
        return PortError("forbidden", f"no permission for port {path}: add the user to group dialout")
    why = os.strerror(number) if number else "it does not take the profile's line settings"
    return PortError("unusable", f"port {path} cannot be used as a serial port: {why}")


class SerialPort:
    """Opens at once. `wake` may be called from any thread, all else from the reading one alone."""

    def __init__(self, path: str, link: Link) -> None:
        self._path = path
        self._last_byte_at = time.monotonic()
        try:
            self._serial = serial.Serial(
                path,
                baudrate=link.baud,
                bytesize=link.data_bits,
                parity=_PARITIES[link.parity],
                stopbits=link.stop_bits,
                timeout=None,
                write_timeout=_WRITE_DEADLINE_S,
                exclusive=True,
            )
        except (OSError, termios.error) as error:
            raise opening_failed(path, error) from error

    def read(self, silence_s: float | None) -> bytes | None:
        """Blocks until bytes arrive and returns all that wait; b"" when woken; None once the line has been silent
        for `silence_s` seconds since the last byte (never, if that is None). PortError when the port is lost.
        """
        try:
            if self._serial.timeout != silence_s:
                self._serial.timeout = silence_s
            data: bytes = self._serial.read(1)
            if data and (waiting := self._serial.in_waiting):
                data += self._serial.read(waiting)
        except (OSError, termios.error) as error:
            # pyserial wraps what read() meets, but in_waiting lets a bare OSError(EIO) through.
            raise self._lost() from error
        now = time.monotonic()
        if data:
            self._last_byte_at = now
            return data
        return None if silence_s is not None and now - self._last_byte_at >= silence_s else b""

    def write(self, data: bytes) -> None:
        """Hands `data` to the line within 0.2 s or drops the rest of it. PortError when the port is lost."""
        try:
            self._serial.write(data)
        except serial.SerialTimeoutException:
            _log.warning("port %s took no output for %s s: dropped", self._path, _WRITE_DEADLINE_S)
        except OSError as error:
            raise self._lost() from error

    def wake(self) -> None:
        """Ends the `read` under way or, if there is none, the next one."""
        self._serial.cancel_read()

    def close(self) -> None:
        """Never fails: the port may be gone already."""
        try:
            self._serial.close()
        except OSError as error:
            _log.info("port %s was gone when it was closed: %s", self._path, error.strerror)

    def _lost(self) -> PortError:
        return PortError("missing", f"port {self._path} was lost: the box or its adapter was unplugged")
