"""Reads a catalogue: a CSV file as spreadsheets export it, `load_catalogue`."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from kiosk.core.catalogue import ITEM_CODE, Catalogue, Item
from kiosk.settings.faults import Fault, FaultyFileError

COLUMNS: Final = {
    "department": ("部门", "部门名称", "department"),
    "code": ("事项编码", "code"),
    "name": ("事项名称", "name"),
}
"""The names that a column's heading can have. Other columns are passed over."""

TOLD: Final = 50
"""So many faults are told; a file that has more was exported wrongly as a whole."""

LONGEST: Final = {"department": 60, "name": 200}
_CODE: Final = re.compile(rf"[0-9A-Za-z]{{{ITEM_CODE}}}(?:[0-9A-Za-z]{{2}})?")
_ROUNDED: Final = re.compile(r"[0-9.]+E\+[0-9]+", re.IGNORECASE)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_AS_UTF8: Final = 'save it as "CSV UTF-8" (WPS and Excel: 另存为, CSV UTF-8)'


def load_catalogue(path: Path) -> Catalogue:
    """Raises `FaultyFileError` with the faults of the file, line by line."""
    reading = _Reading()
    try:
        items = reading.items(_text(path))
    except csv.Error as error:
        reading.fault("", f"not a CSV file: {error}", 'end every text that begins with " with another "')
        items = ()
    if not items and not reading.faults:
        reading.fault("", "there is no item", "export the rows of the hall's items, too")
    if reading.faults:
        raise FaultyFileError(path, _told(reading.faults))
    return Catalogue(items)


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        fault = Fault("", None, f"cannot be read: {error.strerror}", "name the catalogue's file, or put it there")
        raise FaultyFileError(path, (fault,)) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        fault = Fault("", line, f"the file is {_encoding(content)}, not UTF-8", _AS_UTF8)
        raise FaultyFileError(path, (fault,)) from error


def _encoding(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return 'UTF-16 ("Unicode text")'
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return "in no known encoding"
    return "GB18030 (an editor may call it GBK or ANSI)"


def _told(faults: list[Fault]) -> tuple[Fault, ...]:
    if len(faults) <= TOLD:
        return tuple(faults)
    more = len(faults) - TOLD
    rest = Fault("", faults[TOLD].line, f"{more} more faults from here on", "correct those above first")
    return (*faults[:TOLD], rest)


class _Reading:
    """One pass over the rows. A row may go on over several lines: a fault names the line on which it begins."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._line = 1
        self._first: dict[str, int] = {}

    def fault(self, column: str, problem: str, remedy: str) -> None:
        self.faults.append(Fault(column, self._line, problem, remedy))

    def items(self, text: str) -> tuple[Item, ...]:
        rows = self._rows(text)
        places = self._places(next(rows, []))
        if self.faults:
            return ()
        read = [self._item({key: _cell(row, place) for key, place in places.items()}) for row in rows]
        return tuple(item for item in read if item is not None)

    def _rows(self, text: str) -> Iterator[list[str]]:
        """Rows that hold anything; the line is set to the first of each."""
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        begins = 1
        for row in reader:
            self._line, begins = begins, reader.line_num + 1
            if any(cell.strip() for cell in row):
                yield row

    def _places(self, heading: list[str]) -> dict[str, int]:
        """Which column holds what."""
        names = [cell.strip().casefold() for cell in heading]
        places: dict[str, int] = {}
        for key, known in COLUMNS.items():
            found = [place for place, name in enumerate(names) if name in known]
            if len(found) != 1:
                problem = "two columns have this heading" if found else "no column has this heading"
                remedy = "write 部门,事项编码,事项名称 in the first line, with commas between"
                self.fault(known[0], problem, remedy)
            else:
                places[key] = found[0]
        return places

    def _item(self, cells: dict[str, str]) -> Item | None:
        told = len(self.faults)
        for key, longest in LONGEST.items():
            self._check_name(COLUMNS[key][0], cells[key], longest)
        self._check_code(COLUMNS["code"][0], cells["code"])
        return Item(cells["code"], cells["name"], cells["department"]) if len(self.faults) == told else None

    def _check_name(self, column: str, name: str, longest: int) -> None:
        if not name:
            self.fault(column, "is empty", "fill it in, or remove the row")
        elif _CONTROL.search(name):
            self.fault(column, "holds a line break or another control character", "write it on one line")
        elif len(name) > longest:
            self.fault(column, f"has {len(name)} characters", f"shorten it to {longest}")

    def _check_code(self, column: str, code: str) -> None:
        if not code:
            self.fault(column, "is empty", "fill it in, or remove the row")
        elif _ROUNDED.fullmatch(code):
            self.fault(
                column, f'the spreadsheet has rounded it to "{code}"', "format the column as text and fill it again"
            )
        elif not _CODE.fullmatch(code):
            problem = (
                f'"{code[:40]}" has {len(code)} characters' if code.isalnum() else f'"{code[:40]}" is no item code'
            )
            self.fault(column, problem, "write its 31 digits and letters, or the 33 of a 业务办理项")
        elif code in self._first:
            self.fault(column, f"{code} stands in line {self._first[code]}, too", "keep one of the two")
        else:
            self._first[code] = self._line


def _cell(row: list[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""
