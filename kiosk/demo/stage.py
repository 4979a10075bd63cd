"""The kiosk of the morning: the product's own process, with a hand on its glass.

Obeys JSON lines on standard input and answers each with one on standard output. The hand makes real touch events of a
real touch device; what it does not do is press keys, post events or write records.
"""

import json
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QEvent, QEventLoop, QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest

from kiosk.commands.run import run
from kiosk.ui.doorway import Doorway
from kiosk.ui.main_window import MainWindow

SIZE: Final = (1280, 800)
CORNER_TAPS: Final = 5


def perform(config: Path) -> int:
    """Runs until standard input ends or the process is told to."""
    return run(config, windowed=True, size=SIZE, attach=Hand)


class Hand:
    """Touches, looks and takes pictures, on the GUI thread."""

    def __init__(self, shown: MainWindow) -> None:
        self._shown = shown
        self._device = QTest.createTouchDevice()
        self._doorway = Doorway()
        self._thread = threading.Thread(target=self._listen, name="hand", daemon=True)
        self._acts: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "touch": self._touch,
            "corner": self._corner,
            "picture": self._picture,
            "wait": self._wait,
        }
        self._full_screen_key = FullScreenKey(shown)
        shown.window.frameSwapped.connect(self._begin)

    def _begin(self) -> None:
        if self._thread.ident is None:
            self._thread.start()

    def _listen(self) -> None:
        _say({"ready": True})
        for line in sys.stdin:
            self._doorway.post(partial(self._obey, json.loads(line)))
        self._doorway.post(QGuiApplication.quit)  # whoever held the hand is gone

    def _obey(self, order: dict[str, Any]) -> None:
        _say(self._acts[order["do"]](order))

    def _touch(self, order: dict[str, Any]) -> dict[str, Any]:
        place = self._centre(order["name"])
        if place is None:
            return {"fault": f"there is no {order['name']} on the screen"}
        self._press(place)
        self._release(place)
        return {"done": True}

    def _corner(self, _: dict[str, Any]) -> dict[str, Any]:
        """Five taps, the last one held: what normal pressing cannot make."""
        place = self._centre("managerCorner")
        if place is None:
            return {"fault": "there is no manager's corner on the screen"}
        for tap in range(CORNER_TAPS):
            self._press(place)
            _pass_ms(1200 if tap == CORNER_TAPS - 1 else 60)
            self._release(place)
            _pass_ms(60)
        return {"done": True}

    def _picture(self, order: dict[str, Any]) -> dict[str, Any]:
        saved = self._shown.window.grabWindow().save(order["path"])
        return {"done": True} if saved else {"fault": f"{order['path']} could not be written"}

    def _wait(self, order: dict[str, Any]) -> dict[str, Any]:
        """Until an item of this name is on the screen; looks again after every frame."""
        if self._centre(order["name"]) is not None:
            return {"done": True}
        loop = QEventLoop()

        def look_again() -> None:
            if self._centre(order["name"]) is not None:
                loop.quit()

        look = self._shown.window.frameSwapped.connect(look_again)
        QTimer.singleShot(int(order["seconds"] * 1000), loop.quit)
        loop.exec()
        self._shown.window.frameSwapped.disconnect(look)
        return {"done": True} if self._centre(order["name"]) else {"fault": f"{order['name']} did not appear"}

    def _press(self, place: QPoint) -> None:
        QTest.touchEvent(self._shown.window, self._device).press(0, place, self._shown.window)

    def _release(self, place: QPoint) -> None:
        QTest.touchEvent(self._shown.window, self._device).release(0, place, self._shown.window)

    def item(self, name: str) -> QQuickItem | None:
        """None where no item of this name is on the screen."""
        return _visible(self._shown.window.contentItem(), name)

    def _centre(self, name: str) -> QPoint | None:
        item = self.item(name)
        if item is None:
            return None
        above: QQuickItem | None = item
        while above is not None:  # rows and columns place what is in them with the next frame, which may not have come
            above.ensurePolished()
            above = above.parentItem()
        return item.mapToScene(QPointF(item.width() / 2, item.height() / 2)).toPoint()


class FullScreenKey(QObject):
    """F11 takes the window in and out of the full screen: in the demonstration alone."""

    def __init__(self, shown: MainWindow) -> None:
        super().__init__()
        self._shown = shown
        shown.window.installEventFilter(self)

    def eventFilter(self, _: QObject, event: QEvent) -> bool:  # noqa: N802 - a name of Qt
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress or event.key() != Qt.Key.Key_F11:
            return False
        full = self._shown.window.visibility() == QWindow.Visibility.FullScreen
        (self._shown.window.showNormal if full else self._shown.window.showFullScreen)()
        return True


def _visible(parent: QQuickItem, name: str) -> QQuickItem | None:
    for child in parent.childItems():
        if not child.isVisible() or child.opacity() == 0:
            continue
        if QObject.objectName(child) == name:
            return child
        if (found := _visible(child, name)) is not None:
            return found
    return None


def _pass_ms(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _say(answer: dict[str, Any]) -> None:
    print(json.dumps(answer, ensure_ascii=False), flush=True)
