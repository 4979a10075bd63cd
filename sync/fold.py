"""What counts: the fold of the records of visits. The kiosk, the hub and the verifier all count with this one rule."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from sync.anchors import Anchor, anchor_after, believed_ms
from sync.clock import hall_day
from sync.records import NOT_RATED, Apologised, Asked, At, Correction, Ended, Pressed, Record, Salvaged, apologised


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
    """What a record does to a cell: one more visit; where a clock was corrected, those that move in (+) or out (-)."""

    cell: TallyKey
    visits: int


Before = Callable[[int], Iterator[tuple[int, Record | None]]]
"""The records of the generation before a sequence, the last one first; None for a kind that is not known."""


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

    def take(self, record: Pressed | Apologised | Ended) -> int | None:
        """The outcome that counts with this record, if one does. Of several presses the first counts."""
        if isinstance(record, Pressed):
            if self.rated:
                return None
            self.rated = True
        return outcome_of(record)


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
        cell = self.feed(seq, record)
        return () if cell is None else (Change(cell, 1),)

    def feed(self, seq: int, record: Record) -> TallyKey | None:
        """The cell that goes up by one with this record, if one does. What a correction moves is `changes`."""
        match record:
            case Asked():
                self.open_visits[seq] = OpenVisit(record)
            case Pressed() | Apologised() if visit := self.open_visits.get(record.asked):
                return self._cell(visit.asked, record.at, visit.take(record), self.anchor)
            case Ended() if visit := self.open_visits.pop(record.asked, None):
                return self._cell(visit.asked, record.at, visit.take(record), self.anchor)
            case Salvaged():
                return self._salvaged_cell(record, self.anchor)
            case Correction():
                self.anchor = anchor_after(self.anchor, record)
            case _:
                pass
        return None

    def _cell(self, asked: Asked, at: At, outcome: int | None, anchor: Anchor | None) -> TallyKey | None:
        if outcome is None:
            return None
        day, hour = hall_day(believed_ms(at, anchor), self.utc_offset_minutes)
        item = asked.cases[0].item if asked.cases else ""
        return TallyKey(day, hour, asked.window, asked.clerk, item, asked.channel, outcome)

    def _salvaged_cell(self, record: Salvaged, anchor: Anchor | None) -> TallyKey:
        day, hour = hall_day(believed_ms(record.counted_at, anchor), self.utc_offset_minutes)
        return TallyKey(day, hour, record.window, record.clerk, record.item, record.channel, record.outcome)

    def _moves(self, seq: int, boot: str, old: Anchor | None, before: Before) -> tuple[Change, ...]:
        """What counted in this boot so far goes from where it stood to where the new anchor puts it."""
        sums: Counter[TallyKey] = Counter()
        for cell_by in self._counted(seq, boot, before):
            try:
                source, target = cell_by(old), cell_by(self.anchor)
            except (OverflowError, OSError, ValueError):  # a time that no calendar has stays where it is
                continue
            if source is not None and target is not None:
                sums[source] -= 1
                sums[target] += 1
        return tuple(Change(cell, visits) for cell, visits in sums.items() if visits)

    def _counted(self, seq: int, boot: str, before: Before) -> Iterator[Callable[[Anchor | None], TallyKey | None]]:
        """Each record of this boot's unbroken run that counted, as the cell that it has under an anchor.

        Goes back no further than the run and the asks that it answers. Holds what waits for its ask, nothing else.
        """
        runs = True
        waiting: dict[int, list[tuple[Pressed | Apologised | Ended, bool]]] = {}
        for place, record in before(seq):
            runs = runs and (record is None or record.at.boot == boot)
            if not runs and not waiting:
                return
            answers = waiting.pop(place, [])
            if isinstance(record, Asked):
                yield from self._counted_in(record, answers)
            elif isinstance(record, Salvaged) and runs:
                yield lambda anchor, record=record: self._salvaged_cell(record, anchor)  # type: ignore[misc]
            elif isinstance(record, Pressed | Apologised | Ended) and (
                record.asked in waiting or (runs and record.asked < place)
            ):
                waiting.setdefault(record.asked, []).append((record, runs))

    def _counted_in(
        self, asked: Asked, answers: list[tuple[Pressed | Apologised | Ended, bool]]
    ) -> Iterator[Callable[[Anchor | None], TallyKey | None]]:
        """`answers` are the visit's records, the last one first, and whether each is of the run."""
        visit = OpenVisit(asked)
        for answer, runs in reversed(answers):
            outcome = visit.take(answer)
            if runs and outcome is not None:
                yield lambda anchor, at=answer.at, outcome=outcome: self._cell(asked, at, outcome, anchor)  # type: ignore[misc]
            if isinstance(answer, Ended):
                return


def outcome_totals(cells: Iterator[tuple[int, int]]) -> dict[str, int]:
    """(outcome, visits) pairs as the totals of a head."""
    totals: dict[str, int] = {}
    for outcome, visits in cells:
        totals[str(outcome)] = totals.get(str(outcome), 0) + visits
    return totals
