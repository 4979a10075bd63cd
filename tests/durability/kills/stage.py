"""The product's own process with a finger on its glass, and an eye that reports each thank-you once it was shown.

`python -m tests.durability.kills.stage CONFIG [--commit-late]`. Obeys the hand's orders; besides the hand's answers it
says, after the frame, `{"thanks": RECEIPT}`, `{"apology": true}` and `{"lit": true}` (a walk-up point can be pressed).
"""

import json
import os
import sqlite3
import sys
from pathlib import Path
from typing import Any

from PySide6.QtQml import QQmlProperty
from PySide6.QtQuick import QQuickItem

import kiosk.storage
from kiosk.commands.run import run
from kiosk.demo.stage import SIZE, Hand
from kiosk.storage import open_journal
from kiosk.ui.main_window import MainWindow


class Eye:
    """Looks at what was drawn, after each frame."""

    def __init__(self, shown: MainWindow) -> None:
        self._shown = shown
        self._apology, self._faces = (_item(shown, name) for name in ("apology", "rating"))
        self._seen: dict[str, object] = {}
        shown.window.frameSwapped.connect(self._look)

    def _look(self) -> None:
        now = self._on_screen()
        if now != self._seen:
            self._seen = now
            os.write(1, b"\n" + json.dumps(now).encode() + b"\n")  # the hand speaks on the same line, in pieces

    def _on_screen(self) -> dict[str, object]:
        if self._shown.visit.screen == "thanking" and (thanks := _item(self._shown, "thanks")).isVisible():
            return {"thanks": str(QQmlProperty.read(thanks, "detail")).rpartition(" ")[2]}
        if self._apology.isVisible():
            return {"apology": True}
        return {"lit": self._faces.isVisible() and self._shown.visit.props.pressable}


class LateCommits:
    """What the harness must catch: a connection that says "on the disk" and commits with a later record."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._asked = 0
        self.in_transaction = False

    def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
        if statement.startswith("BEGIN"):
            self.in_transaction = True
            if self._connection.in_transaction:
                return self._connection.cursor()
        if statement == "COMMIT":
            self.in_transaction = False
            self._asked += 1
            if self._asked % 7:
                return self._connection.cursor()
        return self._connection.execute(statement, *values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def open_late(*arguments: Any) -> Any:
    journal, keys = open_journal(*arguments)
    vars(journal)["_db"] = LateCommits(journal.connection)
    return journal, keys


def _item(shown: MainWindow, name: str) -> QQuickItem:
    found: object = shown.window.findChild(QQuickItem, name)
    assert isinstance(found, QQuickItem), name
    return found


def main(arguments: list[str]) -> int:
    if "--commit-late" in arguments:
        vars(kiosk.storage)["open_journal"] = open_late
    return run(Path(arguments[0]), windowed=True, size=SIZE, attach=lambda shown: (Hand(shown), Eye(shown)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
