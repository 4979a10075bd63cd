"""The reader on real pseudo-terminals: presses, unplugging, ports that are not there, replies."""

import errno
import os
import threading
import tty
from dataclasses import replace
from pathlib import Path

import pytest
import serial

from devices.emulator import EmulatedEvaluator
from devices.facts import BadFrame, EvaluatorFound, EvaluatorLost, KeyPressed
from devices.port_error import PortError, opening_failed
from devices.port_finding import PortChoice
from devices.profile import load_profile, shipped_profiles
from devices.serial_evaluator import SerialEvaluator
from devices.serial_port import SerialPort

REPLY = bytes.fromhex("68 02 02 68 81 01 82 16")
BURST = 16


@pytest.fixture
def patient(unguarded):
    """The profile with a long inter-byte time: a slow machine must not break a frame that a test sends in parts."""
    return replace(unguarded, link=replace(unguarded.link, inter_byte_ms=2000))


def open_descriptors():
    return len(list(Path("/proc/self/fd").iterdir()))


def pressed(facts):
    return [(fact.address, fact.level) for fact in facts]


def test_each_key_of_the_box_arrives_as_its_level_with_its_frame(box, evaluator, listener, profile):
    evaluator(box.port)
    frames = [box.press(0x81, level) for level in (1, 2, 3, 4, 5)]
    facts = listener.wait(KeyPressed, 5)
    assert pressed(facts) == [(0x81, level) for level in (1, 2, 3, 4, 5)]
    assert [b"\xff" + fact.frame for fact in facts] == frames
    assert {fact.profile for fact in facts} == {profile.digest}
    assert listener.of(BadFrame) == []


@pytest.mark.parametrize("name", [name for name in shipped_profiles() if not name.startswith("keyboard")])
def test_a_box_of_each_shipped_profile_is_heard(name, evaluator, listener):
    shipped = load_profile(name)
    address, level = shipped.addresses.evaluators.start, shipped.levels[0]
    with EmulatedEvaluator(shipped) as box:
        evaluator(box.port, {address}, profile=shipped)
        box.press(address, level)
        assert pressed(listener.wait(KeyPressed)) == [(address, level)]


def test_several_boxes_on_one_bus_keep_their_addresses(box, evaluator, listener):
    running = evaluator(box.port, {0x81, 0x82, 0x8A})
    box.press(0x8A, 1)
    box.press(0x83, 2)
    box.press(0x82, 3)
    box.press(0x81, 5)
    assert pressed(listener.wait(KeyPressed, 3)) == [(0x8A, 1), (0x82, 3), (0x81, 5)]
    assert [(fact.kind, fact.address) for fact in listener.of(BadFrame)] == [("foreign-address", 0x83)]
    assert running.heard.counts.presses == 3


def test_a_frame_in_single_bytes_and_frames_in_one_piece_both_arrive(box, evaluator, listener, patient):
    evaluator(box.port, profile=patient)
    for byte in patient.press_frame(0x81, 4):
        box.send(bytes([byte]))
    box.send(patient.press_frame(0x81, 2) + patient.press_frame(0x81, 3))
    assert pressed(listener.wait(KeyPressed, 3)) == [(0x81, 4), (0x81, 2), (0x81, 3)]


def test_a_press_behind_a_start_that_never_ends_is_told_without_another_byte(box, evaluator, listener, profile):
    evaluator(box.port)
    box.send(bytes.fromhex("68 20 20 68") + profile.press_frame(0x81, 5))
    assert pressed(listener.wait(KeyPressed)) == [(0x81, 5)]
    assert listener.of(BadFrame)[0].raw == bytes.fromhex("68 20 20 68")


def test_noise_is_told_once_the_line_is_silent_and_a_press_after_it_counts(box, evaluator, listener):
    evaluator(box.port)
    box.send(b"\x00\x13\x68")
    [fact] = listener.wait(BadFrame)
    assert (fact.kind, fact.raw) == ("noise", b"\x00\x13\x68")
    box.press(0x81, 3)
    assert pressed(listener.wait(KeyPressed)) == [(0x81, 3)]


