"""`kiosk.toml`, read into frozen structs: `load_settings`.

Every fault is named at once, with dotted path, line and remedy; nothing here opens a port, a journal or the network.
`docs/settings.md` describes each key for whoever sets up a kiosk.
"""

from pathlib import Path
from typing import Any

from kiosk.settings.checks import check
from kiosk.settings.document import read_document
from kiosk.settings.enrolled import read_enrolled, with_enrolled
from kiosk.settings.faults import Fault, SettingsError
from kiosk.settings.learnt import read_learnt, with_learnt
from kiosk.settings.reading import Reading
from kiosk.settings.sections import (
    Counts,
    EvaluatorPlace,
    Hall,
    Hub,
    Province,
    ScannerPlace,
    Screen,
    Settings,
    Sound,
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
    "Province",
    "ScannerPlace",
    "Screen",
    "Settings",
    "SettingsError",
    "Sound",
    "Storage",
    "WindowInterface",
    "WindowPlace",
    "load_settings",
]


def load_settings(path: Path, enrolled: dict[str, Any] | None = None) -> Settings:
    """With the evaluators that were learnt on the screen, and what was pinned when the device was enrolled; `enrolled`
    is tried in the place of the latter. Raises `SettingsError` with every fault of the file.
    """
    document = read_document(path, "name a settings file with --config", SettingsError)
    reading = Reading(path.absolute().parent)
    values = with_enrolled(document.values, read_enrolled(path) if enrolled is None else enrolled)
    settings = reading.settings(with_learnt(values, read_learnt(path)))
    faults = [*reading.faults, *check(settings)]
    if faults:
        raise SettingsError(path, document.placed(faults))
    return settings
