"""The gesture, the PIN pad and the desk."""

import logging
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot
from ui_rig import NOON_MS, Rig

from kiosk.core.desk import Desk, EvaluatorState, HubState, PinLocked, PinMissing, PinRight, PinWrong, Today
from kiosk.core.visit import PauseAsked
from kiosk.gallery_balance import UNBALANCED

FIGURES = Desk(
    Today("2026-11-20", {5: 21, 4: 4, 3: 1, 1: 1, 0: 6, -2: 1}),
    HubState("unreachable", 3, NOON_MS - 3_600_000, NOON_MS - 90_000_000, "no-connection"),
    (EvaluatorState("1", connected=False, port="/dev/ttyUSB0"),),
)


def open_desk(rig: Rig) -> None:
    rig.manager_gesture()
    rig.type_pin("246810")
    rig.tap("pinEnter")
    rig.verdicts[-1](PinRight())
    rig.settle()


def test_the_gesture_opens_the_pin_pad(rig: Rig) -> None:
    rig.manager_gesture()
    assert rig.shows("pinPad")


def test_the_gesture_works_at_a_walk_up_point_at_rest_and_while_paused(rig: Rig, walk_up: Rig) -> None:
    walk_up.manager_gesture()
    assert walk_up.shows("pinPad")
    rig.host.dispatch(PauseAsked("maintenance", rig.now()))
    rig.settle()
    rig.manager_gesture()
    assert rig.shows("pinPad")


def test_twenty_quick_taps_in_the_corner_open_nothing(rig: Rig) -> None:
    for _ in range(20):
        rig.corner(held_ms=80)
    assert not rig.shows("pinPad")


def test_leaning_on_the_corner_opens_nothing(rig: Rig) -> None:
    for _ in range(5):
        rig.corner(held_ms=1500)
    assert not rig.shows("pinPad")


def test_five_slow_taps_open_nothing(rig: Rig) -> None:
    for _ in range(4):
        rig.corner(held_ms=80, pause_ms=1000)
    rig.corner(held_ms=1100)
    assert not rig.shows("pinPad")


def test_the_same_taps_elsewhere_open_nothing(rig: Rig) -> None:
    for held_ms in (80, 80, 80, 80, 1100):
        rig.mouse_down(QPoint(500, 300))
        rig.clock_ms += held_ms
        rig.mouse_up(QPoint(500, 300))
    assert not rig.shows("pinPad")


def test_the_gesture_does_nothing_while_a_visit_is_open(rig: Rig) -> None:
    rig.ask()
    rig.manager_gesture()
    assert not rig.shows("pinPad")
    rig.press(4)
    rig.manager_gesture()
    assert not rig.shows("pinPad")


def test_a_pin_shorter_than_six_digits_cannot_be_entered(rig: Rig) -> None:
    rig.manager_gesture()
    rig.type_pin("12345")
    rig.tap("pinEnter")
    assert rig.pins == []
    rig.type_pin("6")
    rig.tap("pinEnter")
    assert rig.pins == ["123456"]


def test_clear_starts_anew(rig: Rig) -> None:
    rig.manager_gesture()
    rig.type_pin("999")
    rig.tap("pinClear")
    assert rig.desk.pin.typed == 0
    rig.type_pin("123456")
    rig.tap("pinEnter")
    assert rig.pins == ["123456"]


def test_every_key_of_the_pad_gives_its_digit(rig: Rig) -> None:
    rig.manager_gesture()
    rig.type_pin("1234567890")
    rig.tap("pinEnter")
    assert rig.pins == ["1234567890"]


def test_the_right_pin_opens_the_desk_and_asks_for_figures(rig: Rig) -> None:
    open_desk(rig)
    assert rig.shows("deskPage")
    assert len(rig.loads) == 1