def test_a_wrong_checksum_is_told_with_its_bytes_and_gives_no_level(box, evaluator, listener):
    evaluator(box.port)
    box.send(bytes.fromhex("FF 68 03 03 68 81 11 04 97 16"))
    [fact] = listener.wait(BadFrame)
    assert (fact.kind, fact.address, fact.raw) == ("checksum", 0x81, bytes.fromhex("68 03 03 68 81 11 04 97 16"))
    assert listener.of(KeyPressed) == []


def test_unplugging_and_replugging_needs_no_restart_and_no_word(profile, evaluator, listener, tmp_path):
    with EmulatedEvaluator(profile, tmp_path / "box") as box:
        evaluator(box.port)
        for turn, level in enumerate((1, 5, 3), start=1):
            box.press(0x81, level)
            listener.wait(KeyPressed, turn)
            box.unplug()
            listener.wait(EvaluatorLost, turn)
            box.plug()
            listener.wait(EvaluatorFound, turn + 1)
        box.press(0x81, 4)
        assert pressed(listener.wait(KeyPressed, 4)) == [(0x81, 1), (0x81, 5), (0x81, 3), (0x81, 4)]
    kinds = [type(fact) for fact in listener.facts if not isinstance(fact, KeyPressed)]
    assert kinds[:7] == [EvaluatorFound, EvaluatorLost] * 3 + [EvaluatorFound]
    assert "unplugged" in listener.of(EvaluatorLost)[0].reason


def test_half_a_frame_before_unplugging_does_not_join_what_comes_after(profile, evaluator, listener, tmp_path):
    frame = profile.press_frame(0x81, 5)
    with EmulatedEvaluator(profile, tmp_path / "box") as box:
        evaluator(box.port)
        box.send(frame[:6])
        box.unplug()
        listener.wait(EvaluatorLost)
        box.plug()
        listener.wait(EvaluatorFound, 2)
        box.send(frame[6:])
        box.press(0x81, 1)
        assert pressed(listener.wait(KeyPressed)) == [(0x81, 1)]


def test_a_port_that_is_not_there_is_told_once_and_taken_when_it_appears(profile, evaluator, listener, tmp_path):
    link = tmp_path / "box"
    running = evaluator(link, wait=False)
    [lost] = listener.wait(EvaluatorLost)
    assert lost.reason == f"port {link} does not exist"
    with EmulatedEvaluator(profile, link) as box:
        listener.wait(EvaluatorFound)
        box.press(0x81, 2)
        assert pressed(listener.wait(KeyPressed)) == [(0x81, 2)]
        assert len(listener.of(EvaluatorLost)) == 1
        running.stop()


def test_a_port_held_by_another_program_is_told_and_taken_when_it_is_free(box, evaluator, listener):
    holder = serial.Serial(box.port, exclusive=True)
    evaluator(box.port, wait=False)
    [lost] = listener.wait(EvaluatorLost)
    assert lost.reason == f"port {box.port} is held by another program"
    holder.close()
    listener.wait(EvaluatorFound)
    box.press(0x81, 5)
    assert pressed(listener.wait(KeyPressed)) == [(0x81, 5)]


def test_another_cause_of_failure_is_told_too(profile, evaluator, listener, tmp_path):
    link = tmp_path / "box"
    evaluator(link, wait=False)
    listener.wait(EvaluatorLost)
    with EmulatedEvaluator(profile) as elsewhere, serial.Serial(elsewhere.port, exclusive=True):
        link.symlink_to(elsewhere.port)
        lost = listener.wait(EvaluatorLost, 2)
        assert [fact.reason.rsplit(" ", 3)[-3:] for fact in lost][1] == ["by", "another", "program"]


def test_a_file_that_is_no_serial_port_is_told_as_unusable(evaluator, listener, tmp_path):
    path = tmp_path / "box"
    path.write_bytes(b"")
    evaluator(path, wait=False)
    [lost] = listener.wait(EvaluatorLost)
    assert "cannot be used as a serial port" in lost.reason


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "no permission for port /dev/ttyS9: add the user to group dialout"),
        (errno.ENXIO, "port /dev/ttyS9 does not exist"),
        (errno.EBUSY, "port /dev/ttyS9 is held by another program"),
        (errno.EISDIR, "port /dev/ttyS9 cannot be used as a serial port: Is a directory"),
    ],
)
def test_the_reason_of_a_failed_opening_says_what_to_do(number, words):
    assert str(opening_failed("/dev/ttyS9", serial.SerialException(number, "vendor text"))) == words


