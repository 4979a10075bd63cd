"""What the evaluators' page and the press-each-key test bind to: one box at a time."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.core.desk import EvaluatorState
from kiosk.evaluators.key_tests import KeyTests
from kiosk.ui.evaluator_rows import Card, cards, ending_text, key_rows
from kiosk.ui.qml_types import Property, QmlUncreatable
from kiosk.ui.word_packs import WordPacks
from kiosk.ui.words import FALLBACK, whole

QML_IMPORT_NAME = "Kiosk.Models"
QML_IMPORT_MAJOR_VERSION = 1

EVERY_MS: Final = 1_000
"""While the page is open: what was heard shows though nothing was told of it."""


@dataclass(frozen=True, slots=True)
class EvaluatorsPorts:
    """On the GUI thread; neither may wait."""

    states: Callable[[], tuple[EvaluatorState, ...]]
    tests: KeyTests


@QmlElement
@QmlUncreatable("made by kiosk.app")
class EvaluatorsViewModel(QObject):
    """Lives on the GUI thread. Shows nothing and reads nothing unless it is watched."""

    changed = Signal()
    stirred = Signal()
    """A box was pressed for the test: somebody is there."""

    def __init__(self, ports: EvaluatorsPorts, packs: WordPacks, language: str) -> None:
        super().__init__()
        self._ports = ports
        self._words = packs.words(language)
        self._official = packs.words(FALLBACK)
        self._cards: tuple[Card, ...] = ()
        self._index = 0
        self._notice = ""
        self._watching = False
        self._every = QTimer(self)
        self._every.setTimerType(Qt.TimerType.CoarseTimer)
        self._every.setInterval(EVERY_MS)
        self._every.timeout.connect(self.refresh)
        ports.tests.listen(self._tested)

    def watch(self) -> None:
        self._watching, self._notice = True, ""
        self._every.start()
        self.refresh()

    def leave(self) -> None:
        """Ends a test that is under way."""
        self._watching, self._notice = False, ""
        self._every.stop()
        if self._ports.tests.running:
            self._ports.tests.stop()

    @Slot()
    def refresh(self) -> None:
        if not self._watching:
            return
        found = cards(self._ports.states(), self._words)
        if found != self._cards:
            self._cards = found
            self._index = min(self._index, max(0, len(found) - 1))
            self.changed.emit()

    def choose(self, evaluator: str) -> None:
        """Shows the first box of this evaluator."""
        self._index = next((at for at, card in enumerate(self._cards) if card.name == evaluator), self._index)
        self.changed.emit()

    @Slot(int)
    def turn(self, by: int) -> None:
        """The next box, or the one before; round and round."""
        if self._cards:
            self._index, self._notice = (self._index + by) % len(self._cards), ""
            self.changed.emit()

    @Slot(result=bool)
    def startTest(self) -> bool:  # noqa: N802 - beside the names of QML
        """Begins the test of the box that is shown; where that cannot be, the notice says why."""
        card = self._card
        if card is None or card.address is None:
            return False
        refusal = self._ports.tests.start(card.name, card.address)
        self._notice = "" if refusal is None else str(getattr(self._words, f"refused_{refusal.replace('-', '_')}"))
        self.changed.emit()
        return refusal is None

    @Slot()
    def skip(self) -> None:
        """The key that is asked for does nothing."""
        self._ports.tests.skip()
        self.stirred.emit()

    def _tested(self) -> None:
        self.stirred.emit()
        self.changed.emit()

    @property
    def _card(self) -> Card | None:
        return self._cards[self._index] if self._cards else None

    @Property(int, notify=changed, final=True)
    def count(self) -> int:
        return len(self._cards)

    @Property(int, notify=changed, final=True)
    def place(self) -> int:
        """Of the box that is shown, from 1."""
        return self._index + 1

    @Property(str, notify=changed, final=True)
    def title(self) -> str:
        return self._card.title if self._card else ""

    @Property("QVariantList", notify=changed, final=True)
    def facts(self) -> list[dict[str, object]]:
        """Each with name, label, value, alarm."""
        return [asdict(fact) for fact in self._card.facts] if self._card else []

    @Property("QVariantList", notify=changed, final=True)
    def wire(self) -> list[dict[str, object]]:
        """How it is plugged in and read; each with name, label, value, alarm."""
        return [asdict(fact) for fact in self._card.wire] if self._card else []

    @Property(str, notify=changed, final=True)
    def frame(self) -> str:
        """The last whole frame of the line, hex."""
        return self._card.frame if self._card else ""

    @Property(str, notify=changed, final=True)
    def raw(self) -> str:
        """The last bytes of the line, hex, noise included."""
        return self._card.raw if self._card else ""

    @Property(bool, notify=changed, final=True)
    def testable(self) -> bool:
        return self._card is not None and self._card.address is not None

    @Property(str, notify=changed, final=True)
    def notice(self) -> str:
        """Why no test began; or empty."""
        return self._notice

    @Property(int, notify=changed, final=True)
    def wanted(self) -> int:
        """The level whose key is to be pressed; 0 when the test is over."""
        test = self._ports.tests.test
        return test.wanted or 0 if test is not None and self._ports.tests.running else 0

    @Property(str, notify=changed, final=True)
    def wantedWord(self) -> str:  # noqa: N802
        return whole(self._words.level(self.wanted)) if self.wanted else ""

    @Property(str, notify=changed, final=True)
    def wantedOfficial(self) -> str:  # noqa: N802
        """The official Chinese word; empty where the other one is it."""
        official = whole(self._official.level(self.wanted)) if self.wanted else ""
        return "" if official == self.wantedWord else official

    @Property("QVariantList", notify=changed, final=True)
    def keys(self) -> list[dict[str, object]]:
        """Each with level, word, state, said."""
        test = self._ports.tests.test
        return [asdict(row) for row in key_rows(test, self._words)] if test else []

    @Property(str, notify=changed, final=True)
    def result(self) -> str:
        """What the test came to and what to do; empty while it is under way."""
        return ending_text(self._ports.tests.test, self._ports.tests.ending, self._words)

    @Property(bool, notify=changed, final=True)
    def passed(self) -> bool:
        return self._ports.tests.ending == "passed"
