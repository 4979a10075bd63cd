"""What is said after the press, and the mis-press: always an offer, alike for every level, and never the rating."""

from dataclasses import replace

import pytest

from kiosk.core.visit import (
    AskedFor,
    Asking,
    ChangeAsked,
    Detailing,
    HelpCalled,
    NotRecorded,
    Offer,
    PageSkipped,
    Pressed,
    ReasonsGiven,
    Recorded,
    Resting,
    Rules,
    SelfStarted,
    Stray,
    Thanking,
    TimedOut,
    Touched,
    Window,
    WordsGiven,
    next_timeout_ms,
)
from sync.records import VisitAsked, VisitChanged, VisitDetailed, VisitEnded, VisitPressed
from tests.kiosk.core.test_visit import ASK, EVIDENCE, V1, V2, V3, at, entries, run

OFFER = Offer(("reasons", "questions", "words"))
WINDOW = Window(Rules("3", "window", offer=OFFER))


def pressed(level: int, window: Window = WINDOW) -> Window:
    after, _ = run(
        window, AskedFor(V1, ASK, at(0)), Pressed(level, "glass", at(1_000), V3), Recorded(V1, "CODE", at(1_005))
    )
    return after


def stage_of(window: Window) -> Detailing:
    assert isinstance(window.stage, Detailing)
    return window.stage


def test_three_pages_then_the_receipt_then_rest() -> None:
    window, effects = run(
        pressed(2),
        ReasonsGiven("national-1", ("213",), at(5_000)),
        PageSkipped(at(9_000)),
        WordsGiven("等了很久", "", "13900000000", at(20_000)),
    )

    assert window.stage == Thanking(V1, "CODE", 32_000, 92_000)
    assert entries(effects) == [
        VisitDetailed(V1, at(5_000), table="national-1", tags=("213",)),
        VisitDetailed(V1, at(20_000), words="等了很久", contact_phone="13900000000"),
    ]
    window, effects = run(window, PageSkipped(at(21_000)))
    assert window.stage == Resting()
    assert entries(effects) == [VisitEnded(V1, "rated", "thanked", at(21_000))]


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_pages_order_and_times_are_alike_for_every_level(level: int) -> None:
    steps = [pressed(level)]
    for event in (Touched(at(10_000)), PageSkipped(at(20_000)), PageSkipped(at(25_000)), PageSkipped(at(26_000))):
        steps.append(run(steps[-1], event)[0])
    other = [pressed(6 - level)]
    for event in (Touched(at(10_000)), PageSkipped(at(20_000)), PageSkipped(at(25_000)), PageSkipped(at(26_000))):
        other.append(run(other[-1], event)[0])

    assert [next_timeout_ms(window) for window in steps] == [next_timeout_ms(window) for window in other]
    assert [type(window.stage) for window in steps] == [type(window.stage) for window in other]


def test_nothing_said_is_as_good_as_anything_and_the_level_stands() -> None:
    window, effects = run(pressed(1), *[PageSkipped(at(2_000 + n)) for n in range(4)])

    assert window.stage == Resting()
    assert entries(effects) == [VisitEnded(V1, "rated", "thanked", at(2_003))]


def test_who_walks_away_is_not_waited_for_and_what_was_not_confirmed_is_nowhere() -> None:
    window = pressed(1)
    window, effects = run(window, TimedOut(at(9_005)))
    assert stage_of(window).change_until_ms is None
    window, effects = run(window, TimedOut(at(31_005)), TimedOut(at(34_005)))

    assert window.stage == Resting()
    assert entries(effects) == [VisitEnded(V1, "rated", "thanked", at(34_005))]


def test_a_touch_extends_the_page_but_not_for_ever() -> None:
    window = pressed(3)
    for seconds in range(10, 200, 10):
        window, _ = run(window, Touched(at(seconds * 1_000)), TimedOut(at(seconds * 1_000 + 1)))

    assert not isinstance(window.stage, Detailing)


def test_a_waiting_ask_lets_the_page_be_finished_and_shortens_it_to_a_minute() -> None:
    window, effects = run(pressed(3), AskedFor(V2, ASK, at(10_000)))
    assert isinstance(window.stage, Detailing)
    assert stage_of(window).ends_ms == 70_000
    assert [type(entry) for entry in entries(effects)] == [VisitAsked]

    window, effects = run(window, *[PageSkipped(at(11_000))] * 3)
    assert window.stage == Thanking(V1, "CODE", 14_000, 74_000), "nobody is kept waiting for a receipt"
    window, _ = run(window, TimedOut(at(14_000)))
    assert isinstance(window.stage, Asking)
    assert window.stage.visit == V2


