"""What covers a screen at rest, the drift, and the card of the clerk, with real touches on the real screens."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QPointingDevice
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from ui_rig import Rig

from kiosk.core.clerks import Clerk
from kiosk.core.desk import PinRight
from kiosk.core.visit import PauseAsked, Pressed, SignedIn, SignedOut
from kiosk.gallery.stage import ORDINARY
from kiosk.gallery_pictures import CLERK, drawn_portrait
from kiosk.ui.clerk_card_view_model import Found
from kiosk.ui.resting_view_model import CLEANING_MS, DRIFT_MS, Slides
from kiosk.ui.surroundings import Surroundings
from sync.records.stored import Place


class Hall:
    """Answers when the test says so."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Callable[[Found | None], None]]] = []
        self.wanted: list[tuple[str, Callable[[str, QImage | None], None]]] = []

    def surroundings(self, *, named: bool = True) -> Surroundings:
        slides = Slides(lambda shown, answer: self.wanted.append((shown, answer)), after_ms=20, each_ms=20)
        return Surroundings(lambda number, answer: self.asked.append((number, answer)), named, slides)

    def give_slide(self, name: str, colour: str = "#cc0000") -> None:
        picture = QImage(320, 180, QImage.Format.Format_RGB32)
        picture.fill(QColor(colour))
        self.wanted.pop(0)[1](name, picture)


@pytest.fixture
def hall() -> Hall:
    return Hall()


@pytest.fixture
def finger() -> QPointingDevice:
    return QTest.createTouchDevice()


@pytest.fixture
def open_rig(qtbot: QtBot, hall: Hall) -> Iterator[Callable[..., Rig]]:
    rigs: list[Rig] = []

    def open_rig(place: Place, *, named: bool = True, department: str = "") -> Rig:
        rigs.append(Rig(qtbot, place, surroundings=hall.surroundings(named=named), department=department))
        return rigs[-1]

    yield open_rig
    for rig in rigs:
        rig.close()


def touch(rig: Rig, finger: QPointingDevice, at: QPoint) -> None:
    QTest.touchEvent(rig.window, finger).press(0, at, rig.window)
    QTest.touchEvent(rig.window, finger).release(0, at, rig.window)
    rig.settle()


def until_wanted(rig: Rig, hall: Hall) -> None:
    rig.qtbot.waitUntil(lambda: bool(hall.wanted), timeout=10_000)


def test_the_touch_that_wakes_a_walk_up_point_from_its_slides_rates_nothing(
    open_rig: Callable[..., Rig], hall: Hall, finger: QPointingDevice
) -> None:
    rig = open_rig("walk-up")
    face = rig.middle("face4")
    until_wanted(rig, hall)
    hall.give_slide("a.png")
    rig.settle()
    assert rig.picture().pixelColor(20, 300) == QColor("#cc0000")

    touch(rig, finger, face)
    assert rig.entries == []
    assert not rig.shows("slides")
    touch(rig, finger, face)
    assert rig.pressed() == [4]


def test_a_click_that_wakes_the_slides_rates_nothing_either(open_rig: Callable[..., Rig], hall: Hall) -> None:
    rig = open_rig("walk-up")
    face = rig.middle("face4")
    until_wanted(rig, hall)
    hall.give_slide("a.png")
    rig.settle()
    QTest.mouseClick(rig.window, Qt.MouseButton.LeftButton, pos=face)
    rig.settle()
    assert rig.entries == []
    rig.tap("face4")
    assert rig.pressed() == [4]


def test_a_press_on_a_box_counts_at_once_and_takes_the_slides_away(open_rig: Callable[..., Rig], hall: Hall) -> None:
    rig = open_rig("walk-up")
    until_wanted(rig, hall)
    hall.give_slide("a.png")
    rig.host.dispatch(Pressed(5, "box", rig.now(), rig.fresh()))
    rig.settle()
    assert rig.pressed() == [5]
    assert not rig.shows("slides")


def test_one_slide_follows_the_other_and_an_ask_takes_them_away(open_rig: Callable[..., Rig], hall: Hall) -> None:
    rig = open_rig("window")
    until_wanted(rig, hall)
    hall.give_slide("a.png")
    until_wanted(rig, hall)
    assert hall.wanted[0][0] == "a.png"
    hall.give_slide("b.png", "#00cc00")
    rig.settle()
    assert rig.picture().pixelColor(20, 300) == QColor("#00cc00")
    until_wanted(rig, hall)
    rig.ask()
    hall.give_slide("c.png")  # too late
    rig.settle()
    assert not rig.shows("slides")
    assert rig.visit.screen == "asking"


def test_at_a_terminal_a_slide_covers_the_start_and_a_scanned_slip_takes_it_away(
    open_rig: Callable[..., Rig], hall: Hall
) -> None:
    rig = open_rig("terminal")
    until_wanted(rig, hall)
    hall.give_slide("a.png")
    rig.settle()
    assert rig.shows("slides")
    until_wanted(rig, hall)
    rig.terminal.scan("370811-1")
    rig.settle()
    assert not rig.shows("slides")
    assert rig.shows("findingMessage")
    hall.give_slide("b.png")  # too late
    rig.settle()
    assert not rig.shows("slides")


