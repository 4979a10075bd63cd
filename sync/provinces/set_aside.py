"""Reports that need a person: shown, exported, mended, sent again. Nothing else waits for them.

What the citizen gave cannot be mended: neither the level, its time and words, nor to which service it belongs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from sync.provinces.book import Book, Entry
from sync.records import Case
from sync.reports.report import CASE_FIELDS, Report, ReportKey, canonical

NEVER_MENDED: Final = frozenset({"projectNo", "serviceNumber"})
MENDABLE: Final = tuple(name for name in CASE_FIELDS if name not in NEVER_MENDED)


class MendError(Exception):
    """The report is not mended by this. The message says why."""


@dataclass(frozen=True, slots=True)
class SetAside:
    book: Book

    def entries(self) -> list[Entry]:
        return self.book.of_state("needs-person")

    def exported(self, content: Callable[[ReportKey], Report | None] = lambda _: None) -> bytes:
        """JSON for other programs. `content` gives the report itself, with what stands in it, to whoever may see it."""
        rows = [_row(entry, content(entry.key)) for entry in self.entries()]
        return msgspec.json.format(msgspec.json.encode(rows), indent=2) + b"\n"

    def mend(self, key: ReportKey, values: Mapping[str, str]) -> None:
        """New values for fields of the case, by canonical name; the report is due again. Raises `MendError`."""
        entry = self.book.entry(key)
        if entry is None or entry.state != "needs-person":
            raise MendError("no such report needs a person")
        if wrong := [name for name in values if name not in MENDABLE]:
            raise MendError(f"{', '.join(wrong)} cannot be mended: choose from {', '.join(MENDABLE)}")
        for name, value in values.items():
            try:
                msgspec.convert({"projectNo": "-", name: value}, Case)
            except msgspec.ValidationError as fault:
                raise MendError(f"{name}: {fault}") from fault
        self.book.mend(key, values)
        self.book.send_again(key)

    def send_again(self, key: ReportKey) -> None:
        """As it is. Raises `MendError`."""
        if not self.book.send_again(key):
            raise MendError("no such report needs a person")


def _row(entry: Entry, report: Report | None) -> dict[str, object]:
    row: dict[str, object] = {
        **entry.key._asdict(),
        "words": entry.words,
        "fields": entry.fields,
        "tries": entry.tries,
        "met_ms": entry.met_ms,
    }
    return row if report is None else {**row, "content": canonical(report)}
