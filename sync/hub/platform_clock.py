"""After how many days the platform would write its own default, and which days are worked: read from files."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Final, TypeVar

import msgspec
from msgspec import Meta, Struct

from sync.deadlines import Calendar, Period, Unit, Year
from sync.hub.schema import HubError
from sync.upstream import Deadline

FOLDER: Final = Path(__file__).parents[2] / "assets" / "deadlines"
DEFAULTS: Final = FOLDER / "platform-defaults.toml"
HOLIDAYS: Final = FOLDER / "holidays.toml"
T = TypeVar("T")
_Text = Annotated[str, Meta(min_length=1)]


class ClockTable(Struct, frozen=True, forbid_unknown_fields=True):
    days: Annotated[int, Meta(ge=1, le=90)]
    unit: Unit
    start: _Text
    source: _Text


class YearTable(Struct, frozen=True, forbid_unknown_fields=True):
    source: _Text
    off: list[str]
    """`yyyy-MM-dd`, or `first/last`."""
    worked: list[str] = []


@dataclass(frozen=True, slots=True)
class PlatformClock:
    table: ClockTable
    calendar: Calendar

    def deadline(self, pressed: str, today: str) -> Deadline:
        """Both are hall days, `yyyy-MM-dd`."""
        first, now = date.fromisoformat(pressed), date.fromisoformat(today)
        end = self.calendar.end(first, Period(self.table.days, self.table.unit))
        left = self.calendar.left(now, end, self.table.unit)
        guessed = not self.calendar.knows(min(first, now), max(end, now))
        source = f"{self.table.start}. {self.table.source}"
        near = self.calendar.is_near(now, end)
        return Deadline(pressed, end.isoformat(), left, self.table.unit, source, near, guessed)


def load_clock(name: str, holidays: Path | None = None) -> PlatformClock:
    """`name` of a clock in the shipped file; `holidays` in place of the shipped ones. Raises `HubError`."""
    clocks = _tables(DEFAULTS, dict[str, ClockTable])
    if name not in clocks:
        raise HubError(f'province.default_clock: there is no "{name}"; use one of: {", ".join(sorted(clocks))}')
    path = holidays or HOLIDAYS
    years = _tables(path, dict[int, YearTable])
    try:
        read = {
            year: Year(frozenset(_days(table.off)), frozenset(_days(table.worked))) for year, table in years.items()
        }
    except ValueError as fault:
        raise HubError(f'{path}: {fault}; write days as "2026-01-01" or "2026-01-01/2026-01-03"') from fault
    return PlatformClock(clocks[name], Calendar(read))


def _tables(path: Path, shape: type[T]) -> T:
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), shape, strict=False)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as fault:
        raise HubError(f"{path} cannot be used: {fault}") from fault


def _days(written: list[str]) -> Iterator[date]:
    for text in written:
        first, _, last = text.partition("/")
        day, end = date.fromisoformat(first), date.fromisoformat(last or first)
        while day <= end:
            yield day
            day += timedelta(days=1)
