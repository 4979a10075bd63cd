"""Looks at every touch before the screens do: what wakes the slides presses nothing, a wiping cloth presses nothing,
and a palm is told from a finger.
"""

from typing import Final, cast

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QTouchEvent
from PySide6.QtQuick import QQuickWindow

from kiosk.core.glass import is_palm
from kiosk.ui.resting_view_model import RestingViewModel
from kiosk.ui.visit_view_model import VisitViewModel

_TOUCHES: Final = frozenset(
    {QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate, QEvent.Type.TouchEnd, QEvent.Type.TouchCancel}
)
_CLICKS: Final = frozenset(
    {QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick, QEvent.Type.MouseButtonRelease}
)
_DOWN: Final = frozenset({QEvent.Type.TouchBegin, QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick})
_UP: Final = frozenset({QEvent.Type.TouchEnd, QEvent.Type.TouchCancel, QEvent.Type.MouseButtonRelease})


class GlassGuard(QObject):
    """Watches from `start()` to `stop()`, which must come before the window is taken down."""

    def __init__(self, window: QQuickWindow, visit: VisitViewModel, rest: RestingViewModel, dpi: int) -> None:
        super().__init__()
        self._window = window
        self._visit = visit
        self._rest = rest
        self._dpi = dpi
        self._swallows = False

    def start(self) -> None:
        self._window.installEventFilter(self)

    def stop(self) -> None:
        self._window.removeEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's
        kind = event.type()
        if kind not in _TOUCHES and kind not in _CLICKS:
            return self._swallows and kind == QEvent.Type.MouseMove
        if kind in _DOWN:
            self._swallows = self._rest.covers
            self._rest.stir()
        if self._swallows:
            self._swallows = kind not in _UP
            event.accept()
            return True
        if kind in _TOUCHES:
            self._weigh(cast("QTouchEvent", event), lifted=kind in _UP)
        return False

    def _weigh(self, event: QTouchEvent, *, lifted: bool) -> None:
        sizes = [point.ellipseDiameters() for point in event.points()]
        if is_palm([max(size.width(), size.height()) for size in sizes], self._dpi):
            self._visit.palm_laid()
        if lifted:
            QTimer.singleShot(0, self._visit.palm_lifted)  # what is under it hears of the lifting first
