"""The boxes behind the desk: one at a time, tested key by key, and the unknown one that is taught."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot
from ui_rig import Rig

from devices.learning.steps import BytesHeard, Silence
from kiosk.core.desk import PinRight, PinWrong
from kiosk.gallery_boxes import GOOD, NEW, TROUBLED
from kiosk.ui.learn_view_model import Action, LearnView


def open_boxes(rig: Rig) -> None:
    rig.manager_gesture()
    rig.type_pin("246810")
    rig.tap("pinEnter")
    rig.verdicts[-1](PinRight())
    rig.settle()
    rig.tap("deskEvaluators")


def open_learning(rig: Rig) -> None:
    open_boxes(rig)
    rig.tap("learn")


def test_each_box_of_a_line_is_shown_in_turn(rig: Rig) -> None:
    rig.boxes.states = (GOOD, TROUBLED)
    open_boxes(rig)
    assert (rig.text("deskTitle"), rig.text("boxPlace")) == ("评价器 rs485 · 1 号盒 · 窗口 3", "1/3")
    assert rig.text("state-boxProfile") == f"{GOOD.profile} · {GOOD.digest}"
    rig.tap("boxNext")
    assert rig.text("deskTitle") == "评价器 rs485 · 2 号盒 · 窗口 4"
    rig.tap("boxNext")
    see_to = rig.text("state-boxSeeTo").split("\n")
    assert len(see_to) == 3
    assert "请关闭盒上的语音和灯光" in see_to[0]
    assert rig.text("state-boxLacks").startswith("非常不满意")
    rig.tap("boxNext")
    rig.tap("boxBefore")
    assert rig.text("boxPlace") == "3/3"


def test_the_last_bytes_of_the_line_are_shown_whole_and_follow_what_is_heard(rig: Rig) -> None:
    open_boxes(rig)
    assert rig.text("lastRaw").replace(" ", "").lower() == GOOD.last_raw
    rig.boxes.states = (replace(GOOD, last_raw="00ff", last_frame=""),)
    rig.desk.refresh()
    rig.settle()
    assert rig.text("lastRaw") == "00 FF"
    assert not rig.shows("lastFrame")


def test_nobody_reads_the_boxes_while_no_page_shows_them(rig: Rig) -> None:
    open_boxes(rig)
    rig.tap("deskBack")
    rig.boxes.states = (NEW,)
    rig.desk.refresh()
    assert rig.desk.evaluators.title.startswith("评价器 rs485")
    assert rig.shows("deskPage")


@pytest.mark.parametrize(
    ("refusal", "words"),
    [("visit-open", "正在评价"), ("not-connected", "未连接"), ("not-adopted", "尚未启用"), ("no-such-box", "没有")],
)
def test_a_test_that_cannot_be_says_why(rig: Rig, refusal: str, words: str) -> None:
    open_boxes(rig)
    rig.boxes.refusal = refusal
    rig.tap("testKeys")
    assert words in rig.text("evaluatorNotice")
    assert rig.shows("evaluatorPage")
    rig.boxes.refusal = None
    rig.tap("testKeys")
    assert rig.shows("keyTestPage")


def test_a_test_asks_for_each_key_and_says_what_came(rig: Rig) -> None:
    open_boxes(rig)
    rig.tap("testKeys")
    assert rig.text("keyWanted") == "非常满意"
    rig.boxes.press("rs485", 0x81, (5, 3))
    rig.settle()
    assert (rig.text("key5"), rig.text("key4"), rig.text("keyWanted")) == ("正确", "收到的是：基本满意", "基本满意")
    rig.tap("keySkip")
    assert rig.text("key3") == "没有信号"
    rig.boxes.press("rs485", 0x81, (2, 1))
    rig.settle()
    assert len(rig.text("keyResult").split("\n")) == 3
    rig.tap("testAgain")
    assert rig.text("keyWanted") == "非常满意"
    rig.boxes.press("rs485", 0x81, (5, 4, 3, 2, 1))
    rig.settle()
    assert rig.text("keyResult") == "每个键都正确，测试通过"


def test_leaving_the_page_and_a_visit_end_the_test(rig: Rig) -> None:
    open_boxes(rig)
    rig.tap("testKeys")
    rig.tap("deskBack")
    assert rig.boxes.tests.ending == "stopped"
    rig.tap("testKeys")
    rig.ask()
    assert rig.boxes.tests.ending == "stopped"
    assert rig.shows("face5")


def test_a_scanner_has_no_keys_to_test(rig: Rig) -> None:
    rig.boxes.states = (replace(GOOD, kind="scanner", boxes=(), profile=""),)
    open_boxes(rig)
    assert rig.text("deskTitle") == "扫码枪 rs485"
    assert not rig.shows("testKeys")
    rig.desk.testKeys()
    assert rig.desk.page == "evaluators"


def test_a_kiosk_without_boxes_says_so_and_can_learn_one(rig: Rig) -> None:
    rig.boxes.states = ()
    open_boxes(rig)
    assert rig.text("deskTitle") == "没有配置评价器"
    rig.tap("learn")
    assert rig.shows("learnPage")


def test_a_name_is_typed_on_the_pad_and_a_wrong_one_is_refused(rig: Rig) -> None:
    open_learning(rig)
    assert rig.text("learnName") == "box-1"
    for letter in ("", "", "-", "-"):
        rig.tap(f"letter{letter}")
    rig.tap("learnStart")
    assert rig.text("learnNote") == "请用小写字母和数字，中间可加短横"
    for letter in ("", "", "", "-", "7"):
        rig.tap(f"letter{letter}")
    rig.tap("learnWindow4")
    assert (rig.text("learnName"), rig.desk.learning.window) == ("bo-7", "4")
    rig.tap("learnStart")
    assert rig.desk.learning.step == "find"


def test_a_port_is_chosen_and_each_press_is_seen(rig: Rig) -> None:
    open_learning(rig)
    rig.tap("learnStart")
    rig.tap("port1")
    assert rig.text("learnHeadline") == "正在打开端口…"
    rig.boxes.plug_in()
    rig.settle()
    assert "9600 8N1" in rig.text("learnNote")
    rig.boxes.hears(5, 2)
    rig.settle()
    assert rig.text("learnHeard") == "听到 2/3"
    assert rig.text("learnRaw") == "FF 68 03 03 68 81 11 04 96 16"
    rig.tap("wish-next")
    rig.boxes.plug_in()
    rig.settle()
    assert "19200 8N1" in rig.text("learnNote")


def test_what_is_believed_is_said_in_words_and_can_be_taken_back(rig: Rig) -> None:
    open_learning(rig)
    rig.tap("learnStart")
    rig.boxes.learn()
    rig.settle()
    assert rig.text("learnHeadline") == "看到的是这样，对吗？"
    assert "线路：9600 8N1" in rig.desk.learning.findings
    assert "此配置只供一条线上一台评价器使用" in rig.desk.learning.doubts
    rig.tap("wish-back")
    rig.boxes.plug_in()
    rig.settle()
    assert "非常满意" in rig.text("learnHeadline")


def test_bytes_that_make_no_sense_are_said_plainly(rig: Rig) -> None:
    open_learning(rig)
    rig.tap("learnStart")
    rig.boxes.plug_in()
    for turn in range(11):
        rig.boxes.happens(BytesHeard(bytes((turn, 0xA5)), turn), "next")
        rig.boxes.plug_in()
    rig.boxes.happens(Silence(250))
    rig.settle()
    assert rig.text("learnHeadline") == "说不清这台评价器"
    assert rig.desk.learning.doubts == ["所有线路设置都试过了"]


def test_the_pin_is_asked_for_again_before_a_box_is_adopted(rig: Rig) -> None:
    open_learning(rig)
    rig.tap("learnStart")
    rig.boxes.show(LearnView("review", "每个键都读对了", actions=(Action("adopt", "启用"),)))
    rig.boxes.show(LearnView("adopt"))
    rig.settle()
    rig.type_pin("000000")
    rig.tap("pinEnter")
    rig.verdicts[-1](PinWrong(4))
    rig.settle()
    assert rig.boxes.adopted == 0
    assert "还可尝试 4 次" in rig.text("pinNotice")
    rig.type_pin("246810")
    rig.tap("pinEnter")
    rig.verdicts[-1](PinRight())
    assert rig.boxes.adopted == 1


def test_a_pin_that_is_right_after_the_page_was_left_adopts_nothing(rig: Rig) -> None:
    open_learning(rig)
    rig.tap("learnStart")
    rig.boxes.show(LearnView("adopt"))
    rig.settle()
    rig.type_pin("246810")
    rig.tap("pinEnter")
    rig.tap("deskBack")
    rig.verdicts[-1](PinRight())
    assert rig.boxes.adopted == 0


@pytest.mark.parametrize(
    ("language", "said"), [("zh-CN", "端口不存在，请检查插头"), ("en", "the port is gone; check the plug")]
)
def test_a_port_that_is_lost_is_told_in_the_words_of_the_screen(qtbot: QtBot, language: str, said: str) -> None:
    rig = Rig(qtbot, "window", language)
    open_learning(rig)
    rig.tap("learnStart")
    rig.boxes.fail()
    rig.settle()
    assert rig.desk.learning.doubts == [said]
    rig.close()