def test_a_mis_press_is_changed_once_and_the_journal_gets_both() -> None:
    window, effects = run(pressed(1), ChangeAsked(at(5_000)), Pressed(5, "glass", at(7_000), V3))
    assert entries(effects) == [VisitChanged(V1, 1, 5, "glass", at(7_000), at(1_000))]

    window, effects = run(window, Recorded(V1, "OTHER", at(7_010)))
    assert (stage_of(window).level, stage_of(window).receipt, stage_of(window).page) == (5, "OTHER", 0)
    window, effects = run(window, ChangeAsked(at(7_500)), Pressed(1, "glass", at(7_600), V3))
    assert stage_of(window).level == 5, "once"
    assert effects == []


def test_what_was_said_about_the_level_before_is_asked_anew_after_a_change() -> None:
    window, _ = run(
        pressed(1),
        ReasonsGiven("national-1", ("113",), at(3_000)),
        ChangeAsked(at(5_000)),
        Pressed(5, "glass", at(7_000), V3),
        Recorded(V1, "OTHER", at(7_010)),
    )

    assert stage_of(window).page == 0


def test_the_offer_to_change_ends_after_eight_seconds() -> None:
    window = pressed(1)
    assert next_timeout_ms(window) == 9_005
    window, effects = run(window, TimedOut(at(9_005)), ChangeAsked(at(9_006)))

    assert isinstance(window.stage, Detailing)
    assert effects == []


@pytest.mark.parametrize("event", [TimedOut(at(20_000)), PageSkipped(at(6_000)), Pressed(1, "glass", at(6_000), V3)])
def test_no_other_face_leaves_the_level_as_it_was(event: TimedOut | PageSkipped | Pressed) -> None:
    window, effects = run(pressed(1), ChangeAsked(at(5_000)), event)

    assert stage_of(window).level == 1
    assert entries(effects) == []


def test_a_change_that_the_disk_did_not_take_leaves_the_level_and_says_so() -> None:
    window, _ = run(pressed(1), ChangeAsked(at(5_000)), Pressed(5, "glass", at(6_000), V3), NotRecorded(V1, at(6_010)))

    assert (stage_of(window).level, stage_of(window).receipt, stage_of(window).change_failed) == (1, "CODE", True)


def test_a_second_key_of_the_box_is_an_audit_record() -> None:
    window, effects = run(pressed(1), Pressed(5, "box", at(3_000), V3, EVIDENCE))

    assert stage_of(window).level == 1
    assert effects == [Stray(EVIDENCE, at(3_000))]


def test_help_is_called_once_and_changes_nothing_else() -> None:
    window, effects = run(pressed(4), HelpCalled(at(3_000)), HelpCalled(at(3_500)))

    assert entries(effects) == [VisitDetailed(V1, at(3_000), help=True)]
    assert (stage_of(window).help_called, stage_of(window).page) == (True, 0)


def test_help_is_not_called_where_it_is_not_offered() -> None:
    window = Window(Rules("3", "window", offer=replace(OFFER, help=False)))

    assert run(pressed(4, window), HelpCalled(at(3_000)))[1] == []


def test_an_idle_pad_takes_up_the_case_that_nobody_rated_flagged() -> None:
    case_ask = replace(ASK, clerk="1001", flags=("x",))
    window, _ = run(WINDOW, AskedFor(V1, case_ask, at(0)), TimedOut(at(60_000)))
    window, effects = run(window, SelfStarted(at(120_000), V2), Pressed(2, "glass", at(121_000), V3))

    asked = entries(effects)[0]
    assert isinstance(asked, VisitAsked)
    assert (asked.visit, asked.ask.trigger, asked.ask.object) == (V2, "citizen", "case")
    assert asked.ask.flags[-1] == "self-started"
    assert [type(entry) for entry in entries(effects)] == [VisitAsked, VisitPressed]


@pytest.mark.parametrize("minutes", [0, 11])
def test_without_a_case_of_the_last_minutes_the_window_is_rated(minutes: int) -> None:
    before = [AskedFor(V1, ASK, at(0)), TimedOut(at(60_000))] if minutes else []
    window, _ = run(WINDOW, *before)
    _, effects = run(window, SelfStarted(at(60_000 + minutes * 60_000), V2))

    asked = entries(effects)[0]
    assert isinstance(asked, VisitAsked)
    assert (asked.ask.object, asked.ask.cases, "self-started" in asked.ask.flags) == ("window", (), True)


def test_a_rated_case_is_not_taken_up_again() -> None:
    window, _ = run(pressed(5), *[PageSkipped(at(5_000 + n)) for n in range(4)])
    _, effects = run(window, SelfStarted(at(10_000), V2))

    assert [entry.ask.object for entry in entries(effects) if isinstance(entry, VisitAsked)] == ["window"]


def test_what_a_citizen_wrote_is_in_no_trace() -> None:
    assert "金丝雀" not in repr(WordsGiven("金丝雀", "金丝雀", "139", at(0)))
