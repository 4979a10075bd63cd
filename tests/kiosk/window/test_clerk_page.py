import http.client
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import pytest

from kiosk.core.visit import AskedFor, PauseAsked, Resumed, SignedIn, SignedOut
from kiosk.window.clerk_page import ASKED, ASKED_ONCE
from kiosk.window.clerk_sessions import FORMS, MOST, ClerkSessions
from sync.records import Case


class Forms(HTMLParser):
    """The forms of a page: action to the names and values that a browser would send."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self._fields: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._fields = self.forms[given["action"] or ""] = {}
        if tag == "input":
            self._fields[given["name"] or ""] = given.get("value") or ""


@dataclass
class Browser:
    """Keeps a cookie, fills in forms, follows redirects; has no script."""

    kiosk: Any
    window: str = "3"
    cookie: str = ""
    text: str = ""
    status: int = 0
    headers: http.client.HTTPMessage = field(default_factory=http.client.HTTPMessage)

    def open(self) -> "Browser":
        return self._taken(self.kiosk.call("GET", f"/clerk/{self.window}", token=None, **self._cookie()))

    def log_in(self, token: str) -> "Browser":
        return self.open().submit("session", token=token)

    def submit(self, action: str, **filled: str) -> "Browser":
        path = f"/clerk/{self.window}/{action}"
        return self.send(path, {**Forms(self.text).forms[path], **filled})

    def send(self, path: str, fields: dict[str, str], **headers: str) -> "Browser":
        sent = {
            "Content_Type": "application/x-www-form-urlencoded",
            "Origin": f"http://{self.kiosk.server.address}",
            **headers,
        }
        answer = self.kiosk.call(
            "POST",
            path,
            urlencode(fields).encode(),
            token=None,
            **{k: v for k, v in sent.items() if v},
            **self._cookie(),
        )
        if "Set-Cookie" in answer.headers:
            self.cookie = answer.headers["Set-Cookie"].partition(";")[0]
        if answer.status == 303:
            assert answer.headers["Location"] == f"/clerk/{self.window}"
            self.open()
            self.headers = answer.headers
            return self
        return self._taken(answer)

    def _cookie(self) -> dict[str, str]:
        return {"Cookie": self.cookie} if self.cookie else {}

    def _taken(self, answer: Any) -> "Browser":
        self.text, self.status, self.headers = answer.text, answer.status, answer.headers
        return self


@pytest.fixture
def browser(kiosk: Any) -> Browser:
    return Browser(kiosk).log_in("token-of-3")


def test_the_page_asks_for_the_windows_token_first(kiosk: Any) -> None:
    browser = Browser(kiosk).open()
    assert browser.status == 200
    assert list(Forms(browser.text).forms) == ["/clerk/3/session"]
    assert "3号窗口" in browser.text


def test_the_token_opens_the_page_and_the_cookie_is_kept_from_scripts_and_other_pages(kiosk: Any) -> None:
    browser = Browser(kiosk).log_in("  token-of-3 ")
    cookie = browser.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=strict", "Path=/clerk/3", "Max-Age=43200"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert "token-of-3" not in cookie + browser.text
    assert "请求评价" in browser.text


def test_behind_a_tls_proxy_the_cookie_never_travels_in_the_clear(kiosk: Any) -> None:
    browser = Browser(kiosk).open()
    browser.send("/clerk/3/session", {"token": "token-of-3"}, Origin="https://proxy.example:8443")
    assert "Secure" in browser.headers["Set-Cookie"]


@pytest.mark.parametrize(
    ("token", "status", "words"),
    [("wrong", 401, "令牌不正确"), ("", 401, "令牌不正确"), ("token-of-4", 403, "另一个窗口")],
)
def test_a_wrong_token_opens_nothing_and_is_told(kiosk: Any, token: str, status: int, words: str) -> None:
    browser = Browser(kiosk).log_in(token)
    assert (browser.status, browser.cookie) == (status, "")
    assert words in browser.text
    assert "token-of" not in browser.text


def test_asking_without_a_case_is_about_the_window(browser: Browser) -> None:
    browser.submit("visits")
    assert ASKED in browser.text
    [asked] = browser.kiosk.hall.of_kind(AskedFor)
    assert (asked.ask.object, asked.ask.trigger, asked.ask.cases) == ("window", "clerk-page", ())
    assert (asked.ask.channel, asked.ask.limit_s) == ("window-evaluator", 60)


def test_asking_for_a_case_carries_its_numbers(browser: Browser) -> None:
    browser.submit("visits", case=" 370800-１ ", service="２")
    [asked] = browser.kiosk.hall.of_kind(AskedFor)
    assert (asked.ask.object, asked.ask.cases) == ("case", (Case("370800-１", 2),))
    assert "370800" not in browser.text


def test_the_notice_is_shown_once(browser: Browser) -> None:
    browser.submit("visits")
    assert ASKED in browser.text
    assert ASKED not in browser.open().text


def test_a_form_that_is_sent_twice_asks_once(browser: Browser) -> None:
    form = {**Forms(browser.text).forms["/clerk/3/visits"], "case": "1"}
    browser.send("/clerk/3/visits", form)
    browser.send("/clerk/3/visits", form)
    assert ASKED_ONCE in browser.text
    assert len(browser.kiosk.hall.of_kind(AskedFor)) == 1
    browser.submit("visits", case="1")
    assert len(browser.kiosk.hall.of_kind(AskedFor)) == 2


def test_an_old_form_with_another_case_asks_for_that_case(browser: Browser) -> None:
    form = Forms(browser.text).forms["/clerk/3/visits"]
    browser.send("/clerk/3/visits", {**form, "case": "1"})
    browser.send("/clerk/3/visits", {**form, "case": "2"})
    assert [asked.ask.cases[0].project_no for asked in browser.kiosk.hall.of_kind(AskedFor)] == ["1", "2"]


@pytest.mark.parametrize(
    ("case", "service"), [("1", "0"), ("1", "x"), ("1", "10000"), ("x" * 65, "1"), ('"><script>', "-1"), ("1", "1.5")]
)
def test_wrong_numbers_are_told_and_kept_for_correction(browser: Browser, case: str, service: str) -> None:
    browser.submit("visits", case=case, service=service)
    assert browser.status == 422
    assert 'role="alert"' in browser.text
    assert "<script" not in browser.text
    assert Forms(browser.text).forms["/clerk/3/visits"]["case"] == case
    assert browser.kiosk.hall.events == []
    browser.submit("visits", case="1", service="")
    assert len(browser.kiosk.hall.of_kind(AskedFor)) == 1


def test_a_clerk_signs_in_and_out(browser: Browser) -> None:
    assert "未签到" in browser.text
    browser.submit("sign-in", number=" 1001 ")
    assert "工号 1001" in browser.text
    browser.submit("sign-out")
    assert "未签到" in browser.text
    at = browser.kiosk.clock()
    assert browser.kiosk.hall.events == [("3", SignedIn("1001", at)), ("3", SignedOut(at))]


def test_the_next_clerk_signs_in_over_the_one_before(browser: Browser) -> None:
    browser.submit("sign-in", number="1001")
    browser.submit("sign-in", number="1002")
    assert "工号 1002" in browser.text


@pytest.mark.parametrize("number", ["", "张三", "<b>", "1" * 33])
def test_a_clerk_number_that_is_none_is_told(browser: Browser, number: str) -> None:
    browser.submit("sign-in", number=number)
    assert browser.status == 422
    assert "工号为" in browser.text
    assert browser.kiosk.hall.events == []


def test_a_window_pauses_and_resumes(browser: Browser) -> None:
    assert browser.text.count('name="reason"') == 7
    browser.submit("pause", reason="shift-change")
    assert "已暂停：交接班" in browser.text
    browser.submit("resume")
    assert "服务中" in browser.text
    at = browser.kiosk.clock()
    assert browser.kiosk.hall.events == [("3", PauseAsked("shift-change", at)), ("3", Resumed(at))]


def test_several_cases_of_one_ticket_are_one_ask(browser: Browser) -> None:
    browser.submit("visits", case="370800-1", service="2", more=" 370800-2 \r\n\r\n370800-3\r\n370800-2")
    [asked] = browser.kiosk.hall.of_kind(AskedFor)
    assert asked.ask.cases == (Case("370800-1", 2), Case("370800-2"), Case("370800-3"))


def test_more_cases_than_an_ask_takes_are_given_back_to_be_mended(browser: Browser) -> None:
    lines = "\r\n".join(str(number) for number in range(21))
    browser.submit("visits", more=lines)
    assert browser.status == 422
    assert "\n19\r\n20</textarea>" in browser.text
    assert browser.kiosk.hall.events == []


def test_a_reason_that_is_not_on_the_page_is_refused(browser: Browser) -> None:
    browser.submit("pause", reason="<script>")
    assert browser.status == 422
    assert browser.kiosk.hall.events == []


def test_what_others_named_is_escaped(kiosk: Any) -> None:
    browser = Browser(kiosk, window="4").log_in("token-of-4")
    browser.submit("visits", case="x" * 65, more="<script>&")
    assert "4号&lt;窗口&gt;&amp;" in browser.text
    assert ">&lt;script&gt;&amp;</textarea>" in browser.text
    assert "<script" not in browser.text


def test_a_walk_up_point_can_be_paused_and_nothing_else(kiosk: Any) -> None:
    browser = Browser(kiosk, window="door").log_in("token-of-door")
    assert set(Forms(browser.text).forms) == {"/clerk/door/pause", "/clerk/door/session/end"}
    browser.send("/clerk/door/visits", {"form": "1"})
    assert browser.status == 409
    browser.send("/clerk/door/sign-in", {"form": "2", "number": "1001"})
    assert browser.status == 409
    assert kiosk.hall.events == []


ACTIONS = ["visits", "sign-in", "sign-out", "pause", "resume"]
FIELDS = {"form": "1", "number": "1001", "reason": "其他"}


@pytest.mark.parametrize("action", ACTIONS)
def test_without_a_session_nothing_is_done(kiosk: Any, action: str) -> None:
    browser = Browser(kiosk).send(f"/clerk/3/{action}", FIELDS)
    assert browser.status == 401
    assert "操作未执行" in browser.text
    assert kiosk.hall.events == []


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("origin", ["http://evil.example", "null", ""])
def test_a_form_from_another_page_does_nothing(browser: Browser, action: str, origin: str) -> None:
    browser.send(f"/clerk/3/{action}", FIELDS, Origin=origin)
    assert browser.status == 403
    assert browser.headers["Content-Type"] == "text/html; charset=utf-8"
    assert browser.kiosk.hall.events == []


def test_an_old_browser_says_where_it_comes_from_in_another_header(browser: Browser) -> None:
    referer = f"http://{browser.kiosk.server.address}/clerk/3"
    browser.send("/clerk/3/visits", {"form": "1"}, Origin="", Referer=referer)
    assert ASKED in browser.text
    browser.send("/clerk/3/visits", {"form": "2"}, Origin="", Referer="http://evil.example/" + referer)
    assert browser.status == 403


def test_a_session_is_good_for_its_own_window_alone(browser: Browser) -> None:
    other = Browser(browser.kiosk, window="4", cookie=browser.cookie)
    assert list(Forms(other.open().text).forms) == ["/clerk/4/session"]
    other.send("/clerk/4/visits", {"form": "1"})
    assert other.status == 401


def test_several_computers_may_have_the_page_open(browser: Browser) -> None:
    second = Browser(browser.kiosk).log_in("token-of-3")
    assert second.cookie != browser.cookie
    browser.submit("visits")
    second.submit("visits")
    assert len(browser.kiosk.hall.of_kind(AskedFor)) == 2


def test_a_session_ends_after_twelve_hours(browser: Browser) -> None:
    browser.kiosk.clock.forward(12 * 3600 - 1)
    assert "请求评价" in browser.open().text
    browser.kiosk.clock.forward(1)
    assert list(Forms(browser.open().text).forms) == ["/clerk/3/session"]


def test_a_new_token_ends_the_sessions_of_the_old_one(browser: Browser) -> None:
    browser.kiosk.tokens["3"] = "sha256:" + "0" * 64
    assert list(Forms(browser.open().text).forms) == ["/clerk/3/session"]


def test_leaving_the_page_ends_the_session_for_whoever_has_the_cookie(browser: Browser) -> None:
    kept = browser.cookie
    browser.submit("session/end")
    assert list(Forms(browser.text).forms) == ["/clerk/3/session"]
    browser.cookie = kept
    assert list(Forms(browser.open().text).forms) == ["/clerk/3/session"]


@pytest.mark.parametrize("fields", [{}, {"form": ""}])
def test_a_form_without_its_id_is_not_taken(browser: Browser, fields: dict[str, str]) -> None:
    browser.send("/clerk/3/visits", fields)
    assert browser.status == 422
    assert browser.kiosk.hall.events == []


def test_what_is_no_form_is_refused_in_words(browser: Browser) -> None:
    browser.send("/clerk/3/visits", {"form": "1"}, Content_Type="application/json")
    assert browser.status == 415
    browser.send("/clerk/3/visits", {f"x{number}": "1" for number in range(30)})
    assert browser.status == 422
    answer = browser.kiosk.call(
        "POST",
        "/clerk/3/visits",
        b"form=%ff",
        Content_Type="application/x-www-form-urlencoded",
        Origin=f"http://{browser.kiosk.server.address}",
        Cookie=browser.cookie,
    )
    assert answer.status == 422
    assert browser.kiosk.hall.events == []


def test_a_window_that_is_not_there_is_told_as_a_page(kiosk: Any) -> None:
    browser = Browser(kiosk, window="99").open()
    assert browser.status == 404
    assert "没有这个窗口" in browser.text


def test_an_ask_that_failed_may_be_sent_again(browser: Browser) -> None:
    ports = browser.kiosk.server._ports
    object.__setattr__(ports, "dispatch", None)
    form = Forms(browser.text).forms["/clerk/3/visits"]
    browser.send("/clerk/3/visits", form)
    assert browser.status == 500
    object.__setattr__(ports, "dispatch", browser.kiosk.hall.dispatch)
    browser.send("/clerk/3/visits", form)
    assert ASKED in browser.text


def test_the_page_lets_no_script_no_frame_and_no_cache(browser: Browser) -> None:
    headers = browser.open().headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "style=" not in browser.text
    assert not re.search(r"<script|javascript:|\son\w+=|https?://", browser.text)


def test_the_style_is_the_one_that_the_policy_lets_through(browser: Browser) -> None:
    import base64
    import hashlib

    style = re.search(r"<style>(.*?)</style>", browser.text, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"'sha256-{digest}'" in browser.open().headers["Content-Security-Policy"]


def test_the_page_never_speaks_of_a_level(browser: Browser) -> None:
    for word in ("满意", "差评", "好评", "回执", "satisf"):
        assert word not in browser.text


def test_the_memory_of_sessions_and_forms_is_bounded(kiosk: Any) -> None:
    secrets = iter(range(10_000))
    sessions = ClerkSessions(kiosk.clock, lambda size: next(secrets).to_bytes(size, "big"))
    opened = [sessions.open("3", "hash") for _ in range(MOST + 1)]
    assert sessions.find(opened[0], "3", "hash") is None
    session = sessions.find(opened[1], "3", "hash")
    assert session
    assert all(session.first_time((str(number),)) for number in range(FORMS + 1))
    assert session.first_time(("0",))
    assert not session.first_time((str(FORMS),))
