"""Frames that are always of the same length: start, body, checksum, end."""

from dataclasses import dataclass

from devices.checksums import CHECKSUMS, Over
from devices.frames import FrameParser
from devices.scanning import Judgement, ScanningParser, Verdict


@dataclass(frozen=True, slots=True)
class FixedFrame:
    preamble: bytes
    start: bytes
    body_length: int
    checksum: str
    end: bytes
    checksum_over: Over = "body"

    @property
    def longest(self) -> int:
        """Bytes of a frame, without its preamble."""
        return len(self.start) + self.body_length + CHECKSUMS[self.checksum].size + len(self.end)

    def encode(self, body: bytes) -> bytes:
        """The frame that carries `body`, without the preamble."""
        unchecked = self.start + body
        return unchecked + self._check(unchecked) + self.end

    def parser(self) -> FrameParser:
        return ScanningParser(self)

    def body_of(self, raw: bytes) -> bytes:
        return raw[len(self.start) : len(self.start) + self.body_length]

    def judge(self, buffer: bytearray, at: int) -> Judgement:
        head = buffer[at : at + len(self.start)]
        if head != self.start[: len(head)]:
            return Judgement(Verdict.NO_START)
        size = self.longest
        if len(buffer) < at + size:
            return Judgement(Verdict.NO_START, needed=size if len(head) == len(self.start) else len(head) + 1)
        end_at = at + size - len(self.end)
        if buffer[end_at : at + size] != self.end:
            return Judgement(Verdict.NO_START)
        check_at = at + len(self.start) + self.body_length
        good = self._check(bytes(buffer[at:check_at])) == buffer[check_at:end_at]
        return Judgement(Verdict.GOOD if good else Verdict.WRONG_CHECKSUM, size)

    def _check(self, unchecked: bytes) -> bytes:
        return CHECKSUMS[self.checksum].of(unchecked if self.checksum_over == "frame" else unchecked[len(self.start) :])
