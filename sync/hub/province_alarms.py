"""What a person has to look at in the reports to the province. Looked for after each pass, on the store's thread."""

import sqlite3

from sync.clock import hall_day
from sync.hub.alarms import Alarms
from sync.hub.reconciliation import missing_reports
from sync.hub.upstream import Upstreams


def tell_province_alarms(db: sqlite3.Connection, upstreams: Upstreams, utc_offset_minutes: int, now_ms: int) -> None:
    province = upstreams.province
    if province is None:
        return
    today = hall_day(now_ms, utc_offset_minutes)[0]

    def of(device: str) -> Alarms:
        return Alarms(db, device, "", today, now_ms)

    for device, reports in province.book.set_aside_of_devices().items():
        of(device).raise_alarm("set-aside", f"{reports} reports need a person: kiosk hub province set-aside list")
    if missing := missing_reports(db, upstreams):
        of("").raise_alarm("imbalance", "; ".join(missing)[:500])
    deadline = upstreams.deadline(now_ms)
    if deadline is not None and deadline.near:
        of("").raise_alarm(
            "deadline",
            f"the oldest unsent rating is of {deadline.day}: the platform writes its default after {deadline.ends} "
            f"({deadline.days_left} {deadline.unit} days left)",
        )
