"""Frames that say how long they are: start, length (once or more), constants, body, checksum, end.

The FT1.2-like frame of RS-485 boxes is one of these: 68 LEN LEN 68 body CS 16.
"""

from dataclasses import dataclass

from devices.checksums import CHECKSUMS, Over
from devices.frames import FrameParser
from devices.scanning import Judgement, ScanningParser, Verdict


@dataclass(frozen=True, slots=True)
class LengthPrefixed:
    """LEN counts the bytes of the body."""

    preamble: bytes
    start: bytes
    length_copies: int
    after_length: bytes
    checksum: str
    end: bytes
    min_length: int
    max_length: int
    checksum_over: Over = "body"

    @property
    def head_size(self) -> int:
        return len(self.start) + self.length_copies + len(self.after_length)

    @property
    def tail_size(self) -> int:
        return CHECKSUMS[self.checksum].size + len(self.end)

    @property
    def longest(self) -> int:
        """Bytes of the longest frame, without its preamble."""
        return self.head_size + self.max_length + self.tail_size

    def encode(self, body: bytes) -> bytes:
        """The frame that carries `body`, without the preamble."""
        unchecked = self.start + bytes([len(body)]) * self.length_copies + self.after_length + body
        return unchecked + self._check(unchecked) + self.end

    def parser(self) -> FrameParser:
        return ScanningParser(self)

    def body_of(self, raw: bytes) -> bytes:
        return raw[self.head_size : len(raw) - self.tail_size]

    def judge(self, buffer: bytearray, at: int) -> Judgement:
        start, head_size = len(self.start), self.head_size
        head = buffer[at : at + head_size]
        lengths = head[start : start + self.length_copies]
        after = head[start + self.length_copies :]
        if head[:start] != self.start[: len(head)] or after != self.after_length[: len(after)]:
            return Judgement(Verdict.NO_START)
        if lengths and not self._plausible(lengths):
            return Judgement(Verdict.NO_START)
        if len(head) < head_size:
            return Judgement(Verdict.NO_START, needed=len(head) + 1)
        check_at = at + head_size + lengths[0]
        size = head_size + lengths[0] + self.tail_size
        if len(buffer) < at + size:
            return Judgement(Verdict.NO_START, needed=size)
        end_at = at + size - len(self.end)
        if buffer[end_at : at + size] != self.end:
            return Judgement(Verdict.NO_START)
        good = self._check(bytes(buffer[at:check_at])) == buffer[check_at:end_at]
        return Judgement(Verdict.GOOD if good else Verdict.WRONG_CHECKSUM, size)

    def _check(self, unchecked: bytes) -> bytes:
        return CHECKSUMS[self.checksum].of(unchecked if self.checksum_over == "frame" else unchecked[self.head_size :])

    def _plausible(self, lengths: bytearray) -> bool:
        return self.min_length <= lengths[0] <= self.max_length and lengths.count(lengths[0]) == len(lengths)
