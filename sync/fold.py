"""What counts: the fold of the records of visits. The kiosk, the hub and the verifier all count with this one rule."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from sync.anchors import Anchor, anchor_after, believed_ms
from sync.clock import hall_day
from sync.records import (
    NOT_RATED,
    Apologised,
    Asked,
    At,
    Changed,
    Correction,
    Ended,
    Pressed,
    Record,
    Salvaged,
    apologised,
)

Answer = Pressed | Apologised | Changed | Ended
"""What can follow an ask and count."""


class TallyKey(NamedTuple):
    """One cell of the counts. A visit is counted once, in the hour of its press (of its end, if nobody pressed)."""

    day: str
    hour: int
    window: str
    clerk: str
    item: str
    channel: str
    outcome: int


class Change(NamedTuple):
    """What a record does to a cell: one more visit; where a level was changed or a clock corrected, what moves in (+)
    and out (-).
    """

    cell: TallyKey
    visits: int


_Placed = tuple[Callable[[Anchor | None], TallyKey], int]
"""The cell that a record counts in under an anchor, and its visits."""
Before = Callable[[int], Iterator[tuple[int, Record | None]]]
"""The records of the generation before a sequence, the last one first; None for a kind that is not known."""


def counts_of(record: Record) -> tuple[tuple[int, int], ...]:
    """What this record adds to the totals: outcome (a level, `NOT_RATED`, an apology) and visits, one more or one less.

    Needs no other record.
    """
    match record:
        case Pressed(level=level):
            return ((level, 1),)
        case Apologised(level=level):
            return ((apologised(level), 1),)
        case Changed(was=was, level=level):
            return ((was, -1), (level, 1))
        case Ended(outcome="not-rated"):
            return ((NOT_RATED, 1),)
        case Salvaged(outcome=outcome, replaces=None):
            return ((outcome, 1),)
        case Salvaged(outcome=outcome, replaces=int(was)):
            return ((was, -1), (outcome, 1))
        case _:
            return ()


class _Counted(NamedTuple):
    """A visit counts, once more or once less, at the hour of `at`."""

    at: At
    outcome: int
    visits: int


@dataclass(slots=True)
class OpenVisit:
    asked: Asked
    rated: bool = False

    def take(self, record: Answer) -> tuple[_Counted, ...]:
        """What counts with this record. Of several presses the first counts; only what counts can be changed."""
        if isinstance(record, Pressed):  # first, and by itself: somebody waits for it
            if self.rated:
                return ()
            self.rated = True
            return (_Counted(record.at, record.level, 1),)
        if isinstance(record, Changed) and not self.rated:
            return ()
        at = record.pressed_at if isinstance(record, Changed) else record.at
        return tuple(_Counted(at, outcome, visits) for outcome, visits in counts_of(record))


@dataclass(slots=True)
class Fold:
    """Feed it the records of one generation in order. Holds the visits that are open, the anchor, and nothing else."""

    utc_offset_minutes: int
    open_visits: dict[int, OpenVisit] = field(default_factory=dict)
    """Sequence of the ask to its visit."""
    anchor: Anchor | None = None
    """What the last correction said. Ignored for records of another boot."""

    def changes(self, seq: int, record: Record, before: Before) -> tuple[Change, ...]:
        """All that this record does to the counts. `before` is asked only for a correction that is taken."""
        if isinstance(record, Correction):
            old = self.anchor
            self.feed(seq, record)
            return () if self.anchor in (old, None) else self._moves(seq, record.boot, old, before)
        return self.feed(seq, record)

    def feed(self, seq: int, record: Record) -> tuple[Change, ...]:
        """What this record counts by itself. What a correction moves is `changes`."""
        match record:
            case Asked():
                self.open_visits[seq] = OpenVisit(record)
            case Pressed() | Apologised() | Changed() if visit := self.open_visits.get(record.asked):
                return self._count(visit, record)
            case Ended() if visit := self.open_visits.pop(record.asked, None):
                return self._count(visit, record)
            case Salvaged():
                return tuple(
                    Change(self._salvaged_cell(record, outcome, self.anchor), visits)
                    for outcome, visits in counts_of(record)
                )
            case Correction():
                self.anchor = anchor_after(self.anchor, record)
            case _:
                pass
        return ()

    def _count(self, visit: OpenVisit, record: Answer) -> tuple[Change, ...]:
        return tuple(
            [Change(self._cell(visit.asked, counted, self.anchor), counted.visits) for counted in visit.take(record)]
        )

    def _cell(self, asked: Asked, counted: _Counted, anchor: Anchor | None) -> TallyKey:
        day, hour = hall_day(believed_ms(counted.at, anchor), self.utc_offset_minutes)
        place = (asked.window, asked.clerk, asked.counted_item, asked.channel)
        return TallyKey(day, hour, *place, counted.outcome)

    def _salvaged_cell(self, record: Salvaged, outcome: int, anchor: Anchor | None) -> TallyKey:
        day, hour = hall_day(believed_ms(record.counted_at, anchor), self.utc_offset_minutes)
        return TallyKey(day, hour, record.window, record.clerk, record.item, record.channel, outcome)

    def _moves(self, seq: int, boot: str, old: Anchor | None, before: Before) -> tuple[Change, ...]:
        """What counted in this boot so far goes from where it stood to where the new anchor puts it."""
        sums: Counter[TallyKey] = Counter()
        for cell_by, visits in self._counted(seq, boot, before):
            try:
                source, target = cell_by(old), cell_by(self.anchor)
            except (OverflowError, OSError, ValueError):  # a time that no calendar has stays where it is
                continue
            sums[source] -= visits
            sums[target] += visits
        return tuple(Change(cell, visits) for cell, visits in sums.items() if visits)

    def _counted(self, seq: int, boot: str, before: Before) -> Iterator[_Placed]:
        """Each record of this boot's unbroken run that counted, as the cell that it has under an anchor.

        Goes back no further than the run and the asks that it answers. Holds what waits for its ask, nothing else.
        """
        runs = True
        waiting: dict[int, list[tuple[Answer, bool]]] = {}
        for place, record in before(seq):
            runs = runs and (record is None or record.at.boot == boot)
            if not runs and not waiting:
                return
            answers = waiting.pop(place, [])
            if isinstance(record, Asked):
                yield from self._counted_in(record, answers)
            elif isinstance(record, Salvaged) and runs:
                for outcome, visits in counts_of(record):
                    yield partial(self._salvaged_cell, record, outcome), visits
            elif isinstance(record, Answer) and (record.asked in waiting or (runs and record.asked < place)):
                waiting.setdefault(record.asked, []).append((record, runs))

    def _counted_in(self, asked: Asked, answers: list[tuple[Answer, bool]]) -> Iterator[_Placed]:
        """`answers` are the visit's records, the last one first, and whether each is of the run."""
        visit = OpenVisit(asked)
        for answer, runs in reversed(answers):
            for counted in visit.take(answer):
                if runs:
                    yield partial(self._cell, asked, counted), counted.visits
            if isinstance(answer, Ended):
                return


def add_to(totals: dict[str, int], outcome: int, visits: int) -> None:
    """Totals as they stand in a head: an outcome that came to nothing is not named."""
    total = totals.pop(str(outcome), 0) + visits
    if total:
        totals[str(outcome)] = total


def outcome_totals(cells: Iterator[tuple[int, int]]) -> dict[str, int]:
    """(outcome, visits) pairs as the totals of a head."""
    totals: dict[str, int] = {}
    for outcome, visits in cells:
        totals[str(outcome)] = totals.get(str(outcome), 0) + visits
    return totals