def test_without_a_slide_or_while_paused_nothing_covers_the_screen(open_rig: Callable[..., Rig], hall: Hall) -> None:
    rig = open_rig("window")
    until_wanted(rig, hall)
    hall.wanted.pop()[1]("", None)
    assert not rig.visit.rest.covers
    until_wanted(rig, hall)
    rig.host.dispatch(PauseAsked("away", rig.now()))
    hall.give_slide("a.png")
    rig.settle()
    assert rig.shows("paused")
    assert not rig.shows("slides")


def test_no_slide_comes_over_the_managers_pages(open_rig: Callable[..., Rig], hall: Hall) -> None:
    rig = open_rig("window")
    until_wanted(rig, hall)
    rig.desk.open()
    hall.give_slide("a.png")
    rig.settle()
    assert rig.shows("pinPad")
    assert not rig.shows("slides")


def test_while_the_glass_is_cleaned_no_touch_counts_and_the_boxes_go_on(
    open_rig: Callable[..., Rig], hall: Hall, finger: QPointingDevice
) -> None:
    rig = open_rig("walk-up")
    face, corner = rig.middle("face2"), QPoint(rig.window.width() - 20, 20)
    rig.visit.rest.clean()
    rig.settle()
    assert rig.shows("cleaning")
    assert rig.item("cleaningBar").property("share") > 0
    for at in (face, corner, face):
        touch(rig, finger, at)
        QTest.mouseClick(rig.window, Qt.MouseButton.LeftButton, pos=at)
    assert rig.entries == []
    rig.press(3)
    assert rig.pressed() == [3]
    assert rig.shows("cleaning")

    timer = next(timer for timer in rig.visit.rest.findChildren(QTimer) if timer.remainingTime() > 20_000)
    assert timer.interval() == CLEANING_MS
    timer.timeout.emit()
    rig.settle()
    assert not rig.shows("cleaning")


def test_the_manager_begins_a_cleaning_from_the_desk(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig("window")
    rig.desk.open()
    for digit in range(6):
        rig.desk.pin.digit(digit)
    rig.desk.pin.enter()
    rig.verdicts[-1](PinRight())
    rig.loads[-1](ORDINARY)
    rig.settle()
    rig.tap("deskClean")
    assert rig.shows("cleaning")
    assert rig.desk.page == "shut"


def test_a_screen_at_rest_drifts_by_few_pixels_and_a_visit_stands_still(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig("window")
    still = rig.middle("windowName")
    timer = next(one for one in rig.visit.rest.findChildren(QTimer) if one.remainingTime() > 60_000)
    assert timer.interval() == DRIFT_MS
    places = set()
    for _ in range(18):
        timer.timeout.emit()
        rig.settle()
        moved = rig.middle("windowName") - still
        places.add((moved.x(), moved.y()))
    assert len(places) == 9
    assert max(abs(step) for place in places for step in place) <= 3
    rig.ask()
    assert (rig.item("rating").x(), rig.item("rating").mapToScene(QPoint(0, 0)).toPoint()) == (0, QPoint(0, 0))
    assert not timer.isActive()


def test_the_card_names_the_clerk_with_post_and_the_department_of_a_borrowed_window(
    open_rig: Callable[..., Rig], hall: Hall
) -> None:
    rig = open_rig("window", department="不动产登记中心")
    rig.sign_in()
    assert rig.text("clerk") == "工号 1001"
    hall.asked.pop()[1](Found(CLERK, drawn_portrait()))
    rig.settle()
    assert (rig.text("clerkTitle"), rig.text("clerkNumber")) == ("示例", "工号 1001")
    assert rig.text("clerkPost") == "市场监督管理局  ·  综合受理"
    assert not rig.shows("clerkInitials")
    assert not rig.shows("clerk")


def test_at_home_the_department_is_not_said_and_without_a_photo_initials_stand(
    open_rig: Callable[..., Rig], hall: Hall
) -> None:
    rig = open_rig("window", department=CLERK.department)
    rig.sign_in()
    hall.asked.pop()[1](Found(CLERK))
    rig.settle()
    assert rig.text("clerkPost") == "综合受理"
    assert rig.text("clerkInitials") == "示"


def test_a_hall_may_show_the_number_alone(open_rig: Callable[..., Rig], hall: Hall) -> None:
    rig = open_rig("window", named=False)
    rig.sign_in()
    hall.asked.pop()[1](Found(CLERK))
    rig.settle()
    assert rig.text("clerkTitle") == "工号 1001"
    assert not rig.shows("clerkInitials")
    assert not rig.shows("clerkNumber")


def test_a_card_that_comes_when_another_has_signed_in_is_dropped(open_rig: Callable[..., Rig], hall: Hall) -> None:
    rig = open_rig("window")
    rig.sign_in()
    rig.host.dispatch(SignedIn("1002", rig.now()))
    (_, first), (_, second) = hall.asked
    first(Found(CLERK))
    assert not rig.visit.card.shown
    second(Found(Clerk("1002", "某某")))
    assert rig.visit.card.title == "某某"
    rig.host.dispatch(SignedOut(rig.now()))
    assert not rig.visit.card.shown