def test_a_wrong_pin_says_how_many_tries_are_left(rig: Rig) -> None:
    rig.manager_gesture()
    rig.type_pin("000000")
    rig.tap("pinEnter")
    rig.verdicts[-1](PinWrong(4))
    rig.settle()
    assert rig.text("pinNotice") == "PIN 不正确，还可尝试 4 次"
    assert rig.desk.pin.typed == 0
    assert not rig.shows("deskPage")


def test_while_a_pin_is_checked_the_keys_rest(rig: Rig) -> None:
    rig.manager_gesture()
    rig.type_pin("000000")
    rig.tap("pinEnter")
    rig.type_pin("111111")
    rig.tap("pinEnter")
    assert rig.pins == ["000000"]
    assert rig.text("pinNotice") == "正在验证…"


def test_a_lock_counts_down_and_the_keys_come_back(rig: Rig, qtbot: QtBot) -> None:
    rig.manager_gesture()
    rig.type_pin("000000")
    rig.tap("pinEnter")
    rig.verdicts[-1](PinLocked(2))
    rig.settle()
    assert rig.text("pinNotice") == "已锁定，请在 2 秒后再试"
    rig.type_pin("1")
    assert rig.desk.pin.typed == 0
    qtbot.waitUntil(lambda: rig.text("pinNotice") == "已锁定，请在 1 秒后再试", timeout=5000)
    qtbot.waitUntil(lambda: rig.desk.pin.keysEnabled, timeout=5000)
    rig.type_pin("1")
    assert rig.desk.pin.typed == 1


def test_where_no_pin_was_set_the_pad_says_how_to_set_one(rig: Rig) -> None:
    rig.manager_gesture()
    rig.type_pin("000000")
    rig.tap("pinEnter")
    rig.verdicts[-1](PinMissing())
    rig.settle()
    assert "kiosk pin set" in rig.text("pinNotice")


def test_a_verdict_that_comes_after_the_pad_was_shut_opens_nothing(rig: Rig) -> None:
    rig.manager_gesture()
    rig.type_pin("123456")
    rig.tap("pinEnter")
    rig.tap("deskClose")
    rig.manager_gesture()
    rig.verdicts[0](PinRight())
    rig.settle()
    assert rig.shows("pinPad")
    assert not rig.shows("deskPage")


