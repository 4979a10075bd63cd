"""Without a finger: every page by Tab or the arrows and Enter, and as a screen reader comes to it."""

from collections.abc import Callable, Iterator
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QGuiApplication
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from ui_rig import Rig

from kiosk.gallery import SCENES, Look, Scene, Stage, is_managers, settle
from sync.records.stored import Place

Stages = Callable[[Place], Stage]
MODEL = {  # the objects that a screen reader must find, by role
    "choosing": {"简体中文": "CheckBox", "English": "CheckBox", "大字": "CheckBox", "完成": "Button"},
    "asking": {
        "非常满意": "Button",
        "非常不满意": "Button",
        "请您对本次服务进行评价": "StaticText",
        "语言 Language · 大字": "Button",
    },
    "reasons": {"一窗受理一次办结": "CheckBox", "跳过": "Button", "按错了？可重新选择": "Button"},
    "words": {"点这里写意见或建议": "EditableText", "提交": "Button"},
    "thanking": {"完成": "Button", "回执 7KQ2-M4XD-9TRA-H6PW": "Graphic"},
    "pin": {"1": "Button", "清除": "Button"},
}


@pytest.fixture
def stages(qapp: QGuiApplication) -> Iterator[Stages]:
    made: list[Stage] = []

    def make(place: Place) -> Stage:
        made.append(Stage(place, "zh-CN"))
        return made[-1]

    yield make
    for stage in made:
        stage.close()


def shown_items(item: QQuickItem) -> Iterator[QQuickItem]:
    if item.isVisible():
        yield item
        for child in item.childItems():
            yield from shown_items(child)


def reachable(stage: Stage) -> set[QQuickItem]:
    """What can be pressed or written into."""
    items = list(shown_items(stage.shown.window.contentItem()))
    return {
        item
        for item in items
        if (item.property("held") is not None and item.property("active")) or item.objectName().endswith("Edit")
    }


def focused(stage: Stage) -> QQuickItem:
    return cast("QQuickItem", stage.shown.window.activeFocusItem())


WALKED = [
    pytest.param(scene, key, id=f"{scene[0]}-{key.name}")
    for scene in SCENES
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Right)
    # While somebody types, Tab ends it; within a field the arrows move between the letters.
    if not scene[0].startswith("words" if key == Qt.Key.Key_Right else "words-writing")
    if key == Qt.Key.Key_Tab or not is_managers(scene)  # the arrows are the buttons' own: the same on all pages
]


@pytest.mark.parametrize(("scene", "key"), WALKED)
def test_every_page_can_be_walked_through_with_the_keyboard(stages: Stages, scene: Scene, key: Qt.Key) -> None:
    _, place, act = scene
    stage = stages(place)
    act(stage)
    settle(stage, Look())
    wanted, reached = reachable(stage), set()
    for _ in range(len(wanted)):
        QTest.keyClick(stage.shown.window, key)
        reached.add(focused(stage))
        if not focused(stage).objectName().endswith("Edit"):
            ring = [child for child in focused(stage).childItems() if child.z() == 1]
            assert [child.isVisible() for child in ring] == [True], "nobody sees where the keys have led"
    assert {item.objectName() for item in reached} == {item.objectName() for item in wanted} or not wanted
    assert len(reached) == len(wanted)


@pytest.mark.parametrize("scene", [scene for scene in SCENES if scene[0] in MODEL], ids=lambda scene: scene[0])
def test_a_screen_reader_meets_names_and_roles(stages: Stages, scene: Scene) -> None:
    name, place, act = scene
    stage = stages(place)
    act(stage)
    settle(stage, Look())
    heard = {(part.text(QAccessible.Text.Name), part.role().name) for part in parts(stage)}
    assert set(MODEL[name].items()) <= heard


def parts(stage: Stage) -> list[QAccessibleInterface]:
    QAccessible.setActive(True)
    waiting, found = [QAccessible.queryAccessibleInterface(stage.shown.window)], []
    while waiting:
        parent = waiting.pop()
        children = [parent.child(place) for place in range(parent.childCount())]
        shown = [child for child in children if child is not None and not child.state().invisible]
        found += shown
        waiting += shown
    return found


def test_a_screen_reader_can_press_and_hears_what_is_ticked(stages: Stages) -> None:
    stage = stages("window")
    stage.turn(0)
    settle(stage, Look())
    part = next(part for part in parts(stage) if part.text(QAccessible.Text.Name) == "可以先受理后补材料")
    assert not part.state().checked
    part.actionInterface().doAction("Toggle")
    assert (
        next(part for part in parts(stage) if part.text(QAccessible.Text.Name) == "可以先受理后补材料").state().checked
    )


def test_language_and_display_are_chosen_with_keys_alone(qtbot: QtBot) -> None:
    rig = Rig(qtbot, "window")
    rig.ask()
    for name, shown in (("choiceButton", "language-en"), ("language-en", "face5")):
        for _ in range(20):
            QTest.keyClick(rig.window, Qt.Key.Key_Tab)
            if rig.window.activeFocusItem().objectName() == name:
                break
        QTest.keyClick(rig.window, Qt.Key.Key_Return)
        rig.settle()
        assert rig.shows(shown)
    assert rig.visit.language == "en"
    QTest.keyClick(rig.window, Qt.Key.Key_Return)
    assert rig.pressed() == [], "no key presses what comes after the page that it left"
    rig.close()
