"""Until when a rating can be given later."""

import datetime as dt

import pytest

from kiosk.core.province import DayUnit, Supplement
from kiosk.slips.period import last_day

FRIDAY = dt.date(2026, 11, 20)


@pytest.mark.parametrize(
    ("days", "unit", "last"),
    [
        (1, "calendar", "2026-11-21"),
        (7, "calendar", "2026-11-27"),
        (1, "working", "2026-12-01"),  # one, and six that holidays might have taken
        (7, "working", "2026-12-09"),
        (21, "working", "2027-01-06"),  # twenty-one, and twice six
    ],
)
def test_the_day_of_the_ask_is_not_counted(days: int, unit: DayUnit, last: str) -> None:
    assert last_day(FRIDAY, Supplement(days, unit, ("slip-code",))).isoformat() == last


def test_a_period_in_working_days_is_never_too_short() -> None:
    """Whatever six working days of each twenty the holidays take."""
    for days in range(1, 91):
        last = last_day(FRIDAY, Supplement(days, "working", ("slip-code",)))
        between = [FRIDAY + dt.timedelta(days=one) for one in range(1, (last - FRIDAY).days + 1)]
        weekdays = [day for day in between if day.weekday() < 5]
        assert len(weekdays) - 6 * -(-days // 20) == days
