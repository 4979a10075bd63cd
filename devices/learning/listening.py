"""The ears of a learning session: a thread that lists ports until one is chosen, then opens it and tells what it hears.

While no port is open the list is made anew every second: plugging is noticed by comparing. That is polling, and it ends
with the session. The thread's name begins with `learning`.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from serial.tools.list_ports import comports
from serial.tools.list_ports_common import ListPortInfo

from devices.event_device import EventDevice
from devices.input_events import InputEventParser, KeyMoved
from devices.keystrokes import CODE_BYTES
from devices.learning.steps import BURST_ENDS_MS, BytesHeard, Event, Port, PortLost, PortOpened, PortsSeen, Silence
from devices.port_error import PortError
from devices.port_finding import identity_of
from devices.profile_parts import KeyboardLink, SerialLink
from devices.serial_port import SerialPort

_EVERY_S: Final = 1.0
_KEYBOARDS: Final = Path("/dev/input/by-id")


class Listening:
    """`tell` is called on this thread with each event and the number of the opening that it belongs to: an event of
    an earlier opening may still come after `open` or `close` and must then be dropped (`turn` has changed).
    """

    def __init__(
        self, tell: Callable[[int, Event], None], list_ports: Callable[[], tuple[Port, ...]], pace: float = 1.0
    ) -> None:
        """`pace` below 1 lets every silence and every wait last shorter than it is told: a program presses faster
        than a person.
        """
        self._tell = tell
        self._list_ports = list_ports
        self._pace = pace
        self._news = threading.Condition()
        self._wanted: tuple[Port, SerialLink | KeyboardLink] | None = None
        self._listing = True
        self._stopping = False
        self._device: SerialPort | EventDevice | None = None
        self._thread = threading.Thread(target=self._run, name="learning", daemon=True)
        self.turn = 0

    def start(self) -> None:
        self._thread.start()

    def stop(self, deadline_s: float = 2.0) -> None:
        """Closes what is open; returns after `deadline_s` at the latest."""
        self._change(None, listing=False, stopping=True)
        if self._thread.ident is not None:
            self._thread.join(deadline_s)

    def open(self, port: Port, link: SerialLink | KeyboardLink) -> None:
        """Opens it in place of what is open. One that cannot be opened is told as PortLost."""
        self._change((port, link), listing=False)

    def close(self) -> None:
        self._change(None, listing=False)

    def list_again(self) -> None:
        """Closes what is open and tells which ports there are, now and every second."""
        self._change(None, listing=True)

    def _change(
        self, wanted: tuple[Port, SerialLink | KeyboardLink] | None, *, listing: bool, stopping: bool = False
    ) -> None:
        with self._news:
            self.turn += 1
            self._wanted, self._listing = wanted, listing
            self._stopping = self._stopping or stopping
            if self._device is not None:
                self._device.wake()
            self._news.notify_all()

    def _run(self) -> None:
        while True:
            with self._news:
                stopping, listing, wanted, turn = self._stopping, self._listing, self._wanted, self.turn
            if stopping:
                return
            if wanted is not None:
                self._listen(*wanted, turn)
            elif listing:
                self._tell(turn, PortsSeen(self._list_ports()))
            self._wait(turn, None if wanted is not None or not listing else _EVERY_S * self._pace)

    def _wait(self, turn: int, limit_s: float | None) -> None:
        with self._news:
            self._news.wait_for(lambda: self.turn != turn, limit_s)

    def _listen(self, port: Port, link: SerialLink | KeyboardLink, turn: int) -> None:
        try:
            with self._opened(port, link, turn) as device:
                self._tell(turn, PortOpened())
                self._hear(device, turn)
        except PortError as lost:
            self._tell(turn, PortLost(str(lost), lost.cause))

    @contextmanager
    def _opened(self, port: Port, link: SerialLink | KeyboardLink, turn: int) -> Iterator[SerialPort | EventDevice]:
        device = EventDevice(port.path) if isinstance(link, KeyboardLink) else SerialPort(port.path, link)
        with self._news:
            self._device = device
            if self.turn != turn:
                device.wake()
        try:
            yield device
        finally:
            with self._news:
                self._device = None
            device.close()

    def _hear(self, device: SerialPort | EventDevice, turn: int) -> None:
        keys, due_ms = InputEventParser(), BURST_ENDS_MS
        while self.turn == turn:
            data = device.read(due_ms / 1000 * self._pace)
            if data is None:
                self._tell(turn, Silence(due_ms))
                due_ms = (due_ms // 1000 + 1) * 1000
            elif heard := _typed(keys, data) if isinstance(device, EventDevice) else data:
                self._tell(turn, BytesHeard(heard, time.monotonic_ns() // 1_000_000))
                due_ms = BURST_ENDS_MS


def _typed(keys: InputEventParser, data: bytes) -> bytes:
    """The codes of the keys that went down."""
    moved = (event for event in keys.feed(data) if isinstance(event, KeyMoved))
    return b"".join(event.code.to_bytes(CODE_BYTES) for event in moved if event.move == "down")


def ports_here(
    folder: Path | None = None,
    keyboards: Path = _KEYBOARDS,
    listed: Callable[[], Iterable[ListPortInfo]] = comports,
) -> tuple[Port, ...]:
    """What may have a box behind it: serial ports, USB keyboards, and whatever stands in `folder`."""
    ports = [_serial(info) for info in _listed(listed)]
    ports += [
        Port(str(path), path.name, "keyboard") for path in _entries(keyboards) if path.name.endswith("-event-kbd")
    ]
    ports += [Port(str(path), path.name) for path in _entries(folder)]
    return tuple(sorted(ports, key=lambda port: port.path))


def _listed(listed: Callable[[], Iterable[ListPortInfo]]) -> list[ListPortInfo]:
    try:
        return list(listed())
    except (OSError, TypeError, ValueError):
        # An adapter that is pulled out while its numbers are read: the next list is whole again.
        return []


def _serial(info: ListPortInfo) -> Port:
    usb = "" if info.vid is None or info.pid is None else f"{info.vid:04x}:{info.pid:04x}"
    return Port(
        info.device, identity_of(info), "serial", usb, info.serial_number or "" if usb else "", info.location or ""
    )


def _entries(folder: Path | None) -> list[Path]:
    try:
        return sorted(folder.iterdir()) if folder is not None else []
    except OSError:
        return []
