"""The pages of a terminal, touched as a citizen would: from the start to the faces, back, and away."""

from pytestqt.qtbot import QtBot
from ui_rig import Rig

from kiosk.core.finding_events import NotProven, Prove, RanOut
from kiosk.core.finding_stages import IDLE_MS
from kiosk.gallery_terminal import NUMBER
from sync.records import LEVELS, VisitAsked, VisitEnded, VisitPressed


def asked(rig: Rig) -> list[VisitAsked]:
    return [entry for entry in rig.entries if isinstance(entry, VisitAsked)]


def page(rig: Rig) -> str:
    return next(name for name in PAGES if rig.shows(name))


PAGES = ("findingScan", "findingNumber", "findingList", "findingConfirm", "findingMessage", "findingStart", "rating")


def type_number(rig: Rig, number: str) -> None:
    rig.tap("way-number")
    for key in number:
        rig.tap(f"key-{key}")


def answer(rig: Rig, *, rateable: bool) -> None:
    rig.terminal.enter(rateable=rateable)
    rig.settle()


def test_a_terminal_at_rest_shows_the_ways_and_no_faces(terminal: Rig) -> None:
    assert page(terminal) == "findingStart"
    assert all(terminal.shows(f"way-{way}") for way in ("scan", "number", "item", "hall", "terminal"))
    assert not any(terminal.shows(f"face{level}") for level in LEVELS)
    assert not terminal.shows("standby")


def test_a_number_typed_on_the_glass_leads_to_its_rating(terminal: Rig) -> None:
    type_number(terminal, "3708-AZ")
    assert terminal.text("typed") == "3708 -AZ"
    terminal.tap("eraseKey")
    terminal.tap("enterKey")
    assert terminal.terminal.looked_up == ["3708-A"]
    answer(terminal, rateable=True)
    assert page(terminal) == "findingConfirm"
    assert terminal.text("named") == "3708 -A"
    terminal.tap("confirmButton")
    assert page(terminal) == "rating"
    terminal.tap("face4")
    assert [type(entry) for entry in terminal.entries] == [VisitAsked, VisitPressed]
    assert asked(terminal)[0].ask.cases[0].project_no == "3708-A"


def test_items_are_found_by_letters_and_turned_over_sheet_by_sheet(terminal: Rig) -> None:
    terminal.tap("way-item")
    sheets = terminal.text("sheetPlace")
    assert sheets == "1 / 3"
    terminal.tap("nextSheet")
    assert terminal.text("sheetPlace") == "2 / 3"
    for letter in "YYZZ":
        terminal.tap(f"letter-{letter}")
    terminal.tap("entry0")
    assert (terminal.text("named"), terminal.text("beside")) == ("营业执照设立登记", "市场监督管理局")
    terminal.tap("confirmButton")
    assert terminal.text("note") == "事项：营业执照设立登记"
    assert (asked(terminal)[0].ask.object, asked(terminal)[0].ask.cases) == ("item", ())


def test_a_department_leads_to_its_items(terminal: Rig) -> None:
    terminal.tap("way-item")
    terminal.tap("entry2")
    assert terminal.text("title") == "公安局"
    terminal.tap("entry1")
    assert terminal.text("named") == "户口迁移"
    terminal.tap("backButton")
    assert terminal.text("title") == "公安局"
    terminal.tap("cancelButton")
    assert page(terminal) == "findingStart"


def test_what_is_shown_of_a_list_follows_the_size_of_the_screen(terminal: Rig) -> None:
    terminal.tap("way-item")
    assert not terminal.shows("entry7")
    terminal.tap("nextSheet")
    first = terminal.visit.finding.entries[0]["text"]
    terminal.resize(1280, 800)
    assert first in [entry["text"] for entry in terminal.visit.finding.entries]


def test_a_minute_later_nothing_stays_on_the_screen(terminal: Rig) -> None:
    type_number(terminal, "370")
    terminal.clock_ms += IDLE_MS
    terminal.terminal.say(RanOut(terminal.now()))
    terminal.settle()
    assert page(terminal) == "findingStart"
    terminal.tap("way-number")
    assert terminal.text("typed") == "—"


def test_a_case_is_rated_later_with_the_code_of_its_slip(terminal: Rig) -> None:
    terminal.tap("way-later")
    terminal.tap("key-1")
    terminal.tap("enterKey")
    assert terminal.text("title") == "请输入凭条上的评价码"
    for key in "7Q2M9XD04":
        terminal.tap(f"key-{key}")
    assert terminal.text("typed") == "7Q2-M9X-D04"
    terminal.terminal.prove("misread")
    terminal.settle()
    assert "评价码有误" in terminal.text("note")
    terminal.terminal.type("7Q2M9XD04")
    terminal.terminal.prove(NotProven(30))
    terminal.settle()
    assert page(terminal) == "findingMessage"
    assert "30 秒" in terminal.text("note")
    assert terminal.terminal.proofs == [Prove("1", "7Q2M9XD04")] * 2


def test_a_refusal_says_what_to_do_and_nothing_about_the_case(terminal: Rig) -> None:
    type_number(terminal, "370")
    terminal.tap("enterKey")
    answer(terminal, rateable=False)
    assert page(terminal) == "findingNumber"
    terminal.terminal.type("7Q2M9XD04")
    terminal.terminal.prove(NotProven(0))
    terminal.settle()
    assert page(terminal) == "findingMessage"
    assert terminal.text("title") == "凭此编号和评价码不能评价"
    assert "370" not in "".join(str(item.property("text")) for item in terminal.items() if item.property("text"))
    assert asked(terminal) == []


def test_a_transaction_that_ends_brings_the_faces_up_and_leaving_them_leads_back(terminal: Rig) -> None:
    type_number(terminal, "370")
    terminal.ask()
    assert page(terminal) == "rating"
    terminal.tap("leaveButton")
    assert page(terminal) == "findingNumber"
    assert terminal.text("typed") == "370"
    (ended,) = [entry for entry in terminal.entries if isinstance(entry, VisitEnded)]
    assert (ended.outcome, ended.cause) == ("not-rated", "left")


def test_a_second_tap_on_what_led_to_the_faces_is_no_rating(terminal: Rig, qtbot: QtBot) -> None:
    terminal.window.setProperty("guard", 60_000)
    terminal.terminal.begin("hall")
    terminal.settle()
    terminal.tap("face2")
    assert terminal.pressed() == []
    terminal.window.setProperty("guard", 0)
    qtbot.waitUntil(lambda: terminal.item("face2").property("deaf") is False)
    terminal.tap("face2")
    assert terminal.pressed() == [2]


def test_a_slip_that_is_no_case_number_is_said_so(terminal: Rig) -> None:
    terminal.terminal.scan("")
    terminal.settle()
    assert page(terminal) == "findingScan"
    assert "不是办件编号" in terminal.text("note")
    terminal.terminal.scan(NUMBER)
    terminal.settle()
    assert page(terminal) == "findingMessage"


def test_the_language_chosen_at_the_start_holds_until_the_rating_is_over(terminal: Rig) -> None:
    terminal.speak("en")
    terminal.tap("way-number")
    assert terminal.text("title") == "Please enter the case number"
    terminal.tap("cancelButton")
    terminal.tap("way-hall")
    assert "this hall" in terminal.text("headline")
    terminal.tap("leaveButton")
    assert terminal.visit.language == "zh-CN"
    assert terminal.text("title") == "请选择要评价的内容"


def test_a_window_has_no_way_to_find_anything(rig: Rig) -> None:
    assert not any(rig.shows(name) for name in PAGES)
    assert rig.visit.finding.ways == []
