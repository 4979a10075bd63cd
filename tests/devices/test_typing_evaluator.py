"""Boxes that type, on real FIFOs and pseudo-terminals that carry real input_event structs, and on the window's keys."""

import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from devices.event_device import EventDevice, WindowKeys
from devices.facts import BadFrame, EvaluatorFound, EvaluatorLost, KeyPressed, KeyStuck
from devices.input_events import encode, encode_dropped
from devices.key_codes import KEY_CODES
from devices.key_watch import STUCK_AFTER_S
from devices.port_error import PortError
from devices.profile import load_profile
from devices.pseudo_terminal import PseudoTerminal
from devices.typing_evaluator import TypingEvaluator

ENTER = KEY_CODES["KEY_ENTER"]


class Keyboard:
    """A keyboard's event device: structs in a FIFO at a path that stays the same."""

    def __init__(self, path):
        self.path = path
        self._writer = None
        self.plug()

    def plug(self):
        os.mkfifo(self.path)
        self._writer = os.open(self.path, os.O_RDWR)

    def unplug(self):
        if self._writer is not None:
            self.path.unlink()
            os.close(self._writer)
            self._writer = None

    def send(self, data):
        assert os.write(self._writer, data) == len(data)

    def type(self, *names):
        for name in names:
            self.send(encode(KEY_CODES[f"KEY_{name}"], "down") + encode(KEY_CODES[f"KEY_{name}"], "up"))


class Clock:
    """Stands still until it is moved."""

    now_s = 100.0

    def __call__(self):
        return self.now_s


@pytest.fixture
def keyboard(tmp_path):
    made = Keyboard(tmp_path / "event-kbd")
    yield made
    made.unplug()


@pytest.fixture
def with_enter():
    """A digit and Enter a key; patient, for a slow machine must not break what a test types in parts."""
    profile = load_profile("keyboard-digits-enter")
    return replace(profile, press=replace(profile.press, guard_ms=0), link=replace(profile.link, gap_ms=2000))


@pytest.fixture
def typing(listener, with_enter):
    started = []

    def start(device, profile=with_enter, *, wait=True, **others):
        made = TypingEvaluator("k1", str(device), profile, listener, **others)
        made.start()
        started.append(made)
        if wait:
            listener.wait(EvaluatorFound)
        return made

    yield start
    for made in started:
        made.stop()
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("evaluator-")] == []


def levels(facts):
    return [fact.level for fact in facts]


def test_each_key_arrives_as_its_level_with_its_keystrokes(keyboard, typing, listener, with_enter):
    running = typing(keyboard.path)
    for digit in "12345":
        keyboard.type(digit, "ENTER")
    facts = listener.wait(KeyPressed, 5)
    assert levels(facts) == [1, 2, 3, 4, 5]
    assert {fact.profile for fact in facts} == {with_enter.digest}
    assert facts[4].frame == bytes.fromhex("00 06 00 1C")
    heard = running.heard
    assert (heard.counts.presses, heard.last_frame, heard.identity) == (5, facts[4].frame, str(keyboard.path))
    assert heard.last_raw.endswith(facts[4].frame)


def test_a_single_digit_is_a_key_at_once_and_a_held_one_is_one_press(keyboard, typing, listener):
    typing(keyboard.path, load_profile("keyboard-digits"))
    keyboard.send(encode(KEY_CODES["KEY_4"], "down") + encode(KEY_CODES["KEY_4"], "held") * 30)
    assert levels(listener.wait(KeyPressed)) == [4]


def test_a_scanned_number_on_the_same_keyboard_is_no_press(keyboard, typing, listener):
    typing(keyboard.path, load_profile("keyboard-digits-enter"))
    keyboard.type(*"5100002026", "ENTER")
    [noise] = listener.wait(BadFrame)
    assert noise.kind == "noise"
    assert listener.of(KeyPressed) == []


def test_keystrokes_in_any_pieces_are_the_same_press(keyboard, typing, listener):
    typing(keyboard.path)
    for byte in encode(KEY_CODES["KEY_2"], "down") + encode(ENTER, "down"):
        keyboard.send(bytes([byte]))
    assert levels(listener.wait(KeyPressed)) == [2]


def test_what_was_dropped_by_the_kernel_is_not_joined_to_what_follows(keyboard, typing, listener):
    typing(keyboard.path)
    two, enter = encode(KEY_CODES["KEY_2"], "down"), encode(ENTER, "down")
    keyboard.send(two + encode_dropped() + encode(ENTER, "up") + enter)
    keyboard.type("3", "ENTER")
    assert levels(listener.wait(KeyPressed)) == [3]
    assert listener.of(BadFrame)


