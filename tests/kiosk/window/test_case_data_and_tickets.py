from typing import Any

import pytest

from kiosk.core.visit import AskedFor, CaseDataGiven, TicketTold, TimedOut
from sync.records import Case, TicketMoved, VisitCaseData, VisitId

VISITS = "/v1/windows/3/visits"
CASES = [{"projectNo": "370800-1", "serviceNumber": 2, "taskName": "不动产登记"}, {"projectNo": "370800-2"}]


@pytest.fixture
def visit(kiosk: Any) -> str:
    return str(kiosk.ask({"cases": CASES}).json()["visit"])


def more(kiosk: Any, visit: str, *cases: dict[str, Any], window: str = "3") -> Any:
    path = f"/v1/windows/{window}/visits/{visit}"
    return kiosk.call("PATCH", path, {"cases": list(cases)}, token=f"token-of-{window}")


def test_what_becomes_known_of_a_case_goes_to_its_place_in_the_ask_and_only_what_is_new(kiosk: Any, visit: str) -> None:
    told = {"projectNo": "370800-1", "serviceNumber": 2, "taskName": "不动产登记", "proStatus": "3"}
    answer = more(kiosk, visit, {"projectNo": "370800-2", "userName": "张三"}, told)

    assert (answer.status, answer.content) == (204, b"")
    [given] = kiosk.hall.of_kind(CaseDataGiven)
    assert given.visit == VisitId(bytes.fromhex(visit))
    assert given.cases == ((1, Case("370800-2", user_name="张三")), (0, Case("370800-1", 2, pro_status="3")))


def test_the_same_data_again_is_taken_and_recorded_once(kiosk: Any, visit: str) -> None:
    told = {"projectNo": "370800-2", "proStatus": "3"}
    assert [more(kiosk, visit, told).status for _ in range(3)] == [204, 204, 204]
    assert len(kiosk.hall.of_kind(CaseDataGiven)) == 1


def test_data_for_a_visit_that_is_over_is_recorded_with_the_same_answer(kiosk: Any, visit: str) -> None:
    kiosk.clock.forward(3600)
    kiosk.hall.dispatch("3", TimedOut(kiosk.clock()))
    assert more(kiosk, visit, {"projectNo": "370800-2", "proStatus": "3"}).status == 204
    assert [type(entry) for entry in kiosk.hall.effects[-1].entries] == [VisitCaseData]


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"projectNo": "370800-9"}, None),
        ({"projectNo": "370800-1"}, None),
        ({"projectNo": "370800-1", "serviceNumber": 2, "taskName": "别的"}, "task_name"),
    ],
)
def test_another_case_or_another_word_for_what_was_said_is_refused_and_nothing_of_it_taken(
    kiosk: Any, visit: str, told: dict[str, Any], field: str | None
) -> None:
    answer = more(kiosk, visit, {"projectNo": "370800-2", "proStatus": "3"}, told)
    assert answer.status == 409
    assert answer.json().get("field") == field
    assert kiosk.hall.of_kind(CaseDataGiven) == []
    assert more(kiosk, visit, {"projectNo": "370800-2", "proStatus": "2"}).status == 204


def test_another_windows_visit_cannot_be_added_to(kiosk: Any, visit: str) -> None:
    assert more(kiosk, visit, {"projectNo": "370800-2", "proStatus": "3"}, window="4").status == 404
    assert kiosk.hall.of_kind(CaseDataGiven) == []


def test_a_day_later_the_visit_is_not_known_any_more(kiosk: Any, visit: str) -> None:
    kiosk.clock.forward(86_401)
    assert more(kiosk, visit, {"projectNo": "370800-2", "proStatus": "3"}).status == 404


@pytest.mark.parametrize(
    "body", [{}, {"cases": []}, {"cases": [{"taskName": "x"}]}, {"cases": [{"projectNo": "1", "x": 1}]}]
)
def test_data_without_its_case_is_refused(kiosk: Any, visit: str, body: Any) -> None:
    assert kiosk.call("PATCH", f"{VISITS}/{visit}", body).status == 422


def test_a_tickets_states_are_told_and_an_ask_is_for_it(kiosk: Any) -> None:
    for state in ("called", "served", "ended"):
        assert kiosk.call("POST", "/v1/windows/3/tickets", {"ticket": "A023", "state": state}).status == 204
    kiosk.ask()
    assert [told.state for told in kiosk.hall.of_kind(TicketTold)] == ["called", "served", "ended"]
    moved = [entry for effect in kiosk.hall.effects for entry in getattr(effect, "entries", ())]
    assert [entry.ticket for entry in moved if isinstance(entry, TicketMoved)] == ["A023"] * 3
    assert moved[-1].ask.ticket == "A023"


def test_an_ask_may_name_its_ticket(kiosk: Any) -> None:
    kiosk.ask({"ticket": "B007"})
    assert [asked.ask.ticket for asked in kiosk.hall.of_kind(AskedFor)] == ["B007"]
    kiosk.ask({"ask": "1", "ticket": "B008"})
    assert kiosk.ask({"ask": "1", "ticket": "B009"}).status == 409


@pytest.mark.parametrize(
    "body", [{"ticket": "A1"}, {"ticket": "", "state": "ended"}, {"ticket": "A1", "state": "gone"}]
)
def test_a_state_that_no_ticket_has_is_refused(kiosk: Any, body: Any) -> None:
    assert kiosk.call("POST", "/v1/windows/3/tickets", body).status == 422
    assert kiosk.hall.events == []


def test_a_walk_up_point_has_no_queue(kiosk: Any) -> None:
    body = {"ticket": "A1", "state": "ended"}
    assert kiosk.call("POST", "/v1/windows/door/tickets", body, token="token-of-door").status == 409
