"""Frames between two marks: start, body, checksum, end. Without a start they are lines, each ended by `end`."""

from dataclasses import dataclass

from devices.checksums import CHECKSUMS, Over
from devices.frames import FrameParser
from devices.lines import LineParser, LineShape
from devices.scanning import Judgement, ScanningParser, Verdict

_ENDS_TRIED = 4
"""A bound on what a line full of ends can cost."""


@dataclass(frozen=True, slots=True)
class Delimited:
    """With a checksum the marks may stand inside the body too: the end is the one of the first four at which the
    checksum agrees. Without a checksum they may not.
    """

    start: bytes
    end: bytes
    max_length: int
    min_length: int
    checksum: str
    checksum_over: Over = "body"

    @property
    def preamble(self) -> bytes:
        return b""

    @property
    def check_size(self) -> int:
        return CHECKSUMS[self.checksum].size

    @property
    def longest(self) -> int:
        """Bytes of the longest frame."""
        return len(self.start) + self.max_length + self.check_size + len(self.end)

    def encode(self, body: bytes) -> bytes:
        unchecked = self.start + body
        return unchecked + self._check(unchecked) + self.end

    def parser(self) -> FrameParser:
        if self.start:
            return ScanningParser(self)
        return LineParser(LineShape(self.end, 1, self.max_length + self.check_size, self.judge_whole, self.body_of))

    def body_of(self, raw: bytes) -> bytes:
        return raw[len(self.start) : len(raw) - self.check_size - len(self.end)]

    def judge(self, buffer: bytearray, at: int) -> Judgement:
        head = buffer[at : at + len(self.start)]
        if head != self.start[: len(head)]:
            return Judgement(Verdict.NO_START)
        if len(head) < len(self.start):
            return Judgement(Verdict.NO_START, needed=len(head) + 1)
        limit = at + self.longest
        shortest = at + len(self.start) + (self.min_length if self.check_size else 0) + self.check_size
        sizes: list[int] = []
        end_at = buffer.find(self.end, shortest, limit)
        while end_at >= 0 and len(sizes) < _ENDS_TRIED:
            raw = bytes(buffer[at : end_at + len(self.end)])
            verdict = self.judge_whole(raw)
            if verdict is not Verdict.WRONG_CHECKSUM:
                return Judgement(verdict, len(raw))
            sizes.append(len(raw))
            end_at = buffer.find(self.end, end_at + 1, limit)
        more = len(buffer) < limit and len(sizes) < _ENDS_TRIED
        needed = len(buffer) - at + 1 if more else 0
        return Judgement(Verdict.WRONG_CHECKSUM, sizes[0], needed) if sizes else Judgement(Verdict.NO_START, 0, needed)

    def judge_whole(self, raw: bytes) -> Verdict:
        """What bytes from a start up to an end are."""
        body = self.body_of(raw)
        if not self.check_size:
            torn = bool(self.start) and self.start in body
            return Verdict.GOOD if self.min_length <= len(body) <= self.max_length and not torn else Verdict.NO_START
        if not self.min_length <= len(body) <= self.max_length:
            return Verdict.NO_START
        check = raw[len(raw) - self.check_size - len(self.end) : len(raw) - len(self.end)]
        return Verdict.GOOD if self._check(self.start + body) == check else Verdict.WRONG_CHECKSUM

    def _check(self, unchecked: bytes) -> bytes:
        return CHECKSUMS[self.checksum].of(unchecked if self.checksum_over == "frame" else unchecked[len(self.start) :])
