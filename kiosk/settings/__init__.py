"""`kiosk.toml`, read into frozen structs: `load_settings`.

Every fault is named at once, with dotted path, line and remedy; nothing here opens a port, a journal or the network.
`docs/settings.md` describes each key for whoever sets up a kiosk.
"""

import logging
from pathlib import Path
from typing import Any

from kiosk.settings.checks import check
from kiosk.settings.document import read_document
from kiosk.settings.enrolled import read_enrolled, with_enrolled
from kiosk.settings.faults import Fault, FaultyFileError, SettingsError
from kiosk.settings.learnt import read_learnt, with_learnt
from kiosk.settings.published import FILE_NAME, read_published, with_published
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
    Sticks,
    Storage,
    WindowInterface,
    WindowPlace,
)
from sync.publication.place import folder_in_use

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
    "Sticks",
    "Storage",
    "WindowInterface",
    "WindowPlace",
    "load_settings",
    "published_folder",
]

log = logging.getLogger(__name__)


def load_settings(path: Path, enrolled: dict[str, Any] | None = None, published: Path | None = None) -> Settings:
    """With the evaluators that were learnt on the screen, what was pinned when the device was enrolled, and what has
    come down; `enrolled` and `published` are tried in the place of the last two.

    Raises `SettingsError` with every fault of the files, and `FaultyFileError` with those of `published`. What has come
    down and does not hold here is passed over: nothing of it may keep the kiosk from starting.
    """
    document = read_document(path, "name a settings file with --config", SettingsError)
    values = with_enrolled(document.values, read_enrolled(path) if enrolled is None else enrolled)
    values = with_learnt(values, read_learnt(path))
    settings, faults = _read(path, values)
    if faults:
        raise SettingsError(path, document.placed(faults))
    if published is not None:
        return _with_published(path, values, published)
    came = published_folder(settings, "settings") / FILE_NAME
    if came.exists():
        try:
            return _with_published(path, values, came)
        except FaultyFileError as fault:
            log.warning("settings that came down are passed over: %s", fault)
    return settings


def published_folder(settings: Settings, kind: str) -> Path:
    """Where the publication of a kind lies that is in use; there may be none."""
    return folder_in_use(settings.storage.directory, kind)


def _with_published(path: Path, values: dict[str, Any], published: Path) -> Settings:
    settings, faults = _read(path, with_published(values, read_published(published)))
    if faults:
        raise FaultyFileError(published, tuple(faults))
    return settings


def _read(path: Path, values: dict[str, Any]) -> tuple[Settings, list[Fault]]:
    reading = Reading(path.absolute().parent)
    settings = reading.settings(values)
    return settings, [*reading.faults, *check(settings)]
