"""Frames to facts: which level, whose box, what is none of ours."""

import pytest

from devices.facts import BadFrame, KeyDropped, KeypadUsed, KeyPressed, KeyStuck
from devices.framing import encode, parser_for
from devices.interpreter import Counts, Interpreter
from devices.profile import load_profile


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
        return [fact for event in events for fact in interpreter.interpret(event)]

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


@pytest.mark.parametrize("body", ["01 0B", "01 02 01", "02 11 04", "01 11 04", "01 02 06 0F", "03 01 0B", "7F 01 0B"])
def test_a_keypads_other_frames_are_neither_press_nor_fault(profile, facts_of, interpreter, body):
    """Without data, with a press's command, with an order that the profile does not know, of another window."""
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
    told = []
    for _ in range(100):
        told += facts_of(frame)
        clock.now += 0.2
    assert [type(fact) for fact in told] == [KeyPressed, KeyStuck]
    assert interpreter.counts == Counts(presses=1, repeats=99)


def test_after_the_guard_time_the_same_key_counts_again(profile, facts_of, clock):
    frame = profile.press_frame(0x81, 5)
    assert len(facts_of(frame)) == 1
    clock.now += 0.301
    assert len(facts_of(frame)) == 1


def test_two_boxes_do_not_guard_each_other(profile, facts_of):
    frames = [profile.press_frame(0x81, 5), profile.press_frame(0x82, 4), profile.press_frame(0x82, 4)]
    assert [(fact.address, fact.level) for fact in facts_of(*frames)] == [(0x81, 5), (0x82, 4)]


def test_another_key_within_the_guard_time_is_told_as_dropped(profile, facts_of, interpreter, clock):
    first, second = profile.press_frame(0x81, 5), profile.press_frame(0x81, 1)
    assert len(facts_of(first)) == 1
    clock.now += 0.1
    assert facts_of(second, second) == [KeyDropped("w1", 0x81, b"\x00", second[1:], "guard")]
    assert interpreter.counts == Counts(presses=1, repeats=1, dropped=1)


def test_keys_that_bounce_against_each_other_are_one_press(profile, facts_of, clock):
    facts = []
    for level in [5, 4] * 20:
        facts += facts_of(profile.press_frame(0x81, level))
        clock.now += 0.2
    assert [type(fact) for fact in facts] == [KeyPressed] + [KeyDropped] * 39


def test_another_key_after_the_guard_time_counts(profile, facts_of, clock):
    assert len(facts_of(profile.press_frame(0x81, 5))) == 1
    clock.now += 0.301
    [fact] = facts_of(profile.press_frame(0x81, 1))
    assert (type(fact), fact.level) == (KeyPressed, 1)


def test_a_frame_that_comes_again_behind_our_acknowledgement_is_its_echo(profile, facts_of, interpreter, clock):
    frame = profile.press_frame(0x81, 5)
    assert len(facts_of(frame)) == 1
    interpreter.acknowledged(0x81)
    clock.now += 0.9
    assert facts_of(frame) == [KeyDropped("w1", 0x81, b"\x04", frame[1:], "echo")]
    clock.now += 0.9
    [fact] = facts_of(frame)
    assert isinstance(fact, KeyPressed), "an echo is not acknowledged, so that it does not hold on"


def test_another_key_behind_our_acknowledgement_is_a_press(profile, facts_of, interpreter, clock):
    facts_of(profile.press_frame(0x81, 5))
    interpreter.acknowledged(0x81)
    clock.now += 0.5
    assert [fact.level for fact in facts_of(profile.press_frame(0x81, 4))] == [4]


def held(profile, facts_of, clock, seconds: float, level: int = 3):
    facts = []
    for _ in range(int(seconds / 0.1)):
        facts += facts_of(profile.press_frame(0x81, level))
        clock.now += 0.1
    return facts


def test_a_key_that_repeats_for_ten_seconds_is_told_as_stuck_once(profile, facts_of, clock):
    assert [type(fact) for fact in held(profile, facts_of, clock, 9.9)] == [KeyPressed]
    assert held(profile, facts_of, clock, 60.0) == [KeyStuck("w1", 0x81, b"\x02", stuck=True)]


def test_a_stuck_key_that_is_pressed_anew_has_let_go(profile, facts_of, clock):
    held(profile, facts_of, clock, 11.0)
    clock.now += 0.4
    freed, pressed = facts_of(profile.press_frame(0x81, 3))
    assert (freed, pressed.level) == (KeyStuck("w1", 0x81, b"\x02", stuck=False), 3)


def test_a_stuck_key_has_let_go_when_another_is_heard(profile, facts_of, clock):
    held(profile, facts_of, clock, 11.0)
    freed, dropped = facts_of(profile.press_frame(0x81, 5))
    assert freed == KeyStuck("w1", 0x81, b"\x02", stuck=False)
    assert (type(dropped), dropped.key) == (KeyDropped, b"\x04")


@pytest.mark.parametrize(
    ("data", "order", "digits"),
    [
        ("0B", "ask", ""),
        ("00 0B", "wait", "0"),
        ("0C", "call", ""),
        ("01 02 0C", "call", "12"),
        ("0D", "recall", ""),
        ("0E", "cancel", ""),
        ("03 0A", "start", "3"),
        ("00 0F", "pause", "0"),
        ("02 0F", "resume", "2"),
        ("04 0F", "sign-out", "4"),
        ("05 0F", "pass", "5"),
        ("01 00 07 0F", "sign-in", "107"),
        ("00 00 0F", "sign-in", "00"),
    ],
)
@pytest.mark.parametrize("command", ["01", "02", "11", "77"])
def test_a_keypads_order_is_told_whatever_its_command_byte(
    profile, facts_of, interpreter, command, data, order, digits
):
    raw = framed(profile, f"02 {command} {data}")
    assert facts_of(raw) == [KeypadUsed("w1", 0x02, order, digits, raw[1:])]
    assert interpreter.counts == Counts(keypad_orders=1)


TALKING = load_profile("framed-xor")


def test_the_answer_to_a_command_is_expected_and_counted(clock):
    interpreter = Interpreter("w1", TALKING, frozenset({1}), clock)
    [event] = parser_for(TALKING.framing).feed(encode(TALKING.framing, b"\x83\x00", preamble=True))
    assert interpreter.interpret(event) == ()
    assert interpreter.counts == Counts(replies=1)


def test_what_we_say_ourselves_is_no_answer_and_no_press(clock):
    interpreter = Interpreter("w1", TALKING, frozenset({1}), clock)
    for name in TALKING.commands:
        [event] = parser_for(TALKING.framing).feed(TALKING.command_frame(name, 1))
        assert interpreter.interpret(event) == ()
    assert interpreter.counts == Counts(host_frames=len(TALKING.commands))


def test_a_time_out_code_is_counted_and_never_a_level(clock):
    """This box says 5 when nobody pressed."""
    profile = load_profile("ascii-sle300")
    interpreter = Interpreter("w1", profile, frozenset({1}), clock)
    [event] = parser_for(profile.framing).feed(b"5")
    assert interpreter.interpret(event) == ()
    assert interpreter.counts == Counts(timeouts=1)


def test_counts_say_what_was_good_and_what_was_bad():
    counts = Counts(presses=1, repeats=2, dropped=4, timeouts=8, replies=16, host_frames=99, noises=3, unknown_keys=5)
    assert (counts.good, counts.bad) == (31, 8)


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
