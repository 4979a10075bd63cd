"""What the pages of a terminal show while something is found: a pure function of where the finding stands."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, assert_never

from kiosk.core.catalogue import Item
from kiosk.core.finding_stages import (
    IDLE_MS,
    CaseNamed,
    Choosing,
    Coding,
    Confirming,
    Finding,
    ItemNamed,
    LookingUp,
    Named,
    Proving,
    Refused,
    Scanning,
    Start,
    Typing,
    Way,
)
from kiosk.ui.words import Words

if TYPE_CHECKING:
    from kiosk.catalogue.index import CatalogueIndex

Page = Literal["start", "scan", "number", "code", "choose", "confirm", "wait", "refused"]


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


def derive_finding(finding: Finding, index: "CatalogueIndex | None", words: Words) -> FindingProps:
    ways = tuple(way for way in finding.ways if way != "item" or index is not None)
    closes_ms = finding.until_ms
    match finding.stage:
        case Start():
            return FindingProps("start", ways, words.find_title)
        case Scanning(misread):
            note = words.find_misread if misread else words.find_scan_note
            return FindingProps("scan", ways, words.find_scan_title, note, closes_ms=closes_ms)
        case Typing(number, later):
            note = words.find_later_note if later else words.find_number_note
            typed = in_groups(number, 4)
            return FindingProps("number", ways, words.find_number_title, note, typed, closes_ms=closes_ms)
        case Coding(code=code, misread=misread):
            note = words.find_code_misread if misread else words.find_code_note
            typed = in_groups(code, 3, "-")
            return FindingProps("code", ways, words.find_code_title, note, typed, closes_ms=closes_ms)
        case LookingUp(number) | Proving(number):
            return FindingProps("wait", ways, words.find_looking, typed=in_groups(number, 4), closes_ms=closes_ms)
        case Choosing(query, department):
            title = department or words.find_department
            typed, entries = query.upper(), _entries(index, query, department)
            return FindingProps("choose", ways, title, words.find_choose_note, typed, entries, closes_ms=closes_ms)
        case Confirming(named):
            return _confirming(named, ways, closes_ms, words)
        case Refused(unreached=True):
            title, note = words.find_hall_unreached, words.find_hall_unreached_note
            return FindingProps("refused", ways, title, note, closes_ms=closes_ms)
        case Refused(by_code, seconds):
            title = words.find_code_refused if by_code else words.find_refused
            note = words.find_code_wait.format(seconds=seconds) if seconds else words.find_refused_note
            return FindingProps("refused", ways, title, note, closes_ms=closes_ms)
        case _:
            assert_never(finding.stage)


def _confirming(named: Named, ways: tuple[Way, ...], closes_ms: int | None, words: Words) -> FindingProps:
    match named:
        case CaseNamed(number):
            title, note, what, beside = words.find_confirm_case, words.find_confirm_case_note, in_groups(number, 4), ""
        case ItemNamed(item):
            title, note = words.find_confirm_item, words.find_confirm_item_note
            what, beside = item.name, item.department
        case _:
            assert_never(named)
    return FindingProps("confirm", ways, title, note, named=what, beside=beside, closes_ms=closes_ms)


def in_groups(text: str, length: int, between: str = " ") -> str:
    """Easier to compare with what is printed; what stands between the groups belongs to none."""
    return between.join(text[start : start + length] for start in range(0, len(text), length))


def _entries(index: "CatalogueIndex | None", query: str, department: str) -> tuple[Entry, ...]:
    """Under a department its items; else the departments and, once something is typed, the items of them all."""
    if index is None:
        return ()
    if department:
        return tuple(Entry(item.name, item=item) for item in index.items(department, query))
    departments = tuple(Entry(name) for name in index.departments(query))
    items = index.items("", query) if query else []
    return departments + tuple(Entry(item.name, item.department, item) for item in items)
