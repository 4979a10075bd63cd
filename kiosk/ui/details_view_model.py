"""What the pages after the press bind to. What is ticked and not yet confirmed lives here, and goes with its page."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.core.visit import (
    AnswersGiven,
    ChangeAsked,
    HelpCalled,
    PageSkipped,
    ReasonsGiven,
    Touched,
    WordsGiven,
)
from kiosk.ui.details_props import DetailsProps, derive_details
from kiosk.ui.province_texts import ProvinceTexts
from kiosk.ui.qml_types import Property, QmlUncreatable
from kiosk.ui.visit_host import VisitHost
from sync.records import At

QML_IMPORT_NAME = "Kiosk.Models"
QML_IMPORT_MAJOR_VERSION = 1

CONFIRM_MS: Final = 5_000
"""A call for help is confirmed by a second tap within this time."""


@QmlElement
@QmlUncreatable("made by kiosk.ui.visit_view_model")
class DetailsViewModel(QObject):
    """Lives on the GUI thread. `fold` is called before the screen is told that anything changed."""

    pageChanged = Signal()  # noqa: N815 - a name of QML
    chosenChanged = Signal()  # noqa: N815
    closingChanged = Signal()  # noqa: N815
    helpChanged = Signal()  # noqa: N815
    changeOfferChanged = Signal()  # noqa: N815

    def __init__(self, host: VisitHost, now: Callable[[], At], province: ProvinceTexts) -> None:
        super().__init__()
        self._host = host
        self._now = now
        self._province = province
        self._props: DetailsProps | None = None
        self._chosen: frozenset[str] = frozenset()
        self._answers: dict[str, int] = {}
        self._armed = QTimer(self)
        self._armed.setSingleShot(True)
        self._armed.setTimerType(Qt.TimerType.CoarseTimer)
        self._armed.timeout.connect(self.helpChanged)

    @property
    def props(self) -> DetailsProps | None:
        return self._props

    def fold(self, language: str) -> None:
        before, props = self._props, derive_details(self._host.window, language, self._province)
        self._props = props
        if props is None or before is None or (props.visit, props.page) != (before.visit, before.page):
            self._forget()
        if _texts(props) != _texts(before):
            self.pageChanged.emit()
        if (props and props.closes_ms) != (before and before.closes_ms):
            self.closingChanged.emit()
        if (props and props.help) != (before and before.help):
            self.helpChanged.emit()
        if _change(props) != _change(before):
            self.changeOfferChanged.emit()

    def _forget(self) -> None:
        self._chosen, self._answers = frozenset(), {}
        self._armed.stop()
        self.chosenChanged.emit()
        self.helpChanged.emit()

    # -- what the citizen does -----------------------------------------------------------------------------------------

    @Slot()
    def touch(self) -> None:
        self._host.dispatch(Touched(self._now()))

    @Slot(str)
    def toggleReason(self, code: str) -> None:  # noqa: N802
        self._chosen ^= {code}
        self.chosenChanged.emit()

    @Slot(str, int)
    def answer(self, question: str, value: int) -> None:
        """The same answer once more takes it back."""
        if self._answers.get(question) == value:
            self._answers = {id: given for id, given in self._answers.items() if id != question}  # noqa: A001
        else:
            self._answers = {**self._answers, question: value}
        self.chosenChanged.emit()

    @Slot()
    def giveReasons(self) -> None:  # noqa: N802
        if self._props is not None:
            tags = tuple(reason.code for reason in self._props.reasons if reason.code in self._chosen)
            self._host.dispatch(ReasonsGiven(self._props.table, tags, self._now()))

    @Slot()
    def giveAnswers(self) -> None:  # noqa: N802
        self._host.dispatch(AnswersGiven(tuple(self._answers.items()), self._now()))

    @Slot(str, str, str)
    def giveWords(self, words: str, name: str, phone: str) -> None:  # noqa: N802
        self._host.dispatch(WordsGiven(words.strip(), name.strip(), phone.strip(), self._now()))

    @Slot()
    def skip(self) -> None:
        """Past the page, past the second choice, past the receipt."""
        self._host.dispatch(PageSkipped(self._now()))

    @Slot()
    def callForHelp(self) -> None:  # noqa: N802
        """The first tap asks whether it is meant."""
        if self._armed.isActive():
            self._armed.stop()
            self._host.dispatch(HelpCalled(self._now()))
        elif self.help == "offered":
            self._armed.start(CONFIRM_MS)
        self.helpChanged.emit()

    @Slot()
    def askForChange(self) -> None:  # noqa: N802
        self._host.dispatch(ChangeAsked(self._now()))

    # -- what the pages show -------------------------------------------------------------------------------------------

    @Property(str, notify=pageChanged, final=True)
    def page(self) -> str:
        """`reasons`, `questions`, `words`, or empty."""
        return self._props.page if self._props else ""

    @Property("QVariantList", notify=pageChanged, final=True)
    def reasons(self) -> list[dict[str, object]]:
        return [{"code": one.code, "text": one.text} for one in self._props.reasons] if self._props else []

    @Property("QVariantList", notify=pageChanged, final=True)
    def questions(self) -> list[dict[str, object]]:
        asked = self._props.questions if self._props else ()
        return [
            {
                "id": one.id,
                "text": one.text,
                "answers": [{"value": answer.value, "text": answer.text} for answer in one.answers],
            }
            for one in asked
        ]

    @Property("QVariantMap", notify=chosenChanged, final=True)
    def chosen(self) -> dict[str, bool]:
        """The codes that are ticked."""
        return dict.fromkeys(self._chosen, True)

    @Property("QVariantMap", notify=chosenChanged, final=True)
    def answers(self) -> dict[str, int]:
        return self._answers

    @Property(int, notify=pageChanged, final=True)
    def wordsLimit(self) -> int:  # noqa: N802
        """Characters. 0: no words are asked for."""
        return self._props.words_limit if self._props else 0

    @Property(bool, notify=pageChanged, final=True)
    def asksName(self) -> bool:  # noqa: N802
        return self._props is not None and self._props.asks_name

    @Property(bool, notify=pageChanged, final=True)
    def asksPhone(self) -> bool:  # noqa: N802
        return self._props is not None and self._props.asks_phone

    @Property(str, notify=pageChanged, final=True)
    def notice(self) -> str:
        return "\n".join(self._props.notices) if self._props else ""

    @Property(str, notify=helpChanged, final=True)
    def help(self) -> str:
        """`offered`, `armed` (tap again), `called`, or empty."""
        if self._props is None:
            return ""
        return "armed" if self._armed.isActive() else self._props.help

    @Property(int, notify=closingChanged, final=True)
    def closesInMs(self) -> int:  # noqa: N802
        """At the moment of reading."""
        return self._left_ms(self._props.closes_ms) if self._props else 0

    @Property(float, notify=closingChanged, final=True)
    def openShare(self) -> float:  # noqa: N802
        return min(1.0, self.closesInMs / self._props.open_ms) if self._props else 0.0

    @Property(bool, notify=changeOfferChanged, final=True)
    def changeOffered(self) -> bool:  # noqa: N802
        return self._props is not None and self._props.change_until_ms is not None

    @Property(bool, notify=changeOfferChanged, final=True)
    def changeFailed(self) -> bool:  # noqa: N802
        return self._props is not None and self._props.change_failed

    @Property(int, notify=changeOfferChanged, final=True)
    def changeInMs(self) -> int:  # noqa: N802
        """How long the level can still be taken back, at the moment of reading."""
        due = self._props.change_until_ms if self._props else None
        return 0 if due is None else self._left_ms(due)

    @Property(float, notify=changeOfferChanged, final=True)
    def changeShare(self) -> float:  # noqa: N802
        return min(1.0, self.changeInMs / self._props.change_ms) if self._props else 0.0

    def _left_ms(self, due_ms: int) -> int:
        return max(0, due_ms - self._now().boot_ms)


def _texts(props: DetailsProps | None) -> tuple[object, ...]:
    return (props.visit, props.page, props.reasons, props.questions, props.notices) if props else ()


def _change(props: DetailsProps | None) -> tuple[int | None, bool] | None:
    return (props.change_until_ms, props.change_failed) if props else None
