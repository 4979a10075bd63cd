"""Types on the real keyboard of the screen, key by key, as a finger does."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickItem, QQuickWindow
from PySide6.QtTest import QTest


class GlassKeyboard:
    """`until` lets Qt run until the condition holds, and fails where it never does."""

    def __init__(self, window: QQuickWindow, until: Callable[[Callable[[], bool]], None]) -> None:
        self._window = window
        self._until = until

    def open_on(self, field: str) -> QQuickItem:
        """Taps the field and waits for the keys."""
        edit = self.item(field)
        self._click(edit)
        self._until(lambda: "q" in self._keys() or "1" in self._keys())
        return edit

    def type(self, keys: str) -> None:
        for key in keys:
            self._until(lambda key=key: key in self._keys())
            QTest.mouseClick(self._window, Qt.MouseButton.LeftButton, pos=self._keys()[key])
            QGuiApplication.processEvents()

    def write(self, pinyin: str, words: str) -> None:
        """Spells it out, then takes the first candidate, which must be `words`."""
        self.type(pinyin)
        self._until(lambda: next(iter(self._candidates()), None) == words)
        self.type(" ")

    def take(self, word: str) -> None:
        """A candidate, wherever it stands in the list."""
        self._until(lambda: word in self._candidates())
        self._click(self._candidates()[word])

    def item(self, name: str) -> QQuickItem:
        return next(item for item in self._items() if item.objectName() == name)

    def _candidates(self) -> dict[str, QQuickItem]:
        """From left to right."""
        shown = [
            item for item in self._items() if item.property("display") and item.property("soundEffect") is not None
        ]
        return {str(item.property("display")): item for item in sorted(shown, key=QQuickItem.x)}

    def _click(self, item: QQuickItem) -> None:
        place = item.mapToScene(QPointF(item.width() / 2, item.height() / 2)).toPoint()
        QTest.mouseClick(self._window, Qt.MouseButton.LeftButton, pos=place)
        QGuiApplication.processEvents()

    def _keys(self) -> dict[str, QPoint]:
        found = {}
        for item in self._items():
            if item.property("keyType") is not None and item.property("text") and item.width() > 0:
                middle = item.mapToScene(QPointF(item.width() / 2, item.height() / 2))
                found[str(item.property("text"))] = middle.toPoint()
        return found

    def _items(self) -> list[QQuickItem]:
        waiting, found = [self._window.contentItem()], []
        while waiting:
            item = waiting.pop()
            if item.isVisible():
                found.append(item)
                waiting += item.childItems()
        return found
