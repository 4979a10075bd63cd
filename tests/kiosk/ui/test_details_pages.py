"""What may be said after the press: an offer, as easily passed by as taken, and alike at every level."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from ui_rig import Rig, national

from kiosk.core.tags import Tag, TagTable
from kiosk.core.visit import Offer, Rerecording
from kiosk.ui import details_view_model
from sync.records import LEVELS, VisitAsked, VisitChanged, VisitDetailed, VisitEnded

OFFER = Offer(("reasons", "questions", "words"))
ALIKE = TagTable("alike", 1, tuple(Tag(f"{level}{n:02}", f"原因{n}") for level in LEVELS for n in range(8)), {})


@pytest.fixture
def make(qtbot: QtBot) -> Iterator[Callable[..., Rig]]:
    rigs: list[Rig] = []

    def make(**options: object) -> Rig:
        rigs.append(Rig(qtbot, "window", **{"offer": OFFER, **options}))
        return rigs[-1]

    yield make
    for rig in rigs:
        rig.close()


@pytest.fixture
def rig(make: Callable[..., Rig]) -> Rig:
    """Pressed 不满意, and recorded."""
    rig = make()
    rated(rig, 2)
    return rig


def rated(rig: Rig, level: int, visit: bytes = b"a") -> None:
    rig.ask(visit)
    rig.press(level)
    rig.record()


def said(rig: Rig) -> list[VisitDetailed]:
    return [entry for entry in rig.entries if isinstance(entry, VisitDetailed)]


def test_the_first_page_says_that_the_rating_is_recorded_and_offers_the_reasons_of_the_level(rig: Rig) -> None:
    assert rig.text("confirmed") == "评价已记录，感谢您的参与"
    codes = [item.objectName() for item in rig.items() if item.objectName().startswith("reason2")]
    assert sorted(codes) == [f"reason{code}" for code in range(207, 215)]
    assert not any(rig.item(code).property("checked") for code in codes)


def test_what_is_ticked_is_recorded_with_its_table_once_confirmed(rig: Rig) -> None:
    for code in ("214", "207", "210", "210"):
        rig.tap(f"reason{code}")
    assert said(rig) == []
    rig.tap("goOnButton")

    assert [(one.table, one.tags) for one in said(rig)] == [("national-1", ("207", "214"))]
    assert rig.shows("questions")


@pytest.mark.parametrize("button", ["skipButton", "goOnButton"])
def test_passing_by_is_as_easy_as_going_on_and_records_nothing(rig: Rig, button: str) -> None:
    for page in ("reasons", "questions", "wordsPage"):
        assert rig.shows(page)
        rig.tap(button)
    assert said(rig) == []
    assert rig.shows("thanks")
    rig.tap("doneButton")
    assert [entry.outcome for entry in rig.entries if isinstance(entry, VisitEnded)] == ["rated"]
    assert rig.shows("standby")


def test_the_two_ways_on_are_of_one_size_and_look(rig: Rig) -> None:
    for _ in OFFER.pages:
        ways = [rig.item(name) for name in ("skipButton", "goOnButton")]
        looks = {(way.width(), way.height(), way.y(), way.property("strong"), way.property("textSize")) for way in ways}
        assert len(looks) == 1
        rig.tap("skipButton")


def test_a_tick_on_a_page_that_is_passed_by_is_not_recorded(rig: Rig) -> None:
    rig.tap("reason207")
    rig.tap("skipButton")
    assert said(rig) == []


def test_nothing_of_one_citizen_is_ticked_for_the_next(rig: Rig) -> None:
    rig.tap("reason207")
    rig.pass_ms(31_000)
    rig.pass_ms(31_000)
    rated(rig, 2, b"b")
    assert rig.item("reason207").property("checked") is False


def test_stars_are_given_and_taken_back(rig: Rig) -> None:
    rig.tap("skipButton")
    for answer in ("efficiency-4", "skill-2", "skill-2", "attitude-1", "attitude-5"):
        rig.tap(f"answer-{answer}")
    rig.tap("goOnButton")

    assert [dict(one.answers) for one in said(rig)] == [{"efficiency": 4, "attitude": 5}]


def test_help_is_called_by_a_second_tap(rig: Rig) -> None:
    rig.tap("helpButton")
    assert rig.item("helpButton").property("label") == "确认请负责人过来"
    assert said(rig) == []
    rig.tap("helpButton")
    assert [one.help for one in said(rig)] == [True]
    assert rig.item("helpButton").property("label") == "已记录：请负责人过来"
    rig.tap("helpButton")
    assert len(said(rig)) == 1


def test_a_single_tap_on_help_is_forgotten(rig: Rig, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(details_view_model, "CONFIRM_MS", 1)
    rig.tap("helpButton")
    qtbot.waitUntil(lambda: rig.item("helpButton").property("label") == "请值班负责人现在过来")
    assert said(rig) == []


def test_a_profile_without_help_offers_none(make: Callable[..., Rig]) -> None:
    rig = make(offer=replace(OFFER, help=False))
    rated(rig, 1)
    assert not rig.shows("helpButton")


def test_a_mis_press_is_taken_back_within_eight_seconds_and_once(rig: Rig) -> None:
    rig.tap("reason207")
    rig.tap("changeButton")
    assert rig.text("headline") == "请重新选择"
    rig.tap("face4")
    assert isinstance(rig.host.window.stage, Rerecording)
    rig.record()

    assert [(one.was, one.level) for one in rig.entries if isinstance(one, VisitChanged)] == [(2, 4)]
    assert rig.shows("reason407")
    assert not rig.shows("changeButton")


def test_the_first_choice_can_be_kept(rig: Rig) -> None:
    rig.tap("changeButton")
    rig.tap("keepButton")
    assert rig.shows("reason207")
    assert not any(isinstance(one, VisitChanged) for one in rig.entries)


def test_a_change_that_was_not_recorded_is_told(rig: Rig) -> None:
    rig.tap("changeButton")
    rig.tap("face4")
    rig.fail()
    assert rig.text("title") == "未能更改，原评价有效"
    assert rig.shows("reason207")


def test_the_offer_to_choose_again_goes_after_eight_seconds(rig: Rig) -> None:
    assert (rig.visit.details.changeInMs, rig.visit.details.changeShare) == (8_000, 1.0)
    rig.clock_ms += 6_000
    assert (rig.visit.details.changeInMs, rig.visit.details.changeShare) == (2_000, 0.25)
    rig.pass_ms(2_000)
    assert not rig.shows("changeButton")
    assert rig.shows("reason207")


def test_a_touch_anywhere_keeps_the_page_open_and_the_bar_says_how_long(rig: Rig) -> None:
    rig.pass_ms(20_000)
    assert rig.visit.details.closesInMs == 10_000
    rig.mouse_down(rig.middle("title"))
    rig.mouse_up(rig.middle("title"))
    assert (rig.visit.details.closesInMs, rig.visit.details.openShare) == (30_000, 1.0)
    rig.pass_ms(15_000)
    assert rig.visit.details.openShare == 0.5


def test_a_second_tap_meant_for_the_screen_before_presses_nothing(make: Callable[..., Rig]) -> None:
    rig = make()
    rig.window.setProperty("guard", 60_000)
    rated(rig, 2)
    for button in ("skipButton", "changeButton", "reason207", "goOnButton"):
        rig.tap(button)
    assert rig.shows("reasons")
    assert said(rig) == []


def test_from_the_press_to_the_receipt_nothing_but_the_reasons_words_depends_on_the_level(
    make: Callable[..., Rig],
) -> None:
    # The bar does not move by a pixel meanwhile.
    still = replace(OFFER, idle_ms=1_000_000_000, longest_ms=1_000_000_000, receipt_ms=1_000_000_000)
    rig = make(province=replace(national(), tags=ALIKE), offer=still)
    stories = []
    for level in LEVELS:
        rated(rig, level, bytes([level]))
        rig.pass_ms(8_000)
        pictures = [rig.picture()]
        for _ in OFFER.pages:
            rig.tap("skipButton")
            pictures.append(rig.picture())
        rig.tap("doneButton")
        stories.append(pictures)
    assert all(story == stories[0] for story in stories)
    assert len({bytes(picture.constBits()) for picture in stories[0]}) == 4


def test_an_idle_window_can_be_rated_unasked(rig: Rig) -> None:
    rig.pass_ms(31_000)
    rig.pass_ms(31_000)
    rig.tap("startButton")
    assert rig.shows("face5")
    asked = [entry.ask for entry in rig.entries if isinstance(entry, VisitAsked)][-1]
    assert (asked.trigger, asked.flags[0]) == ("citizen", "self-started")


def test_a_walk_up_point_has_no_pages_and_no_start_button(walk_up: Rig) -> None:
    walk_up.tap("face3")
    walk_up.record()
    assert walk_up.shows("thanks")
    walk_up.tap("doneButton")
    assert walk_up.shows("rating")
    assert not walk_up.shows("startButton")


def test_tab_and_enter_reach_everything_on_a_page(rig: Rig) -> None:
    reached = []
    for _ in range(12):
        QTest.keyClick(rig.window, Qt.Key.Key_Tab)
        reached.append(rig.window.activeFocusItem().objectName())
    wanted = {f"reason{code}" for code in range(207, 215)} | {"changeButton", "helpButton", "skipButton", "goOnButton"}
    assert set(reached) == wanted

    focus(rig, "reason207")
    QTest.keyClick(rig.window, Qt.Key.Key_Space)
    focus(rig, "goOnButton")
    QTest.keyClick(rig.window, Qt.Key.Key_Return)
    rig.settle()
    assert [one.tags for one in said(rig)] == [("207",)]
    assert rig.shows("questions")


def test_a_key_that_stays_behind_presses_nothing_on_the_next_screen(rig: Rig) -> None:
    focus(rig, "skipButton")
    for _ in range(3):
        QTest.keyClick(rig.window, Qt.Key.Key_Return)
        rig.settle()
    assert rig.shows("questions")


def test_a_face_is_pressed_by_a_key_only_when_it_was_reached(make: Callable[..., Rig]) -> None:
    rig = make()
    rig.ask()
    QTest.keyClick(rig.window, Qt.Key.Key_Return)
    assert rig.pressed() == []
    focus(rig, "face3")
    QTest.keyClick(rig.window, Qt.Key.Key_Return)
    assert rig.pressed() == [3]


def focus(rig: Rig, name: str) -> QQuickItem:
    item = rig.item(name)
    for _ in range(30):
        QTest.keyClick(rig.window, Qt.Key.Key_Tab)
        if rig.window.activeFocusItem() == item:
            return item
    raise AssertionError(f"{name} is not reached")
