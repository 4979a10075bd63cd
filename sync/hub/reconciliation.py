"""Whether every press is where it should be, level by level: at the kiosks, here, at the province. Store's thread.

What a kiosk says of itself is in its signed heads, which stand here as they came: anybody can check them.
"""

import sqlite3
from collections import Counter
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct

from sync.hub.upstream import Upstreams
from sync.records import LEVELS, Signed, apologised
from sync.upstream import Deadline, Outcomes

WORD_OF_NEXT: Final = "以上级节点自报为准"
"""Stands where a tick would be false: nobody but the next node can know it."""


class LevelLine(Struct, frozen=True):
    """Visits, up to `hub`; behind it reports, one for each case of a visit that has one."""

    level: int
    pressed: int
    """At the kiosks, by their records: also the presses that were answered by the apology."""
    stored: int
    """Recorded and thanked for."""
    hub: int
    """Counted here."""
    expected: int
    """Ratings that the province is to have."""
    accepted: int
    """With its receipt."""
    another_stands: int
    set_aside: int
    waiting: int


class DeviceLine(Struct, frozen=True):
    """What a device has signed of one generation, beside what was counted here of it."""

    device: str
    generation: str
    stated: Annotated[Outcomes, Meta(description="The totals in the newest signed head of the main branch.")]
    counted: Outcomes
    head: Signed
    """As it came."""
    received_ms: int


class Reconciliation(Struct, frozen=True):
    day: Annotated[str, Meta(description="The hall's own day, yyyy-MM-dd.")]
    utc_offset: str
    levels: list[LevelLine]
    devices: Annotated[list[DeviceLine], Meta(description="Of all days: totals in heads count from the beginning.")]
    province: Annotated[str, Meta(description="Its title; empty where this hub reports to nobody.")]
    province_proof: Annotated[str, Meta(description="Whose word the columns behind `hub` are.")]
    trouble: str
    """Why nothing is sent to the province now; empty: all is well."""
    imbalances: list[str]
    """Where figures that should be equal are not, in words."""
    deadline: Deadline | None


class RatingReport(Struct, frozen=True):
    """What the province said about one case of one visit, in its own words."""

    asked: int
    case: int
    kind: str
    state: str
    receipt: str
    words: str


class VisitReports(Struct, frozen=True):
    device: str
    generation: str
    reports: list[RatingReport]
    """Of 500 visits at most, the first from the sequence asked for on."""


def reconcile(db: sqlite3.Connection, upstreams: Upstreams, day: str, utc_offset: str, now_ms: int) -> Reconciliation:
    province = upstreams.province
    outcomes = dict(
        db.execute("SELECT outcome, sum(visits) FROM tally WHERE day = ? GROUP BY outcome", (day,)).fetchall()
    )
    reports: Counter[tuple[int, str]] = Counter()
    for _, level, state, count in province.book.figures.ratings_of(day) if province else ():
        reports[level, state] += count
    devices = _devices(db)
    return Reconciliation(
        day,
        utc_offset,
        [_line(level, outcomes, reports) for level in LEVELS],
        devices,
        province.title if province else "",
        WORD_OF_NEXT,
        province.state.words if province else "",
        [*_disputed(devices), *(missing_reports(db, upstreams) if province else ())],
        upstreams.deadline(now_ms),
    )


def visit_reports(upstreams: Upstreams, device: str, generation: str, first: int) -> VisitReports:
    entries = upstreams.province.book.of_generation(device, generation, first, 500) if upstreams.province else []
    reports = [
        RatingReport(one.key.asked, one.key.case, one.key.kind, one.state, one.receipt, one.words) for one in entries
    ]
    return VisitReports(device, generation, reports)


def missing_reports(db: sqlite3.Connection, upstreams: Upstreams) -> list[str]:
    """Levels of which the book of reports does not know as many ratings as were enrolled in it."""
    if upstreams.province is None or not _has_expected(db):
        return []
    rows = db.execute("SELECT device, level, ratings FROM expected WHERE ratings")
    expected = {(device, level): ratings for device, level, ratings in rows}
    known = upstreams.province.book.figures.expected()
    return [
        f"device {device[:12]}, level {level}: {expected.get((device, level), 0)} ratings were to be reported, "
        f"the book of reports knows {known.get((device, level), 0)}"
        for device, level in sorted({*expected, *known})
        if expected.get((device, level), 0) != known.get((device, level), 0)
    ]


def _has_expected(db: sqlite3.Connection) -> bool:
    return db.execute("SELECT 1 FROM sqlite_master WHERE name = 'expected'").fetchone() is not None


def _line(level: int, outcomes: dict[int, int], reports: Counter[tuple[int, str]]) -> LevelLine:
    states = [reports[level, state] for state in ("accepted", "another-stands", "needs-person", "waiting")]
    stored = outcomes.get(level, 0)
    pressed = stored + outcomes.get(apologised(level), 0)
    return LevelLine(level, pressed, stored, stored, sum(states), *states)


def _devices(db: sqlite3.Connection) -> list[DeviceLine]:
    rows = db.execute(
        "SELECT device, generation, text, head.epoch, signature, received_ms FROM branch "
        "JOIN head ON head.branch = branch.id AND head.seq = branch.next - 1 WHERE number = 0 ORDER BY device, id"
    ).fetchall()
    return [_device(db, *row) for row in rows]


def _device(
    db: sqlite3.Connection, device: str, generation: str, text: str, epoch: int, signature: bytes, received_ms: int
) -> DeviceLine:
    told: Any = msgspec.json.decode(text)
    stated = {outcome: visits for outcome, visits in told["totals"].items() if visits}
    counted = db.execute(
        "SELECT outcome, visits FROM total WHERE device = ? AND generation = ? AND visits", (device, generation)
    )
    of_hub = {str(outcome): visits for outcome, visits in counted}
    return DeviceLine(device, generation, stated, of_hub, Signed(text, epoch, signature), received_ms)


def _disputed(devices: list[DeviceLine]) -> list[str]:
    return [
        f"device {one.device[:12]}: its signed totals are {one.stated}, counted here were {one.counted}"
        for one in devices
        if one.stated != one.counted
    ]
