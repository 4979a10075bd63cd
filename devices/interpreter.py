"""What a frame means, by the profile: a press, a bad frame, or other devices' business. Pure but for its counts.

The order of the questions matters. Other devices' frames are dropped first; then any with a host's command byte,
whoever sent it: on a half-duplex line our own reply to a box comes back to us, and it bears that box's address.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import assert_never

from devices.facts import BadFrame, BadFrameKind, KeyPressed
from devices.frames import Broken, Frame, FrameEvent
from devices.profile_parts import Profile


@dataclass(frozen=True, slots=True)
class Counts:
    """Frames since the start. `repeats`: dropped within the guard time. `host_frames`: echoes and other hosts'
    commands. `other_devices`: caller keypads and the like. The last two are no faults.
    """

    presses: int = 0
    repeats: int = 0
    host_frames: int = 0
    other_devices: int = 0
    wrong_checksums: int = 0
    unknown_keys: int = 0
    foreign_addresses: int = 0
    unknown_commands: int = 0
    noises: int = 0


class Interpreter:
    """`monotonic` is a clock in seconds that never goes back; it measures the guard time."""

    def __init__(
        self, evaluator: str, profile: Profile, addresses: frozenset[int], monotonic: Callable[[], float]
    ) -> None:
        self._evaluator = evaluator
        self._profile = profile
        self._addresses = addresses
        self._monotonic = monotonic
        self._host_commands = frozenset(command.command for command in profile.commands.values())
        self._last_press: dict[int, tuple[bytes, float]] = {}
        self.counts = Counts()

    def interpret(self, event: FrameEvent) -> KeyPressed | BadFrame | None:
        """The fact to tell; None for frames that are in order and tell nothing."""
        match event:
            case Broken(kind, raw, body):
                claimed = body[self._profile.body.address] if body else None
                return self._bad(kind, claimed if claimed in self._addresses else None, raw)
            case Frame():
                return self._frame(event)
            case _:
                assert_never(event)

    def _frame(self, frame: Frame) -> KeyPressed | BadFrame | None:
        places = self._profile.body
        address, command = frame.body[places.address], frame.body[places.command]
        if address in self._profile.addresses.other_devices:
            self.counts = replace(self.counts, other_devices=self.counts.other_devices + 1)
            return None
        if command in self._host_commands:
            self.counts = replace(self.counts, host_frames=self.counts.host_frames + 1)
            return None
        if address not in self._addresses:
            return self._bad("foreign-address", address, frame.raw)
        if command != self._profile.press.command:
            return self._bad("unknown-command", address, frame.raw)
        return self._press(address, frame.body[places.data :], frame.raw)

    def _press(self, address: int, data: bytes, raw: bytes) -> KeyPressed | BadFrame | None:
        press = self._profile.press
        level = self._profile.keys.get(data[press.key]) if len(data) == press.data_length else None
        if level is None:
            return self._bad("unknown-key", address, raw)
        if self._repeats(address, raw):
            self.counts = replace(self.counts, repeats=self.counts.repeats + 1)
            return None
        self.counts = replace(self.counts, presses=self.counts.presses + 1)
        key = data[press.key : press.key + 1]
        return KeyPressed(self._evaluator, address, level, key, raw, self._profile.digest)

    def _repeats(self, address: int, raw: bytes) -> bool:
        """A key that is held down repeats itself: each repeat begins the guard time anew."""
        now = self._monotonic()
        before, at = self._last_press.get(address, (b"", 0.0))
        self._last_press[address] = (raw, now)
        return before == raw and now - at < self._profile.guard_s

    def _bad(self, kind: BadFrameKind, address: int | None, raw: bytes) -> BadFrame:
        counts = self.counts
        match kind:
            case "checksum":
                self.counts = replace(counts, wrong_checksums=counts.wrong_checksums + 1)
            case "unknown-key":
                self.counts = replace(counts, unknown_keys=counts.unknown_keys + 1)
            case "foreign-address":
                self.counts = replace(counts, foreign_addresses=counts.foreign_addresses + 1)
            case "unknown-command":
                self.counts = replace(counts, unknown_commands=counts.unknown_commands + 1)
            case "noise":
                self.counts = replace(counts, noises=counts.noises + 1)
            case _:
                assert_never(kind)
        return BadFrame(self._evaluator, kind, address, raw)
