"""Each stage of a visit has its screen, and none of them tells which level was pressed."""

import pytest
from pytestqt.qtbot import QtBot
from ui_rig import ROOT, Rig

from kiosk.core.visit import PauseAsked, Resumed
from sync.records import LEVELS, OFFICIAL_ENGLISH, OFFICIAL_WORDS

SCREENS = ("standby", "rating", "thanks", "apology", "paused")


def shown(rig: Rig) -> list[str]:
    return [name for name in SCREENS if rig.shows(name)]


def test_a_window_at_rest_shows_no_faces(rig: Rig) -> None:
    assert shown(rig) == ["standby"]
    assert not any(rig.shows(f"face{level}") for level in LEVELS)
    assert rig.text("windowName") == "3号窗口"


def test_a_window_at_rest_shows_the_clerk_who_is_signed_in(rig: Rig) -> None:
    assert rig.text("headline") == "您好，欢迎办理业务"
    rig.sign_in()
    assert rig.text("clerk") == "工号 1001"
    assert rig.text("headline") == "窗口正在为您服务"


def test_an_ask_shows_the_question_and_the_five_faces(rig: Rig) -> None:
    rig.ask()
    assert shown(rig) == ["rating"]
    assert rig.text("headline") == "请您对本次服务进行评价"
    assert all(rig.shows(f"face{level}") for level in LEVELS)


def test_a_walk_up_point_asks_about_the_hall_from_the_start(walk_up: Rig) -> None:
    assert shown(walk_up) == ["rating"]
    assert walk_up.text("headline") == "请您对本政务服务大厅的服务进行评价"


def test_while_recording_the_faces_stay_where_they_are_and_a_line_says_so(rig: Rig, qtbot: QtBot) -> None:
    rig.ask()
    before = [rig.middle(f"face{level}") for level in LEVELS]
    rig.press(2)
    assert shown(rig) == ["rating"]
    assert [rig.middle(f"face{level}") for level in LEVELS] == before
    qtbot.waitUntil(lambda: rig.shows("recordingLine"))
    assert rig.text("recordingLine") == "正在记录…"


def test_the_line_is_gone_when_the_next_visit_is_recorded(rig: Rig, qtbot: QtBot) -> None:
    rig.ask()
    rig.press(2)
    qtbot.waitUntil(lambda: rig.shows("recordingLine"))
    rig.record()
    rig.pass_ms(3000)
    rig.window.setProperty("patience", 60_000)
    rig.ask(b"b")
    rig.press(2)
    assert not rig.shows("recordingLine")


def test_thanks_come_after_the_journal_has_it_and_show_the_receipt(rig: Rig) -> None:
    rig.ask()
    rig.press(5)
    assert not rig.shows("thanks")
    rig.record()
    assert shown(rig) == ["thanks"]
    assert rig.text("message").replace("\n", "") == "评价已记录，感谢您的参与"
    assert (rig.text("receiptTitle"), rig.text("receipt")) == ("回执", "7KQ2-M4XD-9TRA-H6PW")


def test_a_press_that_cannot_be_recorded_is_answered_by_what_to_do(rig: Rig) -> None:
    rig.ask()
    rig.press(1)
    rig.fail()
    assert shown(rig) == ["apology"]
    assert rig.text("message").replace("\n", "") == "未能记录，请稍候再按，或扫码、填写纸质评价表。"
    rig.pass_ms(4000)
    assert shown(rig) == ["rating"]


def test_a_pause_shows_its_reason_until_it_ends(rig: Rig) -> None:
    rig.host.dispatch(PauseAsked("maintenance", rig.now()))
    rig.settle()
    assert shown(rig) == ["paused"]
    assert rig.text("detail") == "系统维护"
    rig.host.dispatch(Resumed(rig.now()))
    rig.settle()
    assert shown(rig) == ["standby"]


@pytest.mark.parametrize("place", ["rig", "walk_up"])
def test_no_picture_from_press_to_thanks_depends_on_the_level(place: str, request: pytest.FixtureRequest) -> None:
    rig: Rig = request.getfixturevalue(place)
    recording, thanks, apology = [], [], []
    for level in LEVELS:
        for outcome, pictures in ((rig.record, thanks), (rig.fail, apology)):
            if place == "rig":
                rig.ask(bytes([level]))
            rig.press(level)
            recording.append(rig.picture())
            outcome()
            picture = rig.picture()  # but for the bar of time along the lower edge
            pictures.append(picture.copy(0, 0, picture.width(), picture.height() - 6))
            rig.pass_ms(4000)
            rig.pass_ms(60_000)
    for pictures in (recording, thanks, apology):
        assert all(picture == pictures[0] for picture in pictures)
    assert thanks[0] != apology[0]


def test_the_time_bar_stands_for_what_is_left_of_the_visit(rig: Rig) -> None:
    rig.ask()
    assert rig.visit.closesInMs == 60_000
    assert rig.visit.openShare == 1
    rig.clock_ms += 45_000
    assert rig.visit.closesInMs == 15_000
    assert rig.visit.openShare == 0.25
    rig.press(3)
    assert rig.visit.closesInMs == 0


def test_faces_stand_in_the_official_order_with_the_official_words(rig: Rig) -> None:
    rig.ask()
    faces = rig.visit.faces
    assert [face["level"] for face in faces] == list(LEVELS)
    assert [face["word"] for face in faces] == [OFFICIAL_WORDS[level] for level in LEVELS]
    assert [face["other"] for face in faces] == [OFFICIAL_ENGLISH[level] for level in LEVELS]
    rig.speak("en")
    assert [face["word"] for face in rig.visit.faces] == [OFFICIAL_ENGLISH[level] for level in LEVELS]
    assert [face["other"] for face in rig.visit.faces] == [OFFICIAL_WORDS[level] for level in LEVELS]


def test_the_language_chosen_changes_every_word_and_the_default_returns_with_the_end_of_the_visit(rig: Rig) -> None:
    rig.ask()
    rig.speak("en")
    assert rig.text("headline") == "Please rate this service"
    assert rig.text("hall") == "Model District Service Hall"
    rig.press(4)
    rig.record()
    assert rig.text("receiptTitle") == "Receipt"
    rig.pass_ms(3000)
    assert rig.visit.language == "zh-CN"
    rig.ask(b"b")
    assert rig.text("headline") == "请您对本次服务进行评价"


def test_the_next_citizen_meets_the_default_language_even_without_a_pause_between(rig: Rig) -> None:
    rig.ask(b"a")
    rig.speak("en")
    rig.ask(b"b")
    assert rig.visit.language == "zh-CN"


def test_a_language_chosen_at_a_walk_up_point_and_left_there_returns_by_itself(walk_up: Rig) -> None:
    walk_up.speak("en")
    assert walk_up.visit.language == "en"
    walk_up.visit.choice.left.emit()
    assert walk_up.visit.language == "zh-CN"


def test_a_language_chosen_at_a_walk_up_point_holds_for_the_press_and_its_thanks(walk_up: Rig) -> None:
    walk_up.speak("en")
    walk_up.tap("face4")
    walk_up.record()
    assert walk_up.text("receiptTitle") == "Receipt"
    walk_up.pass_ms(3000)
    assert walk_up.visit.language == "zh-CN"


def test_there_is_one_drawing_a_level() -> None:
    drawings = {path.name: path.read_bytes() for path in (ROOT / "assets" / "faces").glob("*.svg")}
    assert set(drawings) == {f"face{level}.svg" for level in LEVELS}
    assert len(set(drawings.values())) == len(LEVELS)
