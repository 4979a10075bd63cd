"""What a frame means, by the profile: a press, an order of a keypad, a bad frame, or nobody's business. No I/O.

The order of the questions matters. Keypads come first, for their frames may bear any command byte; then the answers of
our boxes; then any frame that a host may have sent: on a half-duplex line our own command to a box comes back to us,
and it bears that box's address.
"""

from collections import Counter
from collections.abc import Callable
from typing import assert_never

from devices.counts import Counts
from devices.facts import BadFrame, BadFrameKind, Fact, KeypadUsed
from devices.frames import Broken, Frame, FrameEvent
from devices.key_watch import KeyWatch
from devices.profile_parts import Command, Profile

__all__ = ["Counts", "Interpreter"]

_BAD: dict[BadFrameKind, str] = {
    "checksum": "wrong_checksums",
    "unknown-key": "unknown_keys",
    "foreign-address": "foreign_addresses",
    "unknown-command": "unknown_commands",
    "noise": "noises",
}


class Interpreter:
    """`monotonic` is a clock in seconds that never goes back; it measures the guard time. `counts` may be asked from
    any thread, all else is for the reader's.
    """

    def __init__(
        self, evaluator: str, profile: Profile, addresses: frozenset[int], monotonic: Callable[[], float]
    ) -> None:
        self._evaluator = evaluator
        self._profile = profile
        self._monotonic = monotonic
        self._keys = {address: KeyWatch(evaluator, address, profile) for address in addresses}
        commands = profile.commands.values()
        self._host_commands = frozenset(command.command for command in commands if command.command is not None)
        self._host_data = tuple(command for command in commands if command.command is None)
        self._replies = frozenset(command.reply for command in commands if command.reply is not None)
        self._counts: Counter[str] = Counter()

    @property
    def counts(self) -> Counts:
        return Counts(**self._counts.copy())

    def acknowledged(self, address: int) -> None:
        """A press of the box at `address` was just acknowledged."""
        self._keys[address].acknowledged(self._monotonic())

    def interpret(self, event: FrameEvent) -> tuple[Fact, ...]:
        """The facts to tell; none for frames that are in order and tell nothing."""
        match event:
            case Broken(kind, raw, body):
                claimed = self._profile.address_in(body) if body else None
                return self._bad(kind, claimed if claimed in self._keys else None, raw)
            case Frame(body, raw):
                return self._frame(body, raw)
            case _:
                assert_never(event)

    def _frame(self, body: bytes, raw: bytes) -> tuple[Fact, ...]:
        profile = self._profile
        address, command, data = profile.address_in(body), profile.command_in(body), body[profile.body.data :]
        if address in profile.addresses.keypads:
            return self._keypad(address, data, raw)
        keys = self._keys.get(address)
        if keys is not None and command in self._replies:
            self._counts["replies"] += 1
            return ()
        if self._from_host(command, data):
            self._counts["host_frames"] += 1
            return ()
        if keys is None:
            return self._bad("foreign-address", address, raw)
        if command != profile.press.command:
            return self._bad("unknown-command", address, raw)
        key = profile.press.key_of(data)
        if key in profile.press.timeout_keys:
            self._counts["timeouts"] += 1
            return ()
        level = None if key is None else profile.keys.get(key)
        if key is None or level is None:
            return self._bad("unknown-key", address, raw)
        counted, facts = keys.heard(key, level, raw, self._monotonic())
        self._counts[counted] += 1
        return facts

    def _keypad(self, address: int, data: bytes, raw: bytes) -> tuple[Fact, ...]:
        profile = self._profile
        told = profile.keypad.order_of(data) if profile.keypad else None
        if told is None or profile.evaluator_of_keypad(address) not in self._keys:
            self._counts["other_devices"] += 1
            return ()
        self._counts["keypad_orders"] += 1
        return (KeypadUsed(self._evaluator, address, *told, raw),)

    def _from_host(self, command: int | None, data: bytes) -> bool:
        return command in self._host_commands or any(_says(said, data) for said in self._host_data)

    def _bad(self, kind: BadFrameKind, address: int | None, raw: bytes) -> tuple[Fact, ...]:
        self._counts[_BAD[kind]] += 1
        return (BadFrame(self._evaluator, kind, address, raw),)


def _says(command: Command, data: bytes) -> bool:
    """Whether `data` are those of this command, which no command byte tells from the box's own."""
    digits = data[len(command.data) :]
    return data.startswith(command.data) and len(digits) == command.clerk_digits and (not digits or digits.isdigit())
