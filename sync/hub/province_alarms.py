"""What a person has to look at in the reports to the province. Looked for after each pass, on the store's thread."""

import sqlite3

from sync.clock import hall_day
from sync.hub.alarms import Alarms, Kind
from sync.hub.reconciliation import missing_reports
from sync.hub.upstream import Upstreams


class ProvinceAlarms:
    """What has not changed since the pass before is not written again."""

    def __init__(self, db: sqlite3.Connection, upstreams: Upstreams, utc_offset_minutes: int) -> None:
        self._db = db
        self._upstreams = upstreams
        self._utc_offset_minutes = utc_offset_minutes
        self._before: set[tuple[Kind, str, str, str]] = set()

    def look(self, now_ms: int) -> None:
        today = hall_day(now_ms, self._utc_offset_minutes)[0]
        found = {(kind, device, detail, today) for kind, device, detail in self._found(now_ms)}
        for kind, device, detail, _ in sorted(found - self._before):
            Alarms(self._db, device, "", today, now_ms).raise_alarm(kind, detail)
        self._before = found

    def _found(self, now_ms: int) -> list[tuple[Kind, str, str]]:
        found: list[tuple[Kind, str, str]] = []
        if self._upstreams.province is None:
            return found
        for device, reports in self._upstreams.province.book.figures.set_aside_of_devices().items():
            found.append(("set-aside", device, f"{reports} reports need a person: kiosk hub province set-aside list"))
        if missing := missing_reports(self._db, self._upstreams):
            found.append(("imbalance", "", "; ".join(missing)[:500]))
        deadline = self._upstreams.deadline(now_ms)
        if deadline is not None and deadline.near:
            text = (
                f"the oldest unsent rating is of {deadline.day}: the platform writes its default after {deadline.ends} "
                f"({deadline.days_left} {deadline.unit} days left)"
            )
            found.append(("deadline", "", text))
        return found
