"""What a profile makes of its parts: commands with a clerk's number, keypads beside boxes, no command bytes."""

from dataclasses import replace

import pytest

from devices.framing import parser_for
from devices.interpreter import Counts, Interpreter
from devices.profile import Profile, load_profile
from devices.profile_parts import Command


@pytest.fixture
def showing(profile: Profile) -> Profile:
    """Shows a clerk's number of up to four digits."""
    show = Command(command=0x05, data=b"\x01", preamble=True, may_start=False, clerk_digits=4)
    return replace(profile, commands={**profile.commands, "show_clerk": show})


@pytest.mark.parametrize(("clerk", "digits"), [("107", b"0107"), ("1234", b"1234"), ("0", b"0000")])
def test_a_clerks_number_is_sent_in_digits_with_zeros_in_front(showing, clerk, digits):
    frame = showing.command_frame("show_clerk", 0x81, clerk)
    [event] = parser_for(showing.framing).feed(frame)
    assert frame.startswith(b"\xff")
    assert event.body == b"\x81\x05\x01" + digits


@pytest.mark.parametrize("clerk", ["", "12345", "A07", "-1", "１２", "一"])
def test_a_number_that_the_box_cannot_show_is_not_sent(showing, clerk):
    assert showing.command_frame("show_clerk", 0x81, clerk) == b""


def test_a_command_that_shows_no_number_is_sent_whoever_serves(profile):
    assert profile.command_frame("ask", 0x81, "A07") == profile.command_frame("ask", 0x81)


def test_the_nth_keypad_stands_beside_the_nth_evaluator(profile):
    assert [profile.evaluator_of_keypad(keypad) for keypad in (0x00, 0x01, 0x7F, 0x80, 0x81)] == [
        None, 0x81, 0xFF, None, None
    ]  # fmt: skip
    fewer = replace(profile, addresses=replace(profile.addresses, evaluators=range(0x81, 0x83)))
    assert [fewer.evaluator_of_keypad(keypad) for keypad in (0x02, 0x03)] == [0x82, None]


def test_a_box_without_keypads_has_none():
    assert load_profile("framed-xor").evaluator_of_keypad(1) is None


@pytest.mark.parametrize(("heard", "counts"), [(b"A", Counts(host_frames=1)), (b"B", Counts(unknown_keys=1))])
def test_without_command_bytes_a_hosts_command_is_known_by_its_data(heard, counts):
    """An adapter that echoes brings our own command back."""
    digits = load_profile("ascii-digit")
    profile = replace(digits, commands={"ask": Command(None, b"A", preamble=False, may_start=False)})
    interpreter = Interpreter("w1", profile, frozenset({1}), lambda: 0.0)
    [event] = parser_for(profile.framing).feed(heard)
    interpreter.interpret(event)
    assert interpreter.counts == counts


def test_a_clerks_digits_belong_to_the_command_that_is_known_by_its_data():
    lines = load_profile("framed-xor")
    body = replace(lines.body, command=None, data=0)
    press = replace(lines.press, command=None, data_length=1)
    framing = replace(lines.framing, body_length=3)
    said = Command(None, b"C", preamble=False, may_start=False, clerk_digits=2)
    profile = replace(lines, framing=framing, body=body, press=press, commands={"show_clerk": said})
    interpreter = Interpreter("w1", profile, frozenset({1}), lambda: 0.0)
    [event] = parser_for(framing).feed(profile.command_frame("show_clerk", 1, "7"))
    assert (event.body, interpreter.interpret(event)) == (b"C07", ())
    assert interpreter.counts == Counts(host_frames=1)
