"""What the hub tells each device of itself and of the province: today's counts, and how far the reports are.

Belongs to the store's thread.
"""

import sqlite3
from collections import Counter
from typing import Any, Final, Protocol

import msgspec

from sync.clock import hall_day
from sync.hub.platform_clock import PlatformClock
from sync.hub.province_control import ProvinceSaid
from sync.provinces.book import Book, State
from sync.upstream import Deadline, Outcomes, ProvinceReach, Upstream

OTHERS_MS: Final = 10_000
"""So old the counts of the other devices may be."""


class Province(Protocol):
    """The reporting of this hub (`reporting.py`)."""

    @property
    def title(self) -> str: ...
    @property
    def book(self) -> Book: ...
    @property
    def state(self) -> ProvinceSaid: ...
    @property
    def clock(self) -> PlatformClock | None: ...


class Upstreams:
    def __init__(self, db: sqlite3.Connection, utc_offset_minutes: int) -> None:
        self._db = db
        self._utc_offset_minutes = utc_offset_minutes
        self._devices: dict[str, Outcomes] = {}
        self._ratings: dict[tuple[str, State], Counter[str]] = {}
        self._deadline: Deadline | None = None
        self._made: tuple[str, int] | None = None
        self._province_of = ""
        self.province: Province | None = None
        """None: the hub reports to nobody."""
        db.execute("CREATE INDEX IF NOT EXISTS tally_by_device ON tally (day, device)")

    def tell(self, device: str, now_ms: int) -> dict[str, Any]:
        told: dict[str, Any] = msgspec.to_builtins(self.of(device, now_ms))
        return told

    def of(self, device: str, now_ms: int) -> Upstream:
        day = hall_day(now_ms, self._utc_offset_minutes)[0]
        self._refresh(day, now_ms)
        if self._province_of != day:
            self._refresh_province(day, now_ms)
        counted = self._counted(device, day)
        self._devices[device] = counted
        hall: Counter[str] = Counter()
        for outcomes in self._devices.values():
            hall.update(outcomes)
        return Upstream(self._reach(device), day, counted, dict(hall))

    def deadline(self, now_ms: int) -> Deadline | None:
        """Of the oldest rating that the platform has not got."""
        if self.province is None or self.province.clock is None:
            return None
        oldest = self.province.book.figures.oldest_unsent()
        today = hall_day(now_ms, self._utc_offset_minutes)[0]
        return self.province.clock.deadline(oldest[0], today) if oldest is not None else None

    def _counted(self, device: str, day: str) -> Outcomes:
        rows = self._db.execute(
            "SELECT outcome, sum(visits) FROM tally WHERE day = ? AND device = ? GROUP BY outcome", (day, device)
        )
        return {str(outcome): visits for outcome, visits in rows}

    def _reach(self, device: str) -> ProvinceReach | None:
        province = self.province
        if province is None:
            return None
        accepted, another, aside, waiting = (
            dict(self._ratings.get((device, state), {}))
            for state in ("accepted", "another-stands", "needs-person", "waiting")
        )
        return ProvinceReach(province.title, accepted, another, aside, waiting, province.state.words, self._deadline)

    def _refresh(self, day: str, now_ms: int) -> None:
        if self._made is not None and self._made[0] == day and 0 <= now_ms - self._made[1] < OTHERS_MS:
            return
        self._made = day, now_ms
        self._devices = {}
        for device, outcome, visits in self._db.execute(
            "SELECT device, outcome, sum(visits) FROM tally WHERE day = ? GROUP BY device, outcome", (day,)
        ):
            self._devices.setdefault(device, {})[str(outcome)] = visits
        self._province_of = ""

    def _refresh_province(self, day: str, now_ms: int) -> None:
        self._province_of = day
        self._ratings = {}
        self._deadline = self.deadline(now_ms)
        for device, level, state, reports in self.province.book.figures.ratings_of(day) if self.province else ():
            self._ratings.setdefault((device, state), Counter())[str(level)] += reports

    def moved(self) -> None:
        """A pass of the reporting is over: what is told next of the province is new."""
        self._province_of = ""
