"""The manager's reconciliation: every level alike, a tick only where there is proof."""

from dataclasses import replace

import pytest
from ui_rig import NOON_MS, packs

from kiosk.core.balance import Balance, DefaultDeadline, LevelBalance, Reported
from kiosk.ui.balance_rows import balance_facts, balance_note, balance_rows
from kiosk.ui.desk_facts import Clock
from sync.records import LEVELS

WORDS = packs().words("zh-CN")
CLOCK = Clock(NOON_MS, utc_offset_min=480)
LINES = tuple(LevelBalance(level, level + 1, level, level, level, Reported(level)) for level in LEVELS)
BALANCE = Balance(LINES, {5: 9, 1: 2, 0: 4}, NOON_MS - 60_000, "通用 REST")


def facts(balance: Balance) -> dict[str, tuple[str, bool]]:
    return {fact.name: (fact.value, fact.alarm) for fact in balance_facts(balance, WORDS, CLOCK)}


def test_each_level_has_its_line_in_the_fixed_order_under_the_heads() -> None:
    heads, *rows = balance_rows(BALANCE, WORDS)
    assert heads.visits == ("按键", "已存", "已送", "汇聚 ✓")
    assert heads.reports == ("应报", "省收", "另评", "待处理")
    assert [row.word for row in rows] == ["非常满意", "满意", "基本满意", "不满意", "非常不满意"]
    assert [row.visits for row in rows] == [(str(level + 1), *[str(level)] * 3) for level in LEVELS]
    assert [row.reports for row in rows] == [(str(level), str(level), "0", "0") for level in LEVELS]


def test_what_only_the_next_node_knows_says_so_instead_of_a_tick() -> None:
    assert "以上级节点自报为准" in balance_note(BALANCE, WORDS)
    assert not any("✓" in head for head in balance_rows(BALANCE, WORDS)[0].reports)


def test_a_hub_that_reports_to_nobody_has_no_columns_behind_it() -> None:
    alone = replace(BALANCE, province="", levels=tuple(replace(line, reported=None) for line in LINES))
    assert {(len(row.visits), row.reports) for row in balance_rows(alone, WORDS)} == {(4, ())}
    assert balance_note(alone, WORDS) == ""
    assert balance_rows(None, WORDS) == ()


def test_a_hub_that_has_said_nothing_of_today_gets_no_tick() -> None:
    silent = replace(BALANCE, hall=None, levels=tuple(replace(line, hub=None, reported=None) for line in LINES))
    heads, *rows = balance_rows(silent, WORDS)
    assert heads.visits[3] == "汇聚"
    assert {(row.visits[3], row.reports) for row in rows} == {("—", ("—",) * 4)}
    assert facts(silent)["hall"] == (WORDS.hall_today_unknown, False)


def test_figures_that_differ_are_an_alarm_and_the_level_is_marked() -> None:
    other = replace(BALANCE, differs=True, levels=(replace(LINES[0], hub=4), *LINES[1:]))
    heads, *rows = balance_rows(other, WORDS)
    assert [row.differs for row in rows] == [True, False, False, False, False]
    assert heads.visits[3] == "汇聚"
    assert facts(other)["balance"] == (WORDS.balance_differs, True)


def test_the_halls_totals_come_with_their_age() -> None:
    value, alarm = facts(BALANCE)["hall"]
    assert (value, alarm) == (
        "非常满意 9 · 满意 0 · 基本满意 0 · 不满意 0 · 非常不满意 2 · 未评价 4（11:59 的数）",
        False,
    )


@pytest.mark.parametrize(
    ("deadline", "shown", "alarm"),
    [
        (("working", 5, False, False), "11-20；平台在 12-01 之后自行记默认，还剩 5 个工作日", False),
        (("calendar", 1, True, False), "11-20；平台在 12-01 之后自行记默认，还剩 1 天", True),
        (
            ("working", 2, True, True),
            "11-20；平台在 12-01 之后自行记默认，还剩 2 个工作日 · 节假日未知，按周一至周五推算",
            True,
        ),
    ],
)
def test_a_deadline_states_its_unit_and_alarms_when_it_is_near(deadline, shown: str, alarm: bool) -> None:  # type: ignore[no-untyped-def]
    unit, days, near, guessed = deadline
    given = replace(BALANCE, deadline=DefaultDeadline("2026-11-20", "2026-12-01", days, unit, near, guessed))
    assert facts(given)["deadline"] == (shown, alarm)


def test_why_nothing_is_reported_stands_in_the_platforms_words() -> None:
    assert facts(replace(BALANCE, trouble="平台答复 HTTP 503"))["province"] == ("暂不能上报：平台答复 HTTP 503", True)
