"""Bytes to frames: the wire, whole, split, merged, broken."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from devices.frames import Broken, Frame, FrameEvent
from devices.framing import parser_for
from devices.length_prefixed import NOISE_BYTES
from devices.profile import load_profile

FRAMING = load_profile("rs485-ft12").framing
VERY_SATISFIED = bytes.fromhex("68 03 03 68 81 11 04 96 16")
VERY_DISSATISFIED = bytes.fromhex("68 03 03 68 81 11 00 92 16")
REPLY = bytes.fromhex("68 02 02 68 81 01 82 16")
WRONG_CHECKSUM = bytes.fromhex("68 03 03 68 81 11 04 97 16")


def parse(*chunks: bytes) -> list[FrameEvent]:
    parser = parser_for(FRAMING)
    events = [event for chunk in chunks for event in parser.feed(chunk)]
    return events + parser.flush()


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


CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # no test measures time
LINE_PARTS = st.sampled_from([VERY_SATISFIED, VERY_DISSATISFIED, REPLY, WRONG_CHECKSUM, b"\xff", b"\x68\x20\x20\x68"])
STREAMS = st.lists(st.one_of(LINE_PARTS, st.binary(max_size=12)), max_size=30).map(b"".join)


@CALM
@given(stream=STREAMS, cuts=st.lists(st.integers(0, 300), max_size=20))
@example(stream=b"\x68\x09\x09\x68" + VERY_SATISFIED + b"\x00\x16" + b"\x68\x02", cuts=[3, 9, 14])
def test_any_chunking_of_any_bytes_gives_the_same_events(stream, cuts):
    bounds = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    chunks = [stream[start:end] for start, end in pairwise(bounds)]
    assert parse(*chunks) == parse(stream)


@CALM
@given(stream=st.binary(max_size=3000))
def test_no_bytes_make_it_raise_or_grow(stream):
    parser = parser_for(FRAMING)
    for byte in stream:
        parser.feed(bytes([byte]))
        assert len(parser._buffer) <= FRAMING.head_size + FRAMING.max_length + 2
        assert len(parser._noise) < NOISE_BYTES
    parser.flush()
    assert not parser.pending


@CALM
@given(stream=STREAMS)
def test_every_byte_is_told_of_once_unless_it_is_a_preamble(stream):
    """What stands inside a frame with a wrong checksum may be told of again, but as a frame only."""
    events = parse(stream)
    if not any(isinstance(event, Broken) and event.kind == "checksum" for event in events):
        assert b"".join(event.raw for event in events).replace(b"\xff", b"") == stream.replace(b"\xff", b"")
    assert all(len(event.raw) <= NOISE_BYTES for event in events if event.raw and isinstance(event, Broken))


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
