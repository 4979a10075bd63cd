"""What an evaluator profile says, once its file has been read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from devices.facts import KeypadOrder
from devices.framing import Framing, encode

Wiring: TypeAlias = Literal["rs485", "rs232"]
Parity: TypeAlias = Literal["none", "even", "odd", "mark", "space"]
Announces: TypeAlias = Literal["nothing", "voice", "lights", "both"]

COMMAND_NAMES = (
    "acknowledge",
    "welcome",
    "ask",
    "show_stars",
    "show_clerk",
    "lights",
    "pause",
    "resume",
    "reset",
    "probe",
)
"""All that a host may have to say to a box, of whatever kind."""
ONLY_ADDRESS = 1
"""The address of every frame of a box whose frames have none."""


@dataclass(frozen=True, slots=True)
class SerialLink:
    """Line settings. `inter_byte_ms`: a silence this long inside a frame means that the frame is broken."""

    wiring: Wiring
    baud: int
    data_bits: int
    parity: Parity
    stop_bits: int
    inter_byte_ms: int

    @property
    def silence_s(self) -> float:
        return self.inter_byte_ms / 1000


@dataclass(frozen=True, slots=True)
class KeyboardLink:
    """The box is a USB keyboard. `gap_ms`: a silence this long ends what one key types."""

    gap_ms: int

    @property
    def silence_s(self) -> float:
        return self.gap_ms / 1000


Link: TypeAlias = SerialLink | KeyboardLink


@dataclass(frozen=True, slots=True)
class Body:
    """Where things stand in a frame's body, in bytes from its first; the data run from `data` to the end. None: the
    frame has no address, or no command.
    """

    address: int | None
    command: int | None
    data: int


@dataclass(frozen=True, slots=True)
class Addresses:
    """Who may be on the bus: evaluators, and the caller keypads that stand beside them."""

    evaluators: range
    keypads: range


@dataclass(frozen=True, slots=True)
class Press:
    """How a box says that a key was pressed. `key` is the key's place in the data, `key_length` its bytes.

    `timeout_keys`: what the box says there when nobody pressed.
    """

    command: int | None
    data_length: int
    key: int
    guard_ms: int
    key_length: int = 1
    timeout_keys: frozenset[bytes] = frozenset()

    def data_with(self, key: bytes) -> bytes:
        """A press's data that name `key`; bytes whose meaning is not known are 0."""
        data = bytearray(self.data_length)
        data[self.key : self.key + self.key_length] = key
        return bytes(data)

    def key_of(self, data: bytes) -> bytes | None:
        """The key that a press with these data names; None where the data are not a press's."""
        return data[self.key : self.key + self.key_length] if len(data) == self.data_length else None


@dataclass(frozen=True, slots=True)
class Command:
    """What the host may say to a box. `may_start`: a box may take it as the order to ask for a rating.

    `delay_ms`: a pause before it is sent; `clerk_digits`: so many ASCII digits of the clerk's number follow the data;
    `reply`: the command byte of the box's answer, due within `reply_ms`; `every_s`: the silence after which a probe is
    sent.
    """

    command: int | None
    data: bytes
    preamble: bool
    may_start: bool
    delay_ms: int = 0
    clerk_digits: int = 0
    reply: int | None = None
    reply_ms: int = 500
    every_s: int = 30


@dataclass(frozen=True, slots=True)
class Keypad:
    """What a caller keypad may say: digits, one byte each from 0 to 9, and a function key behind them.

    `orders` knows whole data (00 0F), `numbered` function keys with any digits before them: the order, and how many
    digits there must be at least.
    """

    orders: Mapping[bytes, KeypadOrder]
    numbered: Mapping[int, tuple[KeypadOrder, int]]

    def order_of(self, data: bytes) -> tuple[KeypadOrder, str] | None:
        """The order and the digits that `data` stand for; None where the profile does not know them."""
        if not data or max(data[:-1], default=0) > 9:
            return None
        digits = "".join(map(str, data[:-1]))
        if (whole := self.orders.get(data)) is not None:
            return whole, digits
        numbered = self.numbered.get(data[-1])
        return (numbered[0], digits) if numbered is not None and len(digits) >= numbered[1] else None


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of box. `digest`: the first 16 hex digits of SHA-256 over the file; it goes with every press.

    `keys` maps each key to its level (5 非常满意 … 1 非常不满意), one key a level; `lacks` names the levels without a
    key; `announces`: what tells everybody near which key was pressed; `unverified` holds the dotted paths of what has
    not been seen on a real box; `usb` the VID:PID ("1a86:7523") that such a box may have.
    """

    name: str
    title: str
    digest: str
    unverified: tuple[str, ...]
    link: Link
    usb: tuple[str, ...]
    framing: Framing
    body: Body
    addresses: Addresses
    press: Press
    keys: Mapping[bytes, int]
    lacks: tuple[int, ...]
    announces: Announces
    commands: Mapping[str, Command]
    keypad: Keypad | None = None

    @property
    def guard_s(self) -> float:
        return self.press.guard_ms / 1000

    @property
    def levels(self) -> tuple[int, ...]:
        """The levels that the box can give, best first."""
        return tuple(sorted(self.keys.values(), reverse=True))

    def can(self, command: str) -> bool:
        return command in self.commands

    def evaluator_of_keypad(self, keypad: int) -> int | None:
        """The evaluator beside this keypad: the n-th stands beside the n-th. None where there can be none."""
        keypads, evaluators = self.addresses.keypads, self.addresses.evaluators
        number = keypad - keypads.start
        return evaluators[number] if keypad in keypads and number < len(evaluators) else None

    def command_frame(self, name: str, address: int, clerk: str = "") -> bytes:
        """The bytes of the host's command to the box at `address`; none where it shall show a clerk's number that is
        not made of digits or has more than it can show. KeyError where the profile has no such command.
        """
        command = self.commands[name]
        if command.clerk_digits and not (clerk.isascii() and clerk.isdecimal() and len(clerk) <= command.clerk_digits):
            return b""
        digits = clerk.zfill(command.clerk_digits).encode() if command.clerk_digits else b""
        body = self.body_with(address, command.command, command.data + digits)
        return encode(self.framing, body, preamble=command.preamble)

    def press_frame(self, address: int, level: int) -> bytes:
        """The bytes that a box at `address` sends for the key of `level`, its preamble included. KeyError
        where the box has no such key.
        """
        levels = {mapped: key for key, mapped in self.keys.items()}
        return self.key_frame(address, levels[level])

    def key_frame(self, address: int, key: bytes) -> bytes:
        """The same for a key by its bytes, be it a level's, a time-out's or none that the profile knows."""
        return encode(
            self.framing, self.body_with(address, self.press.command, self.press.data_with(key)), preamble=True
        )

    def body_with(self, address: int, command: int | None, data: bytes) -> bytes:
        """A frame's body; bytes whose meaning the profile does not know are 0."""
        head = bytearray(self.body.data)
        if self.body.address is not None:
            head[self.body.address] = address
        if self.body.command is not None and command is not None:
            head[self.body.command] = command
        return bytes(head) + data

    def address_in(self, body: bytes) -> int:
        return ONLY_ADDRESS if self.body.address is None else body[self.body.address]

    def command_in(self, body: bytes) -> int | None:
        return None if self.body.command is None else body[self.body.command]
