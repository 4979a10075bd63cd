"""A scanner on a serial line, and boxes and scanners that type into the kiosk's own window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from devices.pseudo_terminal import PseudoTerminal
from sync.records import Asked, Pressed
from tests.visits.box_hall import BoxHall
from tests.visits.conftest import Morning

CODE = "370811202611230042"
OWN = 'addresses = { 1 = "3", 2 = "4" }'


@pytest.fixture
def gun(tmp_path: Path) -> Iterator[PseudoTerminal]:
    line = PseudoTerminal(lambda _: None, tmp_path / "ttySCANNER")
    line.plug()
    yield line
    line.unplug()


@pytest.fixture
def box_hall(tmp_path: Path, qtbot: QtBot, gun: PseudoTerminal) -> Iterator[BoxHall]:
    assert gun.line is not None
    more = f'[[scanner]]\nname = "gun"\nwindow = "3"\nport = "{tmp_path / "ttySCANNER"}"\n'
    hall = BoxHall(tmp_path, qtbot, OWN, more=more)
    hall.open()
    hall.until(lambda: len(hall.audits("scanner-found")) == 1)
    yield hall
    hall.unplug()


def test_a_scanned_slip_asks_for_its_case_and_stands_nowhere_in_the_clear(
    tmp_path: Path, box_hall: BoxHall, gun: PseudoTerminal
) -> None:
    gun.write(f"{CODE}\r\n".encode())
    box_hall.until(lambda: len(box_hall.of(Asked)) == 1)
    gun.write(f"{CODE}\r\n".encode())
    box_hall.until(lambda: box_hall.kiosk.evaluators[-1].presses == 2)
    box_hall.press(1, 4)
    box_hall.until(lambda: box_hall.rated() == {("3", 4): 1})

    (asked,) = (record for record in box_hall.of(Asked) if isinstance(record, Asked))
    assert (asked.trigger, asked.object, len(asked.cases)) == ("scan", "case", 1)
    files = [path for path in (tmp_path / "state").rglob("*") if path.is_file()]
    assert len(files) >= 3
    assert not [path for path in files if CODE.encode() in path.read_bytes()]


def test_what_is_no_case_number_is_refused_and_asks_for_nothing(box_hall: BoxHall, gun: PseudoTerminal) -> None:
    gun.write("张三 13800000000\r\n".encode())
    box_hall.until(lambda: [audit.detail["reason"] for audit in box_hall.audits("scan-refused")] == ["no-case-number"])
    assert box_hall.of(Asked) == []


def test_a_box_that_types_into_the_window_rates_and_types_into_no_field(closed_morning: Morning) -> None:
    morning = closed_morning
    with morning.hall.config.open("a", encoding="utf-8") as settings:
        settings.write('[[evaluator]]\nname = "keys"\nprofile = "keyboard-digits-enter"\ninput = "window"\n')
        settings.write('addresses = { 1 = "3" }\n')
    morning.open()
    morning.until(lambda: len(morning.audits("evaluator-found")) == 2)
    morning.three.ask()
    morning.shows("face5")

    window = morning.window
    QTest.keyClick(window, Qt.Key.Key_2)
    QTest.keyClick(window, Qt.Key.Key_Return)

    morning.until(lambda: morning.stored() == {2: 1})
    (pressed,) = (record for record in morning.records() if isinstance(record, Pressed))
    assert pressed.evidence is not None
    assert (pressed.source, pressed.evidence.evaluator) == ("box", "keys")
