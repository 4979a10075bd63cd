"""Scanners on real pseudo-terminals and FIFOs."""

import logging
import os

import pytest
from adapters import adapter

from devices.evaluator import evaluator_for
from devices.facts import BadFrame, CodeScanned, EvaluatorFound, EvaluatorLost
from devices.input_events import encode
from devices.key_codes import PLAIN
from devices.port_finding import PortChoice
from devices.profile import load_profile
from devices.pseudo_terminal import PseudoTerminal
from devices.scanner import Scanner
from devices.serial_evaluator import SerialEvaluator
from devices.typing_evaluator import TypingEvaluator

CASE = "510000202611200001"
ENTER = 28
CODES = {text: code for code, text in PLAIN.items()}


@pytest.fixture
def line():
    made = PseudoTerminal(lambda _heard: None)
    made.plug()
    yield made
    made.unplug()


@pytest.fixture
def scanner(listener):
    started = []

    def start(place, **others):
        made = Scanner("s1", place, listener, **others)
        made.start()
        started.append(made)
        listener.wait(EvaluatorFound)
        return made

    yield start
    for made in started:
        made.stop()


def typed(text):
    keys = [*(CODES[character] for character in text), ENTER]
    return b"".join(encode(code, "down") + encode(code, "up") for code in keys)


def test_a_code_on_a_serial_line_is_told_as_text(line, scanner, listener):
    scanner(PortChoice(line.line))
    line.write(f"{CASE}\r\n".encode())
    assert listener.wait(CodeScanned) == [CodeScanned("s1", CASE)]


def test_a_scanner_is_found_by_its_identity(line, scanner, listener):
    listed = [adapter(line.line, location="1-1.4")]
    scanner(PortChoice(usb="1a86:7523"), ports=lambda: list(listed))
    assert listener.wait(EvaluatorFound) == [EvaluatorFound("s1", line.line, "1a86:7523 at 1-1.4")]


def test_what_cannot_be_read_is_told_without_its_bytes(line, scanner, listener):
    scanner(PortChoice(line.line))
    line.write(f"{CASE}\x00\r".encode())
    assert listener.wait(BadFrame) == [BadFrame("s1", "noise", None, b"")]


def test_a_code_without_its_end_is_not_joined_to_the_next(line, scanner, listener):
    scanner(PortChoice(line.line))
    line.write(b"5100")
    listener.wait(BadFrame)
    line.write(b"0026\n")
    assert listener.wait(CodeScanned) == [CodeScanned("s1", "0026")]


def test_no_code_stands_in_the_log(line, scanner, listener, caplog):
    caplog.set_level(logging.DEBUG)
    scanner(PortChoice(line.line))
    line.write(f"{CASE}\r\nX{CASE}\x07\r".encode())
    listener.wait(BadFrame)
    line.unplug()
    listener.wait(EvaluatorLost)
    assert caplog.records
    assert CASE not in caplog.text


def test_a_scanner_that_types_is_read_from_its_device(scanner, listener, tmp_path):
    path = tmp_path / "event-kbd"
    os.mkfifo(path)
    writer = os.open(path, os.O_RDWR)
    scanner(str(path))
    os.write(writer, typed(CASE) + typed("a-1"))
    assert [fact.text for fact in listener.wait(CodeScanned, 2)] == [CASE, "a-1"]
    os.close(writer)


def test_a_scanner_that_types_into_the_window_is_heard(scanner, listener):
    running = scanner("")
    for code in (CODES["7"], ENTER):
        assert code in running.codes
        running.type(code, True)
        running.type(code, False)
    assert listener.wait(CodeScanned) == [CodeScanned("s1", "7")]


def test_typing_stopped_midway_is_no_code(scanner, listener):
    running = scanner("")
    running.type(CODES["7"], True)
    assert listener.wait(BadFrame) == [BadFrame("s1", "noise", None, b"")]


def test_keys_of_the_window_do_nothing_to_a_scanner_with_a_port(line, scanner, listener):
    running = scanner(PortChoice(line.line))
    running.type(CODES["7"], True)
    running.type(ENTER, True)
    line.write(b"8\n")
    assert listener.wait(CodeScanned) == [CodeScanned("s1", "8")]


def test_a_profile_and_a_place_make_the_reader_that_fits(listener, profile):
    keyboard = load_profile("keyboard-digits")
    port, ours = PortChoice("/dev/ttyS0"), frozenset({0x81})
    assert isinstance(evaluator_for("e", port, profile, ours, listener), SerialEvaluator)
    assert isinstance(evaluator_for("e", "", keyboard, frozenset({1}), listener), TypingEvaluator)
    with pytest.raises(ValueError, match="of a box that types: give input"):
        evaluator_for("e", port, keyboard, frozenset({1}), listener)
    with pytest.raises(ValueError, match="on a serial line: give port or usb"):
        evaluator_for("e", "/dev/input/event3", profile, ours, listener)
