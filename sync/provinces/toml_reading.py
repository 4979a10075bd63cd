"""A TOML file into frozen structs, with every fault at once: where it stands and what to do about it."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

import msgspec
from msgspec import NODEFAULT, Struct
from msgspec.inspect import DictType, ListType, Metadata, StructType, Type, UnionType, type_info
from msgspec.structs import FieldInfo, fields

S = TypeVar("S", bound=Struct)
_HEADER: Final = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]")
_KEY: Final = re.compile(r"""\s*([A-Za-z0-9_-]+|"[^"]*"|'[^']*')\s*=""")


class Fault(NamedTuple):
    """`path` is dotted, tables of a list counted from 1; line 0 is the file as a whole."""

    line: int
    path: str
    problem: str

    def __str__(self) -> str:
        where = f"{self.path}: " if self.path else ""
        return f"line {self.line}: {where}{self.problem}" if self.line else f"{where}{self.problem}"


class ProfileError(Exception):
    """The file cannot be used. `str()` lists every fault, one a line."""

    def __init__(self, path: Path, faults: list[Fault]) -> None:
        self.path = path
        self.faults = sorted(faults)
        super().__init__("\n".join(f"{path.name}: {fault}" for fault in self.faults))


class Reading:
    """One pass over one file. A value that was read with faults is not to be used."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.faults: list[Fault] = []
        self._lines: dict[str, int] = {}

    def tables(self) -> dict[str, Any]:
        """Raises `ProfileError` where the file cannot be read at all."""
        try:
            text = self._path.read_bytes().decode("utf-8-sig")
            values = tomllib.loads(text)
        except OSError as fault:
            raise ProfileError(self._path, [Fault(0, "", f"cannot be read: {fault.strerror}")]) from fault
        except UnicodeDecodeError as fault:
            raise ProfileError(self._path, [Fault(0, "", "is not UTF-8; save it as UTF-8")]) from fault
        except (ValueError, RecursionError) as fault:
            raise ProfileError(self._path, [Fault(0, "", f"is no TOML: {fault}")]) from fault
        self._lines = lines_of(text)
        return values

    def fault(self, path: str, problem: str) -> None:
        self.faults.append(Fault(self._line(path), path, problem))

    def done(self) -> None:
        """Raises `ProfileError` where anything was found."""
        if self.faults:
            raise ProfileError(self._path, self.faults)

    def struct(self, table: Mapping[str, Any], kind: type[S], path: str = "") -> S | None:
        """None where something in it is at fault."""
        known = {info.encode_name: info for info in fields(kind)}
        count = len(self.faults)
        for key in table:
            if key not in known:
                self.fault(_joined(path, key), f"this key is not known; use one of: {', '.join(known)}")
        values = {
            info.name: self._field(table, info, _joined(path, key))
            for key, info in known.items()
            if key in table or _required(info)
        }
        return kind(**values) if len(self.faults) == count else None

    def _field(self, table: Mapping[str, Any], info: FieldInfo, path: str) -> Any:
        if info.encode_name not in table:
            self.fault(path, f"this key is missing; {_wanted(info.type)}")
            return None
        return self._value(table[info.encode_name], info.type, path)

    def _value(self, value: Any, kind: Any, path: str) -> Any:
        match _inner(kind), value:
            case StructType(cls=struct), dict():
                return self.struct(value, struct, path)
            case ListType(item_type=StructType(cls=struct)), list():
                return [self._value(one, struct, f"{path}[{number}]") for number, one in enumerate(value, 1)]
            case DictType(value_type=entry), dict():
                return self._entries(value, entry, path)
            case _:
                return self._converted(value, kind, path)

    def _entries(self, table: Mapping[str, Any], entry: Type, path: str) -> dict[str, Any]:
        """A table of texts, or of tables of texts."""
        found: dict[str, Any] = {}
        for key, value in table.items():
            where = _joined(path, key)
            if isinstance(entry, DictType) and isinstance(value, dict):
                found[key] = self._entries(value, entry.value_type, where)
            elif isinstance(entry, DictType):
                self.fault(where, f"this is not a table; write it as [{where}] with its keys below")
            else:
                found[key] = self._converted(value, str, where)
        return found

    def _converted(self, value: Any, kind: Any, path: str) -> Any:
        try:
            return msgspec.convert(value, kind)
        except msgspec.ValidationError as fault:
            self.fault(path, f"{_lowered(str(fault))}; {_wanted(kind)}")
            return None

    def _line(self, path: str) -> int:
        while path:
            if path in self._lines:
                return self._lines[path]
            path = path[: path.rfind("[")] if path.endswith("]") else path.rpartition(".")[0]
        return 1


def lines_of(text: str) -> dict[str, int]:
    """The line of each table and key, by dotted path."""
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = _indexed(_plain(header[2]), counts)
            lines.setdefault(table, number)
            if header[1] == "[[":
                counts[table] = counts.get(table, 0) + 1
                table = f"{table}[{counts[table]}]"
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault(_joined(table, _plain(key[1])), number)
    return lines


def _indexed(header: str, counts: Mapping[str, int]) -> str:
    """`refusal.text` under the third `[[refusal]]` is `refusal[3].text`."""
    parts = header.split(".")
    path = parts[0]
    for part in parts[1:]:
        path = f"{path}[{counts[path]}].{part}" if path in counts else f"{path}.{part}"
    return path


def _plain(dotted: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in dotted.split("."))


def _joined(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _required(info: FieldInfo) -> bool:
    return info.default is NODEFAULT and info.default_factory is NODEFAULT


def _bare(info: Type) -> Any:
    return info.type if isinstance(info, Metadata) else info


def _inner(kind: Any) -> Any:
    """Of an optional type, the type."""
    info = _bare(type_info(kind))
    if isinstance(info, UnionType):
        return next((_bare(one) for one in info.types if isinstance(_bare(one), StructType)), info)
    return info


def _wanted(kind: Any) -> str:
    info = type_info(kind)
    schema = (info.extra_json_schema if isinstance(info, Metadata) else None) or {}
    default = 'write "text" in quotes' if kind is str else "see docs/province-wire-profiles.md"
    return str(schema.get("description", default))


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
