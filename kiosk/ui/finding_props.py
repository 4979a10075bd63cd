"""What the pages of a terminal show while something is found: a pure function of where the finding stands."""

from dataclasses import dataclass
from typing import Literal, assert_never

from kiosk.catalogue.shelf import Shelf
from kiosk.core.catalogue import Item
from kiosk.core.finding import (
    IDLE_MS,
    CaseNamed,
    Choosing,
    Confirming,
    Finding,
    ItemNamed,
    LookingUp,
    Named,
    Refused,
    Scanning,
    Start,
    Typing,
    Way,
)
from kiosk.ui.words import Words

Page = Literal["start", "scan", "number", "choose", "confirm", "wait", "refused"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list: a department where there is no item."""

    text: str
    beside: str = ""
    """The department of an item that was found among all."""
    item: Item | None = None


@dataclass(frozen=True, slots=True)
class FindingProps:
    page: Page
    ways: tuple[Way, ...]
    title: str = ""
    note: str = ""
    typed: str = ""
    entries: tuple[Entry, ...] = ()
    named: str = ""
    """What is to be confirmed."""
    beside: str = ""
    """The department of what is to be confirmed."""
    closes_ms: int | None = None
    """On the clock since boot: when everything is forgotten."""
    open_ms: int = IDLE_MS


def derive_finding(finding: Finding, shelf: Shelf | None, words: Words) -> FindingProps:
    ways = tuple(way for way in finding.ways if way != "item" or shelf is not None)
    closes_ms = finding.until_ms
    match finding.stage:
        case Start():
            return FindingProps("start", ways, words.find_title)
        case Scanning(misread):
            note = words.find_misread if misread else words.find_scan_note
            return FindingProps("scan", ways, words.find_scan_title, note, closes_ms=closes_ms)
        case Typing(number):
            return FindingProps(
                "number", ways, words.find_number_title, words.find_number_note, in_fours(number), closes_ms=closes_ms
            )
        case LookingUp(number):
            return FindingProps("wait", ways, words.find_looking, typed=in_fours(number), closes_ms=closes_ms)
        case Choosing(query, department):
            title = department or words.find_department
            typed, entries = query.upper(), _entries(shelf, query, department)
            return FindingProps("choose", ways, title, words.find_choose_note, typed, entries, closes_ms=closes_ms)
        case Confirming(named):
            return _confirming(named, ways, closes_ms, words)
        case Refused():
            return FindingProps("refused", ways, words.find_refused, words.find_refused_note, closes_ms=closes_ms)
        case _:
            assert_never(finding.stage)


def _confirming(named: Named, ways: tuple[Way, ...], closes_ms: int | None, words: Words) -> FindingProps:
    match named:
        case CaseNamed(number):
            title, note, what, beside = words.find_confirm_case, words.find_confirm_case_note, in_fours(number), ""
        case ItemNamed(item):
            title, note = words.find_confirm_item, words.find_confirm_item_note
            what, beside = item.name, item.department
        case _:
            assert_never(named)
    return FindingProps("confirm", ways, title, note, named=what, beside=beside, closes_ms=closes_ms)


def in_fours(number: str) -> str:
    """Easier to compare with what is printed; the spaces belong to no number."""
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def _entries(shelf: Shelf | None, query: str, department: str) -> tuple[Entry, ...]:
    """Under a department its items; else the departments and, once something is typed, the items of them all."""
    if shelf is None:
        return ()
    if department:
        return tuple(Entry(item.name, item=item) for item in shelf.items(department, query))
    departments = tuple(Entry(name) for name in shelf.departments(query))
    items = shelf.items("", query) if query else []
    return departments + tuple(Entry(item.name, item.department, item) for item in items)
