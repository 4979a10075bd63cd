"""Prompts: one for each thing that a citizen is told, none that depends on a level, none in quiet hours."""

from itertools import pairwise, product
from typing import get_args

import pytest

from kiosk.core.prompts import PROMPTS, Prompt, prompt
from kiosk.core.stages import Apologising, Detailing, Recording, Rerecording, Stage, Thanking
from kiosk.core.visit import (
    AskedFor,
    Asking,
    ChangeAsked,
    Event,
    HelpCalled,
    NotRecorded,
    Offer,
    PageSkipped,
    Pressed,
    Rechoosing,
    Recorded,
    Resting,
    Rules,
    TimedOut,
    Touched,
    Window,
    advance,
)
from tests.kiosk.core.test_visit import ASK, V1, V2, V3, at

OFFER = Offer(("reasons", "words"))
DESK, POINT = Window(Rules("3", "window", offer=OFFER)), Window(Rules("door", "walk-up"))
LEVELS = (5, 4, 3, 2, 1)


def heard(window: Window, *events: Event) -> list[Prompt | None]:
    stages = [window.stage]
    for event in events:
        window = advance(window, event).window
        stages.append(window.stage)
    return [prompt(before, after) for before, after in pairwise(stages)]


def press(level: int, at_ms: int = 1_000) -> Pressed:
    return Pressed(level, "glass", at(at_ms), V3)


@pytest.mark.parametrize("level", LEVELS)
def test_a_visit_is_asked_for_recorded_and_a_call_noted_once(level: int) -> None:
    told = heard(
        DESK,
        AskedFor(V1, ASK, at(0)),
        press(level),
        Recorded(V1, "CODE", at(1_005)),
        Touched(at(1_100)),
        HelpCalled(at(1_200)),
        HelpCalled(at(1_300)),
        PageSkipped(at(2_000)),
        PageSkipped(at(3_000)),
        TimedOut(at(60_000)),
    )
    assert told == ["asked", None, "recorded", None, "call-noted", None, None, None, None]


@pytest.mark.parametrize("level", LEVELS)
def test_a_press_that_the_disk_refuses_sounds_alike_at_every_level_and_the_faces_come_back_in_silence(
    level: int,
) -> None:
    told = heard(DESK, AskedFor(V1, ASK, at(0)), press(level), NotRecorded(V1, at(1_005)), TimedOut(at(5_005)))
    assert told == ["asked", None, "not-recorded", None]


@pytest.mark.parametrize(("level", "other"), [pair for pair in product(LEVELS, LEVELS) if pair[0] != pair[1]])
def test_another_choice_is_recorded_or_not_like_the_first(level: int, other: int) -> None:
    chosen = (AskedFor(V1, ASK, at(0)), press(level), Recorded(V1, "CODE", at(1_005)), ChangeAsked(at(2_000)))
    taken = heard(DESK, *chosen, press(other, 3_000), Recorded(V1, "CODE2", at(3_005)))
    refused = heard(DESK, *chosen, press(other, 3_000), NotRecorded(V1, at(3_005)))
    assert taken == ["asked", None, "recorded", None, None, "recorded"]
    assert refused == ["asked", None, "recorded", None, None, "not-recorded"]


@pytest.mark.parametrize("level", LEVELS)
def test_a_walk_up_point_that_nobody_asks_at_says_only_what_became_of_the_press(level: int) -> None:
    told = heard(POINT, press(level), Recorded(V3, "CODE", at(1_005)), TimedOut(at(10_000)))
    assert told == [None, "recorded", None]


def test_a_new_ask_is_heard_wherever_it_comes_from() -> None:
    superseded = heard(DESK, AskedFor(V1, ASK, at(0)), AskedFor(V2, ASK, at(500)), TimedOut(at(70_000)))
    assert superseded == ["asked", "asked", None]
    plain = Window(Rules("3", "window"))
    waited = heard(
        plain,
        AskedFor(V1, ASK, at(0)),
        press(4),
        AskedFor(V2, ASK, at(1_001)),
        Recorded(V1, "CODE", at(1_005)),
        TimedOut(at(4_100)),
    )
    assert waited == ["asked", None, None, "recorded", "asked"]


def stages(level: int) -> tuple[Stage, ...]:
    """Every kind of stage of one visit, the pressed level in each that holds one."""
    details = Detailing(V1, ASK, "CODE", level, at(0), 0, 1, 2, None)
    return (
        Resting(),
        Asking(V1, ASK, 1),
        Asking(V1, ASK, 1, apologised=True),
        Recording(V1, ASK, 1, press(level)),
        details,
        Detailing(V1, ASK, "CODE", level, at(0), 1, 1, 2, 3, help_called=True),
        Detailing(V1, ASK, "CODE", level, at(0), 0, 1, 2, None, change_failed=True),
        Rechoosing(details, 1),
        Rerecording(details, press(level)),
        Thanking(V1, "CODE", 1),
        Apologising(V1, ASK, 1, 1),
    )


@pytest.mark.parametrize("level", LEVELS[1:])
def test_no_change_of_stage_sounds_otherwise_at_another_level(level: int) -> None:
    assert {type(stage) for stage in stages(5)} == set(get_args(Stage))
    five = [prompt(before, after) for before, after in product(stages(5), stages(5))]
    assert [prompt(before, after) for before, after in product(stages(level), stages(level))] == five
    assert {one for one in five if one} == set(PROMPTS)


@pytest.mark.parametrize("before", stages(3), ids=lambda stage: type(stage).__name__)
def test_nothing_is_heard_at_rest_or_while_nothing_changes(before: Stage) -> None:
    assert prompt(before, Resting()) is None
    assert prompt(before, before) is None
