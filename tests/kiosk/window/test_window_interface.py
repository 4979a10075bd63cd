import json
from typing import Any

import pytest

from kiosk.core.visit import AskedFor, PauseAsked, Resumed, SignedIn, SignedOut
from kiosk.window.asks import REMEMBERED
from sync.records import Ask, Case

VISITS = "/v1/windows/3/visits"


def test_an_ask_opens_a_visit_bound_to_window_and_cases(kiosk: Any) -> None:
    answer = kiosk.ask({"cases": [{"projectNo": "370800-1", "serviceNumber": 2, "taskName": "不动产登记"}]})
    assert answer.status == 201
    assert answer.json()["state"] == "open"
    assert answer.headers["Location"] == f"{VISITS}/{answer.json()['visit']}"
    [asked] = kiosk.hall.of_kind(AskedFor)
    assert asked.visit.hex() == answer.json()["visit"]
    assert asked.at == kiosk.clock()
    assert asked.ask == Ask(
        window="3",
        place="window",
        object="case",
        channel="window-evaluator",
        trigger="window-interface",
        limit_s=60,
        cases=(Case("370800-1", 2, task_name="不动产登记"),),
    )


def test_an_ask_without_cases_is_about_the_window_and_needs_no_body(kiosk: Any) -> None:
    assert kiosk.call("POST", VISITS).status == 201
    assert kiosk.ask({"cases": []}).status == 201
    assert [asked.ask.object for asked in kiosk.hall.of_kind(AskedFor)] == ["window", "window"]


def test_when_the_visit_counts_as_over_is_told_in_utc(kiosk: Any) -> None:
    kiosk.clock.boot_ms = 0
    assert kiosk.ask().json()["ends_at"] == "2027-01-15T08:02:15Z"


def test_the_same_ask_again_gets_the_same_answer_and_asks_nobody(kiosk: Any) -> None:
    body = {"ask": "A-1", "cases": [{"projectNo": "1"}]}
    first = kiosk.ask(body)
    kiosk.clock.forward(200)
    again = kiosk.ask({"cases": [{"serviceNumber": 1, "projectNo": "1"}], "ask": "A-1"})
    assert (first.status, again.status) == (201, 200)
    assert again.content == first.content
    assert len(kiosk.hall.of_kind(AskedFor)) == 1


def test_the_same_ask_id_with_other_cases_is_a_conflict(kiosk: Any) -> None:
    kiosk.ask({"ask": "A-1", "cases": [{"projectNo": "1"}]})
    answer = kiosk.ask({"ask": "A-1", "cases": [{"projectNo": "2"}]})
    assert answer.status == 409
    assert "new id" in answer.json()["detail"]
    assert len(kiosk.hall.of_kind(AskedFor)) == 1


def test_asks_without_an_id_are_asks_of_their_own(kiosk: Any) -> None:
    assert kiosk.ask().json()["visit"] != kiosk.ask().json()["visit"]
    assert len(kiosk.hall.of_kind(AskedFor)) == 2


def test_another_window_has_its_own_ask_ids(kiosk: Any) -> None:
    kiosk.ask({"ask": "A-1"})
    assert kiosk.call("POST", "/v1/windows/4/visits", {"ask": "A-1"}, token="token-of-4").status == 201


def test_old_asks_are_forgotten_and_no_ask_id_is_kept_as_it_is(kiosk: Any) -> None:
    from kiosk.window.asks import Accepted, AskBook
    from sync.records import VisitId

    book = AskBook(b"key")
    for number in range(REMEMBERED + 1):
        book.remember(f"case-{number}", b"", Accepted(VisitId(number.to_bytes(16, "big")), kiosk.clock(), 60))
    assert book.known("case-0", b"") is None
    assert book.known("case-1", b"") is not None
    assert book.visit((0).to_bytes(16, "big").hex()) is None
    assert "case-1" not in repr(vars(book))


