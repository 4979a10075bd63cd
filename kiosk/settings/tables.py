"""Reads the tables of a TOML document key by key into structs, so that one fault does not hide the next.

A struct says what may stand in a table: keys, types, bounds, defaults, and in `Meta(extra={"remedy": …})` what to write
instead; with `"entry"`, what an entry of a table of text is called. What is faulty is reported and replaced by a
stand-in, for the sake of the checks that come after; a value read with faults is not to be used.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
from msgspec import NODEFAULT, Struct
from msgspec.inspect import BoolType, DictType, IntType, LiteralType, Metadata, StrType, VarTupleType, type_info
from msgspec.structs import FieldInfo, fields

from kiosk.settings.faults import Fault, did_you_mean

Section = TypeVar("Section", bound=Struct)
Table = Mapping[str, Any]

_KINDS: Final[dict[type, str]] = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    float: "a number with a fraction",
    list: "a list",
    dict: "a table",
}


class Tables:
    """One pass over a document. `base` is where relative paths start."""

    def __init__(self, base: Path) -> None:
        self.faults: list[Fault] = []
        self._base = base

    def sections(self, path: str, tables: Any, kind: type[Section]) -> tuple[Section, ...]:
        if not isinstance(tables, list):
            self.fault(path, f"{path} is a list of sections", f"write [[{path}]] with two brackets")
            tables = [tables]
        return tuple(self.section(f"{path}[{number}]", table, kind) for number, table in enumerate(tables, 1))

    def optional(self, path: str, document: Table, kind: type[Section]) -> Section | None:
        return self.section(path, document[path], kind) if path in document else None

    def section(self, path: str, table: Any, kind: type[Section]) -> Section:
        infos = fields(kind)
        if table is NODEFAULT:
            keys = ", ".join(info.encode_name for info in infos if _required(info))
            self.fault(path, "the section is missing", f"add [{path}] with {keys}")
            return kind(**{info.name: _stand_in(info, None) for info in infos})
        if not isinstance(table, dict):
            self.fault(path, f"expected a section, found {_kind(table)}", f"write [{path}] once, its keys below it")
            return kind(**{info.name: _stand_in(info, None) for info in infos})
        self.unknown_keys(path, table, [info.encode_name for info in infos])
        return kind(**{info.name: self._value(path, table, info) for info in infos})

    def unknown_keys(self, path: str, table: Table, known: list[str]) -> None:
        for key in table:
            if key not in known:
                self.fault(_joined(path, key), "no such key", did_you_mean(key, known))

    def _value(self, path: str, table: Table, info: FieldInfo) -> Any:
        where = _joined(path, info.encode_name)
        if info.encode_name not in table:
            return self._absent(path, where, info)
        value = table[info.encode_name]
        if isinstance(_bare(info.type), DictType) and isinstance(value, dict):
            return self._entries(where, value, info.type)
        return self._converted(where, value, info.type, _stand_in(info, value))

    def _absent(self, path: str, where: str, info: FieldInfo) -> Any:
        if not _required(info):
            return self._resolved(_default(info))
        key = info.encode_name
        header = f"[[{path.partition('[')[0]}]]" if "[" in path else f"[{path}]"
        there = f"under {header}" if path else "at the top"
        self.fault(where, "is missing", f"add {key} = … {there}; {_remedy(info.type)}")
        return _stand_in(info, None)

    def _entries(self, where: str, table: Table, kind: Any) -> dict[Any, Any]:
        """Each entry by itself, so that every wrong one is named; keys are converted from text."""
        entries: dict[Any, Any] = {}
        if not table and _bare(kind).min_length:
            self.fault(where, "is empty", _remedy(kind))
        for key, value in table.items():
            entries |= self._converted(f"{where}.{key}", {key: value}, kind, {})
        return entries

    def _converted(self, where: str, value: Any, kind: Any, stand_in: Any) -> Any:
        try:
            return msgspec.convert(value, kind, dec_hook=self._hook, str_keys=True)
        except msgspec.ValidationError:
            self.fault(where, _problem(value, kind), _remedy(kind))
            return stand_in

    def _hook(self, kind: type, value: Any) -> Any:
        if isinstance(value, str) and value:
            return self._resolved(kind(value))
        raise ValueError("a path is text")

    def _resolved(self, value: Any) -> Any:
        return self._base / value if isinstance(value, Path) else value

    def fault(self, path: str, problem: str, remedy: str) -> None:
        self.faults.append(Fault(path, None, problem, remedy))


def _problem(value: Any, kind: Any) -> str:
    match _bare(kind), value:
        case IntType(ge=low), int() if not isinstance(value, bool) and low is not None and value < low:
            return f"{value} is below {low}"
        case IntType(le=high), int() if not isinstance(value, bool) and high is not None and value > high:
            return f"{value} is above {high}"
        case LiteralType(values=values), str():
            return f'"{value}" is none of {", ".join(map(str, values))}'
        case StrType(), str():
            return f'"{value}" will not do' if value else "is empty"
        case DictType(), {**entry} if all(isinstance(target, str | list) for target in entry.values()):
            return f'"{next(iter(entry))}" is no {_extra(kind, "entry", "entry that can stand here")}'
        case DictType(), {**entry} if entry:
            name, target = next(iter(entry.items()))
            return f'"{name}" is followed by {_kind(target)}'
        case VarTupleType(), []:
            return "is empty"
        case VarTupleType(), [*items] if all(isinstance(item, str) for item in items):
            return f"[{', '.join(items)}] will not do"
        case expected, _:
            return f"expected {_expected(expected)}, found {_kind(value)}"


def _expected(kind: Any) -> str:
    match kind:
        case IntType():
            return "a whole number"
        case BoolType():
            return "true or false"
        case DictType():
            return "a table of text"
        case VarTupleType():
            return "a list of text"
        case _:
            return "text"


def _kind(value: Any) -> str:
    return _KINDS.get(type(value), "something else")


def _bare(kind: Any) -> Any:
    info = type_info(kind)
    return info.type if isinstance(info, Metadata) else info


def _remedy(kind: Any) -> str:
    return _extra(kind, "remedy", "see docs/settings.md")


def _extra(kind: Any, key: str, default: str) -> str:
    info = type_info(kind)
    extra = (info.extra if isinstance(info, Metadata) else None) or {}
    return str(extra.get(key, default))


def _required(info: FieldInfo) -> bool:
    return info.default is NODEFAULT and info.default_factory is NODEFAULT


def _default(info: FieldInfo) -> Any:
    return info.default_factory() if info.default is NODEFAULT else info.default


def _stand_in(info: FieldInfo, value: Any) -> Any:
    if not _required(info):
        return _default(info)
    if isinstance(_bare(info.type), DictType):
        return {}
    return value if isinstance(value, str) else ""


def _joined(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
