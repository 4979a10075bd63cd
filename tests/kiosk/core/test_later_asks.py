"""A later rating keeps the window and the clerk of its visit, and is nobody else's to take up."""

from kiosk.core.visit import AskedFor, Asking, Resting, Rules, SelfStarted, TimedOut, Window, advance
from sync.records import Ask, At, Earlier, VisitAsked, VisitId

LATER = Ask(
    "3",
    "window",
    "case",
    "later-terminal",
    "slip",
    60,
    clerk="1001",
    flags=("later",),
    later=Earlier("ab" * 16, 7),
)
VISIT = VisitId(b"v" * 16)


def at(ms: int) -> At:
    return At(1_800_000_000_000 + ms, ms, "b007b007b007b007")


def test_it_is_bound_as_it_was_on_the_spot() -> None:
    window = Window(Rules("4", "window", shared_box=True), clerk="2002", pause="暂离")

    step = advance(window, AskedFor(VISIT, LATER, at(0)))

    asked = step.effects[0].entries[0]
    assert isinstance(asked, VisitAsked)
    assert asked.ask == LATER
    assert step.window.stage == Asking(VISIT, LATER, 60_000, ends_ms=120_000)


def test_the_next_citizen_cannot_take_it_up() -> None:
    window = advance(Window(Rules("4", "window")), AskedFor(VISIT, LATER, at(0))).window
    rested = advance(window, TimedOut(at(60_000))).window
    assert rested.stage == Resting()

    step = advance(rested, SelfStarted(at(61_000), VisitId(b"n" * 16)))

    assert isinstance(step.window.stage, Asking)
    assert (step.window.stage.ask.later, step.window.stage.ask.object) == (None, "window")
