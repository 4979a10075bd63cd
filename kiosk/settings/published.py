"""Settings that may come down, and how they count: before `kiosk.toml`, and only what stands on this list.

Not on it, ever: which key is which level, to whom is sealed, where ratings go, PINs and tokens, windows and how long a
visit stays open.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from kiosk.settings.document import read_document
from kiosk.settings.faults import Fault, FaultyFileError, did_you_mean

FILE_NAME: Final = "settings.toml"
ALLOWED: Final[Mapping[str, frozenset[str]]] = {
    "hall": frozenset({"name", "name_en", "language"}),
    "screen": frozenset({"elder", "dpi", "slides_after_seconds", "slide_seconds"}),
    "clerks": frozenset({"show"}),
    "sound": frozenset({"enabled", "volume", "quiet"}),
    "counts": frozenset({"satisfied_from"}),
}


def read_published(path: Path) -> dict[str, dict[str, Any]]:
    """Section to its keys. Raises `FaultyFileError` where anything stands there that may not come down."""
    document = read_document(path, "publish it again")
    faults = list(_strange(document.values))
    if faults:
        raise FaultyFileError(path, document.placed(faults))
    return document.values


def with_published(values: dict[str, Any], published: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """The document of `kiosk.toml` with them in the place of its own."""
    merged = dict(values)
    for name, section in published.items():
        own = values.get(name, {})
        merged[name] = {**own, **section} if isinstance(own, dict) else own
    return merged


def _strange(values: dict[str, Any]) -> Iterator[Fault]:
    known = [f"{section}.{key}" for section, keys in ALLOWED.items() for key in sorted(keys)]
    for name, section in values.items():
        if not isinstance(section, dict):
            yield Fault(name, None, "may not come down", did_you_mean(name, known))
            continue
        for key in section:
            if key not in ALLOWED.get(name, frozenset()):
                yield Fault(f"{name}.{key}", None, "may not come down", did_you_mean(f"{name}.{key}", known))
