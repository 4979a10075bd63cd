"""From an ended visit and its opened texts to its reports: for each case the case first, then its rating."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from sync.records import Case
from sync.reports.press_time import PressTime
from sync.reports.report import Rating, Report, ReportKey
from sync.reports.visit import EndedVisit


class UnreadableError(Exception):
    """A text that was opened is not what was sealed. The message names the part, never what stands in it."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The unsealed texts of a visit, by part: `case:0`, `case:1`, `words`, `contact`."""

    parts: Mapping[str, bytes]

    def __repr__(self) -> str:
        return f"Opened({', '.join(self.parts)})"


class _Contact(msgspec.Struct, frozen=True):
    name: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a visit's records stand. `utc_offset_minutes` is the hall's own time."""

    device: str
    generation: str
    utc_offset_minutes: int


def wanted(visit: EndedVisit) -> bool:
    """Only a case's visit is for a province: a rating of the hall or of a window can never pass for a case's."""
    return visit.asked.object == "case" and bool(visit.asked.cases)


def reports_of(origin: Origin, visit: EndedVisit, opened: Opened, pressed: PressTime | None) -> tuple[Report, ...]:
    """Empty where the visit is not wanted. Raises `UnreadableError`.

    A visit that nobody rated gives its cases alone. `pressed` is None for it.
    """
    if not wanted(visit):
        return ()
    rating = _rating(visit, opened, pressed) if pressed is not None else None
    reports: list[Report] = []
    for number in range(len(visit.asked.cases)):
        case = _decoded(opened, f"case:{number}", Case)
        case_key = ReportKey(origin.device, origin.generation, visit.seq, number, "case")
        of_visit = (case, visit.asked.channel, visit.asked.window, visit.asked.clerk, origin.utc_offset_minutes)
        reports.append(Report(case_key, *of_visit))
        if rating is not None:
            reports.append(Report(case_key._replace(kind="rating"), *of_visit, rating))
    return tuple(reports)


def _rating(visit: EndedVisit, opened: Opened, pressed: PressTime) -> Rating:
    said = {part for part, _, _ in visit.said.sealed}
    contact = _decoded(opened, "contact", _Contact) if "contact" in said else _Contact()
    words = _text(opened, "words") if "words" in said else ""
    return Rating(visit.level, pressed, visit.said.tags, words, contact.name, contact.phone)


def _text(opened: Opened, part: str) -> str:
    try:
        return opened.parts[part].decode()
    except (KeyError, UnicodeDecodeError) as fault:
        raise UnreadableError(f"{part} cannot be read") from fault


_Shape = TypeVar("_Shape", Case, _Contact)


def _decoded(opened: Opened, part: str, shape: type[_Shape]) -> _Shape:
    try:
        return msgspec.json.decode(opened.parts[part], type=shape)
    except (KeyError, msgspec.MsgspecError) as fault:
        raise UnreadableError(f"{part} cannot be read") from fault
