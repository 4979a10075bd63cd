"""Words for the reply, on the real keyboard of the screen: confirmed or gone, learnt by nobody, typed by no box."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from glass_keyboard import GlassKeyboard
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from ui_rig import ROOT, Rig

from kiosk.core.visit import Detailing, Offer, PageSkipped
from kiosk.ui.keyboard import keyboard_installed
from sync.records import VisitDetailed
from tests.durability.canary.search import search

pytestmark = pytest.mark.skipif(not keyboard_installed(), reason="PySide6-Addons is not installed")


@pytest.fixture
def rig(qtbot: QtBot) -> Iterator[Rig]:
    rig = Rig(qtbot, "window", offer=Offer(("words",)))
    rig.ask()
    rig.press(2)
    rig.record()
    yield rig
    rig.close()


@pytest.fixture
def keyboard(rig: Rig, qtbot: QtBot) -> GlassKeyboard:
    return GlassKeyboard(rig.window, lambda holds: qtbot.waitUntil(holds, timeout=10_000))


def said(rig: Rig) -> list[VisitDetailed]:
    return [entry for entry in rig.entries if isinstance(entry, VisitDetailed)]


def test_words_written_in_pinyin_and_english_are_given_once_confirmed(rig: Rig, keyboard: GlassKeyboard) -> None:
    keyboard.open_on("wordsEdit")
    keyboard.write("zhongguo", "中国")
    rig.tap("keyboardLanguage")
    keyboard.type("ok")
    assert said(rig) == []
    rig.tap("goOnButton")

    assert [(one.words, one.contact_name, one.contact_phone) for one in said(rig)] == [("中国ok", "", "")]
    assert rig.shows("thanks")


def test_name_and_phone_are_given_with_the_words_or_alone(rig: Rig, keyboard: GlassKeyboard) -> None:
    keyboard.open_on("contactNameEdit")
    keyboard.write("ouyang", "欧阳")
    rig.tap("keyboardHide")
    keyboard.open_on("contactPhoneEdit")
    keyboard.type("13900007531")
    rig.tap("goOnButton")

    assert [(one.words, one.contact_name, one.contact_phone) for one in said(rig)] == [("", "欧阳", "13900007531")]


def test_what_was_not_confirmed_is_gone_with_the_page(rig: Rig, keyboard: GlassKeyboard) -> None:
    keyboard.open_on("wordsEdit")
    keyboard.write("zhongguo", "中国")
    rig.tap("skipButton")
    assert said(rig) == []

    rig.tap("doneButton")
    rig.ask(b"b")
    rig.press(5)
    rig.record()
    assert keyboard.item("wordsEdit").property("text") == ""
    assert not QGuiApplication.inputMethod().isVisible()


def test_who_walks_away_leaves_nothing_written(rig: Rig, keyboard: GlassKeyboard) -> None:
    keyboard.open_on("wordsEdit")
    keyboard.write("zhongguo", "中国")
    rig.pass_ms(31_000)

    assert rig.shows("thanks")
    assert said(rig) == []


def test_each_key_keeps_the_page_open(rig: Rig, keyboard: GlassKeyboard) -> None:
    keyboard.open_on("wordsEdit")
    for _ in range(3):
        rig.clock_ms += 20_000
        keyboard.type("a")
    rig.pass_ms(20_000)

    assert isinstance(rig.host.window.stage, Detailing)


def test_no_key_of_a_keyboard_or_box_types_pastes_or_copies(rig: Rig, keyboard: GlassKeyboard) -> None:
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("旁人的话")
    edit = keyboard.open_on("wordsEdit")
    keyboard.write("zhongguo", "中国")
    for key in (Qt.Key.Key_A, Qt.Key.Key_1, Qt.Key.Key_Space, Qt.Key.Key_Left):
        QTest.keyClick(rig.window, key)
    for key in (Qt.Key.Key_V, Qt.Key.Key_A, Qt.Key.Key_C, Qt.Key.Key_X):
        QTest.keyClick(rig.window, key, Qt.KeyboardModifier.ControlModifier)
    rig.settle()

    assert edit.property("text") == "中国"
    assert clipboard.text() == "旁人的话"
    clipboard.clear()


def test_no_more_is_taken_than_the_limit_that_stands_beside(rig: Rig, keyboard: GlassKeyboard) -> None:
    edit = keyboard.open_on("wordsEdit")
    edit.setProperty("text", "字" * 199)
    rig.settle()
    assert rig.text("wordsCount") == "199 / 200"
    keyboard.write("zhongguo", "中国")

    assert edit.property("length") == 200
    assert rig.text("wordsCount") == "200 / 200"


def test_the_keyboard_is_not_there_until_the_page_for_words_opens(qtbot: QtBot) -> None:
    rig = Rig(qtbot, "window", offer=Offer(("reasons", "words")))
    rig.ask()
    rig.press(2)
    rig.record()
    assert not rig.shows("keyboard")
    rig.host.dispatch(PageSkipped(rig.now()))
    rig.settle()
    assert rig.shows("keyboard")
    rig.close()


@pytest.mark.parametrize("sensitive", [True, False], ids=["as it is", "a field that may be learnt from"])
def test_the_keyboard_keeps_no_word_of_it(tmp_path: Path, sensitive: bool) -> None:
    """In a process with a home of its own, ended in the ordinary way. The second is the test of the test."""
    program = [sys.executable, "-m", "tests.kiosk.ui.write_and_leave", *([] if sensitive else ["--learn"])]
    folders = {"HOME": tmp_path, "XDG_CONFIG_HOME": tmp_path / "config", "XDG_CACHE_HOME": tmp_path / "cache"}
    environment = {**os.environ, **{name: str(folder) for name, folder in folders.items()}, "TMPDIR": str(tmp_path)}
    done = subprocess.run(program, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)

    assert done.stdout == "金丝雀欧阳\n", "it was typed"
    assert bool(search(tmp_path, ["金丝雀"])) != sensitive
