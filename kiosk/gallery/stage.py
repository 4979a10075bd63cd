"""One window of the gallery: the real screens and view models, driven through the real visit.

Only what they would write or ask for is left out.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final, cast

from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtQuick import QQuickItem

from kiosk.core.desk import (
    Desk,
    EvaluatorState,
    HubState,
    PinRight,
    PinVerdict,
    PublishedState,
    SoundState,
    Today,
)
from kiosk.core.notices import Notice
from kiosk.core.sticks import NotDone, Outcome, Stick, Took
from kiosk.core.visit import (
    AskedFor,
    ChangeAsked,
    Event,
    HelpCalled,
    NotRecorded,
    PageSkipped,
    PauseAsked,
    Pressed,
    Recorded,
    Rules,
    SignedIn,
    Window,
)
from kiosk.gallery.looks import Look
from kiosk.gallery.pseudo import with_pseudo_packs, with_pseudo_phrases
from kiosk.gallery_balance import BALANCED, UNBALANCED
from kiosk.gallery_boxes import GalleryBoxes
from kiosk.gallery_pictures import CLERK, drawn_portrait, drawn_slide
from kiosk.gallery_terminal import GalleryTerminal
from kiosk.province_choice import load_province, offer_of
from kiosk.ui.clerk_card_view_model import Found
from kiosk.ui.desk_view_model import DeskPorts, DeskViewModel
from kiosk.ui.main_window import open_window
from kiosk.ui.province_texts import ProvinceTexts
from kiosk.ui.resting_view_model import Slides
from kiosk.ui.screens import Names, ScreenPlace
from kiosk.ui.sticks_view_model import SticksPorts
from kiosk.ui.surroundings import Surroundings
from kiosk.ui.visit_host import Hands, VisitHost
from kiosk.ui.visit_view_model import VisitViewModel
from kiosk.ui.word_packs import WordPacks, load_packs
from kiosk.ui.words import is_chinese
from sync.records import Ask, At, Case, VisitId
from sync.records.stored import Place

ASSETS: Final = Path(__file__).parent.parent.parent / "assets"
UTC_OFFSET_MINUTES: Final = 480
DPI: Final = 96
FOLLOW_UP_PAGE: Final = "https://hall.example/follow-up"
RATE_LATER_PAGE: Final = "https://hall.example/rate"
WRITTEN: Final = {"zh-CN": "等了很久，希望多开一个窗口。", "en": "I waited long. Could another window open at noon?"}
NOTICE: Final = Notice(
    "12月1日（周二）上午设备检修，不动产登记业务请到二楼办理，给您带来不便敬请谅解。",
    "On Tuesday, 1 December, real estate matters are dealt with on the second floor: equipment is serviced.",
    begins="2026-11-21",
)
RECEIPT: Final = "7KQ2M4XD9TRAH6PW"
NOON_MS: Final = 1_795_147_200_000
"""2026-11-20 12:00 in UTC+8."""

ORDINARY: Final = Desk(
    Today("2026-11-20", {5: 21, 4: 4, 3: 1, 2: 0, 1: 1, 0: 6}),
    HubState("ok", waiting=0, waiting_since_ms=None, last_contact_ms=NOON_MS - 60_000),
    (EvaluatorState("1", connected=True, port="/dev/ttyUSB0", presses=19),),
    balance=BALANCED,
)
OFF_BALANCE: Final = replace(ORDINARY, balance=UNBALANCED)
EMPTY: Final = Desk(Today("2026-11-20", {}), HubState("no-hub", 0, None, None), ())
RESTING: Final = replace(
    ORDINARY,
    hub=HubState("resting", 81, NOON_MS - 14_000_000, NOON_MS - 21_600_000, next_try_ms=NOON_MS + 36_000_000),
)
TROUBLED: Final = Desk(
    Today("2026-11-20", {5: 180, 4: 42, 3: 12, 2: 5, 1: 3, 0: 61, -5: 1}),
    HubState("unreachable", 38, NOON_MS - 5_400_000, NOON_MS - 5_460_000, "no-connection"),
    (EvaluatorState("1", connected=False, port="/dev/ttyUSB0", reason="missing"),),
    storage_fault="disk-full",
    sound=SoundState("", (("asked.wav", "sound-corrupt"),)),
)
PUBLISHED: Final = replace(EMPTY, published=(PublishedState("tags", 3, "unsigned"),))
STICKS: Final = (
    Stick("/media/HALL-1", own=3, carried=2, others=1, acknowledgements=1),
    Stick("/media/PHOTOS", missing=("nodev", "noexec")),
)
TROUBLED_STICK: Final = Took(1, 1, "bad-signature", 2)


@cache
def _packs() -> WordPacks:
    return with_pseudo_packs(load_packs(ASSETS / "words"))


@cache
def _province(profile: str) -> ProvinceTexts:
    """With the pages behind its codes, which the national profile leaves open."""
    province = load_province(ASSETS, profile)
    province = replace(province, phrases=with_pseudo_phrases(province.phrases))
    if profile != "national":
        return province
    pages = replace(province.profile, follow_up_page=FOLLOW_UP_PAGE, rate_later_page=RATE_LATER_PAGE)
    return replace(province, profile=pages)


class Stage:
    """One window of the gallery and the hands that move it: a window at rest, until something is called."""

    def __init__(self, place: Place, language: str, profile: str = "national") -> None:
        self._clock_ms = 0
        self._visits = 0
        self.listed = False
        self.photo: QImage | None = None
        self.verdict: PinVerdict = PinRight()
        self.figures = ORDINARY
        self.sticks: tuple[Stick, ...] = ()
        self.outcome: Outcome = NotDone("stick-gone")
        packs = _packs()
        province = _province(profile)
        offer = offer_of(province, words=True) if place != "walk-up" else None
        hands = Hands(
            lambda _entries, _host: None, lambda _box: None, lambda _key, _window: None, lambda _say, _window: None
        )
        self.host = VisitHost(Window(Rules("1", place, offer=offer)), hands, self.now)
        self.terminal = GalleryTerminal(ASSETS, self.host.dispatch, self.now, self.fresh)
        window = ("3号窗口", "Window 3") if place == "window" else ("一楼评价台", "Ground floor")
        hall = ("示范区政务服务中心", "Model District Service Hall")
        names = Names(*hall, *window)
        where = ScreenPlace(names, province, UTC_OFFSET_MINUTES, DPI, (NOTICE,), self.terminal.item_name)
        surroundings = Surroundings(self._find_clerk, slides=Slides(self._next_slide, after_ms=3_600_000))
        finding = self.terminal.host if place == "terminal" else None
        self.visit = VisitViewModel(self.host, self.now, self.fresh, packs, where, language, surroundings, finding)
        self.boxes = GalleryBoxes(packs.words(language), chinese=is_chinese(language), now=self.now)
        ports = DeskPorts(
            lambda _pin, say: say(self.verdict),
            lambda show: show(self.figures),
            self.boxes.evaluators,
            self.boxes.learning,
            SticksPorts(lambda show: show(self.sticks), lambda _place, _action, say: say(self.outcome)),
        )
        self.desk = DeskViewModel(ports, lambda: NOON_MS, packs, language)
        self.shown = open_window(self.visit, full_screen=False)
        self.shown.take_desk(self.desk)
        self.shown.window.setProperty("patience", 0)
        self.shown.window.setProperty("guard", 0)

    def now(self) -> At:
        return At(NOON_MS + self._clock_ms, self._clock_ms, "0" * 16)

    def _find_clerk(self, number: str, answer: Callable[[Found | None], None]) -> None:
        answer(Found(CLERK, self.photo) if number == CLERK.number and self.listed else None)

    def _next_slide(self, _shown: str, answer: Callable[[str, QImage | None], None]) -> None:
        answer("1", drawn_slide())

    def fresh(self) -> VisitId:
        self._visits += 1
        return VisitId(self._visits.to_bytes(16, "big"))

    def say(self, *events: Event) -> None:
        for event in events:
            self.host.dispatch(event)

    def sign_in(self) -> None:
        self.say(SignedIn("1001", self.now()))

    def tell(self) -> None:
        """The day on which the notice begins."""
        self.pass_ms(86_400_000)
        self.sign_in()

    def sign_in_listed(self, *, photo: bool) -> None:
        self.listed = True
        self.photo = drawn_portrait() if photo else None
        self.sign_in()

    def ask_shared(self) -> None:
        """At a window that several departments share, for a case of one of them."""
        self.sign_in()
        case = Case("370800-1", org_name="市场监管局")
        ask = Ask("1", "window", "case", "window-evaluator", "clerk-page", 60, cases=(case,))
        self.say(AskedFor(self.fresh(), ask, self.now()))

    def ask(self) -> None:
        self.sign_in()
        ask = Ask("1", "window", "window", "window-evaluator", "clerk-page", 60)
        self.say(AskedFor(self.fresh(), ask, self.now()))
        self._clock_ms += 15_000
        self.visit.closingChanged.emit()

    def choose(self) -> None:
        self.ask()
        self.visit.choice.show()

    def lay_palm(self) -> None:
        self.ask()
        self.visit.palm_laid()

    def find(self, *acts: Callable[[GalleryTerminal], None]) -> None:
        for act in acts:
            act(self.terminal)
        self._clock_ms += 15_000
        self.visit.finding.closingChanged.emit()

    def press(self) -> None:
        if self.host.window.rules.place == "window":
            self.ask()
        self.say(Pressed(5, "glass", self.now(), self.fresh()))

    def record(self) -> None:
        """At a window, the first page after the press."""
        self.press()
        visit = self.visit.props.visit
        if visit is not None:
            self.say(Recorded(visit, RECEIPT, self.now()))

    def turn(self, pages: int) -> None:
        """So many pages on, past the last one to the receipt."""
        self.record()
        self.pass_ms(2_000)
        self.say(*[PageSkipped(self.now())] * pages)

    def tick(self) -> None:
        self.turn(0)
        reasons = self.visit.details.props.reasons if self.visit.details.props else ()
        for reason in reasons[1:3]:
            self.visit.details.toggleReason(reason.code)
        self.visit.details.callForHelp()

    def answer(self) -> None:
        self.turn(1)
        for question in self.visit.details.props.questions[:2] if self.visit.details.props else ():
            self.visit.details.answer(question.id, 4)
        self.say(HelpCalled(self.now()))

    def write(self) -> None:
        self.turn(2)
        _settle()
        field = cast("QQuickItem", self.shown.window.findChild(QQuickItem, "wordsEdit"))
        field.forceActiveFocus()
        QGuiApplication.inputMethod().show()
        field.setProperty("text", WRITTEN["zh-CN" if self.visit.chinese else "en"])

    def rechoose(self) -> None:
        self.turn(0)
        self.say(ChangeAsked(self.now()))

    def pass_ms(self, duration_ms: int) -> None:
        self._clock_ms += duration_ms

    def apologise(self) -> None:
        self.press()
        visit = self.visit.props.visit
        if visit is not None:
            self.say(NotRecorded(visit, self.now()))

    def pause(self) -> None:
        self.say(PauseAsked("maintenance", self.now()))

    def type_pin(self, verdict: PinVerdict | None) -> None:
        """Six digits; entered where a verdict is given."""
        self.desk.open()
        for digit in range(6):
            self.desk.pin.digit(digit)
        if verdict is not None:
            self.verdict = verdict
            self.desk.pin.enter()

    def show_desk(self, figures: Desk) -> None:
        self.figures = figures
        self.type_pin(PinRight())

    def show_balance(self, figures: Desk) -> None:
        self.show_desk(figures)
        self.desk.showBalance()

    def show_boxes(self, *states: EvaluatorState) -> None:
        self.boxes.states = states or self.boxes.states
        self.show_desk(ORDINARY)
        self.desk.showEvaluators()

    def test_keys(self, *levels: int, skipped: int = 0) -> None:
        """So many keys are pressed in turn, then so many given up on."""
        self.show_boxes()
        self.desk.testKeys()
        self.boxes.press("rs485", 0x81, levels)
        for _ in range(skipped):
            self.desk.evaluators.skip()

    def teach(self, *acts: Callable[[GalleryBoxes], None]) -> None:
        """On the page of learning, past its beginning where something is done to the box."""
        self.show_boxes()
        self.desk.learn()
        if acts:
            self.desk.learning.begin()
        for act in acts:
            act(self.boxes)

    def show_sticks(self, *sticks: Stick, outcome: Outcome | None = None) -> None:
        """With an outcome, something was done with the first one."""
        self.sticks = sticks
        self.show_desk(ORDINARY)
        self.desk.showSticks()
        if outcome is not None:
            self.outcome = outcome
            self.desk.sticks.act(sticks[0].place, "write")

    def close(self) -> None:
        """Lets everything run out, then takes the window down."""
        self.desk.close()
        self.shown.close()


def settle(stage: Stage, look: Look) -> QImage:
    """Shows the stage in that look, lets Qt lay it out, and gives the picture."""
    window = stage.shown.window
    for name, value in (("scheme", look.scheme), ("elder", look.elder), ("low", look.low)):
        window.setProperty(name, value)
    window.resize(*look.size)
    _settle()
    stage.visit.closingChanged.emit()
    return window.grabWindow()


def _settle() -> None:
    for _ in range(3):
        QGuiApplication.processEvents()
