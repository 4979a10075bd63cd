"""The day's figures of this kiosk beside what the hub has said of them: the manager's reconciliation."""

from typing import TYPE_CHECKING, Final

from kiosk.core.balance import Balance, DayUnit, DefaultDeadline, LevelBalance, Reported
from sync.clock import hall_day
from sync.records import LEVELS, At, apologised

if TYPE_CHECKING:
    from sync.anchors import Anchor
    from sync.courier import CourierState
    from sync.journal.writer import Journal
    from sync.upstream import Deadline, ProvinceReach, Upstream

_UNITS: Final[dict[str, DayUnit]] = {"working": "working", "calendar": "calendar"}


def hub_balance(
    journal: "Journal",
    state: "CourierState | None",
    known: tuple[str, int] | None,
    day: str,
    anchor: "Anchor | None",
    utc_offset_minutes: int,
) -> Balance:
    """On the recorder's thread. `known`: generation and next sequence that the hub has; `day`: the hall's today."""
    from sync.anchors import believed_ms
    from sync.journal.reader import day_counts, waiting
    from sync.journal.unsent import unsent_outcomes
    from sync.upstream import read_upstream

    def is_today(at: At) -> bool:
        try:
            return hall_day(believed_ms(at, anchor), utc_offset_minutes)[0] == day
        except (OverflowError, OSError, ValueError):  # a time that no calendar has counts on no day
            return False

    stored = day_counts(journal.connection, day)
    unsent = unsent_outcomes(journal.connection, known, is_today)
    told = read_upstream(state.upstream) if state is not None and state.upstream is not None else None
    of_today = told is not None and told.day == day
    levels = tuple(_level(level, stored, unsent, told, of_today=of_today) for level in LEVELS)
    all_sent = waiting(journal.connection, known).records == 0
    differs = (state is not None and state.mismatch) or (
        all_sent and any(line.hub not in {None, line.sent} for line in levels)
    )
    reach = told.province if told is not None else None
    return Balance(
        levels,
        {int(outcome): visits for outcome, visits in told.hall.items()} if told is not None and of_today else None,
        state.upstream_ms if state is not None else None,
        reach.title if reach is not None else "",
        reach.trouble if reach is not None else "",
        _deadline(reach.deadline) if reach is not None and reach.deadline is not None else None,
        differs,
    )


def _level(
    level: int, stored: dict[int, int], unsent: dict[int, int], told: "Upstream | None", *, of_today: bool
) -> LevelBalance:
    here = stored.get(level, 0)
    reach = told.province if told is not None and of_today else None
    return LevelBalance(
        level,
        here + stored.get(apologised(level), 0),
        here,
        here - unsent.get(level, 0),
        told.counted.get(str(level), 0) if told is not None and of_today else None,
        _reported(str(level), reach) if reach is not None else None,
    )


def _reported(level: str, reach: "ProvinceReach") -> Reported:
    return Reported(
        *(one.get(level, 0) for one in (reach.accepted, reach.another_stands, reach.set_aside, reach.waiting))
    )


def _deadline(told: "Deadline") -> DefaultDeadline:
    unit = _UNITS.get(told.unit, "calendar")
    return DefaultDeadline(told.day, told.ends, told.days_left, unit, told.near, told.guessed)
