"""The hall's clerks, `clerks.toml` in a folder with their photos: read when one signs in, so that a new list holds at
once. A faulty entry is passed over and told; the others hold.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kiosk.core.clerks import Clerk

FILE_NAME: Final = "clerks.toml"
LARGEST_BYTES: Final = 1_000_000
LONGEST_TEXT: Final = 60
_NUMBER: Final = re.compile(r"[A-Za-z0-9_.-]{1,32}")
_PHOTO: Final = re.compile(r"[^/\\\x00-\x1f]{1,100}")
_TEXTS: Final = ("name", "post", "department")


@dataclass(frozen=True, slots=True)
class ClerkList:
    by_number: dict[str, Clerk]
    faults: tuple[tuple[str, str], ...] = ()
    """Where, and a code that the screens have words for."""


def read_clerks(folder: Path) -> ClerkList:
    """Empty where there is no list. Never raises for what stands in the file."""
    path = folder / FILE_NAME
    try:
        if path.stat().st_size > LARGEST_BYTES:
            return ClerkList({}, ((FILE_NAME, "list-large"),))
        document = tomllib.loads(path.read_bytes().decode())
    except FileNotFoundError:
        return ClerkList({}, ((FILE_NAME, "list-missing"),) if folder.is_dir() else ((folder.name, "folder-missing"),))
    except (OSError, ValueError):
        return ClerkList({}, ((FILE_NAME, "list-unreadable"),))
    entries = document.get("clerk")
    if not isinstance(entries, list):
        return ClerkList({}, ((FILE_NAME, "list-unreadable"),))
    read = list(_entries(entries))
    faults = [(f"{FILE_NAME} {place}", "clerk-faulty") for place, clerk in enumerate(read, 1) if clerk is None]
    return ClerkList({clerk.number: clerk for clerk in read if clerk is not None}, tuple(faults))


def _entries(entries: list[Any]) -> Iterator[Clerk | None]:
    known: set[str] = set()
    for entry in entries:
        clerk = _clerk(entry) if isinstance(entry, dict) else None
        yield clerk if clerk is not None and clerk.number not in known else None
        known |= {clerk.number} if clerk is not None else set()


def _clerk(entry: dict[str, Any]) -> Clerk | None:
    number, photo = entry.get("number"), entry.get("photo", "")
    texts = {name: entry.get(name, "") for name in _TEXTS}
    if not isinstance(number, str) or not _NUMBER.fullmatch(number):
        return None
    if not all(isinstance(text, str) and len(text) <= LONGEST_TEXT and text.isprintable() for text in texts.values()):
        return None
    if not isinstance(photo, str) or (photo and not _PHOTO.fullmatch(photo)):
        return None
    return Clerk(number, **texts, photo=photo)
