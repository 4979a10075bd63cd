"""The hub's page: what came in on paper or later has a line of its own, under the line of all."""

import re

from sync.hub.page import day_page
from sync.hub.questions import AlarmList, DayCounts, Outcomes


def rows(channels: dict[str, Outcomes]) -> list[list[str]]:
    counts = DayCounts("2026-11-23", "+08:00", {"5": 3, "2": 1, "0": 2}, [], channels)
    page = day_page(counts, AlarmList([], []))
    return [re.sub(r"<[^>]+>", " ", row).split() for row in re.findall(r"<tr>(.*?)</tr>", page)[1:]]


def test_paper_and_later_ratings_are_told_apart() -> None:
    assert rows({"window-evaluator": {"5": 1, "0": 2}, "paper": {"5": 2}, "later-terminal": {"2": 1}}) == [
        ["全部", "all", "3", "0", "0", "1", "0", "2", "0"],
        ["其中纸质", "on", "paper", "2", "0", "0", "0", "0", "0", "0"],
        ["其中事后", "given", "later", "0", "0", "0", "1", "0", "0", "0"],
    ]


def test_where_there_are_none_there_is_no_such_line() -> None:
    assert len(rows({"window-evaluator": {"5": 3, "2": 1, "0": 2}})) == 1
