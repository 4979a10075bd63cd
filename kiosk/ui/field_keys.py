"""Keeps what keyboards and boxes type out of the fields for words: those take text from the glass alone."""

from typing import Final, cast

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtQuick import QQuickItem, QQuickWindow

_KEYS: Final = frozenset({QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride})
_LEADING: Final = frozenset({Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape})
"""These lead out of a field and write nothing."""


class FieldKeys(QObject):
    """Watches one window. Keys of devices come from the system; the keyboard on the glass sends its own from within."""

    def __init__(self, window: QQuickWindow) -> None:
        super().__init__()
        self._window = window

    def start(self) -> None:
        self._window.installEventFilter(self)

    def stop(self) -> None:
        """A visit may go on for a moment behind a window that was closed."""
        if shiboken6.isValid(self._window):
            self._window.removeEventFilter(self)

    def eventFilter(self, _: QObject, event: QEvent) -> bool:  # noqa: N802 - a name of Qt
        if event.type() not in _KEYS or not event.spontaneous() or cast("QKeyEvent", event).key() in _LEADING:
            return False
        focused = self._window.activeFocusItem()
        return focused is not None and bool(focused.flags() & QQuickItem.Flag.ItemAcceptsInputMethod)