def test_a_visit_is_over_at_a_fixed_delay_after_its_own_limit(kiosk: Any) -> None:
    visit = kiosk.ask().json()["visit"]
    kiosk.clock.forward(60 + 75 - 0.001)
    assert kiosk.call("GET", f"{VISITS}/{visit}").json() == {"visit": visit, "state": "open"}
    kiosk.clock.forward(0.001)
    assert kiosk.call("GET", f"{VISITS}/{visit}").json() == {"visit": visit, "state": "ended"}


def test_the_limit_is_that_of_the_window(kiosk: Any) -> None:
    answer = kiosk.call("POST", "/v1/windows/4/visits", token="token-of-4")
    kiosk.clock.forward(15 + 75)
    got = kiosk.call("GET", answer.headers["Location"], token="token-of-4")
    assert got.json()["state"] == "ended"


def test_a_visit_of_another_window_is_not_told(kiosk: Any) -> None:
    visit = kiosk.ask().json()["visit"]
    assert kiosk.call("GET", f"/v1/windows/4/visits/{visit}", token="token-of-4").status == 404
    assert kiosk.call("GET", f"{VISITS}/00").status == 404


def test_a_walk_up_point_is_not_asked_and_has_no_clerk(kiosk: Any) -> None:
    for method, path, body in [
        ("POST", "visits", {}),
        ("PUT", "clerk", {"number": "1001"}),
        ("DELETE", "clerk", None),
    ]:
        answer = kiosk.call(method, f"/v1/windows/door/{path}", body, token="token-of-door")
        assert answer.status == 409
        assert "walk-up point" in answer.json()["detail"]
    assert kiosk.call("PUT", "/v1/windows/door/pause", {"reason": "maintenance"}, token="token-of-door").status == 204
    assert kiosk.call("GET", "/v1/windows/door", token="token-of-door").json()["place"] == "walk-up"


def test_a_terminal_is_asked_when_a_transaction_ends_and_has_no_clerk(kiosk: Any) -> None:
    for cases, rated in (([{"projectNo": "A1"}], "case"), ([], "terminal")):
        answer = kiosk.call("POST", "/v1/windows/t/visits", {"cases": cases}, token="token-of-t")
        assert answer.status == 201
        ask = kiosk.hall.of_kind(AskedFor)[-1].ask
        assert (ask.place, ask.object, ask.channel, ask.clerk, ask.flags) == (
            "terminal",
            rated,
            "hall-terminal",
            "",
            (),
        )
    answer = kiosk.call("PUT", "/v1/windows/t/clerk", {"number": "1001"}, token="token-of-t")
    assert answer.status == 409
    assert "terminal" in answer.json()["detail"]
    assert kiosk.call("GET", "/v1/windows/t", token="token-of-t").json()["place"] == "terminal"


def test_a_clerk_signs_in_and_out(kiosk: Any) -> None:
    assert kiosk.call("PUT", "/v1/windows/3/clerk", {"number": "1001"}).status == 204
    assert kiosk.call("GET", "/v1/windows/3").json()["clerk"] == "1001"
    assert kiosk.call("DELETE", "/v1/windows/3/clerk").status == 204
    assert kiosk.call("GET", "/v1/windows/3").json()["clerk"] == ""
    assert kiosk.hall.events == [
        ("3", SignedIn("1001", kiosk.clock())),
        ("3", SignedOut(kiosk.clock())),
    ]


def test_a_window_pauses_and_resumes(kiosk: Any) -> None:
    assert kiosk.call("PUT", "/v1/windows/3/pause", {"reason": "shift-change"}).content == b""
    assert kiosk.call("GET", "/v1/windows/3").json() == {
        "window": "3",
        "place": "window",
        "name": "3号窗口",
        "name_en": "Window 3",
        "clerk": "",
        "paused": True,
        "reason": "shift-change",
    }
    assert kiosk.call("DELETE", "/v1/windows/3/pause").status == 204
    assert kiosk.call("GET", "/v1/windows/3").json()["paused"] is False
    assert kiosk.hall.events == [("3", PauseAsked("shift-change", kiosk.clock())), ("3", Resumed(kiosk.clock()))]


