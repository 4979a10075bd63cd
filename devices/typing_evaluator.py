"""A five-button box that is a USB keyboard: the reader of its event device, or of the keys that the window was typed.

It hears nothing of what the host says, and has no address but the only one.
"""

import time
from collections.abc import Callable, Iterable
from typing import assert_never

from devices.event_device import EventDevice, WindowKeys, open_keys
from devices.facts import Fact, KeyStuck
from devices.frames import Frame, FrameEvent
from devices.framing import parser_for
from devices.heard import RAW_BYTES, Heard
from devices.input_events import EventsDropped, InputEventParser, KeyMoved
from devices.interpreter import Interpreter
from devices.key_codes import DIGITS
from devices.key_watch import STUCK_AFTER_S
from devices.keystrokes import CODE_BYTES
from devices.profile_parts import ONLY_ADDRESS, KeyboardLink, Profile, SerialLink
from devices.reader_thread import ReaderThread


class TypingEvaluator:
    """`device` is the path of the box's event device, "" for the window's keys. `listener` is called on the reader's
    thread and must not block.
    """

    def __init__(
        self,
        name: str,
        device: str,
        profile: Profile,
        listener: Callable[[Fact], None],
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """ValueError if the profile is of a box on a serial line."""
        self.name = name
        self._device = device
        self._profile = profile
        self._gap_s = _keyboard_link(name, profile).silence_s
        self._listener = listener
        self._monotonic = monotonic
        self._interpreter = Interpreter(name, profile, frozenset({ONLY_ADDRESS}), monotonic)
        self._last_frame = self._last_raw = b""
        self._down: dict[int, float] = {}
        self._stuck: set[int] = set()
        self._reader = ReaderThread(name, device or WindowKeys.path, self._open, self._serve, listener)

    @property
    def codes(self) -> frozenset[int]:
        """The keys that are this box's where it types into the window: all that it may type, and every digit."""
        typed = b"".join(self._profile.key_frame(ONLY_ADDRESS, key) for key in self._profile.keys)
        pairs = (typed[at : at + CODE_BYTES] for at in range(0, len(typed), CODE_BYTES))
        return DIGITS | {int.from_bytes(pair) for pair in pairs}

    @property
    def heard(self) -> Heard:
        """What was typed since the start; raw bytes are codes of two bytes. May be asked from any thread."""
        return Heard(self._interpreter.counts, self._last_frame, self._last_raw, self._reader.identity)

    def start(self) -> None:
        """Starts the reader; an evaluator starts once. A device that cannot be opened is a fact, not an error."""
        self._reader.start()

    def stop(self, deadline_s: float = 2.0) -> None:
        """Ends the reader and lets the device go; returns after `deadline_s` at the latest. Not for the listener."""
        self._reader.stop(deadline_s)

    def type(self, code: int, down: bool) -> None:
        """A key of the window, by its Linux event code; never waits. Nothing happens where there is a device."""

        def put(keys: EventDevice | WindowKeys) -> None:
            if isinstance(keys, WindowKeys):
                keys.type(code, down=down)

        self._reader.with_port(put)

    def say(self, command: str, address: int, clerk: str = "") -> None:
        """A keyboard hears nothing."""

    def acknowledge(self, address: int) -> None:
        """A keyboard hears nothing."""

    def _open(self) -> EventDevice | WindowKeys:
        return open_keys(self._device)

    def _serve(self, keys: EventDevice | WindowKeys) -> None:
        events, parser = InputEventParser(), parser_for(self._profile.framing)
        for code in tuple(self._stuck):
            self._let_go(code)
        self._down.clear()
        while not self._reader.stopping:
            data = keys.read(self._gap_s if parser.pending else None)
            if data is None:
                self._tell_events(parser.flush())
                continue
            for event in events.feed(data):
                self._reader.heard_something()
                match event:
                    case EventsDropped():
                        self._tell_events(parser.flush())
                    case KeyMoved(code, "down"):
                        typed = code.to_bytes(CODE_BYTES)
                        self._down[code] = self._monotonic()
                        self._last_raw = (self._last_raw + typed)[-RAW_BYTES:]
                        self._tell_events(parser.feed(typed))
                    case KeyMoved(code, "held"):
                        self._held(code)
                    case KeyMoved(code, _):
                        self._let_go(code)

    def _tell_events(self, events: Iterable[FrameEvent]) -> None:
        for event in events:
            if isinstance(event, Frame):
                self._last_frame = event.raw
            for fact in self._interpreter.interpret(event):
                self._listener(fact)

    def _held(self, code: int) -> None:
        """The keyboard repeats a key that is down: the only sign of one that is stuck."""
        since = self._down.setdefault(code, self._monotonic())
        if code not in self._stuck and self._monotonic() - since >= STUCK_AFTER_S:
            self._stuck.add(code)
            self._listener(KeyStuck(self.name, ONLY_ADDRESS, code.to_bytes(CODE_BYTES), stuck=True))

    def _let_go(self, code: int) -> None:
        self._down.pop(code, None)
        if code in self._stuck:
            self._stuck.discard(code)
            self._listener(KeyStuck(self.name, ONLY_ADDRESS, code.to_bytes(CODE_BYTES), stuck=False))


def _keyboard_link(name: str, profile: Profile) -> KeyboardLink:
    match profile.link:
        case KeyboardLink() as link:
            return link
        case SerialLink():
            raise ValueError(
                f"evaluator {name}: profile {profile.name} is of a box on a serial line, not of a keyboard"
            )
        case _:
            assert_never(profile.link)
