"""TOML read key by key: every fault is kept with its line and what to do about it, none stops the reading.

A reader returns a value of the right type even where the file is at fault; such a value must not be used once
`Faults.found` is not empty. `Faults.sound` says whether a key can be relied on in a further check.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

_HEADER = re.compile(r"\s*\[{1,2}\s*([^\[\]]+?)\s*\]{1,2}\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")

_T = TypeVar("_T")


class Fault(NamedTuple):
    """One fault of a file: where it is and what to do about it. `path` is dotted; empty for the file itself, which
    has line 0 if its text is not at fault.
    """

    line: int
    path: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        line = f"line {self.line}: " if self.line else ""
        where = f"{self.path}: " if self.path else ""
        return f"{line}{where}{self.problem}; {self.remedy}"


def lines_of_keys(text: str) -> dict[str, int]:
    """The line on which each table and key stands first, by dotted path; a table stands where its first part does."""
    lines: dict[str, int] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = _parts(header[1])
            for depth in range(1, len(table) + 1):
                lines.setdefault(".".join(table[:depth]), number)
        elif key := _KEY.match(line):
            lines.setdefault(".".join((*table, *_parts(key[1]))), number)
    return lines


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


class Faults:
    def __init__(self, text: str) -> None:
        self._lines = lines_of_keys(text)
        self.found: list[Fault] = []

    def add(self, path: str, problem: str, remedy: str) -> None:
        self.found.append(Fault(self._line(path), path, problem, remedy))

    def sound(self, *paths: str) -> bool:
        """Whether nothing is wrong with these keys, nor with a table that holds them."""
        wrong = {fault.path for fault in self.found}
        return not any(above in wrong for path in paths for above in _above(path))

    def _line(self, path: str) -> int:
        return next((self._lines[above] for above in _above(path) if above in self._lines), 1)


def _above(path: str) -> list[str]:
    parts = path.split(".")
    return [".".join(parts[:count]) for count in range(len(parts), 0, -1)]


@dataclass(frozen=True, slots=True)
class TomlTable:
    path: str
    values: Mapping[str, object]
    faults: Faults

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def only(self, *known: str) -> None:
        """Refuses every key that is not among `known`."""
        for key in self.values.keys() - set(known):
            self.faults.add(self.at(key), "this key is not known", f"use one of: {', '.join(known)}")

    def integer(self, key: str, allowed: range, default: int | None = None) -> int:
        wanted = f"write a whole number from {allowed.start} to {allowed[-1]}"
        value = self._value(key, wanted, default)
        if isinstance(value, bool) or not isinstance(value, int):
            return self._refuse(key, value, wanted, allowed.start)
        return value if value in allowed else self._refuse(key, value, wanted, allowed.start)

    def one_of(self, key: str, allowed: Collection[int], default: int | None = None) -> int:
        wanted = f"use one of: {', '.join(map(str, allowed))}"
        value = self._value(key, wanted, default)
        if isinstance(value, int) and not isinstance(value, bool) and value in allowed:
            return value
        return self._refuse(key, value, wanted, next(iter(allowed)))

    def word(self, key: str, allowed: Collection[str], default: str | None = None) -> str:
        wanted = f"use one of: {', '.join(allowed)}"
        value = self._value(key, wanted, default)
        if isinstance(value, str) and value in allowed:
            return value
        return self._refuse(key, value, wanted, next(iter(allowed)))

    def text(self, key: str, pattern: str, wanted: str) -> str:
        value = self._value(key, wanted, None)
        return (
            value if isinstance(value, str) and re.fullmatch(pattern, value) else self._refuse(key, value, wanted, "")
        )

    def flag(self, key: str, *, default: bool) -> bool:
        value = self.values.get(key, default)
        return value if isinstance(value, bool) else self._refuse(key, value, "write true or false", default)

    def octets(self, key: str, allowed: range, default: bytes | None = None) -> bytes:
        """Bytes written as hex text, so many as `allowed` says."""
        how_many = "one byte" if len(allowed) == 1 else f"{allowed.start} to {allowed[-1]} bytes"
        wanted = f'write {how_many} as hex text, for example "68"'
        value = self._value(key, wanted, default)
        octets = value if isinstance(value, bytes) else octets_of(value)
        return octets if octets is not None and len(octets) in allowed else self._refuse(key, value, wanted, b"")

    def octets_list(self, key: str, size: int) -> tuple[bytes, ...]:
        """A list of bytes as hex text, `size` bytes each; empty where the key is missing."""
        one = "00" if size == 1 else " ".join(["00"] * size)
        octets = [octets_of(value) for value in self._list(key, f'write a list of hex texts, as ["{one}"]')]
        found = tuple(value for value in octets if value is not None and len(value) == size)
        return found if len(found) == len(octets) else self._refuse(key, self.values[key], f'write each as "{one}"', ())

    def texts(self, key: str, pattern: str, wanted: str) -> tuple[str, ...]:
        """A list of texts; empty where the key is missing."""
        values = self._list(key, wanted)
        found = tuple(value for value in values if isinstance(value, str) and re.fullmatch(pattern, value))
        return found if len(found) == len(values) else self._refuse(key, values, wanted, ())

    def integers(self, key: str, allowed: range) -> tuple[int, ...]:
        """A list of whole numbers, each once; empty where the key is missing."""
        wanted = f"write a list of numbers from {allowed.start} to {allowed[-1]}, each once"
        values = self._list(key, wanted)
        found = tuple(value for value in values if type(value) is int and value in allowed)
        return found if len(set(found)) == len(values) else self._refuse(key, values, wanted, ())

    def octet(self, key: str) -> int:
        return (self.octets(key, range(1, 2)) or b"\0")[0]

    def table(self, key: str) -> "TomlTable":
        """The table under `key`; an empty one where it is missing, so that its missing keys are named too."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            self.faults.add(self.at(key), "this is not a table", f"write it as [{self.at(key)}] with its keys below")
            value = {}
        return TomlTable(self.at(key), value, self.faults)

    def absent(self, why: str, *keys: str) -> None:
        """Refuses these keys where something else in the file leaves no place for them."""
        for key in keys:
            if key in self.values:
                self.faults.add(self.at(key), why, "leave this out")

    def _list(self, key: str, wanted: str) -> list[object]:
        value = self.values.get(key, [])
        return value if isinstance(value, list) else self._refuse(key, value, wanted, list[object]())

    def _value(self, key: str, wanted: str, default: object) -> object:
        if key in self.values:
            return self.values[key]
        if default is None and self.faults.sound(self.at(key)):
            self.faults.add(self.at(key), "this key is missing", wanted)
        return default

    def _refuse(self, key: str, value: object, wanted: str, stand_in: _T) -> _T:
        if self.faults.sound(self.at(key)):
            self.faults.add(self.at(key), f"{value!r} will not do", wanted)
        return stand_in


def octets_of(value: object) -> bytes | None:
    """The bytes that hex text such as "68" or "FF 68" stands for; None where it is no such text."""
    if not isinstance(value, str):
        return None
    try:
        return bytes.fromhex(value)
    except ValueError:
        return None
