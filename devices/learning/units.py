"""The frame that the presses have in common: its size and its constant bytes, found by laying bursts over each other.

A burst may hold the repeats of a key that is held, and some bursts may hold noise: what is constant in four of five
is believed, and what does not agree is left out here and told by the parser later.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from devices.learning.key_place import constant
from devices.learning.presses import Burst, Presses

LONGEST_FRAME: Final = 64
_AGREED: Final = 0.8
_WHOLE: Final = 0.6
_PREAMBLES: Final = (b"\xff", b"\x00")
"""Bytes that boxes send first to settle the line: they may be missing, or come more than once."""


@dataclass(frozen=True, slots=True)
class Unit:
    """`constants` has the value of each place of the frame that never changes, None for the others."""

    preamble: bytes
    constants: tuple[int | None, ...]
    examples: Mapping[int, tuple[bytes, ...]]

    @property
    def size(self) -> int:
        return len(self.constants)

    @property
    def leading(self) -> bytes:
        """The constants that the frame begins with."""
        return _run(self.constants)

    @property
    def trailing(self) -> bytes:
        return _run(self.constants[::-1])[::-1]

    @property
    def frames(self) -> tuple[bytes, ...]:
        return tuple(dict.fromkeys(frame for frames in self.examples.values() for frame in frames))


def _run(constants: tuple[int | None, ...]) -> bytes:
    run = bytearray()
    for value in constants:
        if value is None:
            break
        run.append(value)
    return bytes(run)


def units(presses: Presses) -> Iterator[Unit]:
    """Every frame that the bursts may be made of, the shortest first; with and without a preamble."""
    for preamble in (b"", *_PREAMBLES):
        pressed = _without(preamble, presses.pressed)
        if pressed is None:
            continue
        alone = {burst.data.lstrip(preamble) for burst in presses.by_itself}
        sizes = {len(data) for bursts in pressed.values() for data in bursts}
        for size in range(2, LONGEST_FRAME + 1):
            if any(length % size == 0 for length in sizes) and (unit := _unit(preamble, size, pressed, alone)):
                yield unit


def _without(preamble: bytes, pressed: Mapping[int, tuple[Burst, ...]]) -> dict[int, list[bytes]] | None:
    bursts = [burst.data for some in pressed.values() for burst in some]
    if preamble and sum(data.startswith(preamble) for data in bursts) * 2 < len(bursts):
        return None
    return {level: [burst.data.lstrip(preamble) for burst in some] for level, some in pressed.items()}


def _unit(preamble: bytes, size: int, pressed: Mapping[int, list[bytes]], alone: set[bytes]) -> Unit | None:
    slices = {level: _slices(size, bursts) for level, bursts in pressed.items()}
    own = {
        level: [one for one in some if _own(one, level, slices) and one not in alone] for level, some in slices.items()
    }
    heard = {level: some for level, some in own.items() if some}
    if len(heard) * 2 <= len(pressed) or len(heard) < 2:
        return None
    constants = tuple(constant(place, heard) for place in range(size))
    fitting = {level: tuple(one for one in some if _fits(one, constants)) for level, some in heard.items()}
    kept = sum(map(len, fitting.values()))
    if kept < _WHOLE * sum(map(len, slices.values())) or None not in constants:
        return None
    return Unit(preamble, constants, {level: some for level, some in fitting.items() if some})


def _slices(size: int, bursts: list[bytes]) -> list[bytes]:
    """At most two of a burst: a key that was held must not outvote the others."""
    slices: list[bytes] = []
    for data in bursts:
        if data and len(data) % size == 0:
            slices += list(dict.fromkeys((data[:size], data[-size:])))
    return slices


def _own(one: bytes, level: int, slices: Mapping[int, list[bytes]]) -> bool:
    """What comes with two different keys says neither."""
    return not any(one in some for other, some in slices.items() if other != level)


def _fits(one: bytes, constants: tuple[int | None, ...]) -> bool:
    return all(value is None or byte == value for byte, value in zip(one, constants, strict=True))
