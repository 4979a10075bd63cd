"""The evaluators on one serial port: a thread that reads it, says what is due to them, and tells facts.

The thread blocks in the read and wakes for bytes, for something to say, and for what it waits for: the rest of a frame
within the profile's inter-byte time, so that a broken frame cannot hold up the good one behind it; an answer; a probe.
"""

import time
from collections.abc import Callable, Iterable
from typing import assert_never

from serial.tools.list_ports import comports
from serial.tools.list_ports_common import ListPortInfo

from devices.facts import Fact
from devices.frames import Frame, FrameEvent
from devices.framing import parser_for
from devices.heard import RAW_BYTES, Heard
from devices.interpreter import Interpreter
from devices.port_finding import PortChoice, find
from devices.profile_parts import KeyboardLink, Profile, SerialLink
from devices.reader_thread import ReaderThread
from devices.serial_port import SerialPort
from devices.talking import Talking


class SerialEvaluator:
    """`listener` is called on the reader's thread and must not block; an exception from it is a bug that ends the
    thread. `addresses` are the boxes on this port that are ours; `port` is looked for anew at each opening.
    """

    def __init__(
        self,
        name: str,
        port: PortChoice,
        profile: Profile,
        addresses: frozenset[int],
        listener: Callable[[Fact], None],
        acknowledge: bool = False,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        ports: Callable[[], Iterable[ListPortInfo]] = comports,
    ) -> None:
        """ValueError if an address is not an evaluator's, if there is no acknowledgement to switch on, or if the
        profile is of a box that types.
        """
        evaluators = profile.addresses.evaluators
        if not addresses or not all(address in evaluators for address in addresses):
            raise ValueError(f"evaluator {name}: addresses must lie in {evaluators.start:#x}..{evaluators[-1]:#x}")
        if acknowledge and not profile.can("acknowledge"):
            raise ValueError(f"evaluator {name}: profile {profile.name} has no acknowledgement")
        self.name = name
        self._choice = port
        self._ports = ports
        self._link = _serial_link(name, profile)
        self._profile = profile
        self._addresses = addresses
        self._listener = listener
        self._acknowledges = acknowledge
        self._monotonic = monotonic
        self._interpreter = Interpreter(name, profile, addresses, monotonic)
        self._talking = Talking(profile, addresses)
        self._silent: tuple[int, ...] = ()
        self._last_frame = self._last_raw = b""
        self._reader = ReaderThread(name, str(port), self._open, self._serve, listener)

    @property
    def heard(self) -> Heard:
        """What has come over the line since the start. May be asked from any thread."""
        return Heard(
            self._interpreter.counts,
            self._last_frame,
            self._last_raw,
            self._reader.identity,
            self._talking.answered,
            self._talking.unanswered,
            self._silent,
        )

    def start(self) -> None:
        """Starts the reader; an evaluator starts once. A port that cannot be opened is a fact, not an error."""
        self._reader.start()

    def stop(self, deadline_s: float = 2.0) -> None:
        """Ends the reader and closes the port; returns after `deadline_s` at the latest. Not for the listener."""
        self._reader.stop(deadline_s)

    def acknowledge(self, address: int) -> None:
        """Thanks the box at `address`, with the same bytes for every level. Does nothing unless switched on; never
        waits. Dropped while the port is lost: a late one could start the box. ValueError for a foreign address.
        """
        self._check(address)
        if self._acknowledges:
            self._say("acknowledge", address, "")

    def say(self, command: str, address: int, clerk: str = "") -> None:
        """Has a command of the profile sent to the box at `address`, never waits. Nothing happens where the profile
        does not know it, and while the port is lost. ValueError for a foreign address, or for an acknowledgement.
        """
        self._check(address)
        if command == "acknowledge":
            raise ValueError("an acknowledgement is said by acknowledge(): it has to be switched on")
        if self._profile.can(command):
            self._say(command, address, clerk)

    def _check(self, address: int) -> None:
        if address not in self._addresses:
            raise ValueError(f"evaluator {self.name} has no address {address:#x}")

    def _say(self, command: str, address: int, clerk: str) -> None:
        def put(port: SerialPort) -> None:
            self._talking.say(command, address, clerk, self._monotonic())
            port.wake()

        self._reader.with_port(put)

    def _open(self) -> SerialPort:
        found = find(self._choice, self._ports)
        port = SerialPort(found.path, self._link, found.identity)
        self._silent = ()
        self._talking.opened(self._monotonic())
        return port

    def _serve(self, port: SerialPort) -> None:
        parser = parser_for(self._profile.framing)
        while not self._reader.stopping:
            self._send_due(port, mid_frame=parser.pending)
            self._tell_silence(port)
            silence_s = self._link.silence_s if parser.pending else None
            data = port.read(silence_s, self._talking.wait_s(self._monotonic(), mid_frame=parser.pending))
            if data is None:
                self._tell_events(parser.flush())
            elif data:
                self._reader.heard_something()
                self._last_raw = (self._last_raw + data)[-RAW_BYTES:]
                self._tell_events(parser.feed(data))

    def _send_due(self, port: SerialPort, *, mid_frame: bool) -> None:
        while (saying := self._talking.due(self._monotonic(), mid_frame=mid_frame)) is not None:
            port.write(saying.frame)
            if saying.command == "acknowledge":
                self._interpreter.acknowledged(saying.address)

    def _tell_events(self, events: Iterable[FrameEvent]) -> None:
        for event in events:
            if isinstance(event, Frame):
                self._last_frame = event.raw
                self._talking.heard(event, self._monotonic())
            for fact in self._interpreter.interpret(event):
                self._listener(fact)

    def _tell_silence(self, port: SerialPort) -> None:
        """The port stays open: a box that speaks again is found again."""
        silent = self._talking.silent
        if silent == self._silent:
            return
        self._silent = silent
        if silent:
            boxes = ", ".join(f"{address:02X}" for address in silent)
            self._reader.tell_lost(port.path, f"port {port.path}: no answer from the box at address {boxes}", "silent")
        else:
            self._reader.tell_found(port.path)


def _serial_link(name: str, profile: Profile) -> SerialLink:
    match profile.link:
        case SerialLink() as link:
            return link
        case KeyboardLink():
            raise ValueError(f"evaluator {name}: profile {profile.name} is of a box that types, not of a serial one")
        case _:
            assert_never(profile.link)
