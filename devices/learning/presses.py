"""What was heard while an engineer pressed the keys of an unknown box, key by key."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from devices.profile_parts import KeyboardLink, SerialLink


@dataclass(frozen=True, slots=True)
class Burst:
    """Bytes between two silences of the line. `longest_gap_ms`: the longest time between two chunks of it."""

    data: bytes
    longest_gap_ms: int = 0


LONGEST_BURST: Final = 1024
"""A line that is never silent tells nothing more."""
_MANGLED: Final = frozenset({0x00, 0x80, 0xC0, 0xE0, 0xF0, 0xF8, 0xFC, 0xFE, 0xFF})
"""What a line gives that is read much too fast or too slowly."""
_SHORTEST_CODE: Final = 6
_ENTER: Final = b"\x00\x1c"
NOTHING: Final = Burst(b"")


@dataclass(frozen=True, slots=True)
class Presses:
    """`pressed` has the bursts of each level's key, several presses each; a level that the box has no key for stands
    in `lacks`. `by_itself` came while nobody pressed: heartbeats, other devices, the code of a time-out.
    `number` is the box's number on a line that several boxes share; None for a box alone on its line.
    """

    link: SerialLink | KeyboardLink
    pressed: Mapping[int, tuple[Burst, ...]]
    lacks: tuple[int, ...] = ()
    by_itself: tuple[Burst, ...] = ()
    asked_time_out: bool = False
    number: int | None = None

    @property
    def levels(self) -> tuple[int, ...]:
        return tuple(sorted(self.pressed, reverse=True))

    def bursts(self) -> Iterator[tuple[int, Burst]]:
        for level in self.levels:
            for burst in self.pressed[level]:
                yield level, burst


def unit_of(data: bytes) -> bytes:
    """The shortest run of bytes that `data` is a whole number of repeats of: a key held down repeats its frame."""
    size = (data + data).find(data, 1)
    return data[:size] if data else b""


def agree(bursts: tuple[Burst, ...]) -> bool:
    """Whether two presses of one key at least are alike in size, repeats left out."""
    sizes = [len(unit_of(burst.data)) for burst in bursts]
    return max(map(sizes.count, sizes)) > 1


def makes_sense(bursts: tuple[Burst, ...]) -> bool:
    """Whether presses of one key look alike, and not like bytes read at a wrong speed."""
    whole = [burst.data for burst in bursts if len(burst.data) < LONGEST_BURST]
    return bool(whole) and agree(bursts) and any(byte not in _MANGLED for data in whole for byte in data)


def looks_scanned(presses: Presses) -> bool:
    """Whether this is no box with keys but a barcode scanner: every burst is a line of six characters or more."""
    typed = isinstance(presses.link, KeyboardLink)
    bursts = [burst.data for _, burst in presses.bursts()]
    return bool(bursts) and all(_typed_line(data) if typed else _line(data) for data in bursts)


def _typed_line(data: bytes) -> bool:
    return data.endswith(_ENTER) and len(data) > _SHORTEST_CODE * len(_ENTER)


def _line(data: bytes) -> bool:
    text = data.rstrip(b"\r\n")
    return len(text) < len(data) and len(text) >= _SHORTEST_CODE and text.isascii() and text.decode().isprintable()
