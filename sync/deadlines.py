"""Deadlines in working or calendar days. Pure: clocks and holidays come from files, today from outside."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

Unit = Literal["working", "calendar"]
ALARM_WORKING_DAYS: Final = 2
"""So many working days before the end somebody is told."""
_SATURDAY: Final = 5
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """So many days after the first, which is not counted itself."""

    days: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Year:
    off: frozenset[date]
    worked: frozenset[date]
    """Days of a weekend that are worked (调休)."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """A year that was not announced counts Mondays to Fridays."""

    years: Mapping[int, Year]

    def is_working(self, day: date) -> bool:
        year = self.years.get(day.year)
        if year is not None and day in year.off:
            return False
        return day.weekday() < _SATURDAY or (year is not None and day in year.worked)

    def end(self, first: date, period: Period) -> date:
        """The last day of the period."""
        if period.unit == "calendar":
            return first + timedelta(days=period.days)
        day, left = first, period.days
        while left:
            day += _DAY
            left -= self.is_working(day)
        return day

    def left(self, today: date, end: date, unit: Unit) -> int:
        """Days of the unit behind today, up to and with the end; negative once it is over."""
        if unit == "calendar":
            return (end - today).days
        if today > end:
            return -self.left(end, today, unit)
        return sum(self.is_working(today + _DAY * number) for number in range(1, (end - today).days + 1))

    def is_near(self, today: date, end: date) -> bool:
        """In working days, whatever unit the period is counted in: a person has to do something about it."""
        return self.left(today, end, "working") <= ALARM_WORKING_DAYS

    def knows(self, first: date, end: date) -> bool:
        return all(year in self.years for year in range(first.year, end.year + 1))
