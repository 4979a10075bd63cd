"""Frames that say how long they are: start, length (once or more), constants, body, checksum, end.

The FT1.2-like frame of RS-485 boxes is one of these: 68 LEN LEN 68 body CS 16. Nothing is believed before every
constant and the checksum agree. A start that fails gives up its first byte only, so that a good frame inside or
right behind a broken one is found.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType
from typing import assert_never

from devices.frames import Broken, Frame, FrameEvent

NOISE_BYTES = 64

CHECKSUMS: Mapping[str, Callable[[bytes], int]] = MappingProxyType({"sum8": lambda body: sum(body) & 0xFF})


@dataclass(frozen=True, slots=True)
class LengthPrefixed:
    """LEN counts the bytes of the body; the checksum (one byte) is taken over the body alone."""

    preamble: bytes
    start: bytes
    length_copies: int
    after_length: bytes
    checksum: str
    end: bytes
    min_length: int
    max_length: int

    @property
    def head_size(self) -> int:
        return len(self.start) + self.length_copies + len(self.after_length)

    def encode(self, body: bytes) -> bytes:
        """The frame that carries `body`, without the preamble."""
        lengths = bytes([len(body)]) * self.length_copies
        checksum = bytes([CHECKSUMS[self.checksum](body)])
        return self.start + lengths + self.after_length + body + checksum + self.end


class _Verdict(Enum):
    UNDECIDED = auto()
    NO_START = auto()
    WRONG_CHECKSUM = auto()
    GOOD = auto()


class LengthPrefixedParser:
    def __init__(self, framing: LengthPrefixed) -> None:
        self._framing = framing
        self._checksum = CHECKSUMS[framing.checksum]
        self._buffer = bytearray()
        self._noise = bytearray()
        self._told = 0  # so many of the next bytes were already told of as part of a frame with a wrong checksum

    @property
    def pending(self) -> bool:
        return bool(self._buffer or self._noise)

    def feed(self, data: bytes) -> list[FrameEvent]:
        self._buffer += data
        return self._scan(silent=False)

    def flush(self) -> list[FrameEvent]:
        events = self._scan(silent=True)
        self._tell_noise(events)
        self._told = 0
        return events

    def _scan(self, *, silent: bool) -> list[FrameEvent]:
        events: list[FrameEvent] = []
        at = 0
        while at < len(self._buffer):
            verdict, size = self._judge(at)
            match verdict:
                case _Verdict.UNDECIDED if not silent:
                    break
                case _Verdict.UNDECIDED | _Verdict.NO_START:
                    at = self._skip(at, events)
                case _Verdict.WRONG_CHECKSUM:
                    self._tell_wrong_checksum(at, size, events)
                    at = self._skip(at, events)
                case _Verdict.GOOD:
                    self._tell_frame(at, size, events)
                    at += size
                case _:
                    assert_never(verdict)
        del self._buffer[:at]
        return events

    def _judge(self, at: int) -> tuple[_Verdict, int]:
        """What begins at `at`, from what has arrived so far, and the size of the whole frame once it is known."""
        framing, buffer = self._framing, self._buffer
        start, head_size = len(framing.start), framing.head_size
        head = buffer[at : at + head_size]
        lengths = head[start : start + framing.length_copies]
        after = head[start + framing.length_copies :]
        if head[:start] != framing.start[: len(head)] or after != framing.after_length[: len(after)]:
            return _Verdict.NO_START, 0
        if lengths and not self._plausible(lengths):
            return _Verdict.NO_START, 0
        if len(head) < head_size:
            return _Verdict.UNDECIDED, 0
        body_end = at + head_size + lengths[0]
        size = head_size + lengths[0] + 1 + len(framing.end)
        if len(buffer) < at + size:
            return _Verdict.UNDECIDED, 0
        if buffer[body_end + 1 : at + size] != framing.end:
            return _Verdict.NO_START, 0
        body = bytes(buffer[at + head_size : body_end])
        good = self._checksum(body) == buffer[body_end]
        return (_Verdict.GOOD if good else _Verdict.WRONG_CHECKSUM), size

    def _plausible(self, lengths: bytearray) -> bool:
        framing = self._framing
        return framing.min_length <= lengths[0] <= framing.max_length and lengths.count(lengths[0]) == len(lengths)

    def _skip(self, at: int, events: list[FrameEvent]) -> int:
        """Gives up the byte at `at` and those behind it that cannot begin a frame; returns where to look next."""
        found = self._buffer.find(self._framing.start[0], at + 1)
        to = len(self._buffer) if found < 0 else found
        silent = min(self._told, to - at)
        self._told -= silent
        self._noise += self._buffer[at + silent : to]
        while len(self._noise) >= NOISE_BYTES:
            events.append(Broken("noise", bytes(self._noise[:NOISE_BYTES])))
            del self._noise[:NOISE_BYTES]
        return to

    def _tell_frame(self, at: int, size: int, events: list[FrameEvent]) -> None:
        self._tell_noise_before_frame(events)
        raw = bytes(self._buffer[at : at + size])
        events.append(Frame(self._body(raw), raw))
        self._told = max(0, self._told - size)

    def _body(self, raw: bytes) -> bytes:
        return raw[self._framing.head_size : -1 - len(self._framing.end)]

    def _tell_wrong_checksum(self, at: int, size: int, events: list[FrameEvent]) -> None:
        if self._told >= size:
            return
        self._tell_noise_before_frame(events)
        raw = bytes(self._buffer[at : at + size])
        events.append(Broken("checksum", raw, self._body(raw)))
        self._told = size

    def _tell_noise_before_frame(self, events: list[FrameEvent]) -> None:
        preamble = self._framing.preamble
        while preamble and self._noise.endswith(preamble):
            del self._noise[-len(preamble) :]
        self._tell_noise(events)

    def _tell_noise(self, events: list[FrameEvent]) -> None:
        if self._noise:
            events.append(Broken("noise", bytes(self._noise)))
            self._noise.clear()
