"""The stream of an event device (/dev/input/event…) taken apart: which key went down, is held, or came up. No I/O.

The kernel writes whole `struct input_event`s: two longs of time, type, code and value in the machine's own order and
sizes (24 bytes where a long has 8). When its buffer was too full it says SYN_DROPPED: what comes up to the next
SYN_REPORT is then incomplete and must be ignored (Documentation/input/event-codes.rst of the kernel).
"""

import struct
from dataclasses import dataclass
from typing import Literal, TypeAlias

Move: TypeAlias = Literal["down", "held", "up"]

_EVENT = struct.Struct("llHHi")
_EV_SYN, _EV_KEY = 0, 1
_SYN_REPORT, _SYN_DROPPED = 0, 3
_MOVES: dict[int, Move] = {0: "up", 1: "down", 2: "held"}


@dataclass(frozen=True, slots=True)
class KeyMoved:
    """`held` is the keyboard's own repeat of a key that is still down."""

    code: int
    move: Move


@dataclass(frozen=True, slots=True)
class EventsDropped:
    """The reader was too slow, keys were lost here: what was typed just before must not be joined to what follows."""


InputEvent: TypeAlias = KeyMoved | EventsDropped


def encode(code: int, move: Move) -> bytes:
    """What the kernel would write for one key: the event and the report that ends it."""
    value = next(value for value, named in _MOVES.items() if named == move)
    return _EVENT.pack(0, 0, _EV_KEY, code, value) + _EVENT.pack(0, 0, _EV_SYN, _SYN_REPORT, 0)


def encode_dropped() -> bytes:
    """What the kernel writes where it had to drop events, without the report that ends the gap."""
    return _EVENT.pack(0, 0, _EV_SYN, _SYN_DROPPED, 0)


class InputEventParser:
    """Any chunking gives the same events. Nothing raises; less than one struct is held."""

    def __init__(self) -> None:
        self._held = b""
        self._dropping = False

    def feed(self, data: bytes) -> list[InputEvent]:
        stream = self._held + data
        whole = len(stream) - len(stream) % _EVENT.size
        self._held = stream[whole:]
        told: list[InputEvent] = []
        for _, _, kind, code, value in _EVENT.iter_unpack(stream[:whole]):
            if kind == _EV_SYN and code == _SYN_DROPPED:
                self._dropping = True
                told.append(EventsDropped())
            elif self._dropping:
                self._dropping = not (kind == _EV_SYN and code == _SYN_REPORT)
            elif kind == _EV_KEY and value in _MOVES:
                told.append(KeyMoved(code, _MOVES[value]))
        return told
