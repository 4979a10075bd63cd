"""What a person has to look at. Told once a day for each device and kind; further times are only counted."""

import logging
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from sync.records import Audit, Record

log = logging.getLogger(__name__)

Kind = Literal[
    "fork",
    "mismatch",
    "new-generation",
    "second-key",
    "sealed-refused",
    "evaluator-map",
    "set-aside",
    "imbalance",
    "deadline",
]


@dataclass(frozen=True, slots=True)
class Alarms:
    """Writes within the transaction of the batch that raised the alarm."""

    db: sqlite3.Connection
    device: str
    generation: str
    day: str
    now_ms: int

    def raise_alarm(self, kind: Kind, detail: str) -> None:
        times = self.db.execute(
            "INSERT INTO alarm (day, device, kind, generation, detail, first_ms, last_ms, times) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, 1) "
            "ON CONFLICT DO UPDATE SET last_ms = excluded.last_ms, times = times + 1 RETURNING times",
            (self.day, self.device, kind, self.generation, detail, self.now_ms, self.now_ms),
        ).fetchone()[0]
        if times == 1:
            log.warning("alarm %s: device %.12s, generation %.12s: %s", kind, self.device, self.generation, detail)


def tell_changed_maps(records: Iterable[Record | None], alarms: Alarms) -> None:
    """Which key means which level was changed on a device in use. The maps of a first start are no change."""
    for record in records:
        if isinstance(record, Audit) and record.what == "evaluator-map" and record.detail.get("by") != "first-start":
            told = {name: str(record.detail.get(name, ""))[:120] for name in ("evaluator", "keys", "windows", "by")}
            alarms.raise_alarm(
                "evaluator-map",
                f"evaluator {told['evaluator']}: keys {told['keys']}, windows {told['windows']}, taken by {told['by']}",
            )
