"""What the citizen's screens bind to: one window's visit, in one language at a time."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.core.visit import Pressed, SelfStarted, Touched
from kiosk.ui.choice_view_model import ChoiceViewModel
from kiosk.ui.clerk_card_view_model import ClerkCardViewModel
from kiosk.ui.corner import Corner, released, touched
from kiosk.ui.details_view_model import DetailsViewModel
from kiosk.ui.finding_host import FindingHost
from kiosk.ui.finding_view_model import FindingViewModel
from kiosk.ui.fonts import family_of
from kiosk.ui.pictures import Pictures
from kiosk.ui.qml_types import Property, QmlUncreatable
from kiosk.ui.receipt_view_model import ReceiptViewModel
from kiosk.ui.resting_view_model import RestingViewModel
from kiosk.ui.screens import Props, ScreenPlace, derive_props
from kiosk.ui.surroundings import NOTHING, Surroundings
from kiosk.ui.visit_host import VisitHost
from kiosk.ui.word_packs import WordPacks
from kiosk.ui.words import citizens_by_key, is_chinese, stacked, whole
from sync.records import At, VisitId

QML_IMPORT_NAME = "Kiosk.Models"
QML_IMPORT_MAJOR_VERSION = 1

PALM_TOLD_MS: Final = 4_000


@QmlElement
@QmlUncreatable("made by kiosk.app")
class VisitViewModel(QObject):
    """Lives on the GUI thread. Derives its props from the host's window; never decides what a press means.

    `details` and `receipt` are the view models of what comes after the press, `finding` that of what comes before the
    ask at a terminal, `choice` that of language and display.
    """

    changed = Signal()
    languageChanged = Signal()  # noqa: N815 - a name of QML
    closingChanged = Signal()  # noqa: N815
    fingersChanged = Signal()  # noqa: N815
    managerAsked = Signal()  # noqa: N815
    """The gesture in the corner was made while nobody was being asked."""

    def __init__(
        self,
        host: VisitHost,
        now: Callable[[], At],
        fresh: Callable[[], VisitId],
        packs: WordPacks,
        place: ScreenPlace,
        language: str,
        surroundings: Surroundings = NOTHING,
        finding: FindingHost | None = None,
    ) -> None:
        """`finding` is a terminal's."""
        super().__init__()
        self._host = host
        self._now = now
        self._fresh = fresh
        self._packs = packs
        self._place = place
        self.choice = ChoiceViewModel(packs, language)
        self._turn = 0
        self._corner = Corner()
        self._props = self._derive()
        self.details = DetailsViewModel(host, now, place.province)
        self.receipt = ReceiptViewModel(host, now, place)
        self.receipt.fold(language)
        self.choice.languageChosen.connect(lambda: self._emit(self._derive()))
        self.choice.left.connect(self._take_back_if_left)
        self.finding = FindingViewModel(finding, now, fresh, packs)
        self.finding.speak(language)
        self.pictures = Pictures()
        self.card = ClerkCardViewModel(
            host, self.pictures, surroundings.find_clerk, named=surroundings.named, home=place.names.department
        )
        self.rest = RestingViewModel(self.pictures, surroundings.slides)
        self._managed = False
        self._fold_rest()
        self._palm = False
        self._palm_timer = QTimer(self)
        self._palm_timer.setSingleShot(True)
        self._palm_timer.timeout.connect(self.fingersChanged)
        host.changed.connect(self._fold)
        if finding is not None:
            finding.changed.connect(self._found_on)

    @property
    def dpi(self) -> int:
        return self._place.dpi

    @property
    def props(self) -> Props:
        return self._props

    @Slot(int)
    def choose(self, level: int) -> None:
        """A face was pressed, 5 to 1."""
        self._host.dispatch(Pressed(level, "glass", self._now(), self._fresh()))

    @Slot(int, int)
    def chooseIn(self, level: int, turn: int) -> None:  # noqa: N802 - a name of QML
        """A finger that went down in `turn` was lifted from a face.

        One that went down before the screen turned to the next citizen's visit counts for neither.
        """
        if turn == self._turn and not self._palm:
            self.choose(level)

    def palm_laid(self) -> None:
        """A palm, water, several fingers: until the glass is free again no face is pressed by it."""
        told = self._palm_timer.isActive()
        self._palm = True
        self._palm_timer.start(PALM_TOLD_MS)
        if not told:
            self.fingersChanged.emit()

    def palm_lifted(self) -> None:
        self._palm = False

    def managed(self, managed: bool) -> None:
        """The manager's pages are open: no slide comes over them."""
        self._managed = managed
        self._fold_rest()

    @Slot()
    def startByOneself(self) -> None:  # noqa: N802
        """The citizen wants to rate though nobody asked."""
        self._host.dispatch(SelfStarted(self._now(), self._fresh()))

    @Slot()
    def touch(self) -> None:
        """Somebody is there: what runs out waits for them."""
        self._host.dispatch(Touched(self._now()))

    @Slot()
    def cornerTouched(self) -> None:  # noqa: N802
        self._corner = touched(self._corner, self._now().boot_ms)

    @Slot()
    def cornerReleased(self) -> None:  # noqa: N802
        self._corner, complete = released(self._corner, self._now().boot_ms)
        if complete and self._props.at_rest:
            self.managerAsked.emit()

    def _found_on(self) -> None:
        """Somebody is looking for something: no slide comes, and their language stays."""
        self._fold_rest()
        self.choice.stay()

    def _take_back_if_left(self) -> None:
        if self._props.at_rest:
            self.choice.take_back()
            self._emit(self._derive())

    def _fold_rest(self) -> None:
        finding = self._props.screen == "finding" and self.finding.props.page == "start"
        idle = finding or self._props.screen in {"standby", "walk-up"}
        self.rest.fold(free=idle and not self._managed, at_rest=self._props.at_rest)

    def _derive(self) -> Props:
        wall_ms = self._now().wall_ms
        return derive_props(self._host.window, self.choice.language, self._packs, self._place, wall_ms)

    def _fold(self) -> None:
        props = self._derive()
        if self._props.visit not in {None, props.visit}:
            self.choice.take_back()
            props = self._derive()
        if not props.pressable and props.screen != "finding":
            self.choice.hide()
        self._emit(props)

    def _emit(self, props: Props) -> None:
        """The new props are in place before anybody hears of them."""
        before, self._props = self._props, props
        self.details.fold(props.language)
        self.receipt.fold(props.language)
        if props.language != before.language:
            self.finding.speak(props.language)
        self._fold_rest()
        if self._palm_timer.isActive() and not props.pressable:
            self._palm_timer.stop()
            self.fingersChanged.emit()
        if props.visit != before.visit:
            self._turn += 1
        if not props.at_rest:
            self._corner = Corner()
        if props.language != before.language:
            self.languageChanged.emit()
        if props != before:
            self.changed.emit()
        if (props.visit, props.closes_ms) != (before.visit, before.closes_ms):
            self.closingChanged.emit()

    @Property(str, notify=changed, final=True)
    def screen(self) -> str:
        return self._props.screen

    @Property(int, notify=changed, final=True)
    def turn(self) -> int:
        """Counts the visits: another number is another citizen."""
        return self._turn

    @Property(str, notify=changed, final=True)
    def hall(self) -> str:
        return self._props.hall

    @Property(str, notify=changed, final=True)
    def window(self) -> str:
        return self._props.window

    @Property(str, notify=changed, final=True)
    def clerk(self) -> str:
        return self._props.clerk

    @Property(str, notify=changed, final=True)
    def clerkNumber(self) -> str:  # noqa: N802
        """Of whoever is signed in now."""
        return self._props.clerk_number

    @Property(str, notify=changed, final=True)
    def headline(self) -> str:
        """On one line."""
        return whole(self._props.headline)

    @Property(str, notify=changed, final=True)
    def headlineStacked(self) -> str:  # noqa: N802
        """Broken where the pack allows it."""
        return stacked(self._props.headline)

    @Property(str, notify=changed, final=True)
    def notice(self) -> str:
        """What the hall tells everybody; empty: nothing."""
        return self._props.notice

    @Property(str, notify=changed, final=True)
    def note(self) -> str:
        return self._props.note

    @Property(str, notify=languageChanged, final=True)
    def language(self) -> str:
        return self._props.language

    @Property(bool, notify=fingersChanged, final=True)
    def oneFinger(self) -> bool:  # noqa: N802
        """A palm was laid on the faces a moment ago: say how they are pressed."""
        return self._palm_timer.isActive() and self._props.pressable

    @Property(bool, notify=changed, final=True)
    def facesShown(self) -> bool:  # noqa: N802
        return self._props.faces_shown

    @Property(bool, notify=changed, final=True)
    def pressable(self) -> bool:
        return self._props.pressable

    @Property(bool, notify=changed, final=True)
    def startable(self) -> bool:
        """The citizen may open a visit that nobody asked for."""
        return self._props.startable

    @Property(bool, notify=changed, final=True)
    def leavable(self) -> bool:
        """The citizen may leave the faces without a press."""
        return self._props.leavable

    @Property(bool, notify=changed, final=True)
    def atRest(self) -> bool:  # noqa: N802
        return self._props.at_rest

    @Property("QVariantList", notify=languageChanged, final=True)
    def faces(self) -> list[dict[str, object]]:
        """In the fixed order, each with level, word, wordStacked, other.

        Changes with the language alone: a new list makes new cards, and a finger on an old one would count for nothing.
        """
        return [
            {
                "level": face.level,
                "word": whole(face.word),
                "wordStacked": stacked(face.word),
                "other": whole(face.other),
            }
            for face in self._props.faces
        ]

    @Property("QStringList", notify=languageChanged, final=True)
    def faceWords(self) -> list[str]:  # noqa: N802
        """What has to fit under or beside the faces: each word on one line,"""
        return [whole(face.word) for face in self._props.faces]

    @Property("QStringList", notify=languageChanged, final=True)
    def faceLines(self) -> list[str]:  # noqa: N802
        """or broken,"""
        return [line for face in self._props.faces for line in stacked(face.word).split("\n")]

    @Property("QStringList", notify=languageChanged, final=True)
    def faceOthers(self) -> list[str]:  # noqa: N802
        """and the words of the other language."""
        return [whole(face.other) for face in self._props.faces]

    @Property("QVariantMap", notify=languageChanged, final=True)
    def words(self) -> dict[str, str]:
        """What citizens read of the pack in use, by its own keys."""
        return citizens_by_key(self._packs.words(self._props.language))

    @Property(bool, notify=languageChanged, final=True)
    def chinese(self) -> bool:
        """Its words are short: they stand where those of other languages need more room."""
        return is_chinese(self._props.language)

    @Property(str, notify=languageChanged, final=True)
    def family(self) -> str:
        """In which its letters are set."""
        return family_of(self._props.language)

    @Property(bool, notify=languageChanged, final=True)
    def rightToLeft(self) -> bool:  # noqa: N802
        return self._props.language in self._packs.right_to_left

    @Property(int, notify=closingChanged, final=True)
    def closesInMs(self) -> int:  # noqa: N802
        """How long the faces still wait, at the moment of reading; 0 where nothing runs out."""
        closes_ms = self._props.closes_ms
        return 0 if closes_ms is None else max(0, closes_ms - self._now().boot_ms)

    @Property(float, notify=closingChanged, final=True)
    def openShare(self) -> float:  # noqa: N802
        """The same as a share of the whole time, 0 to 1."""
        return min(1.0, self.closesInMs / self._props.open_ms)
