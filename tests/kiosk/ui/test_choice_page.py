"""What a citizen chooses for one visit, and the time that a touch gives."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QFontInfo
from pytestqt.qtbot import QtBot
from ui_rig import Rig

from kiosk.core.visit import Offer
from kiosk.ui.main_window import Appearance, open_window
from sync.records import LEVELS


def headline_px(rig: Rig) -> int:
    return QFontInfo(rig.item("headline").property("font")).pixelSize()


def ground(rig: Rig) -> QColor:
    return rig.picture().pixelColor(3, 300)


def chosen(rig: Rig, *names: str) -> None:
    rig.tap("choiceButton")
    for name in names:
        rig.tap(f"choice-{name}")
    rig.tap("choiceDone")


def test_large_text_and_high_contrast_hold_for_one_visit(rig: Rig) -> None:
    rig.ask()
    ordinary, paper = headline_px(rig), ground(rig)
    chosen(rig, "large", "contrast")
    assert headline_px(rig) > ordinary
    assert ground(rig) == QColor("#000000")
    rig.pass_ms(60_000 + 60_000)
    rig.ask(b"b")
    assert headline_px(rig) == ordinary
    assert ground(rig) == paper


def test_where_the_hall_rests_in_large_type_it_can_be_made_smaller(rig: Rig) -> None:
    rig.window.setProperty("elder", True)
    rig.ask()
    large = headline_px(rig)
    chosen(rig, "large")
    assert headline_px(rig) < large


def test_buttons_stand_low_on_an_upright_screen_alone(rig: Rig) -> None:
    rig.ask()
    rig.tap("choiceButton")
    assert not rig.shows("choice-low")
    rig.resize(600, 1024)
    rig.tap("choice-low")
    rig.tap("choiceDone")
    assert all(rig.item(f"face{level}").mapToScene(QPoint(0, 0)).y() >= 0.45 * 1024 for level in LEVELS)
    rig.tap("face2")
    assert rig.pressed() == [2]


def test_a_press_on_the_box_closes_the_page_of_choices(rig: Rig) -> None:
    rig.ask()
    rig.tap("choiceButton")
    assert not rig.shows("face5")
    rig.press(5)
    assert not rig.shows("choiceTitle")
    assert rig.shows("rating")


def test_what_was_chosen_and_left_at_a_walk_up_point_is_taken_back(walk_up: Rig) -> None:
    paper = ground(walk_up)
    walk_up.tap("choiceButton")
    walk_up.tap("choice-contrast")
    assert ground(walk_up) != paper
    walk_up.visit.choice.left.emit()
    walk_up.settle()
    assert ground(walk_up) == paper
    assert walk_up.shows("face5")


@pytest.mark.parametrize("screen", ["asking", "choosing", "thanking"])
def test_a_touch_anywhere_gives_half_a_minute(rig: Rig, screen: str) -> None:
    rig.ask()
    rig.clock_ms += 40_000
    if screen == "choosing":
        rig.tap("choiceButton")
    if screen == "thanking":
        rig.press(4)
        rig.record()
    rig.clock_ms += 2_000
    before = rig.visit.closesInMs
    rig.mouse_down(QPoint(400, 8))
    rig.mouse_up(QPoint(400, 8))
    assert before < 30_000
    assert rig.visit.closesInMs == 30_000


def test_another_choice_is_kept_open_by_a_touch(qtbot: QtBot) -> None:
    rig = Rig(qtbot, "window", offer=Offer(("reasons",)))
    rig.ask()
    rig.press(2)
    rig.record()
    rig.tap("changeButton")
    rig.clock_ms += 10_000
    assert rig.visit.closesInMs == 5_000
    rig.mouse_down(QPoint(400, 8))
    rig.mouse_up(QPoint(400, 8))
    assert rig.visit.closesInMs == 15_000
    rig.close()


def test_with_reduced_motion_the_bar_goes_in_steps(rig: Rig) -> None:
    rig.window.setProperty("calm", True)
    rig.ask()
    rig.clock_ms += 33_000
    rig.visit.closingChanged.emit()
    rig.settle()
    [bar] = [item for item in rig.items() if item.property("shown") is not None and item.property("radius") is not None]
    assert bar.property("shown") * 12 == pytest.approx(round(bar.property("shown") * 12))
    assert 0 < bar.property("shown") < 1


def test_the_settings_of_the_hall_are_how_the_screens_look(rig: Rig) -> None:
    looks = Appearance("dark", elder=True, low_reach=True, reduced_motion=True)
    second = open_window(rig.visit, full_screen=False, appearance=looks)
    second.take_desk(rig.desk)
    names = ("scheme", "elder", "low", "calm")
    assert [second.window.property(name) for name in names] == ["dark", True, True, True]
    second.close()
