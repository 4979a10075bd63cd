"""One open serial port that is read by one thread. Opened and set by pyserial, read and written without it.

Everything that can go wrong with a port leaves this file as PortError.
"""

import logging
import os
import termios

import serial

from devices.blocking_read import BlockingRead
from devices.port_error import opening_failed, unplugged
from devices.profile_parts import SerialLink

_log = logging.getLogger(__name__)

_PARITIES = {"none": "N", "even": "E", "odd": "O", "mark": "M", "space": "S"}


class SerialPort:
    """Opens at once. `wake` may be called from any thread, all else from the reading one alone. `identity` is by what
    the port was found; without one it is its path.
    """

    def __init__(self, path: str, link: SerialLink, identity: str = "") -> None:
        self.path = path
        self.identity = identity or path
        try:
            self._serial = serial.Serial(
                path,
                baudrate=link.baud,
                bytesize=link.data_bits,
                parity=_PARITIES[link.parity],
                stopbits=link.stop_bits,
                timeout=None,
                exclusive=True,
            )
        except (OSError, termios.error) as error:
            raise opening_failed(path, error) from error
        self._reading = BlockingRead(self._serial.fileno())

    def read(self, silence_s: float | None, wait_s: float | None = None) -> bytes | None:
        """Blocks until bytes arrive and returns all that wait; b"" when woken, or after `wait_s` seconds; None once the
        line has been silent for `silence_s` seconds since the last byte. PortError when the port is lost.
        """
        try:
            return self._reading.read(silence_s, wait_s)
        except OSError as error:
            raise unplugged(self.path) from error

    def write(self, data: bytes) -> None:
        """Hands `data` to the line at once, or drops what it does not take. PortError when the port is lost."""
        try:
            taken = os.write(self._serial.fileno(), data)
        except BlockingIOError:
            taken = 0
        except OSError as error:
            raise unplugged(self.path) from error
        if taken < len(data):
            _log.warning("port %s took no output: %d bytes dropped", self.path, len(data) - taken)

    def wake(self) -> None:
        """Ends the `read` under way or, if there is none, the next one."""
        self._reading.wake()

    def close(self) -> None:
        """Never fails: the port may be gone already."""
        self._reading.close()
        try:
            self._serial.close()
        except OSError as error:
            _log.info("port %s was gone when it was closed: %s", self.path, error.strerror)
