"""The parser of frames that begin with constant bytes, whatever follows them.

Nothing is believed before every constant and the checksum agree. A start that fails gives up its first byte only, so
that a good frame inside or right behind a broken one is found.
"""

from enum import Enum, auto
from typing import NamedTuple, Protocol, assert_never

from devices.frames import Broken, Frame, FrameEvent, Noise


class Verdict(Enum):
    NO_START = auto()
    WRONG_CHECKSUM = auto()
    GOOD = auto()


class Judgement(NamedTuple):
    """`size`: bytes of the whole frame where it is good or has a wrong checksum. `needed`: so many bytes there must be
    before the verdict can be another; 0 where it is final. A silence makes every verdict final.
    """

    verdict: Verdict
    size: int = 0
    needed: int = 0


class Shape(Protocol):
    """What a kind of frame looks like: `start` has at least one byte."""

    @property
    def preamble(self) -> bytes: ...

    @property
    def start(self) -> bytes: ...

    def judge(self, buffer: bytearray, at: int) -> Judgement:
        """What begins at `at`, where the first byte of `start` stands, from what has arrived so far."""
        ...

    def body_of(self, raw: bytes) -> bytes:
        """The body of a whole frame."""
        ...


class ScanningParser:
    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._buffer = bytearray()
        self._noise = Noise()
        self._needed = 0  # so many bytes must be held before it is worth looking again
        self._told = 0  # so many of the next bytes were already told of as part of a frame with a wrong checksum

    @property
    def pending(self) -> bool:
        return bool(self._buffer or self._noise)

    def feed(self, data: bytes) -> list[FrameEvent]:
        self._buffer += data
        if len(self._buffer) < self._needed:
            return []
        return self._scan(silent=False)

    def flush(self) -> list[FrameEvent]:
        events = self._scan(silent=True)
        self._noise.end(events)
        self._told = 0
        return events

    def _scan(self, *, silent: bool) -> list[FrameEvent]:
        events: list[FrameEvent] = []
        buffer, judge = self._buffer, self._shape.judge
        at = self._skip_to_start(0, events)
        self._needed = 0
        while at < len(buffer):
            verdict, size, needed = judge(buffer, at)
            if needed and not silent:
                self._needed = needed
                break
            match verdict:
                case Verdict.NO_START:
                    at = self._skip(at, events)
                case Verdict.WRONG_CHECKSUM:
                    self._tell_wrong_checksum(at, size, events)
                    at = self._skip(at, events)
                case Verdict.GOOD:
                    self._tell_frame(at, size, events)
                    at = self._skip_to_start(at + size, events)
                case _:
                    assert_never(verdict)
        del buffer[:at]
        return events

    def _skip(self, at: int, events: list[FrameEvent]) -> int:
        """Gives up the byte at `at` and those behind it that cannot begin a frame; returns where to look next."""
        return self._give_up(at, self._next_start(at + 1), events)

    def _skip_to_start(self, at: int, events: list[FrameEvent]) -> int:
        return self._give_up(at, self._next_start(at), events)

    def _next_start(self, at: int) -> int:
        found = self._buffer.find(self._shape.start[0], at)
        return len(self._buffer) if found < 0 else found

    def _give_up(self, at: int, to: int, events: list[FrameEvent]) -> int:
        if at < to:
            silent = min(self._told, to - at)
            self._told -= silent
            self._noise.add(self._buffer[at + silent : to], events)
        return to

    def _tell_frame(self, at: int, size: int, events: list[FrameEvent]) -> None:
        self._noise.end(events, self._shape.preamble)
        raw = bytes(self._buffer[at : at + size])
        events.append(Frame(self._shape.body_of(raw), raw))
        self._told = max(0, self._told - size)

    def _tell_wrong_checksum(self, at: int, size: int, events: list[FrameEvent]) -> None:
        if self._told >= size:
            return
        self._noise.end(events, self._shape.preamble)
        raw = bytes(self._buffer[at : at + size])
        events.append(Broken("checksum", raw, self._shape.body_of(raw)))
        self._told = size