def test_the_port_is_held_while_it_is_read_and_free_after_stopping(box, evaluator):
    running = evaluator(box.port)
    with pytest.raises(serial.SerialException):
        serial.Serial(box.port, exclusive=True)
    running.stop()
    serial.Serial(box.port, exclusive=True).close()


@pytest.mark.parametrize("level", [1, 5])
def test_the_acknowledgement_is_the_same_documented_bytes_for_every_level(box, evaluator, listener, level):
    running = evaluator(box.port, acknowledge=True)
    box.press(0x81, level)
    listener.wait(KeyPressed)
    running.acknowledge(0x81)
    assert box.wait_received(1, 5.0) == (REPLY,)


def test_many_acknowledgements_go_out_in_order_to_their_boxes(box, evaluator):
    boxes = [0x81 + number for number in range(BURST)]
    running = evaluator(box.port, boxes, acknowledge=True)
    for address in boxes:
        running.acknowledge(address)
    received = box.wait_received(BURST, 5.0)
    assert [frame[4] for frame in received] == boxes


def test_without_the_switch_nothing_is_ever_sent(box, evaluator, listener):
    running = evaluator(box.port)
    box.press(0x81, 5)
    listener.wait(KeyPressed)
    running.acknowledge(0x81)
    running.stop()
    box.unplug()
    assert box.received == ()


def test_an_acknowledgement_while_the_port_is_lost_is_not_kept_for_later(profile, evaluator, listener, tmp_path):
    with EmulatedEvaluator(profile, tmp_path / "box") as box:
        running = evaluator(box.port, {0x81, 0x82}, acknowledge=True)
        box.unplug()
        listener.wait(EvaluatorLost)
        running.acknowledge(0x81)
        box.plug()
        listener.wait(EvaluatorFound, 2)
        running.acknowledge(0x82)
        assert [frame[4] for frame in box.wait_received(1, 5.0)] == [0x82]


def test_an_echoed_acknowledgement_is_neither_press_nor_fault(box, evaluator, listener):
    running = evaluator(box.port, acknowledge=True)
    running.acknowledge(0x81)
    [reply] = box.wait_received(1, 5.0)
    box.send(reply * BURST)
    box.press(0x81, 5)
    assert pressed(listener.wait(KeyPressed)) == [(0x81, 5)]
    assert listener.of(BadFrame) == []
    assert running.heard.counts.host_frames == BURST


def test_an_acknowledgement_asked_for_in_the_middle_of_a_frame_goes_out_behind_it(box, evaluator, listener, patient):
    clock_s = 100.0
    running = evaluator(box.port, {0x81, 0x82}, acknowledge=True, profile=patient, monotonic=lambda: clock_s)
    frame = patient.press_frame(0x81, 3)
    box.send(bytes.fromhex("00") + frame[:5])
    running.acknowledge(0x82)
    box.send(frame[5:])
    assert pressed(listener.wait(KeyPressed)) == [(0x81, 3)]
    assert [reply[4] for reply in box.wait_received(1, 5.0)] == [0x82]


def test_a_held_key_is_one_press_on_the_line_too(box, evaluator, listener, profile):
    running = evaluator(box.port, {0x81, 0x82}, profile=profile)
    box.send(profile.press_frame(0x81, 5) * BURST)
    box.press(0x82, 1)
    assert pressed(listener.wait(KeyPressed, 2)) == [(0x81, 5), (0x82, 1)]
    assert running.heard.counts.repeats == BURST - 1


def test_a_flood_of_noise_with_presses_in_it_loses_no_press(box, evaluator, listener, profile):
    evaluator(box.port)
    for turn in range(50):
        flood = b"\xff\x00\x68\x55" * 60 + profile.press_frame(0x81, turn % 5 + 1)
        assert box.send(flood) == len(flood)
        listener.wait(KeyPressed, turn + 1)
    assert [fact.level for fact in listener.of(KeyPressed)] == [turn % 5 + 1 for turn in range(50)]


