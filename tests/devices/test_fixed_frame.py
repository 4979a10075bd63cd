"""Frames of one length on the wire: whole, split, merged, broken."""

import pytest

from devices.frames import Broken, Frame
from devices.framing import FixedFrame
from tests.devices.framings import parse

FRAMING = FixedFrame(preamble=b"", start=b"\xaa", body_length=2, checksum="xor8", end=b"\x55")
GOOD = bytes.fromhex("AA 01 05 04 55")
OTHER = bytes.fromhex("AA 01 04 05 55")
WRONG = bytes.fromhex("AA 01 05 05 55")


def frame(raw: bytes) -> Frame:
    return Frame(raw[1:3], raw)


def checksum(raw: bytes) -> Broken:
    return Broken("checksum", raw, raw[1:3])


def noise(raw: bytes) -> Broken:
    return Broken("noise", raw)


WIRE = {
    "one": (GOOD, [frame(GOOD)]),
    "without a gap": (GOOD + OTHER, [frame(GOOD), frame(OTHER)]),
    "a wrong checksum, told once": (WRONG, [checksum(WRONG)]),
    "a good one behind a wrong one": (WRONG + OTHER, [checksum(WRONG), frame(OTHER)]),
    "one that lost a byte, and the next": (GOOD[:2] + GOOD[3:] + OTHER, [noise(GOOD[:2] + GOOD[3:]), frame(OTHER)]),
    "a start cut short, and a good one": (b"\xaa" + GOOD, [noise(b"\xaa"), frame(GOOD)]),
    "a good one inside a wrong one": (b"\xaa\x01" + GOOD, [noise(b"\xaa\x01"), frame(GOOD)]),
    "another end": (GOOD[:-1] + b"\x56", [noise(GOOD[:-1] + b"\x56")]),
    "the end of the line": (GOOD[:-1], [noise(GOOD[:-1])]),
    "a start that is a body": (bytes.fromhex("AA AA AA 00 55"), [frame(bytes.fromhex("AA AA AA 00 55"))]),
}


@pytest.mark.parametrize(("stream", "events"), WIRE.values(), ids=WIRE.keys())
def test_the_wire_table_holds_whole_and_byte_by_byte(stream, events):
    assert parse(FRAMING, stream) == events
    assert parse(FRAMING, *(bytes([byte]) for byte in stream)) == events


def test_a_checksum_over_the_frame_covers_its_start():
    over = FixedFrame(b"", b"\xaa", 2, "crc16-modbus", b"", "frame")
    raw = over.encode(b"\x01\x05")
    assert parse(over, raw) == [Frame(b"\x01\x05", raw)]
    assert [event.kind for event in parse(FixedFrame(b"", b"\xaa", 2, "crc16-modbus", b""), raw)] == ["checksum"]
