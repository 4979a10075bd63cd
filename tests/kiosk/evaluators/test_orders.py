"""What caller keypads and scanners mean for a window."""

import pytest

from devices.facts import CodeScanned, KeypadOrder, KeypadUsed
from kiosk.core.finding_events import Scanned
from kiosk.core.visit import AskedFor, Event, PauseAsked, Resumed, Rules, SignedIn, SignedOut, Window, advance
from kiosk.evaluators.keypad import REPEATS_MS, obeyed
from kiosk.evaluators.scanning import scanned, scanned_at_terminal
from sync.records import Ask, At, Audited, Case, VisitId

AT = At(1_800_000_000_000, 5, "b00t")
FRESH = VisitId(b"f" * 16)
WINDOW, POINT = Window(Rules("3", "window", 30_000)), Window(Rules("door", "walk-up"))


def used(order: KeypadOrder, digits: str = "") -> KeypadUsed:
    return KeypadUsed("desk", 0x01, order, digits, b"")


@pytest.mark.parametrize(
    ("order", "digits", "event"),
    [
        ("pause", "", PauseAsked("other", AT)),
        ("pause", "0", PauseAsked("other", AT)),
        ("pause", "002", PauseAsked("shift-change", AT)),
        ("pause", "009", PauseAsked("other", AT)),
        ("sign-in", "1001", SignedIn("1001", AT)),
    ],
)
def test_an_order_is_an_event_of_the_window_and_a_held_key_is_one_order(
    order: KeypadOrder, digits: str, event: Event
) -> None:
    assert obeyed(used(order, digits), WINDOW, AT, FRESH) == event
    assert obeyed(used(order, digits), advance(WINDOW, event).window, AT, FRESH) == "repeated"


def test_a_window_resumes_and_signs_out_only_where_there_is_something_to_end() -> None:
    busy = advance(advance(WINDOW, PauseAsked("other", AT)).window, SignedIn("1001", AT)).window
    assert obeyed(used("resume"), busy, AT, FRESH) == Resumed(AT)
    assert obeyed(used("sign-out"), busy, AT, FRESH) == SignedOut(AT)
    assert obeyed(used("resume"), WINDOW, AT, FRESH) == obeyed(used("sign-out"), WINDOW, AT, FRESH) == "repeated"


def test_asking_by_keypad_asks_for_the_window_and_for_no_case() -> None:
    event = obeyed(used("ask"), WINDOW, AT, FRESH)
    assert isinstance(event, AskedFor)
    assert (event.ask.trigger, event.ask.object, event.ask.cases, event.ask.limit_s) == ("keypad", "window", (), 30)
    asking = advance(WINDOW, event).window
    assert obeyed(used("ask"), asking, At(AT.wall_ms, AT.boot_ms + REPEATS_MS - 1, AT.boot), FRESH) == "repeated"
    later = At(AT.wall_ms, AT.boot_ms + REPEATS_MS, AT.boot)
    assert isinstance(obeyed(used("ask"), asking, later, FRESH), AskedFor)


@pytest.mark.parametrize("order", ["call", "recall", "cancel", "pass", "start", "wait"])
def test_calling_and_passing_numbers_never_touches_a_visit(order: KeypadOrder) -> None:
    assert obeyed(used(order, "042"), WINDOW, AT, FRESH) == "noted"


def test_nobody_signs_in_without_a_number_and_a_walk_up_point_is_not_asked() -> None:
    assert obeyed(used("sign-in"), WINDOW, AT, FRESH) == obeyed(used("ask"), POINT, AT, FRESH) == "noted"


def test_a_scanned_slip_asks_for_the_rating_of_its_case() -> None:
    event = scanned(CodeScanned("gun", "370811-20261123"), WINDOW, AT, FRESH)
    assert isinstance(event, AskedFor)
    assert (event.ask.trigger, event.ask.object, event.ask.cases) == (
        "scan",
        "case",
        (Case(project_no="370811-20261123"),),
    )


def test_a_slip_that_is_read_twice_does_not_end_its_own_visit() -> None:
    first = scanned(CodeScanned("gun", "37081120261123"), WINDOW, AT, FRESH)
    assert isinstance(first, AskedFor)
    asking = advance(WINDOW, first).window
    assert scanned(CodeScanned("gun", "37081120261123"), asking, AT, FRESH) is None
    assert isinstance(scanned(CodeScanned("gun", "37081120261124"), asking, AT, FRESH), AskedFor)


@pytest.mark.parametrize(
    ("window", "text"),
    [(WINDOW, ""), (WINDOW, "3" * 65), (WINDOW, "张 三 138"), (WINDOW, "a\x00b"), (POINT, "37081120261123")],
)
def test_what_is_no_case_number_is_refused_without_standing_in_the_record(window: Window, text: str) -> None:
    told = scanned(CodeScanned("gun", text), window, AT, FRESH)
    assert isinstance(told, Audited)
    assert told.what == "scan-refused"
    assert not text or text not in str(told)


def test_at_a_terminal_a_slip_says_which_case_is_looked_for_unless_somebody_rates() -> None:
    terminal = Window(Rules("t", "terminal"))
    assert scanned_at_terminal(CodeScanned("gun", "370811-1"), terminal, AT) == (Scanned("370811-1", AT), None)
    scan, refused = scanned_at_terminal(CodeScanned("gun", "5" * 5000), terminal, AT)
    assert scan == Scanned("", AT)
    assert refused == Audited("scan-refused", AT, "t", {"scanner": "gun", "reason": "no-case-number"})
    ask = Ask("t", "terminal", "hall", "hall-terminal", "citizen", 60)
    for busy in (advance(terminal, AskedFor(FRESH, ask, AT)).window, advance(terminal, PauseAsked("维护", AT)).window):
        assert scanned_at_terminal(CodeScanned("gun", "370811-1"), busy, AT) == (None, None)
