"""`kiosk.learnt.toml`, beside `kiosk.toml`: the evaluators that were learnt on the screen. Nothing else stands in it.

The kiosk never writes `kiosk.toml` itself. What stands here counts as if it stood behind the evaluators there.
"""

import os
from pathlib import Path
from typing import Any, Final

from kiosk.settings.document import Document, read_document
from kiosk.settings.faults import Fault, SettingsError
from kiosk.settings.sections import EvaluatorPlace

_HEAD: Final = """\
# 在屏幕上学习的评价器，由程序写入。Evaluators that were learnt on the screen; written by the program.
# 不再需要的，删去整段后重新启动。To give one up, remove its section and restart.
"""


def learnt_path(config: Path) -> Path:
    return config.with_name(f"{config.stem}.learnt.toml")


def read_learnt(config: Path) -> tuple[dict[str, Any], ...]:
    """The tables as they stand there. Raises `SettingsError` where it cannot be read, or holds anything else."""
    path = learnt_path(config)
    if not path.exists():
        return ()
    document = read_document(path, "correct its rights", SettingsError)
    _check(path, document)
    return tuple(document.values.get("evaluator", ()))


def with_learnt(values: dict[str, Any], learnt: tuple[dict[str, Any], ...]) -> dict[str, Any]:
    """The document of `kiosk.toml` with them. One that is no list is left as it is: the reading names that fault."""
    evaluators = values.get("evaluator", [])
    return {**values, "evaluator": [*evaluators, *learnt]} if learnt and isinstance(evaluators, list) else values


def _check(path: Path, document: Document) -> None:
    strange = [key for key in document.values if key != "evaluator"]
    faults = [Fault(key, None, "does not belong here", "move it to kiosk.toml") for key in strange]
    tables = document.values.get("evaluator", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        faults.append(Fault("evaluator", None, "is no list of sections", "write [[evaluator]] for each"))
    if faults:
        raise SettingsError(path, document.placed(faults))


def add_learnt(config: Path, place: EvaluatorPlace) -> None:
    """Adds a section, whole or not at all. Raises `OSError`."""
    path = learnt_path(config)
    before = path.read_text(encoding="utf-8") if path.exists() else _HEAD
    write_whole(path, f"{before.rstrip()}\n\n{section_of(place)}")


def write_whole(path: Path, text: str) -> None:
    """On the disk, in one step: a power cut leaves the old file or the new one. Raises `OSError`."""
    new = path.with_name(f"{path.name}.new")
    with new.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def section_of(place: EvaluatorPlace) -> str:
    """As it would be written by hand."""
    where = {key: getattr(place, key) for key in ("port", "usb", "serial", "location", "input")}
    windows = ", ".join(f'{number} = "{ids[0]}"' for number, ids in place.windows.items())
    texts = {"name": place.name, "profile": place.profile, **{key: value for key, value in where.items() if value}}
    lines = [f"{key} = {_quoted(value)}" for key, value in texts.items()]
    return "\n".join(["[[evaluator]]", *lines, f"addresses = {{ {windows} }}", ""])


def _quoted(text: str) -> str:
    """A TOML string; what a USB adapter says of itself may hold anything."""
    escaped = "".join(
        f"\\u{ord(char):04X}" if ord(char) < 0x20 or char in '"\\\x7f' else char  # fits in four digits
        for char in text
    )
    return f'"{escaped}"'
