"""What a citizen chooses for one visit: the language, larger text, high contrast, buttons that stand lower."""

from typing import Final, Literal, get_args

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.ui.qml_types import Property, QmlUncreatable
from kiosk.ui.word_packs import WordPacks

QML_IMPORT_NAME = "Kiosk.Models"
QML_IMPORT_MAJOR_VERSION = 1

RETURNS_MS: Final = 60_000
"""What was chosen at a walk-up point by somebody who then leaves lasts this long."""
Switch = Literal["large", "contrast", "low"]


@QmlElement
@QmlUncreatable("made by kiosk.ui.visit_view_model")
class ChoiceViewModel(QObject):
    """Lives on the GUI thread. A switch that is on turns the setting of the hall round: in a hall that rests in large
    type, a citizen makes it smaller.
    """

    changed = Signal()
    languageChosen = Signal()  # noqa: N815 - a name of QML
    left = Signal()
    """Nobody has touched the choice for so long that it is taken back, if nobody is being asked."""

    def __init__(self, packs: WordPacks, language: str) -> None:
        super().__init__()
        self._packs = packs
        self._default = language
        self._language = language
        self._switched: frozenset[str] = frozenset()
        self._shown = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._timer.timeout.connect(self.left)

    @property
    def language(self) -> str:
        return self._language

    def stay(self) -> None:
        """Somebody is still there: what they chose lasts."""
        if self._timer.isActive():
            self._timer.start(RETURNS_MS)

    def take_back(self) -> None:
        """The next citizen meets the hall's own language and display."""
        before = (self._language, self._switched, self._shown)
        self._timer.stop()
        self._language, self._switched, self._shown = self._default, frozenset(), False
        if before != (self._language, self._switched, self._shown):
            self.changed.emit()

    @Slot()
    def show(self) -> None:
        self._turn(shown=True)

    @Slot()
    def hide(self) -> None:
        self._turn(shown=False)

    @Slot(str)
    def speak(self, language: str) -> None:
        """From now to the end of the visit; the page of choices closes."""
        self._timer.start(RETURNS_MS)
        if language in self._packs.by_language and language != self._language:
            self._language = language
            self.languageChosen.emit()
        self._turn(shown=False)

    @Slot(str)
    def turnRound(self, switch: str) -> None:  # noqa: N802 - a name of QML
        """`large`, `contrast` or `low`."""
        self._timer.start(RETURNS_MS)
        if switch in get_args(Switch):
            self._switched ^= {switch}
            self.changed.emit()

    def _turn(self, *, shown: bool) -> None:
        if shown != self._shown:
            self._shown = shown
            self.changed.emit()

    @Property(bool, notify=changed, final=True)
    def shown(self) -> bool:
        """The page of choices lies over the faces."""
        return self._shown

    @Property("QVariantList", notify=languageChosen, final=True)
    def languages(self) -> list[dict[str, str]]:
        """In the order in which they are offered, each with code and its own name for itself."""
        return [{"code": code, "name": self._packs.words(code).language_name} for code in self._packs.languages]

    @Property(bool, notify=changed, final=True)
    def large(self) -> bool:
        return "large" in self._switched

    @Property(bool, notify=changed, final=True)
    def contrast(self) -> bool:
        return "contrast" in self._switched

    @Property(bool, notify=changed, final=True)
    def low(self) -> bool:
        return "low" in self._switched
