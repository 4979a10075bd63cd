"""What an evaluator profile says, once its file has been read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from devices.framing import Framing, encode

Wiring: TypeAlias = Literal["rs485", "rs232"]
Parity: TypeAlias = Literal["none", "even", "odd", "mark", "space"]


@dataclass(frozen=True, slots=True)
class Link:
    """Line settings. `inter_byte_ms`: a silence this long inside a frame means that the frame is broken."""

    wiring: Wiring
    baud: int
    data_bits: int
    parity: Parity
    stop_bits: int
    inter_byte_ms: int


@dataclass(frozen=True, slots=True)
class Body:
    """Where things stand in a frame's body, in bytes from its first; the data run from `data` to the end."""

    address: int
    command: int
    data: int


@dataclass(frozen=True, slots=True)
class Addresses:
    """Who may be on the bus: evaluators, and other devices (a caller keypad) whose traffic is none of ours."""

    evaluators: range
    other_devices: range


@dataclass(frozen=True, slots=True)
class Press:
    """How a box says that a key was pressed. `key` is the key byte's place in the data."""

    command: int
    data_length: int
    key: int
    guard_ms: int


@dataclass(frozen=True, slots=True)
class Command:
    """What the host may say to a box. `may_start`: a box may take it as the order to ask for a rating."""

    command: int
    data: bytes
    preamble: bool
    may_start: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of box. `digest`: the first 16 hex digits of SHA-256 over the file; it goes with every press.

    `keys` maps each key byte to its level (5 非常满意 … 1 非常不满意), one key a level; `unverified` holds the
    dotted paths of what has not been seen on a real box.
    """

    name: str
    title: str
    digest: str
    unverified: tuple[str, ...]
    link: Link
    framing: Framing
    body: Body
    addresses: Addresses
    press: Press
    keys: Mapping[int, int]
    commands: Mapping[str, Command]

    @property
    def guard_s(self) -> float:
        return self.press.guard_ms / 1000

    @property
    def can_acknowledge(self) -> bool:
        return "acknowledge" in self.commands

    def command_frame(self, name: str, address: int) -> bytes:
        """The bytes of the host's command to the box at `address`. KeyError where the profile has no such command."""
        command = self.commands[name]
        body = self._body(address, command.command, command.data)
        return encode(self.framing, body, preamble=command.preamble)

    def press_frame(self, address: int, level: int) -> bytes:
        """The bytes that a box at `address` sends for the key of `level`, its preamble included."""
        key = next(key for key, mapped in self.keys.items() if mapped == level)
        data = bytearray(self.press.data_length)
        data[self.press.key] = key
        return encode(self.framing, self._body(address, self.press.command, bytes(data)), preamble=True)

    def _body(self, address: int, command: int, data: bytes) -> bytes:
        body = bytearray(self.body.data)
        body[self.body.address] = address
        body[self.body.command] = command
        return bytes(body) + data
