"""Frames between marks, and lines, on the wire."""

import pytest

from devices.frames import Broken, Frame
from devices.framing import Delimited
from tests.devices.framings import parse

TEXT = Delimited(start=b"\x02", end=b"\x03", max_length=8, min_length=2, checksum="none")
CHECKED = Delimited(start=b"\x02", end=b"\x03", max_length=8, min_length=1, checksum="xor8")
LINES = Delimited(start=b"", end=b"\r\n", max_length=6, min_length=2, checksum="none")


def noise(raw: bytes) -> Broken:
    return Broken("noise", raw)


WIRE = {
    "text": (TEXT, b"\x02K5\x03", [Frame(b"K5", b"\x02K5\x03")]),
    "text without a gap": (TEXT, b"\x02K5\x03\x02K1\x03", [Frame(b"K5", b"\x02K5\x03"), Frame(b"K1", b"\x02K1\x03")]),
    "text whose end is lost": (TEXT, b"\x02K5\x02K1\x03", [noise(b"\x02K5"), Frame(b"K1", b"\x02K1\x03")]),
    "text whose start is lost": (TEXT, b"K5\x03\x02K1\x03", [noise(b"K5\x03"), Frame(b"K1", b"\x02K1\x03")]),
    "text that is too short": (TEXT, b"\x025\x03", [noise(b"\x025\x03")]),
    "text that is too long": (TEXT, b"\x02" + b"K" * 9 + b"\x03", [noise(b"\x02" + b"K" * 9 + b"\x03")]),
    "checked": (CHECKED, b"\x02\x41\x42\x03\x03", [Frame(b"\x41\x42", b"\x02\x41\x42\x03\x03")]),
    "an end inside a checked body": (
        CHECKED, b"\x02\x41\x03\x41\x03\x03", [Frame(b"\x41\x03\x41", b"\x02\x41\x03\x41\x03\x03")],
    ),
    "a start inside a checked body": (
        CHECKED, b"\x02\x02\x41\x43\x03", [Frame(b"\x02\x41", b"\x02\x02\x41\x43\x03")],
    ),
    "a wrong checksum": (
        CHECKED, b"\x02\x41\x42\x07\x03", [Broken("checksum", b"\x02\x41\x42\x07\x03", b"\x41\x42")],
    ),
    "a good frame behind a wrong checksum": (
        CHECKED,
        b"\x02\x41\x42\x07\x03\x02\x41\x41\x03",
        [Broken("checksum", b"\x02\x41\x42\x07\x03", b"\x41\x42"), Frame(b"\x41", b"\x02\x41\x41\x03")],
    ),
    "many ends, and a good frame": (
        CHECKED,
        b"\x02\x41\x44" + b"\x03" * 5 + b"\x02\x41\x41\x03",
        [
            Broken("checksum", b"\x02\x41\x44\x03", b"\x41"),
            noise(b"\x03" * 4),
            Frame(b"\x41", b"\x02\x41\x41\x03"),
        ],
    ),
    "a line": (LINES, b"K5\r\n", [Frame(b"K5", b"K5\r\n")]),
    "lines": (LINES, b"K5\r\nK1\r\n", [Frame(b"K5", b"K5\r\n"), Frame(b"K1", b"K1\r\n")]),
    "an empty line": (LINES, b"\r\nK1\r\n", [noise(b"\r\n"), Frame(b"K1", b"K1\r\n")]),
    "a line of noise": (LINES, b"\x00" * 99 + b"K5\r\nK1\r\n", [
        noise(b"\x00" * 64), noise(b"\x00" * 35 + b"K5\r\n"), Frame(b"K1", b"K1\r\n")
    ]),
    "half an end is no end": (LINES, b"K\r5\r\n", [Frame(b"K\r5", b"K\r5\r\n")]),
    "a line cut short": (LINES, b"K5\r", [noise(b"K5\r")]),
}  # fmt: skip


@pytest.mark.parametrize(("framing", "stream", "events"), WIRE.values(), ids=WIRE.keys())
def test_the_wire_table_holds_whole_and_byte_by_byte(framing, stream, events):
    assert parse(framing, stream) == events
    assert parse(framing, *(bytes([byte]) for byte in stream)) == events


def test_the_tail_of_a_line_that_is_too_long_is_never_a_frame():
    """It could end in what a key says."""
    for length in range(4, 200):
        assert not [event for event in parse(LINES, b"x" * length + b"12K5\r\n") if isinstance(event, Frame)]
