"""Keys of boxes and scanners that type into the window, on a real window with a text field that has the focus."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QUrl
from PySide6.QtGui import QGuiApplication, QKeyEvent, Qt
from PySide6.QtQml import QQmlComponent, QQmlEngine
from PySide6.QtQuick import QQuickWindow
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.ui.key_input import KeyInput, TypingDevice

FORM = b"""
import QtQuick
Window {
    width: 200; height: 100; visible: true
    property alias text: field.text
    property int tabs: 0
    property int shortcuts: 0
    TextInput { id: field; anchors.fill: parent; focus: true; Keys.onTabPressed: tabs += 1 }
    Shortcut { sequence: "5"; onActivated: shortcuts += 1 }
}
"""
DIGITS = frozenset(range(2, 12))
FIVE = 6


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QQuickWindow]:
    engine = QQmlEngine()
    component = QQmlComponent(engine)
    component.setData(FORM, QUrl())
    made = component.create()
    assert isinstance(made, QQuickWindow), component.errorString()
    made.requestActivate()
    qtbot.waitActive(made)
    yield made
    made.close()
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def taking(qapp: QGuiApplication) -> Iterator[Callable[..., list[tuple[int, bool]]]]:
    """Has the keys of a device with these codes taken; returns the list of what it typed."""
    started: list[KeyInput] = []

    def take(codes: frozenset[int] = DIGITS) -> list[tuple[int, bool]]:
        typed: list[tuple[int, bool]] = []
        started.append(KeyInput([TypingDevice(codes, lambda code, down: typed.append((code, down)))]))
        started[-1].start(qapp)
        return typed

    yield take
    for key_input in started:
        key_input.stop(qapp)


def send(window: QQuickWindow, native: int, key: Qt.Key, *, repeat: bool = False) -> None:
    none = Qt.KeyboardModifier.NoModifier
    event = QKeyEvent(QEvent.Type.KeyPress, key, none, native, 0, 0, chr(key), repeat)
    QCoreApplication.sendEvent(window, event)


def test_without_a_device_the_field_takes_the_digits(window):
    QTest.keyClick(window, Qt.Key.Key_3)
    QTest.keyClick(window, Qt.Key.Key_5)
    assert window.property("text") == "35"


def test_the_digits_of_a_box_come_as_codes_and_never_into_the_field(window, taking):
    typed = taking()
    for key in (Qt.Key.Key_1, Qt.Key.Key_5, Qt.Key.Key_0):
        QTest.keyClick(window, key)
    assert typed == [(2, True), (2, False), (6, True), (6, False), (11, True), (11, False)]
    assert window.property("text") == ""


def test_a_digit_that_is_a_shortcut_too_is_the_boxes(window, taking):
    typed = taking()
    QTest.keyClick(window, Qt.Key.Key_5)
    assert (FIVE, True) in typed
    assert window.property("shortcuts") == 0


def test_keys_that_belong_to_no_box_pass_through(window, taking):
    typed = taking()
    QTest.keyClick(window, Qt.Key.Key_Tab)
    QTest.keyClick(window, Qt.Key.Key_A)
    assert typed == []
    assert window.property("tabs") == 1
    assert window.property("text") == "a"


def test_a_key_held_down_is_typed_once(window, taking):
    typed = taking()
    send(window, FIVE + 8, Qt.Key.Key_5)
    for _ in range(20):
        send(window, FIVE + 8, Qt.Key.Key_5, repeat=True)
    assert typed == [(FIVE, True)]
    assert window.property("text") == ""


def test_keys_of_the_keyboard_on_the_glass_are_no_boxs(window, taking):
    typed = taking()
    send(window, 0, Qt.Key.Key_5)
    assert typed == []
    assert window.property("text") == "5"


def test_the_number_that_the_platform_gives_goes_before_the_name_of_the_key(window, taking):
    typed = taking(frozenset({79}))
    send(window, 79 + 8, Qt.Key.Key_1)
    send(window, 2 + 8, Qt.Key.Key_1)
    assert typed == [(79, True)]
    assert window.property("text") == "1"


def test_the_keypad_has_codes_of_its_own(window, taking):
    typed = taking(frozenset({79, 2}))
    QTest.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.KeypadModifier)
    QTest.keyClick(window, Qt.Key.Key_1)
    assert [code for code, down in typed if down] == [79, 2]


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (Qt.Key.Key_A, 30),
        (Qt.Key.Key_Slash, 53),
        (Qt.Key.Key_Colon, 39),
        (Qt.Key.Key_Minus, 12),
        (Qt.Key.Key_Return, 28),
        (Qt.Key.Key_Shift, 42),
        (Qt.Key.Key_M, 50),
    ],
)
def test_the_keys_of_a_scanner_are_known_by_name_where_the_platform_gives_no_number(window, taking, key, code):
    typed = taking(frozenset({code}))
    QTest.keyClick(window, key)
    assert typed == [(code, True), (code, False)]
    assert window.property("text") == ""


def test_a_dead_key_is_nobodys(window, taking):
    typed = taking(frozenset(range(256)))
    none = Qt.KeyboardModifier.NoModifier
    QCoreApplication.sendEvent(window, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Dead_Grave, none))
    assert typed == []


def test_once_stopped_the_keys_are_the_fields_again(window, qapp):
    typed: list[tuple[int, bool]] = []
    key_input = KeyInput([TypingDevice(DIGITS, lambda code, down: typed.append((code, down)))])
    key_input.start(qapp)
    key_input.stop(qapp)
    QTest.keyClick(window, Qt.Key.Key_7)
    assert typed == []
    assert window.property("text") == "7"


def test_two_devices_with_the_same_keys_are_refused():
    with pytest.raises(ValueError, match=r"type the same keys into the window: Linux key codes \[3\]"):
        KeyInput([TypingDevice(frozenset({2, 3}), print), TypingDevice(frozenset({3, 4}), print)])
