"""What a visit lets its boxes say: the same for every level, and never a word more than happened."""

import pytest

from kiosk.core import visit
from kiosk.core.visit import (
    AskedFor,
    PauseAsked,
    Pressed,
    Recorded,
    Resumed,
    Rules,
    Say,
    SignedIn,
    SignedOut,
    TimedOut,
    Window,
    advance,
)
from sync.records import Ask, At, Evidence, VisitAsked, VisitId

EVIDENCE = Evidence("box", 0x81, "04", "6803036881110496 16", "0123456789abcdef")
ASK = Ask("3", "window", "window", "window-evaluator", "keypad", 60)
V1, V2 = (VisitId(bytes([n]) * 16) for n in (1, 2))


def at(ms: int) -> At:
    return At(1_800_000_000_000 + ms, ms, "b00t")


def said(window: Window, *events: visit.Event) -> list[Say]:
    spoken: list[Say] = []
    for event in events:
        step = advance(window, event)
        window = step.window
        spoken += [effect for effect in step.effects if isinstance(effect, Say)]
    return spoken


WINDOW = Window(Rules("3", "window"))


def test_a_visit_that_opens_asks_and_one_that_nobody_answers_puts_the_box_back() -> None:
    assert said(WINDOW, AskedFor(V1, ASK, at(0)), TimedOut(at(60_000))) == [Say("ask"), Say("reset")]


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_a_box_is_told_the_same_for_every_level(level: int) -> None:
    spoken = said(
        WINDOW, AskedFor(V1, ASK, at(0)), Pressed(level, "box", at(1), V2, EVIDENCE), Recorded(V1, "C", at(2))
    )
    assert spoken == [Say("ask")]


def test_an_ask_that_waited_is_said_when_its_turn_comes() -> None:
    events = (AskedFor(V1, ASK, at(0)), Pressed(3, "glass", at(1), V2))
    waiting, answered = AskedFor(V2, ASK, at(2)), (Recorded(V1, "C", at(3)), TimedOut(at(90_000)))
    assert said(WINDOW, *events, waiting) == [Say("ask")]
    assert said(WINDOW, *events, waiting, *answered)[:2] == [Say("ask"), Say("ask")]


def test_pause_resume_and_the_clerks_number_are_shown() -> None:
    spoken = said(WINDOW, SignedIn("1001", at(0)), PauseAsked("away", at(1)), Resumed(at(2)), SignedOut(at(3)))
    assert spoken == [Say("show_clerk", "1001"), Say("pause"), Say("resume")]


def test_a_visit_that_ends_at_a_paused_window_leaves_the_box_paused() -> None:
    spoken = said(WINDOW, PauseAsked("other", at(0)), AskedFor(V1, ASK, at(1)), TimedOut(at(70_000)))
    assert spoken == [Say("pause"), Say("ask"), Say("pause")]


def test_a_walk_up_point_asks_nobody() -> None:
    point = Window(Rules("door", "walk-up"))
    pressed = (Pressed(4, "box", at(0), V1, EVIDENCE), Recorded(V1, "C", at(1)), TimedOut(at(90_000)))
    assert said(point, *pressed) == []


def test_an_ask_at_a_window_with_a_shared_box_says_so_in_its_record() -> None:
    step = advance(Window(Rules("3", "window", shared_box=True)), AskedFor(V1, ASK, at(0)))
    (entry,) = [e for effect in step.effects if isinstance(effect, visit.Append) for e in effect.entries]
    assert isinstance(entry, VisitAsked)
    assert entry.ask.flags == ("no-clerk", "shared-box")