def test_digits_are_forgotten_when_the_pad_shuts_and_never_logged(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    rig.manager_gesture()
    rig.type_pin("975310")
    rig.tap("deskClose")
    assert "975310" not in repr(vars(rig.desk.pin))
    assert "975310" not in caplog.text
    rig.manager_gesture()
    assert rig.desk.pin.typed == 0


def test_the_desk_shows_today_with_its_denominator(rig: Rig) -> None:
    open_desk(rig)
    rig.loads[-1](FIGURES)
    rig.settle()
    assert rig.text("share") == "96.3%（26/27）"
    assert [row["count"] for row in rig.desk.levels] == [21, 4, 1, 0, 1]
    counts = {name: rig.text(f"count-{name}") for name in ("rated", "notRated", "bad", "notRecorded")}
    assert counts == {"rated": "27", "notRated": "6", "bad": "1", "notRecorded": "1"}
    assert rig.text("state-waiting") == "3 条，最早 11:00"
    assert rig.text("state-lastContact") == "11-19 11:00"
    assert rig.text("state-hub") == "连接不上，正在自动重试 · 网络不通"
    assert rig.text("state-evaluator").startswith("未连接")
    assert rig.text("state-storage") == "正常"


def test_before_anybody_rated_there_is_no_share(rig: Rig) -> None:
    open_desk(rig)
    rig.loads[-1](Desk(Today("2026-11-20", {0: 4}), HubState("no-hub", 0, None, None), ()))
    rig.settle()
    assert rig.text("share") == "—"
    assert rig.text("state-lastContact") == "从未"
    assert not rig.shows("count-notRecorded")


def test_the_desk_reads_again_when_something_was_recorded(rig: Rig) -> None:
    open_desk(rig)
    rig.loads[-1](FIGURES)
    rig.desk.refresh()
    rig.loads[-1](Desk(Today("2026-11-20", {5: 22}), FIGURES.hub, ()))
    rig.settle()
    assert rig.text("count-rated") == "22"


def test_what_waits_for_its_time_is_sent_at_once_by_a_button_and_else_there_is_none(rig: Rig) -> None:
    open_desk(rig)
    waits = replace(FIGURES, hub=replace(FIGURES.hub, link="resting", next_try_ms=NOON_MS + 36_000_000))
    rig.loads[-1](waits)
    rig.settle()
    assert rig.text("state-hub") == "只在设定的时段发送，下次 22:00"
    rig.tap("sendNow")
    assert rig.sendings == 1
    for nothing_waits in (FIGURES.hub, replace(waits.hub, waiting=0)):
        rig.desk.refresh()
        rig.loads[-1](replace(waits, hub=nothing_waits))
        rig.settle()
        assert not rig.shows("sendNow")


def test_news_that_come_while_it_reads_are_read_once_more(rig: Rig) -> None:
    open_desk(rig)
    for _ in range(5):
        rig.desk.refresh()
    assert len(rig.loads) == 1
    rig.loads[0](FIGURES)
    assert len(rig.loads) == 2
    rig.loads[1](FIGURES)
    assert len(rig.loads) == 2


def test_a_shut_desk_reads_nothing(rig: Rig) -> None:
    rig.desk.refresh()
    assert rig.loads == []


def test_figures_that_come_after_the_desk_was_shut_are_dropped(rig: Rig) -> None:
    open_desk(rig)
    rig.tap("deskClose")
    rig.loads[0](FIGURES)
    assert not rig.desk.loaded
    assert rig.shows("standby")


def test_the_desk_shuts_by_its_button(rig: Rig) -> None:
    open_desk(rig)
    rig.tap("deskClose")
    assert not rig.shows("deskPage")


def test_the_desk_shuts_when_a_rating_is_asked_for(rig: Rig) -> None:
    open_desk(rig)
    rig.ask()
    assert not rig.shows("deskPage")
    rig.tap("face4")
    assert rig.pressed() == [4]


def test_the_desk_of_a_walk_up_point_shuts_when_a_box_is_pressed(walk_up: Rig) -> None:
    open_desk(walk_up)
    walk_up.press(2)
    assert not walk_up.shows("deskPage")


def test_no_touch_on_the_desk_reaches_the_faces_below(walk_up: Rig) -> None:
    places = [walk_up.middle(f"face{level}") for level in (5, 4, 3, 2, 1)]
    open_desk(walk_up)
    walk_up.loads[-1](FIGURES)
    walk_up.settle()
    for at in places:
        walk_up.mouse_down(at)
        walk_up.mouse_up(at)
    assert walk_up.pressed() == []


def test_a_pad_that_nobody_touches_shuts_itself(qtbot: QtBot) -> None:
    rig = Rig(qtbot, "window", idle_ms=50)
    rig.desk.open()
    qtbot.waitUntil(lambda: rig.desk.page == "shut")
    rig.close()


def test_a_touch_on_the_desk_keeps_it_open(rig: Rig) -> None:
    open_desk(rig)
    rig.desk._idle.stop()
    rig.mouse_down(QPoint(300, 560))
    rig.mouse_up(QPoint(300, 560))
    assert rig.desk._idle.isActive()


def test_the_balance_has_a_page_of_its_own_where_there_is_a_hub(rig: Rig) -> None:
    open_desk(rig)
    rig.loads[-1](FIGURES)
    rig.settle()
    assert not rig.shows("deskBalance")
    rig.loads[-1](replace(FIGURES, balance=UNBALANCED))
    rig.settle()
    assert rig.text("state-balance") == "与汇聚服务器的数不一致，请联系其管理员"

    rig.tap("deskBalance")

    assert rig.shows("balancePage")
    assert "以上级节点自报为准" in rig.text("balanceNote")
    rig.tap("deskBack")
    assert rig.shows("deskPage")
