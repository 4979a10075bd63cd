"""The receipt on the screen: read by a phone's eye, of the right size, and gone with the visit."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QTransform
from pytestqt.qtbot import QtBot
from pyzbar import pyzbar
from ui_rig import RECEIPT, Rig, national

from kiosk.gallery import SIZES
from kiosk.qr_code import QUIET_ZONE, qr_modules, receipt_text
from kiosk.ui.province_texts import ProvinceTexts

FOLLOW_UP, LATER = "https://hall.example/follow-up", "https://hall.example/rate"
LONG = "https://service.example/" + "p" * 150


@pytest.fixture
def make(qtbot: QtBot) -> Iterator[Callable[..., Rig]]:
    rigs: list[Rig] = []

    def make(follow_up: str = "", later: str = "", dpi: int = 96, place: str = "window") -> Rig:
        rigs.append(Rig(qtbot, place, province=with_pages(follow_up, later), dpi=dpi))
        return rigs[-1]

    yield make
    for rig in rigs:
        rig.close()


def with_pages(follow_up: str, later: str) -> ProvinceTexts:
    province = national()
    return replace(province, profile=replace(province.profile, follow_up_page=follow_up, rate_later_page=later))


def thanked(rig: Rig) -> None:
    rig.ask()
    rig.press(2)
    rig.record()


def read(picture: QImage) -> list[str]:
    """By zbar, the picture halved and turned by 8°: a phone held not quite right."""
    half = picture.scaled(
        picture.width() // 2,
        picture.height() // 2,
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    turned = half.transformed(QTransform().rotate(8), Qt.TransformationMode.SmoothTransformation)
    grey = turned.convertToFormat(QImage.Format.Format_Grayscale8)
    pixels = bytes(grey.constBits())[: grey.bytesPerLine() * grey.height()]
    found = pyzbar.decode((pixels, grey.bytesPerLine(), grey.height()), symbols=[pyzbar.ZBarSymbol.QRCODE])
    return [one.data.decode() for one in found]


@pytest.mark.parametrize("elder", [False, True])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("follow_up", "said"),
    [("", RECEIPT), (FOLLOW_UP, f"{FOLLOW_UP}?receipt={RECEIPT}"), (LONG, f"{LONG}?receipt={RECEIPT}")],
    ids=["no page", "a page", "a long address"],
)
def test_the_code_of_the_receipt_can_be_read(
    make: Callable[..., Rig], size: tuple[int, int], elder: bool, follow_up: str, said: str
) -> None:
    rig = make(follow_up)
    thanked(rig)
    rig.resize(*size, elder=elder)
    assert read(rig.picture()) == [said]


@pytest.mark.parametrize("dpi", [96, 118, 160])
@pytest.mark.parametrize("name", ["receiptCode", "laterCode"])
def test_a_code_is_forty_millimetres_wide_and_its_modules_are_whole_pixels(
    make: Callable[..., Rig], dpi: int, name: str
) -> None:
    rig = make(FOLLOW_UP, LATER, dpi)
    if name == "receiptCode":
        thanked(rig)
    code = rig.item(name)
    module = code.property("module")
    assert code.width() / dpi * 25.4 >= 40
    assert module == int(module) >= 4


def test_the_code_for_rating_later_stands_at_rest_and_with_the_apology(make: Callable[..., Rig]) -> None:
    rig = make(later=LATER)
    assert read(rig.picture()) == [LATER]
    rig.ask()
    assert read(rig.picture()) == []
    rig.press(3)
    rig.fail()
    assert read(rig.picture()) == [LATER]


def test_a_profile_without_pages_shows_no_code_at_rest_and_no_word_of_one(make: Callable[..., Rig]) -> None:
    rig = make()
    assert not rig.shows("laterCode")
    thanked(rig)
    assert not rig.shows("followUp")


def test_the_receipt_names_hall_and_day_in_the_halls_time(make: Callable[..., Rig]) -> None:
    rig = make(FOLLOW_UP)
    rig.clock_ms += 13 * 3_600_000
    thanked(rig)
    assert rig.text("receipt") == "7KQ2-M4XD-9TRA-H6PW"
    assert rig.text("receiptPlace") == "示范区政务服务中心"
    assert rig.text("receiptDay") == "2026-11-21"
    assert rig.text("followUp") == "凭回执可查询处理情况"
    assert rig.text("promises") == "差评将由有关部门核实、整改，并向您反馈。"


def test_the_receipt_is_gone_when_the_visit_ends(make: Callable[..., Rig]) -> None:
    rig = make(FOLLOW_UP)
    thanked(rig)
    rig.tap("doneButton")
    receipt = rig.visit.receipt
    assert (receipt.code, receipt.day, receipt.modules) == ("", "", {"side": 0, "runs": []})
    assert read(rig.picture()) == []


@given(st.text(min_size=1, max_size=120))
def test_modules_have_a_quiet_zone_of_four_and_do_not_overlap(text: str) -> None:
    modules = qr_modules(text)
    dark = [(x, row) for column, row, length in modules.runs for x in range(column, column + length)]
    assert len(dark) == len(set(dark))
    assert (modules.side - 2 * QUIET_ZONE - 17) % 4 == 0
    inside = range(QUIET_ZONE, modules.side - QUIET_ZONE)
    assert all(x in inside and y in inside for x, y in dark)


def test_the_receipt_leads_to_the_page_with_nothing_but_its_code() -> None:
    assert receipt_text("ABCD", "https://hall.example/a#b") == "https://hall.example/a?receipt=ABCD#b"
    assert receipt_text("ABCD", "") == "ABCD"
