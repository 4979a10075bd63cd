"""What readers ask the hub: today's counts, alarms."""

import sqlite3
from typing import Annotated

from msgspec import Meta, Struct

from sync.hub.help_calls import HelpCall

Outcomes = dict[str, int]
"""Outcome ("5".."1", "0" not rated, "-5".."-1" pressed but apologised for) to its number of visits."""


class WindowCounts(Struct, frozen=True):
    device: str
    window: str
    outcomes: Outcomes


class DayCounts(Struct, frozen=True):
    """Only the main branch of each generation counts."""

    day: Annotated[str, Meta(description="The hall's own day, yyyy-MM-dd.")]
    utc_offset: str
    outcomes: Outcomes
    windows: list[WindowCounts]
    channels: Annotated[
        dict[str, Outcomes],
        Meta(description="Channel to outcomes: `paper` and `later-terminal` are told apart; all stand above too."),
    ]


class Alarm(Struct, frozen=True):
    day: str
    device: str
    kind: str
    generation: str
    detail: str
    first_ms: int
    last_ms: int
    times: int


class AlarmList(Struct, frozen=True):
    """The newest first: 200 alarms at most, 100 calls for help."""

    alarms: list[Alarm]
    help_calls: list[HelpCall] = []


def day_counts(db: sqlite3.Connection, day: str, utc_offset: str) -> DayCounts:
    outcomes: Outcomes = {}
    windows: dict[tuple[str, str], Outcomes] = {}
    channels: dict[str, Outcomes] = {}
    for device, window, outcome, visits in db.execute(
        "SELECT device, window, outcome, sum(visits) FROM tally WHERE day = ? "
        "GROUP BY device, window, outcome ORDER BY device, window, outcome DESC",
        (day,),
    ):
        outcomes[str(outcome)] = outcomes.get(str(outcome), 0) + visits
        windows.setdefault((device, window), {})[str(outcome)] = visits
    for channel, outcome, visits in db.execute(
        "SELECT channel, outcome, sum(visits) FROM tally WHERE day = ? GROUP BY channel, outcome ORDER BY channel",
        (day,),
    ):
        channels.setdefault(channel, {})[str(outcome)] = visits
    of_windows = [WindowCounts(*where, counts) for where, counts in windows.items()]
    return DayCounts(day, utc_offset, outcomes, of_windows, channels)


def alarms(db: sqlite3.Connection, help_calls: list[HelpCall]) -> AlarmList:
    rows = db.execute(
        "SELECT day, device, kind, generation, detail, first_ms, last_ms, times FROM alarm "
        "ORDER BY last_ms DESC, id DESC LIMIT 200"
    )
    return AlarmList([Alarm(*row) for row in rows], help_calls)
