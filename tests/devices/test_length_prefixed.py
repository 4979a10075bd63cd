"""Bytes to frames: the wire, whole, split, merged, broken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.frames import Broken, Frame
from devices.framing import parser_for
from devices.profile import load_profile
from tests.devices.framings import CALM
from tests.devices.framings import parse as parse_as

FRAMING = load_profile("rs485-ft12").framing
VERY_SATISFIED = bytes.fromhex("68 03 03 68 81 11 04 96 16")
VERY_DISSATISFIED = bytes.fromhex("68 03 03 68 81 11 00 92 16")
REPLY = bytes.fromhex("68 02 02 68 81 01 82 16")
WRONG_CHECKSUM = bytes.fromhex("68 03 03 68 81 11 04 97 16")


def parse(*chunks: bytes):
    return parse_as(FRAMING, *chunks)


def frame(raw: bytes) -> Frame:
    return Frame(raw[4:-2], raw)


def checksum(raw: bytes) -> Broken:
    return Broken("checksum", raw, raw[4:-2])


def noise(raw: bytes) -> Broken:
    return Broken("noise", raw)


WIRE = {
    "a press with its preamble": (b"\xff" + VERY_SATISFIED, [frame(VERY_SATISFIED)]),
    "a press without it": (VERY_DISSATISFIED, [frame(VERY_DISSATISFIED)]),
    "the host's reply": (REPLY, [frame(REPLY)]),
    "frames without a gap": (VERY_SATISFIED + REPLY, [frame(VERY_SATISFIED), frame(REPLY)]),
    "several preamble bytes": (b"\xff\xff\xff" + REPLY, [frame(REPLY)]),
    "a wrong checksum is told once": (b"\xff" + WRONG_CHECKSUM, [checksum(WRONG_CHECKSUM)]),
    "a good frame behind a wrong checksum": (WRONG_CHECKSUM + REPLY, [checksum(WRONG_CHECKSUM), frame(REPLY)]),
    "noise before and behind": (
        b"\x00\x42" + VERY_SATISFIED + b"\x17",
        [noise(b"\x00\x42"), frame(VERY_SATISFIED), noise(b"\x17")],
    ),
    "a frame that lost a byte, and the next": (
        VERY_SATISFIED[:6] + VERY_SATISFIED[7:] + b"\xff" + VERY_DISSATISFIED,
        [noise(VERY_SATISFIED[:6] + VERY_SATISFIED[7:]), frame(VERY_DISSATISFIED)],
    ),
    "a frame that begins inside a broken one": (
        b"\x68\x68\x03\x03" + VERY_SATISFIED,
        [noise(b"\x68\x68\x03\x03"), frame(VERY_SATISFIED)],
    ),
    "a start cut short, and a good frame": (
        b"\x68\x20\x20\x68" + VERY_SATISFIED,
        [noise(b"\x68\x20\x20\x68"), frame(VERY_SATISFIED)],
    ),
    "a good frame inside one with a wrong checksum": (
        b"\x68\x09\x09\x68" + VERY_SATISFIED + b"\x00\x16",
        [checksum(b"\x68\x09\x09\x68" + VERY_SATISFIED + b"\x00\x16"), frame(VERY_SATISFIED)],
    ),
    "a wrong checksum inside one with a wrong checksum is told once": (
        b"\x68\x09\x09\x68" + WRONG_CHECKSUM + b"\x00\x16",
        [checksum(b"\x68\x09\x09\x68" + WRONG_CHECKSUM + b"\x00\x16")],
    ),
    "lengths that differ": (b"\x68\x03\x02\x68\x81\x11\x04\x96\x16", [noise(b"\x68\x03\x02\x68\x81\x11\x04\x96\x16")]),
    "a length of nothing": (b"\x68\x00\x00\x68\x00\x16", [noise(b"\x68\x00\x00\x68\x00\x16")]),
    "another second start": (b"\x68\x02\x02\x69\x81\x01\x82\x16", [noise(b"\x68\x02\x02\x69\x81\x01\x82\x16")]),
    "another end": (REPLY[:-1] + b"\x17", [noise(REPLY[:-1] + b"\x17")]),
    "nothing": (b"", []),
}


@pytest.mark.parametrize(("stream", "events"), WIRE.values(), ids=WIRE.keys())
def test_the_wire_table_holds_whole_and_byte_by_byte(stream, events):
    assert parse(stream) == events
    assert parse(*(bytes([byte]) for byte in stream)) == events


@CALM
@given(before=st.binary(max_size=80), after=st.binary(max_size=80))
def test_a_good_frame_is_found_whatever_stands_around_it(before, after):
    """Noise could hold a longer frame of its own around it: then that one, with its own checksum, is the frame."""
    events = parse(before, b"\xff" + VERY_SATISFIED, after)
    swallowed = [event for event in events if isinstance(event, Frame) and VERY_SATISFIED in event.raw[1:]]
    assert frame(VERY_SATISFIED) in events or swallowed


def test_a_partial_frame_is_held_until_the_line_falls_silent_and_no_longer():
    parser = parser_for(FRAMING)
    assert parser.feed(b"\x68\x20\x20\x68" + VERY_SATISFIED) == []
    assert parser.pending
    assert parser.flush() == [noise(b"\x68\x20\x20\x68"), frame(VERY_SATISFIED)]
    assert not parser.pending
    assert parser.feed(VERY_DISSATISFIED) == [frame(VERY_DISSATISFIED)]


def test_a_whole_frame_is_told_at_once_and_leaves_nothing_pending():
    parser = parser_for(FRAMING)
    assert parser.feed(VERY_SATISFIED) == [frame(VERY_SATISFIED)]
    assert not parser.pending
