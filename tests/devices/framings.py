"""Framings made up at random, and streams that look like theirs: for the tests of what holds for all of them."""

from itertools import pairwise

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from devices.checksums import CHECKSUMS
from devices.frames import FrameEvent
from devices.framing import Delimited, FixedFrame, Framing, Keystrokes, LengthPrefixed, SingleByte, parser_for

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # no test measures time

BYTES = st.sampled_from(b"\x00\x01\x02\x03\x16\x31\x35\x55\x68\xaa\xff") | st.integers(0, 255)
"""Few values, so that constants stand where they do not belong."""


def octets(least: int, most: int) -> st.SearchStrategy[bytes]:
    return st.lists(BYTES, min_size=least, max_size=most).map(bytes)


_KINDS = st.sampled_from(sorted(CHECKSUMS))
_OVERS = st.sampled_from(["body", "frame"])
FRAMINGS: st.SearchStrategy[Framing] = st.one_of(
    st.builds(
        LengthPrefixed,
        preamble=octets(0, 2),
        start=octets(1, 3),
        length_copies=st.integers(1, 2),
        after_length=octets(0, 2),
        checksum=_KINDS,
        end=octets(0, 2),
        min_length=st.integers(1, 3),
        max_length=st.integers(3, 40),
        checksum_over=_OVERS,
    ),
    st.builds(
        FixedFrame,
        preamble=octets(0, 2),
        start=octets(1, 3),
        body_length=st.integers(1, 12),
        checksum=_KINDS,
        end=octets(0, 2),
        checksum_over=_OVERS,
    ),
    st.builds(
        Delimited,
        start=octets(0, 2),
        end=octets(1, 2),
        max_length=st.integers(3, 40),
        min_length=st.integers(1, 3),
        checksum=_KINDS,
        checksum_over=_OVERS,
    ),
    st.just(SingleByte()),
    st.just(Keystrokes()),
    st.builds(Keystrokes, end=octets(2, 2), max_codes=st.integers(1, 4)),
)


def sizes(framing: Framing) -> list[int]:
    """Lengths of a body that fit."""
    match framing:
        case LengthPrefixed() | Delimited():
            return list(range(framing.min_length, framing.max_length + 1))
        case FixedFrame():
            return [framing.body_length]
        case SingleByte():
            return [1]
        case Keystrokes():
            return [2 * codes for codes in range(1, framing.max_codes + 1)]


@st.composite
def bodies(draw: st.DrawFn, framing: Framing) -> bytes:
    size = draw(st.sampled_from(sizes(framing)))
    return draw(octets(size, size))


@st.composite
def streams(draw: st.DrawFn, framing: Framing) -> bytes:
    """Whole frames, torn ones, frames with one byte changed, and anything else."""
    parts = []
    for _ in range(draw(st.integers(0, 12))):
        frame = framing.preamble + framing.encode(draw(bodies(framing)))
        kind = draw(st.sampled_from(["whole", "torn", "changed", "noise"]))
        at = draw(st.integers(0, len(frame) - 1))
        parts.append(
            {
                "whole": frame,
                "torn": frame[:at],
                "changed": frame[:at] + bytes([draw(BYTES)]) + frame[at + 1 :],
                "noise": draw(octets(0, 90)),
            }[kind]
        )
    return b"".join(parts)


def cut(stream: bytes, cuts: list[int]) -> list[bytes]:
    bounds = [0, *sorted(min(at, len(stream)) for at in cuts), len(stream)]
    return [stream[start:end] for start, end in pairwise(bounds)]


def parse(framing: Framing, *chunks: bytes) -> list[FrameEvent]:
    parser = parser_for(framing)
    events = [event for chunk in chunks for event in parser.feed(chunk)]
    return events + parser.flush()
