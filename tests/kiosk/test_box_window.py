"""The small window of an emulated box: what its keys and switches do on the line, and that the window shows it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import serial
import shiboken6
from PySide6.QtQuick import QQuickWindow
from pytestqt.qtbot import QtBot

from devices.profile import load_profile
from kiosk.demo.box_window import Box, open_box


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    made = Box(load_profile("framed-xor"), tmp_path / "box")
    yield made
    made.close()


def test_a_key_is_a_press_and_one_that_is_held_goes_on_until_it_is_let_go(box: Box) -> None:
    with serial.Serial(box.port, timeout=5) as host:
        box.press(4)
        assert host.read(5) == bytes.fromhex("AA 01 04 05 55")
        box.hold(1)
        assert host.read(15) == bytes.fromhex("AA 01 01 00 55") * 3
        assert box.stuck
        box.hold(1)
        assert not box.stuck


def test_the_switches_spoil_what_is_sent_and_the_plug_pulls_it_out(box: Box, qtbot: QtBot) -> None:
    with serial.Serial(box.port, timeout=5) as host:
        box.turn("drop")
        box.press(5)
        assert host.read(4) == bytes.fromhex("AA 01 05 04")
        host.write(load_profile("framed-xor").command_frame("ask", 1))
        qtbot.waitUntil(lambda: box.said == "ask", timeout=10_000)
        box.turn("unplug")
        with pytest.raises(serial.SerialException):
            host.read(1)
    box.turn("unplug")
    box.turn("silent")
    assert {switch["name"] for switch in box.switches if switch["on"]} == {"drop", "silent"}
    assert Path(box.port).exists()


def test_boxes_of_one_line_are_chosen_by_their_number(tmp_path: Path) -> None:
    box = Box(load_profile("rs485-ft12"), tmp_path / "bus")
    try:
        with serial.Serial(box.port, timeout=5) as host:
            box.turn_number(2)
            box.press(5)
            assert host.read(10) == load_profile("rs485-ft12").press_frame(0x83, 5)
        assert (box.number, box.shared) == (3, True)
    finally:
        box.close()


def test_the_window_shows_the_keys_and_what_is_on(box: Box, qtbot: QtBot) -> None:
    engine = open_box(box)
    try:
        window = engine.rootObjects()[0]
        assert isinstance(window, QQuickWindow)
        qtbot.waitExposed(window)
        before = window.grabWindow()
        box.turn("merge")
        qtbot.waitUntil(lambda: window.grabWindow() != before, timeout=10_000)
    finally:
        shiboken6.delete(engine)
