"""What the host has to say, on a clock of the test's own."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.frames import Frame
from devices.framing import parser_for
from devices.profile import load_profile
from devices.profile_parts import Command
from devices.talking import ACKNOWLEDGEMENTS_APART_S, Talking

COMMANDS = {
    "acknowledge": Command(0x01, b"", preamble=False, may_start=True),
    "ask": Command(0x03, b"", preamble=False, may_start=True, delay_ms=500),
    "pause": Command(0x04, b"", preamble=False, may_start=False),
    "show_clerk": Command(0x05, b"", preamble=False, may_start=False, clerk_digits=4),
    "lights": Command(0x06, b"", preamble=False, may_start=False, reply=0x46, reply_ms=200),
}
PROBE = {"probe": Command(0x07, b"", preamble=False, may_start=False, reply=0x47, reply_ms=200, every_s=30)}
MIRRORED = {"probe": Command(0x07, b"", preamble=False, may_start=False, reply=0x07, reply_ms=200, every_s=30)}
FT12 = load_profile("rs485-ft12")
NO_PROBE = replace(FT12, commands=COMMANDS)
PROBED = replace(FT12, commands=PROBE)


def opened(profile=NO_PROBE, addresses=(0x81, 0x82)):
    talking = Talking(profile, frozenset(addresses))
    talking.opened(0.0)
    return talking


def sent(talking, now_s):
    """What goes out at this time: the command and the number of its box."""
    told = []
    while (saying := talking.due(now_s)) is not None:
        told.append((saying.command, saying.address - 0x80))
    return told


def frame(command, address=0x81, data=b""):
    body = NO_PROBE.body_with(address, command, data)
    [heard] = parser_for(NO_PROBE.framing).feed(NO_PROBE.framing.encode(body))
    assert isinstance(heard, Frame)
    return heard


def test_nothing_is_due_and_nothing_is_waited_for_at_rest():
    talking = opened()
    assert (talking.due(1000.0), talking.wait_s(1000.0)) == (None, None)


def test_a_command_goes_out_when_its_delay_is_over():
    talking = opened()
    talking.say("ask", 0x81, "", 10.0)
    assert sent(talking, 10.4) == []
    assert talking.wait_s(10.4) == pytest.approx(0.1)
    assert sent(talking, 10.5) == [("ask", 1)]


def test_one_box_is_told_in_order_and_does_not_hold_up_another():
    talking = opened()
    talking.say("ask", 0x81, "", 10.0)
    talking.say("pause", 0x81, "", 10.1)
    talking.say("pause", 0x82, "", 10.2)
    assert sent(talking, 10.2) == [("pause", 2)]
    assert sent(talking, 10.5) == [("ask", 1), ("pause", 1)]


def test_on_a_half_duplex_line_a_frame_that_is_being_heard_is_not_talked_into_but_not_for_ever():
    talking = opened()
    talking.say("pause", 0x81, "", 10.0)
    assert talking.due(10.0, mid_frame=True) is None
    assert talking.wait_s(10.0, mid_frame=True) == pytest.approx(FT12.link.silence_s)
    assert talking.due(10.0 + FT12.link.silence_s, mid_frame=True).command == "pause"


def test_on_a_full_duplex_line_nothing_has_to_wait():
    talking = opened(replace(NO_PROBE, link=replace(FT12.link, wiring="rs232")))
    talking.say("pause", 0x81, "", 10.0)
    assert talking.due(10.0, mid_frame=True).command == "pause"


def test_what_could_not_go_out_in_time_is_dropped():
    talking = opened()
    talking.say("ask", 0x81, "", 10.0)
    talking.say("pause", 0x82, "", 12.0)
    assert sent(talking, 12.6) == [("pause", 2)]


def test_a_clerk_number_that_the_box_cannot_show_is_not_sent():
    talking = opened()
    talking.say("show_clerk", 0x81, "张三", 10.0)
    talking.say("show_clerk", 0x81, "70001", 10.0)
    talking.say("show_clerk", 0x82, "71", 10.0)
    assert talking.due(10.0).frame == bytes.fromhex("68 06 06 68 82 05 30 30 37 31 4F 16")
    assert sent(talking, 10.0) == []


def test_a_box_is_not_acknowledged_twice_within_two_seconds_so_that_no_acknowledgement_can_loop():
    talking = opened()
    talking.say("acknowledge", 0x81, "", 10.0)
    talking.say("acknowledge", 0x81, "", 10.5)
    talking.say("acknowledge", 0x82, "", 10.5)
    assert sent(talking, 10.5) == [("acknowledge", 1), ("acknowledge", 2)]
    talking.say("acknowledge", 0x81, "", 10.0 + ACKNOWLEDGEMENTS_APART_S)
    assert sent(talking, 12.0) == [("acknowledge", 1)]


def test_while_an_answer_is_awaited_nothing_else_goes_out():
    talking = opened()
    talking.say("lights", 0x81, "", 10.0)
    talking.say("pause", 0x82, "", 10.0)
    assert sent(talking, 10.0) == [("lights", 1)]
    assert talking.wait_s(10.0) == pytest.approx(0.2)
    talking.heard(frame(0x46, 0x82), 10.05)
    assert sent(talking, 10.05) == []
    talking.heard(frame(0x46), 10.1)
    assert sent(talking, 10.1) == [("pause", 2)]
    assert (talking.answered, talking.unanswered) == (1, 0)


def test_an_answer_that_does_not_come_is_counted_and_waited_for_no_longer():
    talking = opened()
    talking.say("lights", 0x81, "", 10.0)
    talking.say("pause", 0x82, "", 10.0)
    sent(talking, 10.0)
    assert sent(talking, 10.2) == [("pause", 2)]
    assert (talking.answered, talking.unanswered) == (0, 1)


def test_a_box_is_probed_once_it_was_silent_for_so_long():
    talking = opened(PROBED, [0x81])
    assert talking.wait_s(0.0) == 30.0
    talking.heard(frame(0x11, data=b"\4"), 20.0)
    assert sent(talking, 49.9) == []
    assert sent(talking, 50.0) == [("probe", 1)]
    talking.heard(frame(0x47), 50.1)
    assert talking.answered == 1
    assert talking.wait_s(50.1) == pytest.approx(30.0)


def test_three_probes_without_an_answer_make_a_box_silent_and_a_frame_of_its_own_ends_that():
    talking = opened(PROBED)
    for now_s in (30.0, 61.0, 92.0):
        assert talking.silent == ()
        assert sent(talking, now_s) == [("probe", 1)]
        assert sent(talking, now_s + 0.2) == [("probe", 2)]
        talking.heard(frame(0x47, 0x82), now_s + 0.3)
        assert sent(talking, now_s + 0.3) == []
    assert talking.silent == (0x81,)
    talking.heard(frame(0x11, data=b"\4"), 100.0)
    assert talking.silent == ()


@pytest.mark.parametrize("commands", [PROBE, MIRRORED])
def test_our_own_probe_coming_back_over_a_half_duplex_line_is_no_sign_of_life(commands):
    talking = opened(replace(FT12, commands=commands), [0x81])
    for now_s in (30.0, 60.0, 90.0):
        probe = talking.due(now_s)
        [echo] = parser_for(FT12.framing).feed(probe.frame)
        talking.heard(echo, now_s + 0.01)
    assert sent(talking, 90.2) == []
    assert talking.silent == (0x81,)
    assert talking.unanswered == 3


def test_a_port_that_was_opened_anew_counts_its_boxes_as_alive_and_says_nothing_old():
    talking = opened(PROBED, [0x81])
    for now_s in (30.0, 60.0, 90.0, 120.0):
        sent(talking, now_s)
    talking.say("probe", 0x81, "", 120.0)
    talking.opened(121.0)
    assert talking.silent == ()
    assert sent(talking, 150.9) == []
    assert talking.wait_s(121.0) == 30.0


says = st.tuples(
    st.sampled_from(sorted(COMMANDS)), st.sampled_from([0x81, 0x82]), st.sampled_from(["", "7"]), st.floats(0, 0.3)
)


@given(st.lists(says, max_size=200))
def test_whatever_is_said_little_is_kept_and_each_box_hears_it_in_order(said):
    talking = opened()
    now_s, order = 0.0, {}
    for turn, (command, address, clerk, pause_s) in enumerate(said):
        now_s += pause_s
        talking.say(command, address, clerk, now_s)
        order.setdefault((command, address), []).append(turn)
        assert len(talking._waiting) <= 64
    turns = {0x81: [], 0x82: []}
    while (wait_s := talking.wait_s(now_s)) is not None:
        now_s += wait_s
        while (saying := talking.due(now_s)) is not None:
            turns[saying.address].append(saying.turn)
    assert all(heard == sorted(heard) for heard in turns.values())
