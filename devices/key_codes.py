"""The key codes of Linux (linux/input-event-codes.h) by name, and what they type on the US layout that scanners use."""

from types import MappingProxyType
from typing import Final

_ROWS: Final = {
    2: ("1234567890-=", "!@#$%^&*()_+"),
    16: ("qwertyuiop[]", "QWERTYUIOP{}"),
    30: ("asdfghjkl;'`", 'ASDFGHJKL:"~'),
    43: ("\\zxcvbnm,./", "|ZXCVBNM<>?"),
}
"""What a run of keys types, without and with shift, from its first code on."""
_PUNCTUATION: Final = {
    "-": "MINUS",
    "=": "EQUAL",
    "[": "LEFTBRACE",
    "]": "RIGHTBRACE",
    ";": "SEMICOLON",
    "'": "APOSTROPHE",
    "`": "GRAVE",
    "\\": "BACKSLASH",
    ",": "COMMA",
    ".": "DOT",
    "/": "SLASH",
}
_KEYPAD: Final = {71: "789-456+1230.", 98: "/"}
_KEYPAD_NAMES: Final = {"-": "MINUS", "+": "PLUS", ".": "DOT", "/": "SLASH", "*": "ASTERISK"}
_OTHERS: Final = {
    "ESC": 1,
    "BACKSPACE": 14,
    "TAB": 15,
    "ENTER": 28,
    "LEFTCTRL": 29,
    "LEFTSHIFT": 42,
    "RIGHTSHIFT": 54,
    "KPASTERISK": 55,
    "LEFTALT": 56,
    "SPACE": 57,
    "CAPSLOCK": 58,
    "NUMLOCK": 69,
    "KPENTER": 96,
    "RIGHTCTRL": 97,
    "RIGHTALT": 100,
    "HOME": 102,
    "UP": 103,
    "PAGEUP": 104,
    "LEFT": 105,
    "RIGHT": 106,
    "END": 107,
    "DOWN": 108,
    "PAGEDOWN": 109,
    "INSERT": 110,
    "DELETE": 111,
} | {f"F{number}": code for number, code in zip(range(1, 13), (*range(59, 69), 87, 88), strict=True)}

PLAIN: Final = {first + place: text[place] for first, (text, _) in _ROWS.items() for place in range(len(text))} | {
    57: " "
}
SHIFTED: Final = {first + place: text[place] for first, (_, text) in _ROWS.items() for place in range(len(text))} | {
    57: " "
}
KEYPAD: Final = {first + place: text[place] for first, text in _KEYPAD.items() for place in range(len(text))} | {
    55: "*"
}
"""What the keypad types while num lock is on, as scanners have it."""

SHIFTS: Final = frozenset({42, 54})
ENTERS: Final = frozenset({28, 96})
DIGITS: Final = frozenset({code for codes in (PLAIN, KEYPAD) for code, text in codes.items() if text.isdigit()})

KEY_CODES: Final = MappingProxyType(
    {f"KEY_{_PUNCTUATION.get(text, text.upper())}": code for code, text in PLAIN.items() if text != " "}
    | {f"KEY_KP{_KEYPAD_NAMES.get(text, text)}": code for code, text in KEYPAD.items()}
    | {f"KEY_{name}": code for name, code in _OTHERS.items()}
)
_NAMES: Final[dict[int, str]] = {code: name for name, code in KEY_CODES.items()}


def key_name(code: int) -> str:
    """KEY_1 for 2; the number itself where the key has no name here."""
    return _NAMES.get(code, str(code))
