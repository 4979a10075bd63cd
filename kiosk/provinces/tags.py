"""Reads a table of tags: `load_tags`.

The platform serves the table and counts its versions; a hall may neither add nor remove a tag. A newer version is a
file of the same shape: it is taken only where nothing that was ever sent becomes unreadable.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from kiosk.core.tags import Tag, TagTable
from kiosk.provinces.sections import Name, Source
from kiosk.settings.document import read_document
from kiosk.settings.faults import Fault, FaultyFileError
from kiosk.settings.tables import Tables
from sync.records.levels import LEVELS

LEAST = 8
"""Tags that each level must offer."""

TagCode = Annotated[str, Meta(pattern=r"^[1-5][0-9]{2}(?!\n)$")]
TagText = Annotated[str, Meta(pattern=r"^[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*(?!\n)$", max_length=60)]
Codes = Annotated[
    dict[TagCode, TagText],
    Meta(
        extra={
            "entry": "tag",
            "remedy": 'write 510 = "…": three digits, the first of them the level, and 1 to 60 characters of text',
        }
    ),
]


class TagFile(Struct, frozen=True):
    format: Annotated[Literal[1], Meta(extra={"remedy": "write format = 1"})]
    name: Name
    version: Annotated[int, Meta(ge=1, extra={"remedy": "write the number of the version, from 1"})]
    source: Source
    in_use: Codes
    retired: Codes = {}


def load_tags(path: Path, before: TagTable | None = None) -> TagTable:
    """With `before`, the table in use so far, the file must be a newer version of it.

    Raises `FaultyFileError` with every fault of the file.
    """
    document = read_document(path, "name a table that stands in assets/tags")
    tables = Tables(path.parent)
    read = tables.section("", document.values, TagFile)
    faults = tables.faults or [*_checks(read), *(_newer(read, before) if before else ())]
    if faults:
        raise FaultyFileError(path, document.placed(faults))
    return TagTable(
        name=read.name,
        version=read.version,
        in_use=tuple(Tag(code, text) for code, text in read.in_use.items()),
        retired=dict(read.retired),
    )


def _checks(read: TagFile) -> Iterator[Fault]:
    counts = Counter(int(code[0]) for code in read.in_use)
    for level in LEVELS:
        if counts[level] < LEAST:
            problem = f"level {level} has {counts[level]} tags, and the platform has {LEAST} or more"
            yield Fault("in_use", None, problem, "export the whole table again")
    texts = Counter((code[0], text) for code, text in read.in_use.items())
    for code, text in read.in_use.items():
        if texts[code[0], text] > 1:
            yield Fault(f"in_use.{code}", None, f'"{text}" stands twice at one level', "keep the code that is in use")
    for code in read.retired:
        if code in read.in_use:
            yield Fault(f"retired.{code}", None, f"{code} is also in use", "keep it in one of the two tables")


def _newer(read: TagFile, before: TagTable) -> Iterator[Fault]:
    if read.name != before.name:
        yield Fault("name", None, f'this is not the table "{before.name}"', f'write name = "{before.name}"')
    if read.version <= before.version:
        problem = f"version {read.version} is not newer than version {before.version}, which is in use"
        yield Fault("version", None, problem, f"push version {before.version + 1} or later")
    for code in sorted(before.codes - read.in_use.keys() - read.retired.keys()):
        problem = f"{code} of version {before.version} is missing: what was sent with it could not be read any more"
        yield Fault("retired", None, problem, f'add {code} = "{before.label(code)}" under [retired]')
