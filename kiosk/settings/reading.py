"""Reads a TOML document key by key into the sections, so that one fault does not hide the next.

What is faulty is reported and replaced by a stand-in, for the sake of the checks that come after; a `Settings` with
faults never leaves this package.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
from msgspec import NODEFAULT, Struct
from msgspec.inspect import BoolType, DictType, IntType, LiteralType, Metadata, StrType, VarTupleType, type_info
from msgspec.structs import FieldInfo, fields, replace

from kiosk.settings.faults import Fault, did_you_mean
from kiosk.settings.sections import (
    Counts,
    EvaluatorPlace,
    Hall,
    Hub,
    Screen,
    Settings,
    Storage,
    WindowInterface,
    WindowPlace,
)

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


class Reading:
    """One pass over a document. `base` is where relative paths start."""

    def __init__(self, base: Path) -> None:
        self.faults: list[Fault] = []
        self._base = base

    def settings(self, document: Table) -> Settings:
        self._unknown_keys("", document, [info.encode_name for info in fields(Settings)])
        return Settings(
            hall=self._section("hall", document.get("hall", NODEFAULT), Hall),
            windows=self._sections("window", document.get("window", []), WindowPlace),
            evaluators=tuple(
                map(self._with_paths, self._sections("evaluator", document.get("evaluator", []), EvaluatorPlace))
            ),
            storage=self._section("storage", document.get("storage", {}), Storage),
            screen=self._section("screen", document.get("screen", {}), Screen),
            window_interface=self._optional("window_interface", document, WindowInterface),
            hub=self._optional("hub", document, Hub),
            counts=self._section("counts", document.get("counts", {}), Counts),
        )

    def _sections(self, path: str, tables: Any, kind: type[Section]) -> tuple[Section, ...]:
        if not isinstance(tables, list):
            self._fault(path, f"{path} is a list of sections", f"write [[{path}]] with two brackets")
            tables = [tables]
        return tuple(self._section(f"{path}[{number}]", table, kind) for number, table in enumerate(tables, 1))

    def _optional(self, path: str, document: Table, kind: type[Section]) -> Section | None:
        return self._section(path, document[path], kind) if path in document else None

    def _section(self, path: str, table: Any, kind: type[Section]) -> Section:
        infos = fields(kind)
        if table is NODEFAULT:
            keys = ", ".join(info.encode_name for info in infos if _required(info))
            self._fault(path, "the section is missing", f"add [{path}] with {keys}")
            return kind(**{info.name: _stand_in(info, None) for info in infos})
        if not isinstance(table, dict):
            self._fault(path, f"expected a section, found {_kind(table)}", f"write [{path}] once, its keys below it")
            return kind(**{info.name: _stand_in(info, None) for info in infos})
        self._unknown_keys(path, table, [info.encode_name for info in infos])
        return kind(**{info.name: self._value(path, table, info) for info in infos})

    def _unknown_keys(self, path: str, table: Table, known: list[str]) -> None:
        for key in table:
            if key not in known:
                self._fault(_joined(path, key), "no such key", did_you_mean(key, known))

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
            return self._resolved(info.default)
        key = info.encode_name
        header = f"[[{path.partition('[')[0]}]]" if "[" in path else f"[{path}]"
        self._fault(where, "is missing", f"add {key} = … under {header}; {_remedy(info.type)}")
        return _stand_in(info, None)

    def _entries(self, where: str, table: Table, kind: Any) -> dict[Any, Any]:
        """Each entry by itself, so that every wrong one is named; keys are converted from text."""
        entries: dict[Any, Any] = {}
        if not table:
            self._fault(where, "is empty", _remedy(kind))
        for key, value in table.items():
            entries |= self._converted(f"{where}.{key}", {key: value}, kind, {})
        return entries

    def _converted(self, where: str, value: Any, kind: Any, stand_in: Any) -> Any:
        try:
            return msgspec.convert(value, kind, dec_hook=self._hook, str_keys=True)
        except msgspec.ValidationError:
            self._fault(where, _problem(value, kind), _remedy(kind))
            return stand_in

    def _hook(self, kind: type, value: Any) -> Any:
        if isinstance(value, str) and value:
            return self._resolved(kind(value))
        raise ValueError("a path is text")

    def _resolved(self, value: Any) -> Any:
        return self._base / value if isinstance(value, Path) else value

    def _with_paths(self, evaluator: EvaluatorPlace) -> EvaluatorPlace:
        """Profile and port may be paths, or names that the devices know (`rs485-ft12`, `COM3`, `socket://…`)."""
        profile, port = evaluator.profile, evaluator.port
        if "/" in profile or profile.endswith(".toml"):
            profile = str(self._base / profile)
        if "/" in port and "://" not in port:
            port = str(self._base / port)
        return replace(evaluator, profile=profile, port=port)

    def _fault(self, path: str, problem: str, remedy: str) -> None:
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
        case DictType(), {**entry} if all(isinstance(target, str) for target in entry.values()):
            return f'"{next(iter(entry))}" is no address'
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
    info = type_info(kind)
    extra = info.extra if isinstance(info, Metadata) else None
    return str(extra["remedy"]) if extra else "see docs/settings.md"


def _required(info: FieldInfo) -> bool:
    return info.default is NODEFAULT and info.default_factory is NODEFAULT


def _stand_in(info: FieldInfo, value: Any) -> Any:
    if not _required(info):
        return info.default
    if isinstance(_bare(info.type), DictType):
        return {}
    return value if isinstance(value, str) else ""


def _joined(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
