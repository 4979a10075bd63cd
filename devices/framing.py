"""The framings that a profile may name. A new one is a new member of `Framing` and a case in each function."""

from typing import TypeAlias, assert_never

from devices.frames import FrameParser
from devices.length_prefixed import LengthPrefixed, LengthPrefixedParser

Framing: TypeAlias = LengthPrefixed


def parser_for(framing: Framing) -> FrameParser:
    match framing:
        case LengthPrefixed():
            return LengthPrefixedParser(framing)
        case _:
            assert_never(framing)


def encode(framing: Framing, body: bytes, *, preamble: bool) -> bytes:
    """The bytes of the frame that carries `body`, as they go onto the line."""
    match framing:
        case LengthPrefixed():
            return (framing.preamble if preamble else b"") + framing.encode(body)
        case _:
            assert_never(framing)
