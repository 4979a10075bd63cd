"""What counts: the fold of the records of visits. The kiosk, the hub and the verifier all count with this one rule."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from sync.clock import hall_day
from sync.records import NOT_RATED, Apologised, Asked, Ended, Pressed, Record, Salvaged, apologised


class TallyKey(NamedTuple):
    """One cell of the counts. A visit is counted once, in the hour of its press (of its end, if nobody pressed)."""

    day: str
    hour: int
    window: str
    clerk: str
    item: str
    channel: str
    outcome: int


def outcome_of(record: Record) -> int | None:
    """What this record adds one to: a level, `NOT_RATED`, an apology, or nothing. Needs no other record."""
    match record:
        case Pressed(level=level):
            return level
        case Apologised(level=level):
            return apologised(level)
        case Ended(outcome="not-rated"):
            return NOT_RATED
        case Salvaged(outcome=outcome):
            return outcome
        case _:
            return None


@dataclass(slots=True)
class OpenVisit:
    asked: Asked
    rated: bool = False


@dataclass(slots=True)
class Fold:
    """Feed it the records of one generation in order. Holds the visits that are open and nothing else."""

    utc_offset_minutes: int
    open_visits: dict[int, OpenVisit] = field(default_factory=dict)
    """Sequence of the ask to its visit."""

    def feed(self, seq: int, record: Record) -> TallyKey | None:
        """The cell that goes up by one with this record, if one does."""
        match record:
            case Asked():
                self.open_visits[seq] = OpenVisit(record)
            case Pressed() if (visit := self.open_visits.get(record.asked)) and not visit.rated:
                visit.rated = True
                return self._cell(visit.asked, record)
            case Apologised() if visit := self.open_visits.get(record.asked):
                return self._cell(visit.asked, record)
            case Ended() if visit := self.open_visits.pop(record.asked, None):
                return self._cell(visit.asked, record)
            case Salvaged():
                day, hour = hall_day(record.counted_at.wall_ms, self.utc_offset_minutes)
                where = (record.window, record.clerk, record.item, record.channel)
                return TallyKey(day, hour, *where, record.outcome)
            case _:
                pass
        return None

    def _cell(self, asked: Asked, record: Record) -> TallyKey | None:
        outcome = outcome_of(record)
        if outcome is None:
            return None
        day, hour = hall_day(record.at.wall_ms, self.utc_offset_minutes)
        item = asked.cases[0].item if asked.cases else ""
        return TallyKey(day, hour, asked.window, asked.clerk, item, asked.channel, outcome)


def outcome_totals(cells: Iterator[tuple[int, int]]) -> dict[str, int]:
    """(outcome, visits) pairs as the totals of a head."""
    totals: dict[str, int] = {}
    for outcome, visits in cells:
        totals[str(outcome)] = totals.get(str(outcome), 0) + visits
    return totals
