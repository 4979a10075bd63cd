"""Codes put together from what a scanner sends or types: text up to the end of its line. No I/O.

Nothing of a code that cannot be read is told: it may be most of a case number.
"""

from dataclasses import dataclass
from typing import TypeAlias

from devices.input_events import EventsDropped, InputEvent, KeyMoved
from devices.key_codes import ENTERS, KEYPAD, PLAIN, SHIFTED, SHIFTS

LONGEST_BYTES = 4096

_ENDS = b"\r\n"


@dataclass(frozen=True, slots=True)
class Code:
    text: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Text in no known encoding, with control characters, too long, or without an end."""


Scan: TypeAlias = Code | Unreadable


class SentText:
    """The bytes of a scanner on a serial line; each code ends with CR, LF or both. UTF-8, else GB 18030."""

    def __init__(self) -> None:
        self._line = bytearray()
        self._too_long = False

    @property
    def pending(self) -> bool:
        return bool(self._line) or self._too_long

    def feed(self, data: bytes) -> list[Scan]:
        *whole, rest = data.replace(b"\r", b"\n").split(b"\n")
        scans = []
        for part in whole:
            self._add(part)
            scans += self._end()
        self._add(rest)
        return scans

    def flush(self) -> list[Scan]:
        """The line has fallen silent: a code begun will not be finished."""
        if not self.pending:
            return []
        self._line.clear()
        self._too_long = False
        return [Unreadable()]

    def _add(self, part: bytes) -> None:
        self._too_long = self._too_long or len(self._line) + len(part) > LONGEST_BYTES
        if self._too_long:
            self._line.clear()
        else:
            self._line += part

    def _end(self) -> list[Scan]:
        if self._too_long:
            return self.flush()
        line = bytes(self._line)
        self._line.clear()
        return _scan(_decoded(line)) if line else []


class TypedText:
    """The keys of a scanner that is a keyboard on the US layout; each code ends with Enter."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._unreadable = False
        self._shifts: set[int] = set()

    @property
    def pending(self) -> bool:
        return bool(self._text) or self._unreadable

    def feed(self, event: InputEvent) -> list[Scan]:
        match event:
            case EventsDropped():
                self._shifts.clear()
                self._unreadable = True
            case KeyMoved(code, move) if code in SHIFTS:
                (self._shifts.discard if move == "up" else self._shifts.add)(code)
            case KeyMoved(code, "down") if code in ENTERS:
                return self._end()
            case KeyMoved(code, "down"):
                self._add(code)
            case KeyMoved():
                pass
        return []

    def flush(self) -> list[Scan]:
        """Nothing has been typed for long: a code begun will not be finished."""
        scans: list[Scan] = [Unreadable()] if self.pending else []
        self._text.clear()
        self._unreadable = False
        return scans

    def _add(self, code: int) -> None:
        text = (SHIFTED if self._shifts else PLAIN).get(code) or KEYPAD.get(code)
        if text is None or len(self._text) >= LONGEST_BYTES:
            self._unreadable = True
            self._text.clear()
        elif not self._unreadable:
            self._text.append(text)

    def _end(self) -> list[Scan]:
        if self._unreadable:
            return self.flush()
        text = "".join(self._text)
        self._text.clear()
        return _scan(text) if text else []


def _decoded(line: bytes) -> str | None:
    for encoding in ("utf-8", "gb18030"):
        try:
            return line.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _scan(text: str | None) -> list[Scan]:
    """Blanks around a code are the scanner's, not the slip's."""
    if text is None or not (code := text.strip(" ")).isprintable():
        return [Unreadable()]
    return [Code(code)] if code else []
