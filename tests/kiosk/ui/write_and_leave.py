"""Writes on the real keyboard until it would have learnt the words, says what was written, and ends.

`python -m tests.kiosk.ui.write_and_leave [--learn]`: with `--learn`, into a field that does not say it is sensitive.
"""

import sys
from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QDeadlineTimer, QEventLoop
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickItem

from kiosk.gallery import Look, Stage, settle
from kiosk.ui.keyboard import choose_keyboard
from tests.kiosk.ui.glass_keyboard import GlassKeyboard

WRITTEN = ("jinsique", ("金丝", "雀")), ("ouyang", ("欧阳",))
"""Pinyin, and the candidates it is put together from: what the keyboard would keep as a word of this user's."""


def main() -> None:
    choose_keyboard()
    application = QGuiApplication([])
    stage = Stage("window", "zh-CN")
    stage.turn(2)
    settle(stage, Look())
    edit = cast("QQuickItem", stage.shown.window.findChild(QQuickItem, "wordsEdit"))
    if "--learn" in sys.argv:
        edit.setProperty("inputMethodHints", 0)
    keyboard = GlassKeyboard(stage.shown.window, until)
    keyboard.open_on("wordsEdit")
    for pinyin, parts in WRITTEN:
        keyboard.type(pinyin)
        for part in parts:
            keyboard.take(part)
    until(lambda: not edit.property("preeditText"))
    print(edit.property("text"))
    stage.close()
    del application


def until(holds: Callable[[], bool]) -> None:
    deadline = QDeadlineTimer(10_000)
    while not holds():
        if deadline.hasExpired():
            raise SystemExit("the keyboard does not do what it should")
        QGuiApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)


if __name__ == "__main__":
    main()
