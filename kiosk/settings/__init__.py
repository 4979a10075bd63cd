"""`kiosk.toml`, read into frozen structs: `load_settings`.

Every fault is named at once, with dotted path, line and remedy; nothing here opens a port, a journal or the network.
`docs/settings.md` describes each key for whoever sets up a kiosk.
"""

from pathlib import Path

from kiosk.settings.checks import check
from kiosk.settings.document import read_document
from kiosk.settings.faults import Fault, SettingsError
from kiosk.settings.learnt import read_learnt, with_learnt
from kiosk.settings.reading import Reading
from kiosk.settings.sections import (
    Clerks,
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
    "Clerks",
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


def load_settings(path: Path) -> Settings:
    """With the evaluators that were learnt on the screen. Raises `SettingsError` with every fault of the file."""
    document = read_document(path, "name a settings file with --config", SettingsError)
    reading = Reading(path.absolute().parent)
    settings = reading.settings(with_learnt(document.values, read_learnt(path)))
    faults = [*reading.faults, *check(settings)]
    if faults:
        raise SettingsError(path, document.placed(faults))
    return settings
