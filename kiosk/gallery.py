"""`kiosk gallery OUT`: every screen there is, in both languages and at three sizes, as pictures.

The real screens and view models, driven through the real visit; only what they would write or ask for is left out.
"""

import html
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final, cast

from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtQuick import QQuickItem

from kiosk.core.desk import (
    Desk,
    EvaluatorState,
    HubState,
    PinLocked,
    PinMissing,
    PinRight,
    PinVerdict,
    PinWrong,
    PublishedState,
    SoundState,
    Today,
)
from kiosk.core.notices import Notice
from kiosk.core.sticks import NotDone, Outcome, Stick, Took, Wrote
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
from kiosk.gallery_balance import BALANCED, UNBALANCED
from kiosk.gallery_boxes import NEW, GalleryBoxes
from kiosk.gallery_boxes import TROUBLED as TROUBLED_BOX
from kiosk.gallery_pictures import CLERK, drawn_portrait, drawn_slide
from kiosk.gallery_terminal import NUMBER, GalleryTerminal
from kiosk.province_choice import load_province, offer_of
from kiosk.ui.clerk_card_view_model import Found
from kiosk.ui.desk_view_model import DeskPorts, DeskViewModel
from kiosk.ui.keyboard import choose_keyboard
from kiosk.ui.main_window import open_window
from kiosk.ui.resting_view_model import Slides
from kiosk.ui.screens import Names, ScreenPlace
from kiosk.ui.sticks_view_model import SticksPorts
from kiosk.ui.surroundings import Surroundings
from kiosk.ui.visit_host import Hands, VisitHost
from kiosk.ui.visit_view_model import VisitViewModel
from kiosk.ui.words import load_packs
from sync.records import Ask, At, Case, VisitId
from sync.records.stored import Place

SIZES: Final = ((1024, 600), (1280, 800), (1080, 1920))
LANGUAGES: Final = {"zh": "zh-CN", "en": "en"}
ASSETS: Final = Path(__file__).parent.parent / "assets"
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
        packs = load_packs(ASSETS / "words")
        province = load_province(ASSETS, profile)
        if profile == "national":
            pages = replace(province.profile, follow_up_page=FOLLOW_UP_PAGE, rate_later_page=RATE_LATER_PAGE)
            province = replace(province, profile=pages)
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
        self.boxes = GalleryBoxes(packs.words(language), chinese=language == "zh-CN", now=self.now)
        ports = DeskPorts(
            lambda _pin, say: say(self.verdict),
            lambda show: show(self.figures),
            self.boxes.evaluators,
            self.boxes.learning,
            SticksPorts(lambda show: show(self.sticks), lambda _place, _action, say: say(self.outcome)),
        )
        self.desk = DeskViewModel(ports, lambda: NOON_MS, packs, language)
        self.shown = open_window(self.visit, self.desk, full_screen=False)
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
        field.setProperty("text", WRITTEN[self.visit.language])

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


Scene = tuple[str, Place, Callable[[Stage], None]]

