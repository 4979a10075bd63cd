"""The page of sticks: nothing happens unasked, one thing at a time, and what came of it in words."""

import pytest
from ui_rig import Rig, packs

from kiosk.core.desk import PinRight
from kiosk.core.sticks import CarriedOn, NotDone, Outcome, Stick, Took, Wrote
from kiosk.ui.sticks_view_model import said

STICK = Stick("/media/HALL-1", own=2, carried=1, others=3, acknowledgements=1)
UNSAFE = Stick("/media/PHOTOS", missing=("noexec",))


def open_sticks(rig: Rig, *sticks: Stick) -> None:
    rig.manager_gesture()
    rig.type_pin("246810")
    rig.tap("pinEnter")
    rig.verdicts[-1](PinRight())
    rig.settle()
    rig.tap("deskSticks")
    rig.looks[-1](sticks)
    rig.settle()


def test_looking_at_a_stick_does_nothing_with_it(rig: Rig) -> None:
    open_sticks(rig, STICK, UNSAFE)

    assert "2" in rig.text("stickFound-HALL-1")
    assert "noexec" in rig.text("stickFound-PHOTOS")
    assert rig.acts == []
    assert rig.shows("write-HALL-1")
    assert not rig.shows("write-PHOTOS")


@pytest.mark.parametrize("action", ["write", "take", "carry"])
def test_each_stick_has_its_three_actions_and_one_is_under_way_at_a_time(rig: Rig, action: str) -> None:
    open_sticks(rig, STICK)

    rig.tap(f"{action}-HALL-1")
    rig.tap("write-HALL-1")

    [(place, asked, answer)] = rig.acts
    assert (place, asked) == ("/media/HALL-1", action)
    assert rig.text("stickNotice") == packs().words("zh-CN").stick_busy
    looks = len(rig.looks)
    answer(Wrote(1, 8))
    rig.settle()
    assert "8" in rig.text("stickNotice")
    assert len(rig.looks) == looks + 1


def test_an_answer_that_comes_after_the_page_was_left_shows_nothing(rig: Rig) -> None:
    open_sticks(rig, STICK)
    rig.tap("write-HALL-1")
    answer = rig.acts[0][2]

    rig.tap("deskBack")
    answer(NotDone("stick-gone"))
    rig.settle()
    rig.tap("deskSticks")

    assert rig.text("stickNotice") == ""


def test_the_pages_shut_when_a_rating_is_asked_for(rig: Rig) -> None:
    open_sticks(rig, STICK)

    rig.ask()

    assert not rig.shows("sticksPage")


@pytest.mark.parametrize(
    ("outcome", "alarm", "words"),
    [
        (Wrote(0, 0), False, "Nothing to write"),
        (Wrote(2, 900), False, "900 records"),
        (Took(0, 0, "", 0), False, "no acknowledgement"),
        (Took(2, 0, "", 0), False, "taken: 2"),
        (Took(0, 1, "other-chain", 0), True, "does not fit"),
        (Took(0, 0, "", 1), True, "sent back by the hub: 1"),
        (CarriedOn(2, 1, 3, ()), False, "2 parcels (1 were known)"),
        (CarriedOn(0, 0, 0, ("cut-short", "box-full")), True, "Not taken: 2 (a file is cut short"),
        (NotDone("stick-full"), True, "the stick is full"),
    ],
)
def test_what_came_of_it_is_said(outcome: Outcome, alarm: bool, words: str) -> None:
    text, is_alarm = said(outcome, packs().words("en"))

    assert words in text
    assert is_alarm is alarm
