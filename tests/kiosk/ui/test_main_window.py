from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from ui_rig import Rig

from kiosk.ui import main_window
from kiosk.ui.main_window import ScreensError, open_window
from kiosk.ui.screens import Names


@pytest.mark.no_qt_log
def test_screens_that_cannot_be_loaded_are_named(rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "Main.qml"
    broken.write_text("import QtQuick\nWindow { colour: 1 }\n")
    monkeypatch.setattr(main_window, "MAIN", broken)
    with pytest.raises(ScreensError, match=r"Main\.qml:2:10: .*colour"):
        open_window(rig.visit, full_screen=False)


@pytest.mark.no_qt_log
def test_screens_that_are_not_there_are_named(rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main_window, "MAIN", tmp_path / "Main.qml")
    with pytest.raises(ScreensError, match=r"Main\.qml"):
        open_window(rig.visit, full_screen=False)


def test_full_screen_fills_the_screen_and_hides_the_cursor(rig: Rig) -> None:
    shown = open_window(rig.visit, full_screen=True)
    shown.take_desk(rig.desk)
    QTest.qWaitForWindowExposed(shown.window)
    assert shown.window.size() == shown.window.screen().size()
    assert shown.window.cursor().shape() == Qt.CursorShape.BlankCursor
    shown.close()


def test_nobody_closes_a_window_that_fills_the_screen_from_outside(rig: Rig) -> None:
    shown = open_window(rig.visit, full_screen=True)
    shown.take_desk(rig.desk)
    QTest.qWaitForWindowExposed(shown.window)
    assert not shown.window.close()
    assert shown.window.isVisible()
    shown.close()


def test_a_window_among_others_can_be_closed(rig: Rig) -> None:
    shown = open_window(rig.visit, full_screen=False)
    shown.take_desk(rig.desk)
    assert shown.window.close()
    shown.close()


def test_one_family_with_chinese_letters_is_chosen_for_every_text(rig: Rig) -> None:
    assert QGuiApplication.font().families()[0] == "Noto Sans CJK SC"


def test_a_closed_window_leaves_its_view_models_usable(rig: Rig) -> None:
    shown = open_window(rig.visit, full_screen=False)
    shown.take_desk(rig.desk)
    shown.close()
    rig.ask()
    rig.tap("face3")
    assert rig.pressed() == [3]


def test_long_names_are_cut_and_push_nothing_out_of_the_window(rig: Rig) -> None:
    names = Names("示范区政务服务中心综合服务大厅" * 4, "", "综合受理窗口" * 8, "")
    rig.visit._place = replace(rig.visit._place, names=names)
    for show in (rig.sign_in, rig.ask):
        show()
        for size in ((1024, 600), (600, 1024)):
            rig.resize(*size)
            rig.window.grabWindow()
            window = QRectF(0, 0, *size)
            for item in rig.items():
                if item.property("truncated") is not None:
                    assert window.contains(item.mapRectToScene(QRectF(0, 0, item.property("contentWidth"), 1)))