@pytest.mark.parametrize(
    ("token", "status"),
    [(None, 401), ("wrong", 401), ("", 401), ("token-of-4", 403), ("中文".encode().decode("latin-1"), 401)],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/windows/3"),
        ("POST", VISITS),
        ("GET", f"{VISITS}/00"),
        ("PUT", "/v1/windows/3/clerk"),
        ("DELETE", "/v1/windows/3/clerk"),
        ("PUT", "/v1/windows/3/pause"),
        ("DELETE", "/v1/windows/3/pause"),
    ],
)
def test_nothing_is_done_without_the_windows_own_token(
    kiosk: Any, method: str, path: str, token: str | None, status: int
) -> None:
    answer = kiosk.call(method, path, token=token)
    assert answer.status == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)
    assert kiosk.hall.events == []


def test_another_scheme_than_bearer_is_no_token(kiosk: Any) -> None:
    assert kiosk.call("GET", "/v1/windows/3", token=None, Authorization="Basic token-of-3").status == 401
    assert kiosk.call("GET", "/v1/windows/3", token=None, Authorization="bearer token-of-3").status == 200


def test_a_token_that_was_replaced_opens_nothing_any_more(kiosk: Any) -> None:
    del kiosk.tokens["3"]
    assert kiosk.call("GET", "/v1/windows/3").status == 401


def test_an_unknown_window_is_told_to_known_tokens_alone(kiosk: Any) -> None:
    assert kiosk.call("GET", "/v1/windows/99").status == 404
    assert kiosk.call("GET", "/v1/windows/99", token="wrong").status == 401


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"cases": [{"projectNo": 1}]}, "$.cases[0].projectNo"),
        ({"cases": [{"projectNo": "1"}, {"serviceNumber": 1}]}, "$.cases[1]"),
        ({"cases": [{"projectNo": "1", "serviceNumber": 0}]}, "$.cases[0].serviceNumber"),
        ({"cases": [{"projectNo": "1", "serviceTime": "today"}]}, "$.cases[0].serviceTime"),
        ({"cases": [{"projectNo": "1", "satisfaction": 5}]}, "$.cases[0]"),
        ({"cases": [{"projectNo": "1"}] * 21}, "$.cases"),
        ({"cases": {}}, "$.cases"),
        ({"ask": ""}, "$.ask"),
        ({"ask": "x" * 65}, "$.ask"),
        ({"trigger": "press"}, "$"),
        ([], "$"),
    ],
)
def test_a_wrong_body_is_told_with_the_member_at_fault(kiosk: Any, body: object, where: str) -> None:
    answer = kiosk.ask(body)
    assert answer.status == 422
    assert answer.json()["field"] == where
    assert kiosk.hall.events == []


@pytest.mark.parametrize("number", ["", "张三", "1001\n", "1" * 33, 1001, None])
def test_a_clerk_is_a_number_and_never_a_name(kiosk: Any, number: object) -> None:
    assert kiosk.call("PUT", "/v1/windows/3/clerk", {"number": number}).status == 422
    assert kiosk.hall.events == []


@pytest.mark.parametrize("reason", ["", "交接班", "away\n", "Away", 5, None])
def test_a_reason_is_one_of_the_list_because_citizens_read_it(kiosk: Any, reason: object) -> None:
    assert kiosk.call("PUT", "/v1/windows/3/pause", {"reason": reason}).status == 422
    assert kiosk.hall.events == []


