"""The slip to print: readable codes, nothing of the case, and the same page whatever the citizen does."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QTransform
from PySide6.QtSvg import QSvgRenderer
from pyzbar import pyzbar

from kiosk.core.province import Supplement
from kiosk.core.visit import AskedFor, Pressed, Recorded, TimedOut
from kiosk.slips.issuing import SlipIssuer
from kiosk.slips.key import SlipKey
from kiosk.slips.printed import SlipPaper
from sync.records import LEVELS, VisitId

PAGE = "https://hall.example/rate"
PAPER = SlipPaper("县政务服务<大厅>&", "County hall", 480, Supplement(7, "working", ("slip-code",)), PAGE)
CASE = {"cases": [{"projectNo": "370800202611200001"}]}
DOTS = 203 / 25.4
"""A receipt printer's, a millimetre."""


@pytest.fixture
def kiosk(start_kiosk: Callable[..., Any], tmp_path: Path) -> Any:
    issuer = SlipIssuer(SlipKey(tmp_path), lambda size: b"\x01\x23\x45\x67\x89"[:size])
    return start_kiosk(slip=issuer.issue, slip_paper=PAPER)


def slip_of(kiosk: Any, asked: Any, **call: Any) -> Any:
    return kiosk.call("GET", f"/v1/windows/3/slips/{asked.json()['visit']}", **call)


def printed(svg: str) -> QImage:
    """As a receipt printer draws 56 mm of it."""
    side = round(56 * DOTS)
    picture = QImage(side, side, QImage.Format.Format_Grayscale8)
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, side, side))
    painter.end()
    return picture


def read(picture: QImage) -> list[str]:
    half = picture.scaled(
        picture.width() // 2,
        picture.height() // 2,
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    paper = QImage(half.width() * 2, half.height() * 2, QImage.Format.Format_Grayscale8)
    paper.fill(Qt.GlobalColor.white)
    painter = QPainter(paper)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setTransform(QTransform().translate(half.width() // 2, half.height() // 2).rotate(8))
    painter.drawImage(0, 0, half)
    painter.end()
    pixels = bytes(paper.constBits())[: paper.bytesPerLine() * paper.height()]
    found = pyzbar.decode((pixels, paper.bytesPerLine(), paper.height()), symbols=[pyzbar.ZBarSymbol.QRCODE])
    return [one.data.decode() for one in found]


def test_code_and_page_are_printed_large_enough_to_be_read(kiosk: Any) -> None:
    asked = kiosk.ask(CASE)

    page = slip_of(kiosk, asked)

    assert page.status == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    drawn = re.findall(r"<svg.*?</svg>", page.text)
    assert [read(printed(svg)) for svg in drawn] == [[asked.json()["slip"]], [PAGE]]
    modules = [int(side) for svg in drawn for side in re.findall(r'viewBox="0 0 (\d+)', svg)]
    assert all(56 * (side - 8) / side >= 40 and 56 * DOTS / side >= 4 for side in modules)
    assert "svg { display: block; width: 56mm; height: 56mm" in page.text


def test_it_says_where_when_and_for_how_long_and_nothing_of_the_case(kiosk: Any) -> None:
    asked = kiosk.ask(CASE)

    text = unescape(slip_of(kiosk, asked).text)

    for said in (PAPER.hall, PAPER.hall_en, "3号窗口", "2027-01-15", "7 个工作日", asked.json()["slip"]):
        assert said in text, said
    assert "370800202611200001" not in text
    assert "<大厅>" not in slip_of(kiosk, asked).text


def test_the_page_is_the_same_whatever_the_citizen_does(kiosk: Any) -> None:
    asked = kiosk.ask(CASE)
    before = slip_of(kiosk, asked).content
    [event] = kiosk.hall.of_kind(AskedFor)

    for level in LEVELS:
        kiosk.hall.dispatch("3", Pressed(level, "box", kiosk.clock(), VisitId(b"f" * 16)))
        assert slip_of(kiosk, asked).content == before
        kiosk.hall.dispatch("3", Recorded(event.visit, "AAAA-BBBB", kiosk.clock()))
        assert slip_of(kiosk, asked).content == before
        kiosk.clock.forward(100)
        kiosk.hall.dispatch("3", TimedOut(kiosk.clock()))
        assert slip_of(kiosk, asked).content == before


def test_only_the_windows_own_token_prints_it(kiosk: Any) -> None:
    asked = kiosk.ask(CASE)

    assert slip_of(kiosk, asked, token=None).status == 401
    assert slip_of(kiosk, asked, token="token-of-4").status == 403
    assert kiosk.call("GET", f"/v1/windows/3/slips/{'0' * 32}").status == 404


def test_without_a_case_the_platforms_page_is_left(kiosk: Any, start_kiosk: Callable[..., Any]) -> None:
    drawn = re.findall(r"<svg.*?</svg>", slip_of(kiosk, kiosk.ask()).text)
    assert [read(printed(svg)) for svg in drawn] == [[PAGE]]

    nothing = start_kiosk()
    assert slip_of(nothing, nothing.ask(CASE)).status == 404


def test_the_clerk_page_offers_it_after_each_ask_alike(kiosk: Any) -> None:
    origin = {"Origin": f"http://127.0.0.1:{kiosk.address[1]}"}

    def post(path: str, body: str, **headers: str) -> Any:
        form = {"Content_Type": "application/x-www-form-urlencoded", **origin, **headers}
        return kiosk.call("POST", path, body.encode(), token=None, **form)

    cookie = post("/clerk/3/session", "token=token-of-3").headers["Set-Cookie"].partition(";")[0]
    assert "/slips/" not in kiosk.call("GET", "/clerk/3", token=None, Cookie=cookie).text
    post("/clerk/3/visits", "form=1&case=370800202611200001&service=1", Cookie=cookie)
    pages = [kiosk.call("GET", "/clerk/3", token=None, Cookie=cookie).text for _ in range(2)]

    [link] = set(re.findall(r'href="(/clerk/3/slips/[0-9a-f]{32})"', "".join(pages)))
    assert len(re.findall(re.escape(link), "".join(pages))) == 2
    slip = kiosk.call("GET", link, token=None, Cookie=cookie)
    assert slip.status == 200
    assert "评价凭条" in slip.text
    assert kiosk.call("GET", link, token=None).status == 303