SCENES: Final[tuple[Scene, ...]] = (
    ("standby", "window", lambda _stage: None),
    ("standby-clerk", "window", Stage.sign_in),
    ("standby-card", "window", lambda stage: stage.sign_in_listed(photo=True)),
    ("standby-card-initials", "window", lambda stage: stage.sign_in_listed(photo=False)),
    ("slide", "window", lambda stage: stage.visit.rest.show_now()),
    ("cleaning", "window", lambda stage: stage.visit.rest.clean()),
    ("asking", "window", Stage.ask),
    ("asking-shared", "window", Stage.ask_shared),
    ("asking-palm", "window", Stage.lay_palm),
    ("recording", "window", Stage.press),
    ("reasons", "window", lambda stage: stage.turn(0)),
    ("reasons-ticked", "window", Stage.tick),
    ("rechoosing", "window", Stage.rechoose),
    ("questions", "window", lambda stage: stage.turn(1)),
    ("questions-answered", "window", Stage.answer),
    ("words", "window", lambda stage: stage.turn(2)),
    ("words-writing", "window", Stage.write),
    ("thanking", "window", lambda stage: stage.turn(3)),
    ("walk-up-thanking", "walk-up", Stage.record),
    ("apologising", "window", Stage.apologise),
    ("paused", "window", Stage.pause),
    ("walk-up", "walk-up", lambda _stage: None),
    ("walk-up-recording", "walk-up", Stage.press),
    ("find", "terminal", Stage.find),
    ("find-scan", "terminal", lambda stage: stage.find(lambda at: at.scan(""))),
    ("find-number", "terminal", lambda stage: stage.find(lambda at: at.begin("number"), lambda at: at.type(NUMBER))),
    ("find-looking", "terminal", lambda stage: stage.find(lambda at: at.scan(NUMBER))),
    ("find-confirm", "terminal", lambda stage: stage.find(lambda at: at.choose_item("yyzz"))),
    ("find-code", "terminal", lambda stage: stage.find(GalleryTerminal.mistype)),
    ("find-refused", "terminal", lambda stage: stage.find(GalleryTerminal.mistype, GalleryTerminal.guess)),
    ("find-unreached", "terminal", lambda stage: stage.find(GalleryTerminal.reach_nobody)),
    ("find-departments", "terminal", lambda stage: stage.find(lambda at: at.begin("item"))),
    ("find-searching", "terminal", lambda stage: stage.find(lambda at: at.begin("item"), lambda at: at.type("DJ"))),
    ("find-terminal", "terminal", lambda stage: stage.find(lambda at: at.begin("terminal"))),
    ("pin", "window", lambda stage: stage.type_pin(None)),
    ("pin-wrong", "window", lambda stage: stage.type_pin(PinWrong(4))),
    ("pin-locked", "window", lambda stage: stage.type_pin(PinLocked(28))),
    ("pin-missing", "window", lambda stage: stage.type_pin(PinMissing())),
    ("desk", "window", lambda stage: stage.show_desk(ORDINARY)),
    ("desk-empty", "window", lambda stage: stage.show_desk(EMPTY)),
    ("desk-resting", "window", lambda stage: stage.show_desk(RESTING)),
    ("desk-trouble", "window", lambda stage: stage.show_desk(TROUBLED)),
    ("desk-balance", "window", lambda stage: stage.show_balance(OFF_BALANCE)),
    ("standby-notice", "window", Stage.tell),
    ("desk-published", "window", lambda stage: stage.show_desk(PUBLISHED)),
    ("evaluators", "window", Stage.show_boxes),
    ("evaluators-trouble", "window", lambda stage: stage.show_boxes(TROUBLED_BOX)),
    ("evaluators-new", "window", lambda stage: stage.show_boxes(NEW)),
    ("key-test", "window", lambda stage: stage.test_keys(5, 4, 2)),
    ("key-test-passed", "window", lambda stage: stage.test_keys(5, 4, 3, 2, 1)),
    ("key-test-failed", "window", lambda stage: stage.test_keys(5, 3, 4, skipped=2)),
    ("learn-begin", "window", Stage.teach),
    ("learn-find", "window", lambda stage: stage.teach(lambda _boxes: None)),
    ("learn-line", "window", lambda stage: stage.teach(GalleryBoxes.plug_in)),
    ("learn-press", "window", lambda stage: stage.teach(GalleryBoxes.press_some)),
    ("learn-wait", "window", lambda stage: stage.teach(GalleryBoxes.press_all)),
    ("learn-review", "window", lambda stage: stage.teach(GalleryBoxes.learn)),
    ("learn-check", "window", lambda stage: stage.teach(GalleryBoxes.check)),
    ("learn-failed", "window", lambda stage: stage.teach(GalleryBoxes.fail)),
    ("sticks-none", "window", Stage.show_sticks),
    ("sticks", "window", lambda stage: stage.show_sticks(*STICKS, outcome=Wrote(3, 21_480))),
    ("sticks-trouble", "window", lambda stage: stage.show_sticks(*STICKS, outcome=TROUBLED_STICK)),
    ("learn-done", "window", lambda stage: stage.teach(GalleryBoxes.finish)),
)


def render_gallery(out: Path, scenes: tuple[Scene, ...] = SCENES) -> int:
    """Writes the pictures and a contact sheet, `index.html`. Returns the exit code: 1 where `out` cannot be written."""
    if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        os.environ.setdefault("QT_QUICK_BACKEND", "software")
    choose_keyboard()
    application = QGuiApplication.instance() or QGuiApplication([])
    try:
        names = _render_all(out, scenes)
    except OSError as problem:
        print(problem, file=sys.stderr)
        return 1
    print(f"{len(names)} pictures in {out}, contact sheet {out / 'index.html'}")
    del application
    return 0


def _render_all(out: Path, scenes: tuple[Scene, ...]) -> list[str]:
    out.mkdir(parents=True, exist_ok=True)
    names: list[str] = []
    for name, place, act in scenes:
        for short, language in LANGUAGES.items():
            names += _render(Stage(place, language), act, out, f"{name}-{short}")
    (out / "index.html").write_text(_sheet(names), encoding="utf-8")
    return names


def _render(stage: Stage, act: Callable[[Stage], None], out: Path, name: str) -> list[str]:
    act(stage)
    try:
        return [_save(stage, out, name, size, elder=elder) for size in SIZES for elder in (False, True)]
    finally:
        stage.close()


def _save(stage: Stage, out: Path, name: str, size: tuple[int, int], *, elder: bool) -> str:
    picture = settle(stage, size, elder=elder)
    width, height = size
    file = f"{name}-{width}x{height}{'-elder' if elder else ''}.png"
    if not picture.save(str(out / file)):
        raise OSError(f"{out / file} cannot be written")
    return file


def settle(stage: Stage, size: tuple[int, int], *, elder: bool) -> QImage:
    """Shows the stage in that size, lets Qt lay it out, and gives the picture."""
    stage.shown.window.setProperty("elder", elder)
    stage.shown.window.resize(*size)
    _settle()
    stage.visit.closingChanged.emit()
    return stage.shown.window.grabWindow()


def _settle() -> None:
    for _ in range(3):
        QGuiApplication.processEvents()


def _sheet(names: list[str]) -> str:
    figures = "\n".join(
        f'<figure><a href="{html.escape(name)}"><img loading="lazy" src="{html.escape(name)}" alt=""></a>'
        f"<figcaption>{html.escape(name.removesuffix('.png'))}</figcaption></figure>"
        for name in names
    )
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Every screen</title>
<style>
body {{ font: 16px/1.5 "Noto Sans CJK SC", sans-serif; margin: 2rem; background: #f4f6f3; color: #17323a }}
main {{ display: flex; flex-wrap: wrap; gap: 1.5rem; align-items: flex-end }}
figure {{ margin: 0 }} img {{ height: 15rem; border: 1px solid #cdd8d6; border-radius: 6px }}
figcaption {{ font-size: 13px }}
</style>
<h1>Every screen</h1>
<main>
{figures}
</main></html>
"""
