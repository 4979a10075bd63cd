"""The framings that a unit may be a frame of, the most telling first. Each is still to be tried on the real bursts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from devices.checksums import CHECKSUMS, Over
from devices.delimited import Delimited
from devices.fixed_frame import FixedFrame
from devices.framing import Framing
from devices.learning.units import Unit
from devices.length_prefixed import LengthPrefixed

_LONGEST_CONSTANT: Final = 16
"""Bytes that a profile allows for each of start and end."""
_LONGEST_IN_HEAD: Final = 4
"""Bytes on either side of a length that are tried."""
_LONGEST_BODY: Final = 64


@dataclass(frozen=True, slots=True)
class Layout:
    """`rank`: the higher, the more of the frame is explained, and the less noise could pass for it."""

    framing: Framing
    rank: tuple[int, ...]


def layouts(unit: Unit) -> Iterator[Layout]:
    for end in range(min(_LONGEST_CONSTANT, len(unit.trailing)) + 1):
        for kind in CHECKSUMS:
            yield from _length_prefixed(unit, kind, end)
            yield from _fixed(unit, kind, end)
            yield from _ended(unit, kind, end)


def _length_prefixed(unit: Unit, kind: str, end: int) -> Iterator[Layout]:
    leading, check_at = unit.leading, unit.size - end - CHECKSUMS[kind].size
    for start, copies, after in _heads():
        head = start + copies + after
        length = leading[start : start + copies]
        sound = head <= len(leading) and length == bytes([max(0, check_at - head) & 0xFF]) * copies
        # One length byte without a checksum is as likely a constant that happens to fit.
        if not sound or check_at <= head or (kind == "none" and copies == 1):
            continue
        for over in _overs(unit, kind, head, check_at, end):
            framing = LengthPrefixed(
                preamble=unit.preamble,
                start=leading[:start],
                length_copies=copies,
                after_length=leading[start + copies : head],
                checksum=kind,
                end=_tail(unit, end),
                min_length=1,
                max_length=_LONGEST_BODY,
                checksum_over=over,
            )
            yield Layout(framing, _rank(unit, kind, 1 + copies, start + after, end))


def _heads() -> Iterator[tuple[int, int, int]]:
    """Sizes of start, lengths and after_length."""
    sizes = range(_LONGEST_IN_HEAD + 1)
    return ((start, copies, after) for copies in (1, 2) for start in sizes[1:] for after in sizes)


def _fixed(unit: Unit, kind: str, end: int) -> Iterator[Layout]:
    check_at = unit.size - end - CHECKSUMS[kind].size
    for start in range(1, min(_LONGEST_CONSTANT, len(unit.leading)) + 1):
        if not 0 < check_at - start <= _LONGEST_BODY:
            continue
        for over in _overs(unit, kind, start, check_at, end):
            framing = FixedFrame(
                preamble=unit.preamble,
                start=unit.leading[:start],
                body_length=check_at - start,
                checksum=kind,
                end=_tail(unit, end),
                checksum_over=over,
            )
            yield Layout(framing, _rank(unit, kind, 1, start, end))


def _ended(unit: Unit, kind: str, end: int) -> Iterator[Layout]:
    """Frames that begin with what changes: only the end of the one before tells where they begin."""
    check_at = unit.size - end - CHECKSUMS[kind].size
    if unit.leading or not end or not 0 < check_at <= _LONGEST_BODY:
        return
    for over in _overs(unit, kind, 0, check_at, end):
        framing = Delimited(
            start=b"",
            end=_tail(unit, end),
            max_length=_LONGEST_BODY,
            min_length=1,
            checksum=kind,
            checksum_over=over,
        )
        yield Layout(framing, _rank(unit, kind, 0, 0, end))


def _overs(unit: Unit, kind: str, body: int, check_at: int, end: int) -> Iterator[Over]:
    """What the checksum at `check_at` may be taken over, the body beginning at `body`."""
    checksum = CHECKSUMS[kind]
    if checksum.size == 0:
        yield "body"
        return
    stop = unit.size - end
    if len({frame[check_at:stop] for frame in unit.frames}) < 2:
        return  # as likely a constant
    overs: tuple[tuple[Over, int], ...] = (("body", body), ("frame", 0))
    for over, begin in overs:
        if all(checksum.of(frame[begin:check_at]) == frame[check_at:stop] for frame in unit.frames):
            yield over


def _tail(unit: Unit, end: int) -> bytes:
    return unit.trailing[len(unit.trailing) - end :]


def _rank(unit: Unit, kind: str, form: int, start: int, end: int) -> tuple[int, ...]:
    size = CHECKSUMS[kind].size
    settled = (1 if size else -1) if unit.preamble else 0
    return (size, form, settled, start + end, -unit.size)
