"""Real screens over a real visit; what the visit would write and what the desk would ask for is kept here instead."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.core.desk import Desk, PinVerdict
from kiosk.core.sticks import Outcome, Stick
from kiosk.core.visit import Append, AskedFor, NotRecorded, Offer, Pressed, Recorded, Rules, SignedIn, TimedOut, Window
from kiosk.gallery_boxes import GalleryBoxes
from kiosk.gallery_terminal import GalleryTerminal
from kiosk.province_choice import load_province
from kiosk.ui.desk_view_model import DeskPorts, DeskViewModel
from kiosk.ui.main_window import open_window
from kiosk.ui.province_texts import ProvinceTexts
from kiosk.ui.screens import Names, ScreenPlace
from kiosk.ui.sticks_view_model import SticksPorts
from kiosk.ui.surroundings import NOTHING, Surroundings
from kiosk.ui.visit_host import Hands, VisitHost
from kiosk.ui.visit_view_model import VisitViewModel
from kiosk.ui.word_packs import WordPacks, load_packs
from sync.records import Ask, At, Entry, VisitId, VisitPressed
from sync.records.stored import Place

ROOT = Path(__file__).parent.parent.parent.parent
RECEIPT = "7KQ2M4XD9TRAH6PW"
NOON_MS = 1_795_147_200_000  # 2026-11-20 12:00 in UTC+8


@cache
def shipped() -> WordPacks:
    return load_packs(ROOT / "assets" / "words")


packs = shipped


@cache
def national() -> ProvinceTexts:
    return load_province(ROOT / "assets", "national")


class Rig:
    def __init__(
        self,
        qtbot: QtBot,
        place: Place,
        language: str = "zh-CN",
        idle_ms: int = 60_000,
        offer: Offer | None = None,
        province: ProvinceTexts | None = None,
        dpi: int = 96,
        packs: WordPacks | None = None,
        surroundings: Surroundings = NOTHING,
        department: str = "",
    ) -> None:
        self.qtbot = qtbot
        self.clock_ms = 0
        self.entries: list[Entry] = []
        self.pins: list[str] = []
        self.verdicts: list[Callable[[PinVerdict], None]] = []
        self.loads: list[Callable[[Desk], None]] = []
        hands = Hands(self._append, lambda _acknowledge: None, lambda _stray, _window: None, lambda _say, _window: None)
        self.host = VisitHost(Window(Rules("1", place, offer=offer)), hands, self.now)
        names = Names("示范区政务服务中心", "Model District Service Hall", "3号窗口", "Window 3", department)
        words = packs or shipped()
        self.terminal = GalleryTerminal(ROOT / "assets", self.host.dispatch, self.now, self.fresh)
        where = ScreenPlace(names, province or national(), 480, dpi, item_name=self.terminal.item_name)
        finding = self.terminal.host if place == "terminal" else None
        self.visit = VisitViewModel(self.host, self.now, self.fresh, words, where, language, surroundings, finding)
        self.boxes = GalleryBoxes(words.words(language), chinese=language == "zh-CN", now=self.now)
        self.looks: list[Callable[[tuple[Stick, ...]], None]] = []
        self.acts: list[tuple[str, str, Callable[[Outcome], None]]] = []
        sticks = SticksPorts(self.looks.append, lambda *asked: self.acts.append(asked))
        self.sendings = 0
        boxes = self.boxes
        ports = DeskPorts(
            self._check_pin, self.loads.append, boxes.evaluators, boxes.learning, sticks, send_now=self._send_now
        )
        self.desk = DeskViewModel(ports, lambda: NOON_MS, words, language, idle_ms=idle_ms)
        self.shown = open_window(self.visit, full_screen=False)
        self.shown.take_desk(self.desk)
        self.window = self.shown.window
        self.window.setProperty("patience", 0)
        self.window.setProperty("guard", 0)
        qtbot.waitExposed(self.window)
        self.settle()

    def close(self) -> None:
        self.desk.close()
        self.shown.close()

    def _append(self, effect: Append, _host: VisitHost) -> None:
        self.entries += effect.entries

    def _send_now(self) -> None:
        self.sendings += 1

    def _check_pin(self, pin: str, answer: Callable[[PinVerdict], None]) -> None:
        self.pins.append(pin)
        self.verdicts.append(answer)

    def now(self) -> At:
        return At(NOON_MS + self.clock_ms, self.clock_ms, "b" * 16)

    def fresh(self) -> VisitId:
        return VisitId(len(self.entries).to_bytes(16, "big"))

    def ask(self, visit: bytes = b"a") -> None:
        ask = Ask("1", "window", "window", "window-evaluator", "clerk-page", 60)
        self.host.dispatch(AskedFor(VisitId(visit * 16), ask, self.now()))
        self.settle()

    def press(self, level: int) -> None:
        """As a five-button box would."""
        self.host.dispatch(Pressed(level, "glass", self.now(), self.fresh()))
        self.settle()

    def record(self) -> None:
        self.host.dispatch(Recorded(self.visit_id(), RECEIPT, self.now()))
        self.settle()

    def fail(self) -> None:
        self.host.dispatch(NotRecorded(self.visit_id(), self.now()))
        self.settle()

    def pass_ms(self, duration_ms: int) -> None:
        self.clock_ms += duration_ms
        self.host.dispatch(TimedOut(self.now()))
        self.settle()

    def sign_in(self) -> None:
        self.host.dispatch(SignedIn("1001", self.now()))
        self.settle()

    def visit_id(self) -> VisitId:
        visit = self.visit.props.visit
        assert visit is not None
        return visit

    def pressed(self) -> list[int]:
        """The levels that went on their way to the journal."""
        return [entry.level for entry in self.entries if isinstance(entry, VisitPressed)]

    def settle(self) -> None:
        for _ in range(3):
            QGuiApplication.processEvents()

    def resize(self, width: int, height: int, *, elder: bool = False) -> None:
        self.window.setProperty("elder", elder)
        self.window.resize(width, height)
        self.settle()

    def picture(self) -> QImage:
        self.settle()
        return self.window.grabWindow()

    def items(self) -> Iterator[QQuickItem]:
        """Everything that shows, from back to front."""
        waiting = [self.window.contentItem()]
        while waiting:
            item = waiting.pop()
            if item.isVisible():
                yield item
                waiting += reversed(item.childItems())

    def shows(self, name: str) -> bool:
        return any(item.objectName() == name for item in self.items())

    def item(self, name: str) -> QQuickItem:
        return next(item for item in self.items() if item.objectName() == name)

    def text(self, name: str) -> str:
        return str(self.item(name).property("text"))

    def middle(self, name: str) -> QPoint:
        item = self.item(name)
        above: QQuickItem | None = item
        while above is not None:  # rows and columns place what is in them with the next frame, which may not have come
            above.ensurePolished()
            above = above.parentItem()
        return item.mapToScene(QPointF(item.width() / 2, item.height() / 2)).toPoint()

    def tap(self, name: str) -> None:
        QTest.mouseClick(self.window, Qt.MouseButton.LeftButton, pos=self.middle(name))
        self.settle()

    def speak(self, language: str) -> None:
        """By the button and the page behind it."""
        self.tap("choiceButton")
        self.tap(f"language-{language}")

    def mouse_down(self, at: QPoint) -> None:
        QTest.mousePress(self.window, Qt.MouseButton.LeftButton, pos=at)
        self.settle()

    def mouse_move(self, to: QPoint) -> None:
        QTest.mouseMove(self.window, to)
        self.settle()

    def mouse_up(self, at: QPoint) -> None:
        QTest.mouseRelease(self.window, Qt.MouseButton.LeftButton, pos=at)
        self.settle()

    def corner(self, *, held_ms: int, pause_ms: int = 200) -> None:
        """One tap in the upper right corner."""
        at = QPoint(self.window.width() - 44, 44)
        self.mouse_down(at)
        self.clock_ms += held_ms
        self.mouse_up(at)
        self.clock_ms += pause_ms

    def manager_gesture(self) -> None:
        for _ in range(4):
            self.corner(held_ms=80)
        self.corner(held_ms=1100)

    def type_pin(self, digits: str) -> None:
        for digit in digits:
            self.tap(f"pinKey{digit}")
