"""A barcode scanner, on a serial line or as a keyboard: a device that says *code scanned* and types nowhere."""

from collections.abc import Callable, Iterable
from typing import assert_never

from serial.tools.list_ports import comports
from serial.tools.list_ports_common import ListPortInfo

from devices.event_device import EventDevice, WindowKeys, open_keys
from devices.facts import BadFrame, CodeScanned, Fact
from devices.input_events import InputEventParser
from devices.key_codes import ENTERS, KEYPAD, PLAIN, SHIFTS
from devices.port_finding import PortChoice, find
from devices.profile_parts import SerialLink
from devices.reader_thread import ReaderThread
from devices.scanned_text import Code, Scan, SentText, TypedText, Unreadable
from devices.serial_port import SerialPort

_END_MISSING_S = 0.5
"""A code that is not ended within this time is none: the next one must not be joined to it."""


class Scanner:
    """`place` is a serial port, or the path of an event device, "" for the window's keys. `listener` is called on the
    reader's thread and must not block.
    """

    codes = frozenset(PLAIN) | frozenset(KEYPAD) | ENTERS | SHIFTS
    """The keys that are the scanner's where it types into the window."""

    def __init__(
        self,
        name: str,
        place: PortChoice | str,
        listener: Callable[[Fact], None],
        *,
        baud: int = 9600,
        ports: Callable[[], Iterable[ListPortInfo]] = comports,
    ) -> None:
        self.name = name
        self._place = place
        self._listener = listener
        self._link = SerialLink("rs232", baud, 8, "none", 1, int(_END_MISSING_S * 1000))
        self._ports = ports
        self._reader = ReaderThread(name, str(place) or WindowKeys.path, self._open, self._serve, listener)

    def start(self) -> None:
        """Starts the reader; a scanner starts once. A port that cannot be opened is a fact, not an error."""
        self._reader.start()

    def stop(self, deadline_s: float = 2.0) -> None:
        """Ends the reader and closes the port; returns after `deadline_s` at the latest. Not for the listener."""
        self._reader.stop(deadline_s)

    def type(self, code: int, down: bool) -> None:
        """A key of the window, by its Linux event code; never waits. Nothing happens where there is a device."""

        def put(port: SerialPort | EventDevice | WindowKeys) -> None:
            if isinstance(port, WindowKeys):
                port.type(code, down=down)

        self._reader.with_port(put)

    def _open(self) -> SerialPort | EventDevice | WindowKeys:
        if isinstance(self._place, str):
            return open_keys(self._place)
        found = find(self._place, self._ports)
        return SerialPort(found.path, self._link, found.identity)

    def _serve(self, port: SerialPort | EventDevice | WindowKeys) -> None:
        if isinstance(port, SerialPort):
            self._serve_line(port)
        else:
            self._serve_keys(port)

    def _serve_line(self, port: SerialPort) -> None:
        sent = SentText()
        while not self._reader.stopping:
            data = port.read(_END_MISSING_S if sent.pending else None)
            self._tell(sent.flush() if data is None else sent.feed(data))

    def _serve_keys(self, keys: EventDevice | WindowKeys) -> None:
        events, typed = InputEventParser(), TypedText()
        while not self._reader.stopping:
            data = keys.read(_END_MISSING_S if typed.pending else None)
            if data is None:
                self._tell(typed.flush())
                continue
            for event in events.feed(data):
                self._tell(typed.feed(event))

    def _tell(self, scans: Iterable[Scan]) -> None:
        """What could not be read is told without its bytes: they may be a case number."""
        for scan in scans:
            self._reader.heard_something()
            match scan:
                case Code(text):
                    self._listener(CodeScanned(self.name, text))
                case Unreadable():
                    self._listener(BadFrame(self.name, "noise", None, b""))
                case _:
                    assert_never(scan)
