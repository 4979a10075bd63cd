"""The visits of a slip in this device's journal, and how each stands. The journal itself is the only index."""

import base64
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from kiosk.core.province import Supplement
from kiosk.slips.period import last_day
from sync.clock import hall_day
from sync.journal.reader import JournalReader
from sync.journal.search import Found, records_after, records_with
from sync.records import LEVELS, Asked, Earlier, Ended, Pressed, Salvaged, understood
from sync.records.stored import Place

Standing = Literal["rated", "not-rated", "open"]


@dataclass(frozen=True, slots=True)
class Rateable:
    """A visit that was not rated on the spot, with what its later rating is bound to."""

    window: str
    place: Place
    clerk: str
    cases: tuple[tuple[int, str], ...]
    """Service and item of each of the visit's cases that has the slip."""
    earlier: Earlier


@dataclass(frozen=True, slots=True)
class SlipVisitHere:
    asked: Asked
    earlier: Earlier
    standing: Standing


@dataclass(frozen=True, slots=True)
class VisitsHere:
    """All of one slip, the newest first."""

    tag: bytes | None
    visits: list[SlipVisitHere]

    @property
    def in_the_way(self) -> bool:
        """Rated, or not ended yet."""
        return any(visit.standing != "not-rated" for visit in self.visits)

    def rateable(self, today: dt.date, supplement: Supplement, utc_offset_minutes: int) -> Rateable | None:
        """The one that was asked on the spot, the last where the citizen took it up again. None: not to be rated."""
        on_the_spot = [visit for visit in self.visits if visit.asked.later is None]
        if not on_the_spot or self.in_the_way:
            return None
        newest, ask = on_the_spot[0], on_the_spot[0].asked
        asked = dt.date.fromisoformat(hall_day(ask.at.wall_ms, utc_offset_minutes)[0])
        if today > last_day(asked, supplement):
            return None
        cases = tuple((case.service, case.item) for case in ask.cases if case.slip == self.tag)
        return Rateable(ask.window, ask.place, ask.clerk, cases, newest.earlier)


def visits_with(reader: JournalReader, tag: bytes, since_ms: int) -> Iterator[SlipVisitHere]:
    """Every visit with this slip, the newest first."""
    for found in records_with(reader, base64.b64encode(tag), since_ms):
        if isinstance(found.record, Asked):
            earlier = Earlier(found.generation.id, found.seq)
            yield SlipVisitHere(found.record, earlier, _standing(reader, found))
        elif isinstance(found.record, Salvaged) and (visit := _salvaged(found.record)) is not None:
            yield visit


def _standing(reader: JournalReader, found: Found) -> Standing:
    for record in records_after(reader, found.generation, found.seq):
        if isinstance(record, Pressed) and record.asked == found.seq:
            return "rated"
        if isinstance(record, Ended) and record.asked == found.seq:
            return "not-rated"
    return "open"


def _salvaged(salvaged: Salvaged) -> SlipVisitHere | None:
    records = [understood(body.encode()) for body in salvaged.bodies]
    if len(records) < 2 or not isinstance(records[0], Asked) or not isinstance(records[1], Pressed | Ended):
        return None
    earlier = Earlier(salvaged.generation, records[1].asked)
    return SlipVisitHere(records[0], earlier, "rated" if salvaged.outcome in LEVELS else "not-rated")
