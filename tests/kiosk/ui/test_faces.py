"""Touches on the faces, by finger and by mouse, on the real screens."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication, QPointingDevice
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from ui_rig import Rig

from kiosk.core.visit import Offer
from sync.records import LEVELS, VisitAsked, VisitPressed


@pytest.fixture(scope="module")
def touch_screen() -> QPointingDevice:
    return QTest.createTouchDevice()


@pytest.mark.parametrize("level", LEVELS)
def test_a_finger_on_a_face_presses_that_level(rig: Rig, touch_screen: QPointingDevice, level: int) -> None:
    rig.ask()
    at = rig.middle(f"face{level}")
    QTest.touchEvent(rig.window, touch_screen).press(0, at, rig.window)
    assert rig.pressed() == []
    QTest.touchEvent(rig.window, touch_screen).release(0, at, rig.window)
    rig.settle()
    assert rig.pressed() == [level]


@pytest.mark.parametrize("level", LEVELS)
def test_a_click_on_a_face_presses_that_level(rig: Rig, level: int) -> None:
    rig.ask()
    rig.tap(f"face{level}")
    assert rig.pressed() == [level]


@pytest.mark.parametrize("level", LEVELS)
def test_at_a_walk_up_point_a_face_presses_at_rest(walk_up: Rig, level: int) -> None:
    walk_up.tap(f"face{level}")
    assert walk_up.pressed() == [level]
    assert walk_up.visit.screen == "recording"


def test_of_ten_frantic_taps_only_the_first_counts(rig: Rig) -> None:
    rig.ask()
    places = {level: rig.middle(f"face{level}") for level in LEVELS}
    for level in (3, 1, 5, 2, 4, 3, 3, 1, 5, 2):
        rig.mouse_down(places[level])
        rig.mouse_up(places[level])
    assert rig.pressed() == [3]


def test_of_ten_frantic_touches_only_the_first_counts_also_once_it_is_recorded(
    qtbot: QtBot, touch_screen: QPointingDevice
) -> None:
    """Each on another face, while the press is written and on the page that comes behind it."""
    rig = Rig(qtbot, "window", offer=Offer(("reasons", "questions", "words")))
    rig.window.setProperty("guard", 500)
    rig.ask()
    places = [rig.middle(f"face{level}") for level in (2, 5, 1, 4, 3, 2, 2, 5, 1, 4)]
    for number, at in enumerate(places):
        QTest.touchEvent(rig.window, touch_screen).press(0, at, rig.window)
        QTest.touchEvent(rig.window, touch_screen).release(0, at, rig.window)
        rig.settle()
        if number == 4:
            rig.record()
    assert rig.pressed() == [2]
    assert [type(entry) for entry in rig.entries] == [VisitAsked, VisitPressed]
    rig.close()


def lay_two(rig: Rig, device: QPointingDevice, first: QPoint, second: QPoint) -> None:
    QTest.touchEvent(rig.window, device).press(0, first, rig.window)
    QTest.touchEvent(rig.window, device).stationary(0).press(1, second, rig.window)
    QTest.touchEvent(rig.window, device).stationary(0).release(1, second, rig.window)
    QTest.touchEvent(rig.window, device).release(0, first, rig.window)
    rig.settle()


def test_several_fingers_at_once_or_a_palm_beside_a_finger_rate_nothing_and_the_screen_says_how(
    rig: Rig, touch_screen: QPointingDevice
) -> None:
    rig.ask()
    lay_two(rig, touch_screen, rig.middle("face2"), rig.middle("face5"))
    lay_two(rig, touch_screen, QPoint(500, 590), rig.middle("face4"))
    assert rig.pressed() == []
    assert rig.text("oneFinger") == "请用一根手指轻按"

    QTest.touchEvent(rig.window, touch_screen).press(0, rig.middle("face4"), rig.window)
    QTest.touchEvent(rig.window, touch_screen).release(0, rig.middle("face4"), rig.window)
    rig.settle()
    assert rig.pressed() == [4]
    assert not rig.shows("oneFinger")


def test_water_that_touches_in_many_places_at_a_walk_up_point_rates_nothing(
    walk_up: Rig, touch_screen: QPointingDevice
) -> None:
    drops = [walk_up.middle(f"face{level}") for level in LEVELS]
    wet = QTest.touchEvent(walk_up.window, touch_screen)
    for number, at in enumerate(drops):
        wet = wet.press(number, at, walk_up.window)
    wet.commit()
    dry = QTest.touchEvent(walk_up.window, touch_screen)
    for number, at in enumerate(drops):
        dry = dry.release(number, at, walk_up.window)
    dry.commit()
    walk_up.settle()
    assert walk_up.entries == []


def test_after_a_palm_a_click_or_a_key_presses_as_ever(rig: Rig, touch_screen: QPointingDevice) -> None:
    rig.ask()
    lay_two(rig, touch_screen, rig.middle("face2"), rig.middle("face5"))
    rig.tap("face3")
    assert rig.pressed() == [3]


def test_a_finger_that_slides_off_a_face_presses_nothing(rig: Rig) -> None:
    rig.ask()
    rig.mouse_down(rig.middle("face3"))
    rig.mouse_move(QPoint(20, 20))
    rig.mouse_up(QPoint(20, 20))
    assert rig.pressed() == []


def test_a_finger_that_slides_from_one_face_to_another_presses_neither(rig: Rig) -> None:
    rig.ask()
    rig.mouse_down(rig.middle("face3"))
    rig.mouse_move(rig.middle("face1"))
    rig.mouse_up(rig.middle("face1"))
    assert rig.pressed() == []


def test_a_slow_finger_counts_like_a_quick_one(rig: Rig, qapp: QGuiApplication) -> None:
    hints = qapp.styleHints()
    usual = hints.mousePressAndHoldInterval()
    hints.setMousePressAndHoldInterval(1)
    try:
        rig.ask()
        at = rig.middle("face2")
        rig.mouse_down(at)
        QTest.qWait(20)
        rig.mouse_up(at)
    finally:
        hints.setMousePressAndHoldInterval(usual)
    assert rig.pressed() == [2]


def test_a_finger_put_down_in_the_visit_before_does_not_rate_the_next_one(rig: Rig) -> None:
    rig.ask(b"a")
    at = rig.middle("face1")
    rig.mouse_down(at)
    rig.ask(b"b")
    rig.mouse_up(at)
    assert rig.pressed() == []
    rig.tap("face1")
    assert rig.pressed() == [1]


def test_a_clerk_who_signs_in_meanwhile_does_not_lift_a_finger_from_its_face(rig: Rig) -> None:
    rig.ask()
    at = rig.middle("face2")
    rig.mouse_down(at)
    rig.sign_in()
    rig.mouse_up(at)
    assert rig.pressed() == [2]


def test_while_a_press_is_being_recorded_no_face_answers(rig: Rig) -> None:
    rig.ask()
    rig.press(4)
    rig.tap("face1")
    assert rig.pressed() == [4]


def test_all_five_look_alike_while_held(rig: Rig) -> None:
    rig.ask()
    looks = set()
    for level in LEVELS:
        face = rig.item(f"face{level}")
        at = rig.middle(f"face{level}")
        rig.mouse_down(at)
        assert face.property("held")
        held = rig.picture()
        corner = face.mapToScene(QPoint(0, 0)).toPoint()
        edge = held.copy(corner.x(), corner.y(), round(face.width()), 12)
        looks.add(bytes(edge.constBits()))
        rig.mouse_move(QPoint(20, 20))
        rig.mouse_up(QPoint(20, 20))
    assert len(looks) == 1
    assert rig.pressed() == []


def test_before_any_touch_the_five_cards_are_the_same(rig: Rig, qtbot: QtBot) -> None:
    rig.ask()
    faces = [rig.item(f"face{level}") for level in LEVELS]
    assert len({(face.width(), face.height(), face.y()) for face in faces}) == 1
    assert [face.x() for face in faces] == sorted(face.x() for face in faces)
    assert not any(face.property("held") for face in faces)
