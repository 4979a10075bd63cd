"""Boxes that say one byte a key, such as an ASCII digit, and nothing else."""

from dataclasses import dataclass

from devices.frames import FrameParser
from devices.lone_codes import LoneCodeParser


@dataclass(frozen=True, slots=True)
class SingleByte:
    @property
    def preamble(self) -> bytes:
        return b""

    @property
    def longest(self) -> int:
        return 1

    def encode(self, body: bytes) -> bytes:
        return body

    def parser(self) -> FrameParser:
        return LoneCodeParser(1)
