"""The reader and a box that is spoken to, on real pseudo-terminals."""

from dataclasses import replace

import pytest
from adapters import adapter

from devices.emulator import EmulatedEvaluator
from devices.facts import EvaluatorFound, EvaluatorLost, KeyDropped, KeyPressed
from devices.port_finding import PortChoice
from devices.profile_parts import Command

ASK, LIGHTS, PROBE = 0x03, 0x06, 0x07
DONE = 0x46


class Clock:
    """Stands still until it is moved."""

    def __init__(self):
        self.now_s = 100.0

    def __call__(self):
        return self.now_s


@pytest.fixture
def talkative(unguarded):
    """A box that is asked after a pause, and that answers to lights."""
    commands = {
        **unguarded.commands,
        "ask": Command(ASK, b"", preamble=False, may_start=True, delay_ms=50),
        "lights": Command(LIGHTS, b"\1", preamble=False, may_start=False, reply=DONE, reply_ms=60_000),
    }
    return replace(unguarded, commands=commands)


def told(box, count):
    """Address and command byte of what the box was told."""
    return [(frame[4], frame[5]) for frame in box.wait_received(count, 10.0)]


def answer(box, profile, command, address=0x81):
    box.send(profile.framing.encode(profile.body_with(address, command, b"")))


def test_a_command_of_the_profile_reaches_its_box_and_an_unknown_one_does_nothing(box, evaluator, talkative):
    running = evaluator(box.port, {0x81, 0x82}, profile=talkative)
    running.say("welcome", 0x81)
    running.say("ask", 0x82)
    assert told(box, 1) == [(0x82, ASK)]


def test_a_press_is_heard_while_a_command_waits_for_its_time(box, evaluator, listener, talkative):
    clock = Clock()
    running = evaluator(box.port, profile=talkative, monotonic=clock)
    running.say("ask", 0x81)
    box.press(0x81, 3)
    assert [press.level for press in listener.wait(KeyPressed)] == [3]
    clock.now_s += 0.05
    assert told(box, 1) == [(0x81, ASK)]


def test_a_box_that_owes_an_answer_holds_up_no_press_and_is_counted(box, evaluator, listener, talkative):
    running = evaluator(box.port, {0x81, 0x82}, profile=talkative)
    running.say("lights", 0x81)
    running.say("ask", 0x82)
    assert told(box, 1) == [(0x81, LIGHTS)]
    box.press(0x82, 4)
    listener.wait(KeyPressed)
    answer(box, talkative, DONE)
    assert told(box, 2) == [(0x81, LIGHTS), (0x82, ASK)]
    assert (running.heard.answered, running.heard.unanswered) == (1, 0)


def test_a_box_that_the_acknowledgement_starts_anew_cannot_loop(box, evaluator, listener, talkative):
    clock = Clock()
    running = evaluator(box.port, {0x81, 0x82}, acknowledge=True, profile=talkative, monotonic=clock)
    box.press(0x81, 5)
    for turn in (1, 2, 3):
        running.acknowledge(0x81)
        running.acknowledge(0x82)
        box.wait_received(2, 10.0)
        clock.now_s += 0.3
        box.press(0x81, 5)
        assert [fact.why for fact in listener.wait(KeyDropped, turn)] == ["echo"] * turn
    assert [frame[4] for frame in box.received] == [0x81, 0x82]
    assert len(listener.of(KeyPressed)) == 1


def test_an_acknowledgement_is_not_said_like_another_command(box, evaluator, talkative):
    with pytest.raises(ValueError, match="has to be switched on"):
        evaluator(box.port, profile=talkative).say("acknowledge", 0x81)


def test_a_box_that_stops_to_answer_is_lost_with_its_port_open_and_found_when_it_speaks(
    box, evaluator, listener, unguarded
):
    probe = Command(PROBE, b"", preamble=False, may_start=False, reply=DONE, reply_ms=10, every_s=0.02)
    running = evaluator(box.port, profile=replace(unguarded, commands={"probe": probe}))
    [lost] = listener.wait(EvaluatorLost)
    assert (lost.cause, lost.reason) == ("silent", f"port {box.port}: no answer from the box at address 81")
    assert running.heard.silent == (0x81,)
    assert running.heard.unanswered >= 3
    box.press(0x81, 2)
    assert len(listener.wait(EvaluatorFound, 2)) >= 2
    assert [press.level for press in listener.wait(KeyPressed)] == [2]


def test_what_was_heard_can_be_looked_at(box, evaluator, listener, unguarded):
    running = evaluator(box.port)
    noise = bytes(range(64))
    box.send(noise)
    frame = box.press(0x81, 5)
    listener.wait(KeyPressed)
    heard = running.heard
    assert heard.last_frame == frame[1:]
    assert heard.last_raw == (noise + frame)[-64:]
    assert heard.identity == box.port
    assert heard.counts.presses == 1


def test_a_box_is_found_again_by_its_identity_when_a_hub_renumbers_the_ports(unguarded, evaluator, listener, tmp_path):
    with (
        EmulatedEvaluator(unguarded, tmp_path / "ttyUSB0") as ours,
        EmulatedEvaluator(unguarded, tmp_path / "ttyUSB1") as other,
    ):
        listed = [adapter(ours.path, location="1-1.2"), adapter(other.path, location="1-1.3")]
        choice = PortChoice(usb="1a86:7523", location="1-1.2")
        running = evaluator(choice, ports=lambda: list(listed))
        ours.press(0x81, 5)
        listener.wait(KeyPressed)
        assert running.heard.identity == "1a86:7523 at 1-1.2"
        listed[:] = []
        ours.unplug()
        listener.wait(EvaluatorLost)
        other.unplug()
        other.plug()
        ours.plug()
        listed[:] = [adapter(other.path, location="1-1.3"), adapter(ours.path, location="1-1.2")]
        listener.wait(EvaluatorFound, 2)
        other.press(0x81, 1)
        ours.press(0x81, 4)
        assert [press.level for press in listener.wait(KeyPressed, 2)] == [5, 4]


def test_two_boxes_that_fit_the_same_choice_are_told_and_neither_is_read(unguarded, evaluator, listener):
    with EmulatedEvaluator(unguarded) as one, EmulatedEvaluator(unguarded) as two:
        listed = [adapter(one.path, location="1-1.2"), adapter(two.path, location="1-1.3")]
        evaluator(PortChoice(usb="1a86:7523"), ports=lambda: list(listed), wait=False)
        [lost] = listener.wait(EvaluatorLost)
        assert lost.cause == "ambiguous"
        assert lost.port == "usb 1a86:7523"
        one.press(0x81, 1)
        del listed[1]
        [found] = listener.wait(EvaluatorFound)
        assert (found.port, found.identity) == (one.path, "1a86:7523 at 1-1.2")
        one.press(0x81, 5)
        assert listener.wait(KeyPressed)[-1].level == 5