@pytest.mark.parametrize(
    "content", [b"{", b"\xff", b"{'ask': 1}", b"nonsense", b'{"ask":"\\ud800"}', b'{"ask":"\xff"}']
)
def test_what_is_no_json_is_told(kiosk: Any, content: bytes) -> None:
    answer = kiosk.call("POST", VISITS, content, Content_Type="application/json")
    assert answer.status == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert kiosk.hall.events == []


def test_deeply_nested_nonsense_is_refused_like_any_other(kiosk: Any) -> None:
    for content in (b"[" * 60_000, b'{"cases":' + b"[" * 60_000, b'{"x":' + b'{"x":' * 9_000):
        assert kiosk.call("POST", VISITS, content, Content_Type="application/json").status in {400, 422}


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("application/json; charset=gbk", 415),
        ("application/json; charset=UTF-8", 201),
        ('application/json;charset="utf-8"', 201),
    ],
)
def test_only_json_in_utf_8_is_taken(kiosk: Any, content_type: str, status: int) -> None:
    assert kiosk.call("POST", VISITS, b"{}", Content_Type=content_type).status == status


def test_unknown_paths_and_methods_are_problem_documents(kiosk: Any) -> None:
    for path in ("/", "/v1", "/v1/windows", "/v1/windows/3/", "/v1/windows/3/ratings", "/v1/windows/3/visits/"):
        answer = kiosk.call("GET", path)
        assert (answer.status, answer.headers["Content-Type"]) == (404, "application/problem+json")
    for method, path, allowed in [
        ("DELETE", "/v1/windows/3", "GET, HEAD"),
        ("PATCH", "/v1/windows/3/clerk", "DELETE, PUT"),
        ("PUT", VISITS, "POST"),
    ]:
        answer = kiosk.call(method, path)
        assert (answer.status, answer.json()["title"]) == (405, "Method Not Allowed")
        assert ", ".join(sorted(answer.headers["Allow"].split(", "))) == allowed


def test_every_answer_carries_the_date_and_is_not_cached(kiosk: Any) -> None:
    kiosk.clock.boot_ms = 0
    for answer in (kiosk.ask(), kiosk.call("GET", "/nothing"), kiosk.call("GET", "/clerk/3"), kiosk.ask(b"x")):
        assert answer.headers["Date"] == "Fri, 15 Jan 2027 08:00:00 GMT"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Server" not in answer.headers


def test_a_problem_repeats_nothing_that_was_sent(kiosk: Any) -> None:
    for body in ({"cases": [{"projectNo": "secret-case", "serviceTime": "secret-time"}]}, {"ask": "secret" * 20}):
        assert b"secret" not in kiosk.ask(body).content
    answer = kiosk.call("GET", "/secret", token="secret")
    assert b"secret" not in answer.content


def test_a_bug_behind_a_port_is_a_problem_document_too(kiosk: Any, caplog: pytest.LogCaptureFixture) -> None:
    kiosk.hall.dispatch = None
    object.__setattr__(kiosk.server._ports, "dispatch", None)
    answer = kiosk.ask({"ask": "A-1", "cases": [{"projectNo": "secret"}]})
    assert (answer.status, answer.headers["Content-Type"]) == (500, "application/problem+json")
    assert "secret" not in caplog.text


def test_head_is_answered_without_a_body(kiosk: Any) -> None:
    answer = kiosk.call("HEAD", "/v1/windows/3")
    assert (answer.status, answer.content) == (200, b"")


def test_json_keys_of_every_answer_are_what_the_document_says(kiosk: Any) -> None:
    schemas = json.loads(kiosk.call("GET", "/openapi.json", token=None).content)["components"]["schemas"]
    visit = kiosk.ask()
    answers = {
        "VisitAnswer": visit,
        "VisitState": kiosk.call("GET", visit.headers["Location"]),
        "WindowAnswer": kiosk.call("GET", "/v1/windows/3"),
        "ProblemDocument": kiosk.ask({"ask": 1}),
    }
    for name, answer in answers.items():
        assert set(answer.json()) == set(schemas[name]["properties"]), name
