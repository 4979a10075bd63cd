"""Boxes and scanners that type into the window: their keys are taken out before any item sees them.

Only where such a device has no event device of its own. Keys that are no device's go on, so that Tab, arrows and
Escape still lead through the screens, and so do those that the keyboard on the glass sends.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, cast

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication, QKeyEvent, Qt, QWindow

_KEYS: Final = {
    Qt.Key.Key_Space: 57,
    Qt.Key.Key_Return: 28,
    Qt.Key.Key_Enter: 96,
    Qt.Key.Key_Shift: 42,
    Qt.Key.Key_Tab: 15,
    Qt.Key.Key_Backspace: 14,
    Qt.Key.Key_Escape: 1,
}
_ROWS: Final = {
    2: ("1234567890-=", "!@#$%^&*()_+"),
    16: ("QWERTYUIOP[]", "QWERTYUIOP{}"),
    30: ("ASDFGHJKL;'`", 'ASDFGHJKL:"~'),
    43: ("\\ZXCVBNM,./", "|ZXCVBNM<>?"),
}
"""What Qt calls a run of keys, without and with shift, from its first Linux code on. Qt's key for a character of
ASCII is the character's number.
"""
_KEYPAD: Final = {55: "*", 71: "789-456+1230.", 98: "/"}
_NATIVE_OFFSET: Final = 8
"""X11, Wayland and Qt's own readers of event devices number a key eight higher than the kernel does."""

_CODES: Final = {int(key): code for key, code in _KEYS.items()} | {
    ord(text): first + place for first, texts in _ROWS.items() for row in texts for place, text in enumerate(row)
}
_KEYPAD_CODES: Final = {
    ord(text): first + place for first, texts in _KEYPAD.items() for place, text in enumerate(texts)
}
_TAKEN: Final = frozenset({QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride})


@dataclass(frozen=True, slots=True)
class TypingDevice:
    """`codes` are the Linux key codes that are the device's; `typed` gets each that goes down (True) or up."""

    codes: frozenset[int]
    typed: Callable[[int, bool], None]


class KeyInput(QObject):
    """Takes keys from `start` to `stop`, on the GUI thread."""

    def __init__(self, devices: Sequence[TypingDevice]) -> None:
        """ValueError if two devices share a key: a code that is scanned would pass for a pressed key."""
        super().__init__()
        self._typed: dict[int, Callable[[int, bool], None]] = {}
        for device in devices:
            if shared := sorted(self._typed.keys() & device.codes):
                raise ValueError(f"two devices type the same keys into the window: Linux key codes {shared}")
            self._typed |= dict.fromkeys(device.codes, device.typed)

    def start(self, application: QGuiApplication) -> None:
        application.installEventFilter(self)

    def stop(self, application: QGuiApplication) -> None:
        application.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Qt brings a key to the window first, and by the window to the item that has the focus."""
        if event.type() not in _TAKEN or not isinstance(watched, QWindow):
            return False
        key = cast("QKeyEvent", event)
        if not event.spontaneous() and key.nativeScanCode() == 0:
            return False  # the keyboard on the glass sends keys of its own, from within
        code = linux_code(key)
        typed = None if code is None else self._typed.get(code)
        if typed is None or code is None:
            return False
        event.accept()  # of a ShortcutOverride this says: no shortcut, let the key itself come
        if event.type() != QEvent.Type.ShortcutOverride and not key.isAutoRepeat():
            typed(code, event.type() == QEvent.Type.KeyPress)
        return True


def linux_code(key: QKeyEvent) -> int | None:
    """The kernel's code of a key; None where it is not known. By its name only where the platform gives no number."""
    if (native := key.nativeScanCode()) > _NATIVE_OFFSET:
        return native - _NATIVE_OFFSET
    if key.modifiers() & Qt.KeyboardModifier.KeypadModifier and key.key() in _KEYPAD_CODES:
        return _KEYPAD_CODES[key.key()]
    return _CODES.get(key.key())