@pytest.mark.parametrize("acknowledge", [False, True])
def test_stopping_ends_the_blocked_reader_and_may_be_repeated(box, evaluator, acknowledge):
    running = evaluator(box.port, acknowledge=acknowledge)
    assert [t.name for t in threading.enumerate() if t.name.startswith("evaluator-")] == ["evaluator-w1"]
    running.stop()
    running.stop()
    assert [t.name for t in threading.enumerate() if t.name.startswith("evaluator-")] == []


def test_stopping_while_the_port_is_missing_ends_the_waiting(evaluator, listener, tmp_path):
    running = evaluator(tmp_path / "none", wait=False)
    listener.wait(EvaluatorLost)
    running.stop()
    assert [t.name for t in threading.enumerate() if t.name.startswith("evaluator-")] == []


def test_stopping_what_was_never_started_does_nothing(profile, listener):
    SerialEvaluator("w1", PortChoice("/dev/null"), profile, frozenset({0x81}), listener).stop()
    assert listener.facts == []


def test_no_descriptor_is_left_over_by_unplugging_and_stopping(profile, evaluator, listener, tmp_path):
    before = open_descriptors()
    with EmulatedEvaluator(profile, tmp_path / "box") as box:
        running = evaluator(box.port)
        for turn in (1, 2):
            box.unplug()
            listener.wait(EvaluatorLost, turn)
            box.plug()
            listener.wait(EvaluatorFound, turn + 1)
        running.stop()
    assert open_descriptors() == before


@pytest.mark.parametrize("addresses", [frozenset(), frozenset({0x01}), frozenset({0x81, 0x80})])
def test_addresses_that_no_evaluator_can_have_are_refused(profile, listener, addresses):
    with pytest.raises(ValueError, match=r"addresses must lie in 0x81\.\.0xff"):
        SerialEvaluator("w1", PortChoice("/dev/null"), profile, addresses, listener)


def test_an_acknowledgement_that_the_profile_lacks_cannot_be_switched_on(profile, listener):
    mute = replace(profile, commands={})
    with pytest.raises(ValueError, match="has no acknowledgement"):
        SerialEvaluator("w1", PortChoice("/dev/null"), mute, frozenset({0x81}), listener, acknowledge=True)


def test_acknowledging_a_foreign_box_is_a_bug_that_shows(box, evaluator):
    with pytest.raises(ValueError, match="has no address 0x82"):
        evaluator(box.port).acknowledge(0x82)


def test_stopping_with_a_listener_that_hangs_returns_at_the_deadline_and_says_so(profile, box, caplog):
    entered, release = threading.Event(), threading.Event()

    def hang(_fact):
        entered.set()
        release.wait()

    running = SerialEvaluator("w1", PortChoice(box.port), profile, frozenset({0x81}), hang)
    running.start()
    assert entered.wait(5)
    running.stop(deadline_s=0.01)
    assert "evaluator w1 did not stop within 0.01 s" in caplog.text
    release.set()
    running.stop()


@pytest.fixture
def bare_line():
    """Both ends of a line that nobody serves."""
    master, slave = os.openpty()
    tty.setraw(slave)
    yield master, os.ttyname(slave)
    os.close(slave)
    os.close(master)


def test_a_line_that_takes_no_output_costs_the_frame_and_not_the_port(profile, bare_line, caplog):
    master, path = bare_line
    port = SerialPort(path, profile.link)
    port.write(b"x" * 1_000_000)
    assert "took no output" in caplog.text
    os.write(master, b"still heard")
    assert port.read(None) == b"still heard"
    port.close()


def test_writing_to_a_port_that_is_gone_says_so(profile):
    with EmulatedEvaluator(profile) as box:
        port = SerialPort(box.path, profile.link)
        box.unplug()
        with pytest.raises(PortError, match="was unplugged"):
            port.write(REPLY)
        port.close()


def test_a_woken_read_returns_nothing_and_a_silent_line_says_so(profile, box):
    port = SerialPort(box.path, profile.link)
    port.wake()
    assert port.read(None) == b""
    assert port.read(0.01) is None
    port.close()
