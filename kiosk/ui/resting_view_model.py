"""What a screen does while nobody is asked: slides, a slow drift against burn-in, and holding still for a cloth."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtQml import QmlElement

from kiosk.ui.pictures import Pictures
from kiosk.ui.qml_types import Property, QmlUncreatable

QML_IMPORT_NAME = "Kiosk.Models"
QML_IMPORT_MAJOR_VERSION = 1

CLEANING_MS: Final = 30_000
DRIFT_MS: Final = 180_000
_RING: Final = ((0, 0), (3, 0), (3, 3), (0, 3), (-3, 3), (-3, 0), (-3, -3), (0, -3), (3, -3))
"""Where the screen stands, one place after the other, in pixels: the edge of a letter is spread over seven of them."""

NextSlide = Callable[[str, Callable[[str, QImage | None], None]], None]
"""Name of the slide that showed last (empty: none), and who is told on the GUI thread, later: the next one's name and
picture; None where there is none that can be shown.
"""


@dataclass(frozen=True, slots=True)
class Slides:
    """`after_ms` without a touch they begin; each stands for `each_ms`."""

    next: NextSlide
    after_ms: int = 60_000
    each_ms: int = 12_000


@dataclass(frozen=True, slots=True)
class _Rest:
    slide: str = ""
    cleaning: bool = False
    drift: int = 0


@QmlElement
@QmlUncreatable("made by kiosk.app")
class RestingViewModel(QObject):
    """Lives on the GUI thread. A rating that is asked for takes the slides away at once; a cleaning runs to its end."""

    changed = Signal()

    def __init__(self, pictures: Pictures, slides: Slides | None) -> None:
        super().__init__()
        self._pictures = pictures
        self._slides = slides
        self._rest = _Rest()
        self._name = ""
        self._free = self._at_rest = False
        self._turn = 0
        self._slide_timer = self._timer(self._want_slide)
        self._drift_timer = self._timer(self._move)
        self._cleaning_timer = self._timer(self._cleaned)

    def fold(self, *, free: bool, at_rest: bool) -> None:
        """`free`: slides may cover the screen; `at_rest`: nobody is asked."""
        if free != self._free:
            self._free = free
            self._begin_anew()
        if at_rest != self._at_rest:
            self._at_rest = at_rest
            if at_rest:
                self._drift_timer.start(DRIFT_MS)
            else:
                self._drift_timer.stop()

    @Slot()
    def stir(self) -> None:
        """Somebody is there: what covers the screen goes, but for a cleaning."""
        self._begin_anew()

    @Slot()
    def clean(self) -> None:
        """For half a minute the glass answers nothing; the boxes go on."""
        self._begin_anew()
        self._cleaning_timer.start(CLEANING_MS)
        self._show(replace(self._rest, cleaning=True))

    def show_now(self) -> None:
        """A slide at once, for a picture of the screen."""
        self._want_slide()

    @property
    def covers(self) -> bool:
        """A touch now is for no button."""
        return self._rest.cleaning or self._rest.slide != ""

    def _begin_anew(self) -> None:
        self._turn += 1
        self._show(replace(self._rest, slide=""))
        self._slide_timer.stop()
        if self._slides is not None and self._free:
            self._slide_timer.start(self._slides.after_ms)

    def _want_slide(self) -> None:
        if self._slides is not None:
            turn = self._turn
            self._slides.next(self._name, lambda name, picture: self._take_slide(turn, name, picture))

    def _take_slide(self, turn: int, name: str, picture: QImage | None) -> None:
        """One that comes too late is dropped."""
        if turn != self._turn or self._slides is None:
            return
        if picture is None:
            self._begin_anew()
            return
        shown = self._rest.slide != "" and name == self._name
        self._name = name
        if not shown:
            self._show(replace(self._rest, slide=self._pictures.put("slide", picture)))
        self._slide_timer.start(self._slides.each_ms)

    def _move(self) -> None:
        self._show(replace(self._rest, drift=(self._rest.drift + 1) % len(_RING)))
        self._drift_timer.start(DRIFT_MS)

    def _cleaned(self) -> None:
        self._show(replace(self._rest, cleaning=False))

    def _timer(self, call: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setTimerType(Qt.TimerType.CoarseTimer)
        timer.timeout.connect(call)
        return timer

    def _show(self, rest: _Rest) -> None:
        if rest != self._rest:
            self._rest = rest
            self.changed.emit()

    @Property(str, notify=changed, final=True)
    def slide(self) -> str:
        """Address of the slide that covers the screen; empty: none does."""
        return self._rest.slide

    @Property(bool, notify=changed, final=True)
    def cleaning(self) -> bool:
        return self._rest.cleaning

    @Property(int, notify=changed, final=True)
    def cleaningMs(self) -> int:  # noqa: N802 - a name of QML
        """How long the glass still answers nothing, at the moment of reading."""
        return max(0, self._cleaning_timer.remainingTime()) if self._rest.cleaning else 0

    @Property(int, notify=changed, final=True)
    def driftX(self) -> int:  # noqa: N802
        return _RING[self._rest.drift][0]

    @Property(int, notify=changed, final=True)
    def driftY(self) -> int:  # noqa: N802
        return _RING[self._rest.drift][1]
