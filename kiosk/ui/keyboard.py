"""Qt Virtual Keyboard: whether it is here, and what must be said to Qt before the application is made."""

import os
from pathlib import Path

from PySide6.QtCore import QLibraryInfo

_LIBRARY = "libQt6VirtualKeyboard.so.6"


def keyboard_installed() -> bool:
    """It comes with PySide6-Addons. Without it nobody is asked for words; all else works."""
    libraries = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.LibrariesPath))
    qml = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.QmlImportsPath))
    return (libraries / _LIBRARY).exists() and (qml / "QtQuick" / "VirtualKeyboard" / "qmldir").exists()


def choose_keyboard() -> None:
    """Call before the application is made. Loads nothing yet: the page for words does, when it first opens."""
    if keyboard_installed():
        os.environ["QT_IM_MODULE"] = "qtvirtualkeyboard"
        os.environ["QT_VIRTUALKEYBOARD_DESKTOP_DISABLE"] = "1"  # it stands in our window, not in one of its own
