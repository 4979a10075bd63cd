"""`kiosk.toml`, read into frozen structs: `load_settings`.

Every fault is named at once, with dotted path, line and remedy; nothing here opens a port, a journal or the network.
`docs/settings.md` describes each key for whoever sets up a kiosk.
"""

import re
import tomllib
from pathlib import Path

from kiosk.settings.checks import check
from kiosk.settings.faults import Fault, SettingsError
from kiosk.settings.lines import find_line
from kiosk.settings.reading import Reading
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

__all__ = [
    "Counts",
    "EvaluatorPlace",
    "Fault",
    "Hall",
    "Hub",
    "Screen",
    "Settings",
    "SettingsError",
    "Storage",
    "WindowInterface",
    "WindowPlace",
    "load_settings",
]


def load_settings(path: Path) -> Settings:
    """Raises `SettingsError` with every fault of the file."""
    text = _text(path)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(path, (_syntax_fault(text, error),)) from error
    reading = Reading(path.absolute().parent)
    settings = reading.settings(document)
    faults = [*reading.faults, *check(settings)]
    if faults:
        raise SettingsError(path, tuple(_placed(text, fault) for fault in faults))
    return settings


def _text(path: Path) -> str:
    """Editors on Windows put a byte order mark first, which TOML does not know."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fault = Fault("", None, "the file is not UTF-8", "save it as UTF-8 (an editor may call GBK 'ANSI')")
        raise SettingsError(path, (fault,)) from error
    except OSError as error:
        fault = Fault("", None, f"cannot be read: {error.strerror}", "name a settings file with --config")
        raise SettingsError(path, (fault,)) from error


def _syntax_fault(text: str, error: tomllib.TOMLDecodeError) -> Fault:
    """`tomllib` of Python 3.11 tells the place in its words alone."""
    found = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", str(error))
    problem = str(error)[: found.start()] if found else str(error)
    line = int(found[1]) if found and found[1] else text.count("\n") + 1
    return Fault("", line, f"not valid TOML: {problem}", 'write text in "quotes", one key = value a line')


def _placed(text: str, fault: Fault) -> Fault:
    return Fault(fault.path, find_line(text, fault.path), fault.problem, fault.remedy)
