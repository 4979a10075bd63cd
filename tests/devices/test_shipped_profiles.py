"""The profiles that come with the software: what each says, and that a box which speaks by it is understood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.facts import KeyPressed
from devices.framing import parser_for
from devices.interpreter import Counts, Interpreter
from devices.profile import Profile, load_profile, shipped_profiles
from devices.profile_parts import KeyboardLink
from tests.devices.framings import CALM
from tests.devices.fuzzed import check, seeds

LEVELS = {
    "ascii-digit": {b"5": 5, b"4": 4, b"3": 3, b"2": 2, b"1": 1},
    "ascii-pjq": {b"4": 5, b"1": 4, b"2": 3, b"3": 2},
    "ascii-scoreocx": {b"3": 5, b"2": 4, b"1": 3, b"0": 2},
    "ascii-sle300": {b"1": 5, b"2": 3, b"3": 1},
    "framed-xor": {b"\x05": 5, b"\x04": 4, b"\x03": 3, b"\x02": 2, b"\x01": 1},
    "keyboard-digits": {b"\0\x06": 5, b"\0\x05": 4, b"\0\x04": 3, b"\0\x03": 2, b"\0\x02": 1},
    "keyboard-digits-enter": {b"\0\x06": 5, b"\0\x05": 4, b"\0\x04": 3, b"\0\x03": 2, b"\0\x02": 1},
    "rs485-ft12": {b"\x04": 5, b"\x03": 4, b"\x02": 3, b"\x01": 2, b"\x00": 1},
}


@pytest.fixture(params=shipped_profiles())
def shipped(request) -> Profile:
    return load_profile(request.param)


class Line:
    """What a box of this profile says reaches the interpreter; the presses are a second apart, with silence between."""

    def __init__(self, profile: Profile) -> None:
        self.parser = parser_for(profile.framing)
        self.now = 0.0
        self.address = profile.addresses.evaluators.start
        self.interpreter = Interpreter("w1", profile, frozenset({self.address}), lambda: self.now)

    def say(self, data: bytes):
        events = self.parser.feed(data) + self.parser.flush()
        self.now += 1.0
        return [fact for event in events for fact in self.interpreter.interpret(event)]


def test_there_are_these_under_their_own_names():
    assert shipped_profiles() == sorted(LEVELS)
    assert [load_profile(name).name for name in shipped_profiles()] == shipped_profiles()


def test_each_press_comes_back_as_its_level_and_no_other_key_as_any(shipped):
    line = Line(shipped)
    for key, level in LEVELS[shipped.name].items():
        [fact] = line.say(shipped.press_frame(line.address, level))
        assert isinstance(fact, KeyPressed)
        assert (fact.level, fact.key, fact.profile) == (level, key, shipped.digest)
    width = shipped.press.key_length
    for value in range(256):
        key = bytes(width - 1) + bytes([value])
        facts = line.say(shipped.key_frame(line.address, key))
        assert {getattr(fact, "level", None) for fact in facts} <= {None, LEVELS[shipped.name].get(key)}


def test_the_levels_without_a_key_are_named(shipped):
    assert sorted([*shipped.keys.values(), *shipped.lacks]) == [1, 2, 3, 4, 5]
    assert dict(shipped.keys) == LEVELS[shipped.name]


def test_no_time_out_code_is_a_level(shipped):
    line = Line(shipped)
    for key in shipped.press.timeout_keys:
        assert line.say(shipped.key_frame(line.address, key)) == []
    assert line.interpreter.counts == Counts(timeouts=len(shipped.press.timeout_keys))


def test_the_box_that_says_5_for_nobody_pressed_is_known():
    assert load_profile("ascii-sle300").press.timeout_keys == {b"5"}


def test_no_command_of_the_host_reads_as_a_press(shipped):
    line = Line(shipped)
    assert [line.say(shipped.command_frame(name, line.address)) for name in shipped.commands] == [
        [] for _ in shipped.commands
    ]
    assert line.interpreter.counts == Counts(host_frames=len(shipped.commands))


@CALM
@given(data=st.data(), profile=st.sampled_from(shipped_profiles()).map(load_profile))
def test_any_cutting_of_any_bytes_gives_the_same_facts(data, profile):
    parts = st.lists(st.sampled_from(seeds(profile)) | st.binary(max_size=20), max_size=12)
    check(profile, b"".join(data.draw(parts)))


def test_what_was_not_seen_on_a_box_is_marked(shipped):
    assert shipped.unverified


def test_nothing_is_said_to_a_keyboard():
    keyboards = [name for name in shipped_profiles() if isinstance(load_profile(name).link, KeyboardLink)]
    assert keyboards == ["keyboard-digits", "keyboard-digits-enter"]
    assert all(not load_profile(name).commands for name in keyboards)