def test_unplugging_is_told_and_replugging_needs_no_word(keyboard, typing, listener):
    typing(keyboard.path)
    keyboard.type("5", "ENTER")
    listener.wait(KeyPressed)
    keyboard.unplug()
    [lost] = listener.wait(EvaluatorLost)
    assert (lost.cause, lost.port) == ("missing", str(keyboard.path))
    keyboard.plug()
    listener.wait(EvaluatorFound, 2)
    keyboard.type("1", "ENTER")
    assert levels(listener.wait(KeyPressed, 2)) == [5, 1]


def test_a_device_on_a_pseudo_terminal_is_read_too(typing, listener):
    line = PseudoTerminal(lambda _heard: None)
    line.plug()
    typing(line.line)
    line.write(encode(KEY_CODES["KEY_3"], "down") + encode(ENTER, "down"))
    assert levels(listener.wait(KeyPressed)) == [3]
    line.unplug()
    listener.wait(EvaluatorLost)


def test_a_stuck_key_is_told_once_and_told_again_when_it_comes_free(keyboard, typing, listener):
    clock = Clock()
    typing(keyboard.path, monotonic=clock)
    code = KEY_CODES["KEY_5"]
    keyboard.send(encode(code, "down") + encode(ENTER, "down"))
    listener.wait(KeyPressed)
    clock.now_s += STUCK_AFTER_S
    keyboard.send(encode(code, "held") * 20)
    listener.wait(KeyStuck)
    keyboard.send(encode(code, "up"))
    assert [(fact.key, fact.stuck) for fact in listener.wait(KeyStuck, 2)] == [(b"\0\6", True), (b"\0\6", False)]


@pytest.mark.parametrize(
    ("make", "cause", "words"),
    [
        (lambda path: None, "missing", "does not exist"),
        (lambda path: path.write_bytes(b""), "unusable", "as an event device: it is none"),
        (lambda path: path.symlink_to("/dev/null"), "unusable", "as an event device: it is none"),
        (lambda path: path.mkdir(), "unusable", "as an event device: it is none"),
    ],
)
def test_what_is_no_event_device_is_told(typing, listener, tmp_path, make, cause, words):
    path = tmp_path / "event-kbd"
    make(path)
    typing(path, wait=False)
    [lost] = listener.wait(EvaluatorLost)
    assert lost.cause == cause
    assert words in lost.reason


def test_no_descriptor_is_left_over_by_a_device_that_was_refused(tmp_path):
    path = tmp_path / "event-kbd"
    path.write_bytes(b"")
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(PortError):
        EventDevice(str(path))
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_the_keys_of_the_window_are_presses(typing, listener):
    running = typing("")
    for code in (KEY_CODES["KEY_5"], ENTER):
        running.type(code, True)
        running.type(code, False)
    assert levels(listener.wait(KeyPressed)) == [5]
    assert listener.of(EvaluatorFound)[0].port == "window"


def test_keys_of_the_window_are_not_taken_where_there_is_a_device(keyboard, typing, listener):
    running = typing(keyboard.path)
    running.type(KEY_CODES["KEY_5"], True)
    running.type(ENTER, True)
    keyboard.type("1", "ENTER")
    assert levels(listener.wait(KeyPressed)) == [1]


def test_a_window_that_types_without_end_blocks_nobody():
    keys = WindowKeys()
    for _ in range(10_000):
        keys.type(ENTER, down=True)
    keys.close()


def test_typing_before_the_start_and_after_the_end_does_nothing(listener, with_enter):
    running = TypingEvaluator("k1", "", with_enter, listener)
    running.type(ENTER, True)
    running.start()
    listener.wait(EvaluatorFound)
    running.stop()
    running.type(ENTER, True)
    running.say("ask", 1)
    running.acknowledge(1)
    assert len(listener.facts) == 1


def test_the_keys_that_are_the_boxes_are_its_own_and_every_digit(listener, with_enter):
    codes = TypingEvaluator("k1", "", with_enter, listener).codes
    digits = {KEY_CODES[f"KEY_{pad}{digit}"] for pad in ("", "KP") for digit in "0123456789"}
    assert codes == {ENTER, *digits}


def test_a_profile_of_a_serial_box_is_refused(listener, profile):
    with pytest.raises(ValueError, match="is of a box on a serial line"):
        TypingEvaluator("k1", "", profile, listener)
