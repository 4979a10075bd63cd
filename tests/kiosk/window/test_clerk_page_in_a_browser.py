"""The clerk page in Chromium as Debian has it: typed and clicked as a clerk would."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from chromium import Chromium

from kiosk.core.visit import AskedFor, PauseAsked, Resumed, SignedIn, SignedOut
from sync.records import Case

PROGRAM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="Debian's package chromium is not installed")


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    assert PROGRAM is not None
    chromium = Chromium(PROGRAM, tmp_path_factory.mktemp("chromium"))
    yield chromium
    chromium.close()


@pytest.fixture
def page(kiosk: Any, chromium: Chromium) -> Chromium:
    """Logged in."""
    chromium.open(f"http://{kiosk.server.address}/clerk/3")
    chromium.type_in("token", "token-of-3")
    chromium.click("进入")
    assert "未签到" in chromium.text
    return chromium


def test_a_clerks_morning(kiosk: Any, page: Chromium) -> None:
    page.type_in("number", "1001")
    page.click("签到")
    assert "工号 1001" in page.text

    page.type_in("case", "370800-1")
    page.type_in("more", "370800-2\n370800-3")
    page.click("请求评价")
    assert "已请求评价" in page.text
    [asked] = kiosk.hall.of_kind(AskedFor)
    assert asked.ask.cases == (Case("370800-1"), Case("370800-2"), Case("370800-3"))

    page.click("交接班")
    assert "已暂停：交接班" in page.text
    page.click("恢复服务")
    page.click("签退")
    assert "未签到" in page.text
    told = [type(event) for _, event in kiosk.hall.events]
    assert told == [SignedIn, AskedFor, PauseAsked, Resumed, SignedOut]

    page.click("退出本页")
    assert "窗口令牌" in page.text


def test_a_scanned_case_number_asks_by_the_scanners_own_enter(kiosk: Any, page: Chromium) -> None:
    page.type_in("case", "370800-7")
    page.press("Enter")
    assert [asked.ask.cases for asked in kiosk.hall.of_kind(AskedFor)] == [(Case("370800-7"),)]


def test_a_page_that_is_reloaded_asks_nobody_again(kiosk: Any, page: Chromium) -> None:
    page.click("请求评价")
    page.open(f"http://{kiosk.server.address}/clerk/3")
    assert len(kiosk.hall.of_kind(AskedFor)) == 1


@contextmanager
def page_elsewhere(content: str) -> Iterator[str]:
    """Another program's page on this computer: another origin, and yet the same site for a cookie."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(content.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_a_page_elsewhere_cannot_act_for_a_clerk_who_is_logged_in(kiosk: Any, page: Chromium) -> None:
    form = f'<form method="post" action="http://{kiosk.server.address}/clerk/3/visits">'
    with page_elsewhere(f'{form}<input name="form" value="1"><button>go</button></form>') as address:
        page.open(address)
        page.click("go")
    assert "请求来源不被接受" in page.text
    assert kiosk.hall.events == []


def test_nothing_of_the_page_is_wider_than_a_small_screen(page: Chromium) -> None:
    page.ask("Emulation.setDeviceMetricsOverride", width=800, height=600, deviceScaleFactor=1, mobile=False)
    assert page.js("document.documentElement.scrollWidth") <= 800
    page.ask("Emulation.clearDeviceMetricsOverride")


def test_without_its_style_as_an_old_browser_shows_it_every_form_is_there(page: Chromium) -> None:
    page.js("document.querySelectorAll('style').forEach(one => one.remove())")
    for words in ("请求评价", "签到", "暂停服务", "退出本页"):
        assert words in page.text
    assert page.js("document.scripts.length") == 0
