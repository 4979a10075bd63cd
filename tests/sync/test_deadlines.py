"""Days left, in working days with the announced holidays, and in calendar days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.deadlines import Calendar, Period
from sync.hub.platform_clock import load_clock
from sync.hub.schema import HubError

CALENDAR = load_clock("sichuan").calendar
DAYS = st.dates(date(2025, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("pressed", "days", "unit", "end"),
    [
        ("2026-11-20", 7, "calendar", "2026-11-27"),
        ("2026-11-20", 7, "working", "2026-12-01"),
        ("2026-09-18", 7, "working", "2026-09-29"),  # the Sunday of the 20th is worked, the 25th to 27th are off
        ("2026-09-30", 7, "working", "2026-10-15"),  # a week off, and the Saturday behind it worked
        ("2026-02-13", 1, "working", "2026-02-14"),
        ("2026-02-14", 1, "working", "2026-02-24"),
    ],
)
def test_the_last_day_of_a_period(pressed, days, unit, end):
    assert CALENDAR.end(date.fromisoformat(pressed), Period(days, unit)) == date.fromisoformat(end)


@given(day=DAYS, days=st.integers(1, 30), passed=st.integers(0, 60))
def test_each_day_that_passes_takes_one_of_its_unit(day, days, passed):
    for unit in ("working", "calendar"):
        end = CALENDAR.end(day, Period(days, unit))
        assert CALENDAR.left(day, end, unit) == days
        today = day + timedelta(days=passed)
        counted = sum(
            unit == "calendar" or CALENDAR.is_working(day + timedelta(days=one)) for one in range(1, passed + 1)
        )
        assert CALENDAR.left(today, end, unit) == days - counted


def test_somebody_is_told_two_working_days_before_even_where_days_of_the_calendar_count():
    end = date(2026, 11, 30)  # a Monday
    assert not CALENDAR.is_near(date(2026, 11, 25), end)
    assert CALENDAR.is_near(date(2026, 11, 26), end)


def test_a_year_that_was_not_announced_counts_mondays_to_fridays_and_says_so():
    clock = load_clock("sichuan")
    deadline = clock.deadline("2026-12-29", "2026-12-30")
    assert (deadline.ends, deadline.guessed, deadline.unit) == ("2027-01-07", True, "working")
    assert not clock.deadline("2026-11-20", "2026-11-20").guessed
    assert Calendar({}).is_working(date(2026, 10, 1))


def test_a_clock_that_is_not_there_and_holidays_that_cannot_be_read_are_named(tmp_path):
    with pytest.raises(HubError, match="sichuan"):
        load_clock("nowhere")
    wrong = tmp_path / "holidays.toml"
    wrong.write_text('[2027]\nsource = "x"\noff = ["1 January"]\n')
    with pytest.raises(HubError, match="2026-01-01"):
        load_clock("sichuan", wrong)
