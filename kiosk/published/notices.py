"""Reads `notices.toml`: `load_notices`."""

import datetime as dt
import logging
from pathlib import Path
from typing import Annotated, Final

from msgspec import Meta, Struct, field

from kiosk.core.notices import Notice
from kiosk.settings.document import read_document
from kiosk.settings.faults import Fault, FaultyFileError
from kiosk.settings.tables import Tables

log = logging.getLogger(__name__)

FILE_NAME: Final = "notices.toml"
MOST: Final = 50
_LINE: Final = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*(?!\n)$"

Text = Annotated[
    str,
    Meta(pattern=_LINE, max_length=50, extra={"remedy": "write 1 to 50 characters on one line: more finds no room"}),
]
English = Annotated[
    str,
    Meta(
        pattern=r"^[^\x00-\x1f\x7f]*(?!\n)$",
        max_length=100,
        extra={"remedy": "write at most 100 characters on one line"},
    ),
]
Day = Annotated[str, Meta(extra={"remedy": 'write a day in quotes, such as "2026-12-01"'})]


class _Entry(Struct, frozen=True):
    text: Text
    text_en: English = ""
    begins: Day = field(name="from", default="")
    ends: Day = field(name="until", default="")


def load_notices(path: Path) -> tuple[Notice, ...]:
    """Raises `FaultyFileError` with every fault of the file."""
    document = read_document(path, "publish it again")
    tables = Tables(path.parent)
    tables.unknown_keys("", document.values, ["notice"])
    entries = tables.sections("notice", document.values.get("notice", []), _Entry)
    faults = [*tables.faults]
    if len(entries) > MOST:
        faults.append(Fault("notice", None, f"there are {len(entries)}", f"write at most {MOST}"))
    for number, entry in enumerate(entries, 1):
        faults += [
            Fault(f"notice[{number}].{key}", None, f'"{day}" is no day', 'write it as "2026-12-01"')
            for key, day in (("from", entry.begins), ("until", entry.ends))
            if day and not _is_day(day)
        ]
    if faults:
        raise FaultyFileError(path, document.placed(faults))
    return tuple(Notice(entry.text, entry.text_en, entry.begins, entry.ends) for entry in entries)


def notices_in(folder: Path) -> tuple[Notice, ...]:
    """Of the publication in use; none where there is none, or where it does not hold any more."""
    path = folder / FILE_NAME
    if not path.exists():
        return ()
    try:
        return load_notices(path)
    except FaultyFileError as fault:
        log.warning("the notices that came down are passed over: %s", fault)
        return ()


def _is_day(text: str) -> bool:
    try:
        return str(dt.date.fromisoformat(text)) == text  # it also reads forms that no hall writes
    except ValueError:
        return False
