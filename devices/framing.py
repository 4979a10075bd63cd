"""The framings that a profile may name. A new one is a new member of `Framing` with `encode` and `parser`."""

from typing import TypeAlias

from devices.delimited import Delimited
from devices.fixed_frame import FixedFrame
from devices.frames import FrameParser
from devices.keystrokes import Keystrokes
from devices.length_prefixed import LengthPrefixed
from devices.single_byte import SingleByte

__all__ = ["Delimited", "FixedFrame", "Framing", "Keystrokes", "LengthPrefixed", "SingleByte", "encode", "parser_for"]

Framing: TypeAlias = LengthPrefixed | FixedFrame | Delimited | SingleByte | Keystrokes


def parser_for(framing: Framing) -> FrameParser:
    return framing.parser()


def encode(framing: Framing, body: bytes, *, preamble: bool) -> bytes:
    """The bytes of the frame that carries `body`, as they go onto the line."""
    return (framing.preamble if preamble else b"") + framing.encode(body)
