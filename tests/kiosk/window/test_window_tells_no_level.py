"""The clerk never learns the level: not from an answer, nor from when it changes."""

from collections.abc import Callable
from typing import Any

import pytest

from kiosk.core.visit import AskedFor, NotRecorded, Pressed, Recorded, Stray, TimedOut
from sync.records import LEVELS, VisitId

Course = Callable[[Any], None]


def press(level: int, *, recorded: bool = True, source: Any = "box") -> Course:
    def play(kiosk: Any) -> None:
        at = kiosk.clock()
        kiosk.hall.dispatch("3", Pressed(level, source, at, VisitId(b"f" * 16)))
        visit = kiosk.hall.of_kind(AskedFor)[0].visit
        kiosk.hall.dispatch("3", Recorded(visit, "AAAA-BBBB", at) if recorded else NotRecorded(visit, at))

    return play


def nothing(_: Any) -> None:
    pass


def stray(kiosk: Any) -> None:
    press(5)(kiosk)
    kiosk.hall.dispatch("3", Pressed(1, "box", kiosk.clock(), VisitId(b"f" * 16)))


def superseded(kiosk: Any) -> None:
    """The system of the queue asks too, behind the back of the window's."""
    [asked] = kiosk.hall.of_kind(AskedFor)
    kiosk.hall.dispatch("3", AskedFor(VisitId(b"s" * 16), asked.ask, kiosk.clock()))


COURSES: dict[str, Course] = {
    **{f"level {level} on the box": press(level) for level in LEVELS},
    **{f"level {level} on the glass": press(level, source="glass") for level in LEVELS},
    **{f"level {level}, not recorded": press(level, recorded=False) for level in LEVELS},
    "no answer": nothing,
    "a second press": stray,
    "superseded": superseded,
}
MOMENTS = (0, 1, 2.999, 3, 4, 10, 30, 59.999, 60, 61, 75, 100, 134.999, 135, 136, 400)


def observed(kiosk: Any, play: Course) -> list[tuple[float, str, int, list[tuple[str, str]], bytes]]:
    """Everything that a window's computer can see, at the same moments after the same ask."""
    seen: list[tuple[float, str, int, list[tuple[str, str]], bytes]] = []

    def look(moment: float) -> None:
        for method, path, body in [
            ("GET", f"/v1/windows/3/visits/{visit}", None),
            ("GET", "/v1/windows/3", None),
            ("POST", "/v1/windows/3/visits", {"ask": "A-1", "cases": [{"projectNo": "1"}]}),
            ("GET", "/v1/windows/3/ratings", None),
            ("PATCH", f"/v1/windows/3/visits/{visit}", {"cases": [{"projectNo": "1", "proStatus": "3"}]}),
            ("POST", "/v1/windows/3/tickets", {"ticket": "A023", "state": "ended"}),
        ]:
            answer = kiosk.call(method, path, body)
            seen.append((moment, path, answer.status, answer.headers.items(), answer.content))
        page = kiosk.call("GET", "/clerk/3", Cookie=cookie)
        seen.append((moment, "page", page.status, page.headers.items(), page.content))

    login = kiosk.call(
        "POST",
        "/clerk/3/session",
        b"token=token-of-3",
        Content_Type="application/x-www-form-urlencoded",
        Origin=f"http://{kiosk.server.address}",
    )
    cookie = login.headers["Set-Cookie"].partition(";")[0]
    started = kiosk.clock.boot_ms
    visit = kiosk.ask({"ask": "A-1", "cases": [{"projectNo": "1"}]}).json()["visit"]
    look(0)
    kiosk.clock.forward(1)
    play(kiosk)
    for moment in MOMENTS[1:]:
        kiosk.clock.boot_ms = started + round(moment * 1000)
        kiosk.hall.dispatch("3", TimedOut(kiosk.clock()))
        look(moment)
    return seen


def test_every_course_of_a_visit_looks_the_same_byte_by_byte(start_kiosk: Any) -> None:
    unanswered = observed(start_kiosk(), nothing)
    assert len(unanswered) == 7 * len(MOMENTS)
    for name, play in COURSES.items():
        assert observed(start_kiosk(), play) == unanswered, name


def test_the_next_ask_is_answered_alike_whatever_became_of_the_first(start_kiosk: Any) -> None:
    def asked_again(play: Course, moment: float) -> tuple[int, list[tuple[str, str]], bytes]:
        kiosk = start_kiosk()
        kiosk.ask({"ask": "A-1"})
        kiosk.clock.forward(1)
        play(kiosk)
        kiosk.clock.forward(moment)
        kiosk.hall.dispatch("3", TimedOut(kiosk.clock()))
        answer = kiosk.ask({"ask": "A-2"})
        return answer.status, answer.headers.items(), answer.content

    for moment in (0, 3, 20, 60):
        unanswered = asked_again(nothing, moment)
        assert unanswered[0] == 201
        for name, play in COURSES.items():
            assert asked_again(play, moment) == unanswered, (name, moment)


@pytest.mark.parametrize("level", LEVELS)
def test_the_courses_really_are_different_behind_the_answers(kiosk: Any, level: int) -> None:
    kiosk.ask()
    press(level)(kiosk)
    assert type(kiosk.hall.windows["3"].stage).__name__ == "Thanking"
    kiosk.hall.dispatch("3", Pressed(1, "box", kiosk.clock(), VisitId(b"f" * 16)))
    assert not [effect for effect in kiosk.hall.effects if isinstance(effect, Stray)]
