"""A whole hall: hub process, cuttable line, box on a pseudo-terminal, and the kiosk with its window in this process."""

import gc
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPointingDevice
from PySide6.QtQuick import QQuickItem, QQuickWindow
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.app import Kiosk
from kiosk.demo.hall import ADDRESS, Hall, open_hall
from kiosk.demo.ports import free_port
from kiosk.demo.window_computer import WindowComputer
from kiosk.learning_desk import Ears
from kiosk.settings import load_settings
from kiosk.sticks.mounts import MOUNT_TABLE
from kiosk.ui.main_window import MainWindow
from sync.clock import SystemClock, hall_day
from sync.fold import counts_of
from sync.journal.reader import JournalReader
from sync.journal.schema import JournalError
from sync.records import Audit, Record, decode

PATIENCE_MS = 20_000


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    with open_hall(tmp_path, free_port()) as hall:
        yield hall


@pytest.fixture(scope="session")
def finger() -> QPointingDevice:
    return QTest.createTouchDevice()


class Morning:
    """The kiosk of a hall, started and stopped as often as a test likes."""

    def __init__(self, hall: Hall, qtbot: QtBot, finger: QPointingDevice) -> None:
        self.hall = hall
        self.qtbot = qtbot
        self._finger = finger
        self.three = WindowComputer(hall.window_port, "3", hall.tokens["3"])
        self.four = WindowComputer(hall.window_port, "4", hall.tokens["4"])
        self._kiosk: Kiosk | None = None
        self._shown: MainWindow | None = None

    @property
    def kiosk(self) -> Kiosk:
        assert self._kiosk is not None
        return self._kiosk

    @property
    def window(self) -> QQuickWindow:
        assert self._shown is not None
        return self._shown.window

    def open(self, clock: SystemClock | None = None, ears: Ears | None = None, mount_table: Path = MOUNT_TABLE) -> None:
        found, config = self.found_boxes(), self.hall.config
        settings = load_settings(config)
        self._kiosk = Kiosk(settings, config, lambda: 0.0, clock, ears, mount_table)
        self._shown = self._kiosk.show(full_screen=False, size=(1280, 800))
        self._shown.window.setProperty("guard", 0)
        self.until(lambda: self.found_boxes() > found)

    def close(self) -> None:
        if self._kiosk is not None and self._shown is not None:
            self._kiosk.stop()
            self._shown.close()
            self._kiosk = self._shown = None
            gc.collect()  # here and now: Qt's objects must not be taken down by another thread's collection

    def press_box(self, window: str, level: int) -> None:
        self.hall.box.press(ADDRESS[window], level)

    def touch(self, name: str) -> None:
        item = self.visible(name)
        assert item is not None, name
        self.until(lambda: item.property("deaf") is not True)
        self._press(item)
        self._lift(item)

    def pass_by(self) -> None:
        """Says nothing more, and takes the receipt along."""
        for page in ("reasons", "questions", "wordsPage"):
            self.shows(page)
            self.touch("skipButton")
        self.shows("thanks")
        self.touch("doneButton")

    def hold_corner(self) -> None:
        item = self.visible("managerCorner")
        assert item is not None
        for tap in range(5):
            self._press(item)
            if tap == 4:
                QTest.qWait(1100)  # the gesture is a held finger
            self._lift(item)

    def shows(self, name: str) -> None:
        self.until(lambda: self.visible(name) is not None)

    def until(self, holds: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(holds, timeout=PATIENCE_MS)

    def visible(self, name: str) -> QQuickItem | None:
        assert self._shown is not None
        return _visible(self._shown.window.contentItem(), name)

    def text_of(self, name: str) -> str:
        item = self.visible(name)
        return "" if item is None else str(item.property("text"))

    def records(self) -> list[Record]:
        """Empty while there is no journal that can be read."""
        try:
            with closing(JournalReader(self.hall.state)) as reader:
                bodies = [b for one in reader.generations() for b in reader.slice(one.id, 0, one.next_seq).bodies]
        except JournalError:
            return []
        return [decode(body) for body in bodies]

    def stored(self) -> Counter[int]:
        counted: Counter[int] = Counter()
        for record in self.records():
            counted.update(dict(counts_of(record)))
        return +counted

    def at_hub(self) -> Counter[int]:
        day = hall_day(SystemClock().now().wall_ms, 480)[0]
        return Counter({int(outcome): visits for outcome, visits in self.hall.hub_counts(day)["outcomes"].items()})

    def found_boxes(self) -> int:
        return len(self.audits("evaluator-found"))

    def audits(self, what: str) -> list[Audit]:
        return [record for record in self.records() if isinstance(record, Audit) and record.what == what]

    def _press(self, item: QQuickItem) -> None:
        assert self._shown is not None
        QTest.touchEvent(self._shown.window, self._finger).press(0, _centre(item), self._shown.window)

    def _lift(self, item: QQuickItem) -> None:
        assert self._shown is not None
        QTest.touchEvent(self._shown.window, self._finger).release(0, _centre(item), self._shown.window)


@pytest.fixture
def closed_morning(hall: Hall, qtbot: QtBot, finger: QPointingDevice) -> Iterator[Morning]:
    """Not open yet: its settings may still be changed."""
    morning = Morning(hall, qtbot, finger)
    try:
        yield morning
    finally:
        morning.close()


@pytest.fixture
def morning(closed_morning: Morning) -> Morning:
    closed_morning.open()
    return closed_morning


def _centre(item: QQuickItem):
    above: QQuickItem | None = item
    while above is not None:  # rows and columns place what is in them with the next frame, which may not have come
        above.ensurePolished()
        above = above.parentItem()
    return item.mapToScene(QPointF(item.width() / 2, item.height() / 2)).toPoint()


def _visible(parent: QQuickItem, name: str) -> QQuickItem | None:
    for child in parent.childItems():
        if not child.isVisible():
            continue
        if child.objectName() == name:
            return child
        if (found := _visible(child, name)) is not None:
            return found
    return None
