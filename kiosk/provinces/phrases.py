"""Reads the packs of translated phrases: `load_phrases`."""

from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

from kiosk.core.phrases import Phrases
from kiosk.settings.document import read_document
from kiosk.settings.faults import FaultyFileError
from kiosk.settings.tables import Tables

Phrase = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*(?!\n)$", max_length=300)]


class Pack(Struct, frozen=True):
    phrases: Annotated[
        dict[Phrase, Phrase],
        Meta(
            extra={"entry": "phrase", "remedy": 'write "中文" = "translation", neither of them empty, each on one line'}
        ),
    ]


def load_phrases(folder: Path) -> Phrases:
    """Reads every `*.toml` of the folder, by language code. Raises `FaultyFileError` at the first pack with faults."""
    return Phrases({path.stem: _pack(path) for path in sorted(folder.glob("*.toml"))})


def _pack(path: Path) -> dict[str, str]:
    document = read_document(path, "remove it, or let the kiosk's user read it")
    tables = Tables(path.parent)
    pack = tables.section("", document.values, Pack)
    if tables.faults:
        raise FaultyFileError(path, document.placed(tables.faults))
    return dict(pack.phrases)
