"""Frames to facts: which level, whose box, what is none of ours."""

import pytest

from devices.facts import BadFrame, KeyPressed
from devices.framing import encode, parser_for
from devices.interpreter import Counts, Interpreter


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def interpreter(profile, clock):
    return Interpreter("w1", profile, frozenset({0x81, 0x82}), clock)


@pytest.fixture
def facts_of(profile, interpreter):
    def facts(*streams: bytes):
        parser = parser_for(profile.framing)
        events = [event for stream in streams for event in parser.feed(stream)] + parser.flush()
        return [fact for event in events if (fact := interpreter.interpret(event)) is not None]

    return facts


def framed(profile, body: str) -> bytes:
    return encode(profile.framing, bytes.fromhex(body), preamble=True)


@pytest.mark.parametrize(("key", "level"), [("04", 5), ("03", 4), ("02", 3), ("01", 2), ("00", 1)])
def test_each_mapped_key_gives_its_level_with_the_evidence(profile, facts_of, key, level):
    raw = framed(profile, f"81 11 {key}")
    assert facts_of(raw) == [KeyPressed("w1", 0x81, level, bytes.fromhex(key), raw[1:], profile.digest)]


@pytest.mark.parametrize("value", [value for value in range(256) if value > 4])
def test_no_other_key_byte_ever_gives_a_level(profile, facts_of, value):
    raw = framed(profile, f"81 11 {value:02X}")
    assert facts_of(raw) == [BadFrame("w1", "unknown-key", 0x81, raw[1:])]


@pytest.mark.parametrize("data", ["", "04 04", "00 04", "04 00 00"])
def test_data_of_another_length_is_no_level(profile, facts_of, data):
    [fact] = facts_of(framed(profile, f"81 11 {data}"))
    assert (fact.kind, fact.address) == ("unknown-key", 0x81)


@pytest.mark.parametrize(
    ("body", "kind", "address"),
    [
        ("83 11 04", "foreign-address", 0x83),
        ("FF 11 04", "foreign-address", 0xFF),
        ("80 11 04", "foreign-address", 0x80),
        ("83 55 04", "foreign-address", 0x83),
        ("81 12 04", "unknown-command", 0x81),
        ("82 0B", "unknown-command", 0x82),
    ],
)
def test_a_good_frame_that_is_no_press_of_ours_is_told_as_bad(profile, facts_of, body, kind, address):
    raw = framed(profile, body)
    assert facts_of(raw) == [BadFrame("w1", kind, address, raw[1:])]


def test_a_wrong_checksum_names_the_address_only_if_it_could_be_ours(facts_of):
    ours, foreign = bytes.fromhex("68 03 03 68 82 11 04 96 16"), bytes.fromhex("68 03 03 68 C2 11 04 96 16")
    assert facts_of(ours, foreign) == [
        BadFrame("w1", "checksum", 0x82, ours),
        BadFrame("w1", "checksum", None, foreign),
    ]


@pytest.mark.parametrize("body", ["01 0B", "01 02 0B", "00 00 0F", "7F 11 04", "01 11 04", "05 01"])
def test_frames_of_a_caller_keypad_are_neither_press_nor_fault(profile, facts_of, interpreter, body):
    assert facts_of(framed(profile, body)) == []
    assert interpreter.counts == Counts(other_devices=1)


@pytest.mark.parametrize("raw", ["68 02 02 68 81 01 82 16", "68 02 02 68 90 01 91 16", "FF 68 03 03 68 81 02 05 88 16"])
def test_the_hosts_own_frames_heard_as_an_echo_are_neither_press_nor_fault(facts_of, interpreter, raw):
    assert facts_of(*[bytes.fromhex(raw)] * 50) == []
    assert interpreter.counts == Counts(host_frames=50)


def test_a_repeat_within_the_guard_time_is_one_press_and_counted(profile, facts_of, interpreter, clock):
    frame = profile.press_frame(0x81, 5)
    assert len(facts_of(frame)) == 1
    clock.now += 0.299
    assert facts_of(frame) == []
    assert interpreter.counts == Counts(presses=1, repeats=1)


def test_a_key_held_down_is_one_press_however_long(profile, facts_of, interpreter, clock):
    frame = profile.press_frame(0x81, 1)
    told = 0
    for _ in range(100):
        told += len(facts_of(frame))
        clock.now += 0.2
    assert told == 1
    assert interpreter.counts == Counts(presses=1, repeats=99)


def test_after_the_guard_time_the_same_key_counts_again(profile, facts_of, clock):
    frame = profile.press_frame(0x81, 5)
    assert len(facts_of(frame)) == 1
    clock.now += 0.301
    assert len(facts_of(frame)) == 1


def test_another_key_or_another_box_is_no_repeat(profile, facts_of):
    frames = [profile.press_frame(0x81, 5), profile.press_frame(0x81, 4), profile.press_frame(0x82, 4)]
    assert [(fact.address, fact.level) for fact in facts_of(*frames)] == [(0x81, 5), (0x81, 4), (0x82, 4)]


def test_every_kind_of_bad_frame_has_its_count(profile, facts_of, interpreter):
    facts_of(
        b"\x00",
        framed(profile, "81 11 09"),
        framed(profile, "83 11 04"),
        framed(profile, "81 33"),
        bytes.fromhex("68 03 03 68 81 11 04 97 16"),
    )
    assert interpreter.counts == Counts(
        wrong_checksums=1, unknown_keys=1, foreign_addresses=1, unknown_commands=1, noises=1
    )
