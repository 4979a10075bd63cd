"""Streams of real input_event structs, in any chunks."""

import struct
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from devices.input_events import EventsDropped, InputEventParser, KeyMoved, encode, encode_dropped
from devices.key_codes import KEY_CODES, KEYPAD, PLAIN, SHIFTED, key_name

EVENT = struct.Struct("llHHi")
REPORT = EVENT.pack(0, 0, 0, 0, 0)
FIVE = 6

moves = st.builds(encode, st.integers(0, 0xFFFF), st.sampled_from(["down", "held", "up"]))
others = st.builds(
    EVENT.pack,
    *(st.integers(-(2**31), 2**31 - 1),) * 2,
    st.integers(0, 0xFFFF),
    st.integers(0, 0xFFFF),
    st.integers(-(2**31), 2**31 - 1),
)
streams = st.lists(moves | others | st.just(REPORT) | st.just(encode_dropped()) | st.binary(max_size=30)).map(b"".join)


def parsed(*chunks):
    parser = InputEventParser()
    return [event for chunk in chunks for event in parser.feed(chunk)]


def test_a_struct_has_the_size_that_the_kernel_gives_it():
    assert len(REPORT) == 2 * struct.calcsize("l") + 8


def test_a_key_goes_down_is_held_and_comes_up():
    stream = encode(FIVE, "down") + encode(FIVE, "held") + encode(FIVE, "up")
    assert parsed(stream) == [KeyMoved(FIVE, "down"), KeyMoved(FIVE, "held"), KeyMoved(FIVE, "up")]


def test_what_is_no_key_is_passed_over():
    scan_code, led, relative = (EVENT.pack(1, 2, kind, 4, 458_782) for kind in (4, 17, 2))
    assert parsed(scan_code + encode(FIVE, "down") + led + relative) == [KeyMoved(FIVE, "down")]


def test_what_comes_between_dropped_events_and_the_next_report_is_not_believed():
    half = EVENT.pack(0, 0, 1, FIVE, 1)
    stream = encode(2, "down") + encode_dropped() + half + half + REPORT + encode(3, "down")
    assert parsed(stream) == [KeyMoved(2, "down"), EventsDropped(), KeyMoved(3, "down")]


@given(streams, st.lists(st.integers(0, 2000), max_size=8))
def test_any_chunking_gives_the_same_events_and_holds_less_than_a_struct(stream, cuts):
    cuts = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    parser = InputEventParser()
    events = []
    for start, end in pairwise(cuts):
        events += parser.feed(stream[start:end])
        assert len(parser._held) < EVENT.size
    assert events == parsed(stream)


def test_the_codes_are_those_of_the_kernel():
    known = {"1": 2, "5": 6, "0": 11, "A": 30, "M": 50, "SLASH": 53, "ENTER": 28, "KP1": 79, "KP0": 82, "KPENTER": 96}
    assert {name: KEY_CODES[f"KEY_{name}"] for name in known} == known
    assert len(set(KEY_CODES.values())) == len(KEY_CODES)
    assert (key_name(FIVE), key_name(700)) == ("KEY_5", "700")


def test_each_character_of_ascii_can_be_typed():
    assert {*PLAIN.values(), *SHIFTED.values()} == {chr(code) for code in range(32, 127)}
    assert {*KEYPAD.values()} == set("0123456789+-*/.")
