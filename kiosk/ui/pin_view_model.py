"""What the PIN pad binds to: digits that nothing prints, and what was said about the last try."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, assert_never

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.core.desk import PinLocked, PinMissing, PinRight, PinVerdict, PinWrong
from kiosk.ui.pin_notice import pin_notice
from kiosk.ui.qml_types import Property, QmlUncreatable
from kiosk.ui.words import Words, stacked

QML_IMPORT_NAME = "Kiosk.Models"
QML_IMPORT_MAJOR_VERSION = 1

SHORTEST_PIN: Final = 6
LONGEST_PIN: Final = 20
SECOND_MS: Final = 1_000

CheckPin = Callable[[str, Callable[[PinVerdict], None]], None]
"""Answers later, on the GUI thread."""


@dataclass(frozen=True, slots=True)
class _View:
    """What is shown. The digits are not part of it: they stay in one field that nothing prints."""

    wanted: bool = False
    typed: int = 0
    checking: bool = False
    verdict: PinVerdict | None = None


@QmlElement
@QmlUncreatable("made by kiosk.app")
class PinViewModel(QObject):
    """Lives on the GUI thread. Never logs; forgets the digits at each check and when it is left."""

    changed = Signal()
    touched = Signal()

    def __init__(self, check: CheckPin, words: Words) -> None:
        super().__init__()
        self._check = check
        self._words = words
        self._digits = ""
        self._view = _View()
        self._session = 0
        self._then: Callable[[], None] = lambda: None
        self._second = QTimer(self)
        self._second.setSingleShot(True)
        self._second.setTimerType(Qt.TimerType.CoarseTimer)
        self._second.setInterval(SECOND_MS)
        self._second.timeout.connect(self._count_down)

    def begin(self, then: Callable[[], None]) -> None:
        """Wants a PIN; `then` is called once the right one was entered."""
        self._session += 1
        self._then = then
        self._digits = ""
        self._second.stop()
        self._show(_View(wanted=True))

    def leave(self) -> None:
        """An answer still under way is dropped when it comes."""
        self._session += 1
        self._digits = ""
        self._second.stop()
        self._show(_View())

    @Slot(int)
    def digit(self, digit: int) -> None:
        self.touched.emit()
        if self.keysEnabled and len(self._digits) < LONGEST_PIN:
            self._digits += str(digit)
            self._show(replace(self._view, typed=len(self._digits), verdict=None))

    @Slot()
    def clear(self) -> None:
        self.touched.emit()
        if self.keysEnabled:
            self._digits = ""
            self._show(replace(self._view, typed=0))

    @Slot()
    def enter(self) -> None:
        self.touched.emit()
        if not self.canEnter:
            return
        pin, self._digits = self._digits, ""
        self._show(replace(self._view, typed=0, checking=True, verdict=None))
        session = self._session
        self._check(pin, lambda verdict: self._judged(session, verdict))

    def _judged(self, session: int, verdict: PinVerdict) -> None:
        if session != self._session:
            return
        match verdict:
            case PinRight():
                then = self._then
                self.leave()
                then()
            case PinWrong() | PinMissing():
                self._show(_View(wanted=True, verdict=verdict))
            case PinLocked():
                self._show(_View(wanted=True, verdict=verdict))
                self._second.start()
            case _:
                assert_never(verdict)

    def _count_down(self) -> None:
        verdict = self._view.verdict
        if isinstance(verdict, PinLocked):
            left = verdict.seconds - 1
            self._show(replace(self._view, verdict=PinLocked(left) if left > 0 else None))
            if left > 0:
                self._second.start()

    def _show(self, view: _View) -> None:
        if view != self._view:
            self._view = view
            self.changed.emit()

    @Property(bool, notify=changed, final=True)
    def wanted(self) -> bool:
        return self._view.wanted

    @Property(int, notify=changed, final=True)
    def typed(self) -> int:
        """How many digits stand on the pad."""
        return self._view.typed

    @Property(str, notify=changed, final=True)
    def notice(self) -> str:
        return stacked(pin_notice(self._view.verdict, self._words, checking=self._view.checking))

    @Property(bool, notify=changed, final=True)
    def refused(self) -> bool:
        """The notice is a refusal and not a hint."""
        return self._view.verdict is not None

    @Property(bool, notify=changed, final=True)
    def keysEnabled(self) -> bool:  # noqa: N802 - a name of QML
        view = self._view
        return view.wanted and not view.checking and not isinstance(view.verdict, PinLocked)

    @Property(bool, notify=changed, final=True)
    def canEnter(self) -> bool:  # noqa: N802
        return self.keysEnabled and self._view.typed >= SHORTEST_PIN
