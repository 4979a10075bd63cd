"""Boxes that type: each keystroke is a Linux event code of two bytes, high byte first (KEY_1 = 2: 00 02)."""

from dataclasses import dataclass

from devices.frames import FrameParser
from devices.lines import LineParser, LineShape
from devices.lone_codes import LoneCodeParser
from devices.scanning import Verdict

CODE_BYTES = 2


@dataclass(frozen=True, slots=True)
class Keystrokes:
    """`end`: the code that ends what a key types, such as KEY_ENTER; empty where a key is one keystroke alone."""

    end: bytes = b""
    max_codes: int = 1

    @property
    def preamble(self) -> bytes:
        return b""

    @property
    def longest(self) -> int:
        """Bytes of the longest run of keystrokes that a key may type."""
        return self.max_codes * CODE_BYTES + len(self.end)

    def encode(self, body: bytes) -> bytes:
        return body + self.end

    def parser(self) -> FrameParser:
        if not self.end:
            return LoneCodeParser(CODE_BYTES)
        return LineParser(LineShape(self.end, CODE_BYTES, self.max_codes * CODE_BYTES, self._judge, self._body_of))

    def _judge(self, raw: bytes) -> Verdict:
        return Verdict.GOOD if self._body_of(raw) else Verdict.NO_START

    def _body_of(self, raw: bytes) -> bytes:
        return raw[: len(raw) - len(self.end)]
