"""The manager tests a box key by key, and teaches the kiosk an unknown one: on the real screen, over real lines."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devices.checksums import CHECKSUMS
from devices.emulated_evaluator import EmulatedEvaluator
from devices.learning.listening import ports_here
from devices.profile import load_profile
from kiosk.demo.hall import PIN, PROFILE
from kiosk.learning_desk import Ears
from kiosk.settings import load_settings
from sync.records import LEVELS, OFFICIAL_WORDS, Pressed
from tests.visits.conftest import Morning

SHIPPED = Path(__file__).parents[2] / "devices/profiles" / f"{PROFILE}.toml"
CHECKED_IN_TURN = (3, 1, 5, 2, 4)


def made_up(level: int) -> bytes:
    """A frame that no shipped profile knows."""
    body = bytes((0x07, 0x20, level * 16))
    return b"\xaa\x55" + body + CHECKSUMS["crc16-modbus"].of(b"\xaa\x55" + body)


@pytest.fixture
def quick(closed_morning: Morning) -> Morning:
    """The keys of its boxes may follow each other at once."""
    config = closed_morning.hall.config
    text = SHIPPED.read_text(encoding="utf-8").replace("guard_ms = 300", "guard_ms = 0")
    (config.parent / "quick.toml").write_text(text, encoding="utf-8")
    config.write_text(config.read_text(encoding="utf-8").replace(f'"{PROFILE}"', '"quick.toml"'), encoding="utf-8")
    closed_morning.open()
    return closed_morning


@pytest.fixture
def ports(tmp_path: Path) -> Path:
    folder = tmp_path / "ports"
    folder.mkdir()
    return folder


@pytest.fixture
def teaching(closed_morning: Morning, ports: Path) -> Iterator[Morning]:
    """A kiosk that looks for unknown boxes in a folder, and is as quick as a program that presses keys."""
    closed_morning.open(ears=Ears(lambda: ports_here(ports, Path("/nowhere"), list), pace=0.12))
    yield closed_morning
    closed_morning.close()
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("learning")] == []


def enter_pin(morning: Morning) -> None:
    morning.shows("pinPad")
    for digit in PIN:
        morning.touch(f"pinKey{digit}")
    morning.touch("pinEnter")


def open_boxes(morning: Morning) -> None:
    morning.shows("standby")
    morning.hold_corner()
    enter_pin(morning)
    morning.shows("deskEvaluators")
    morning.touch("deskEvaluators")
    morning.shows("evaluatorPage")


def touch(morning: Morning, name: str) -> None:
    """Once it shows; behind a press that turned the page it stands somewhere else a frame later."""
    morning.shows(name)
    morning.touch(name)


def says(morning: Morning, name: str, words: str) -> None:
    morning.until(lambda: words in morning.text_of(name))


def test_pressing_each_key_lifts_the_warning_and_counts_nothing(quick: Morning) -> None:
    open_boxes(quick)
    says(quick, "state-boxSeeTo", "未通过按键测试")
    touch(quick, "testKeys")
    for level in LEVELS:
        quick.until(lambda level=level: quick.text_of("keyWanted") == OFFICIAL_WORDS[level])
        quick.press_box("3", level)

    says(quick, "keyResult", "测试通过")
    touch(quick, "deskBack")
    says(quick, "state-boxMap", "已通过按键测试")
    assert quick.visible("state-boxSeeTo") is None
    says(quick, "lastFrame", "68 03 03 68 81 11 00 92 16")
    assert quick.stored() == {}


def test_a_wrong_key_and_a_dead_one_are_told_with_what_to_do(quick: Morning) -> None:
    open_boxes(quick)
    touch(quick, "testKeys")
    quick.until(lambda: quick.text_of("keyWanted") == "非常满意")
    quick.press_box("3", 1)
    says(quick, "key5", "收到的是：非常不满意")
    for _ in range(4):
        touch(quick, "keySkip")

    says(quick, "keyResult", "测试未通过")
    says(quick, "keyResult", "接线")
    assert quick.text_of("key1") == "没有信号"
    touch(quick, "deskBack")
    says(quick, "state-boxSeeTo", "按键接错：非常满意")


def test_a_rating_that_is_asked_for_ends_the_test_and_is_given_on_that_box(quick: Morning) -> None:
    open_boxes(quick)
    touch(quick, "testKeys")
    quick.shows("keyTestPage")
    quick.three.ask()
    quick.shows("face5")
    assert quick.visible("keyTestPage") is None
    quick.press_box("3", 2)
    quick.until(lambda: quick.stored() == {2: 1})


def is_asked_for(morning: Morning, level: int) -> None:
    says(morning, "learnHeadline", f"“{OFFICIAL_WORDS[level]}”")


def presses_heard(morning: Morning) -> str:
    return morning.text_of("learnHeadline") + morning.text_of("learnHeard")


def press_and_wait(morning: Morning, press: Callable[[int], object], level: int) -> None:
    before = presses_heard(morning)
    press(level)
    morning.until(lambda: presses_heard(morning) != before)


def test_an_unknown_box_is_learnt_adopted_and_rated_on(teaching: Morning, ports: Path) -> None:
    morning = teaching
    open_boxes(morning)
    touch(morning, "learn")
    touch(morning, "letterz")
    touch(morning, "learnStart")
    says(morning, "learnHeadline", "请插上评价器")
    with EmulatedEvaluator(load_profile("ascii-digit"), ports / "usb-box") as box:

        def press(level: int) -> None:
            box.send(made_up(level))

        says(morning, "learnNote", "9600 8N1")
        for level in (5, 5, 5, *(level for level in LEVELS for _ in range(3))):
            is_asked_for(morning, level)
            press_and_wait(morning, press, level)
        says(morning, "learnHeadline", "请不要碰评价器")
        touch(morning, "wish-next")
        says(morning, "learnHeadline", "看到的是这样")
        touch(morning, "wish-next")
        for level in CHECKED_IN_TURN:
            is_asked_for(morning, level)
            press(level)
        says(morning, "learnHeadline", "每个键都读对了")
        assert not (morning.hall.config.parent / "evaluators").exists(), "nothing is saved without the PIN"
        in_the_way = morning.hall.config.parent / "evaluators"
        in_the_way.write_text("", encoding="utf-8")
        touch(morning, "wish-adopt")
        enter_pin(morning)
        says(morning, "learnNote", "未能保存：[Errno 17] File exists")
        assert not (morning.hall.config.parent / "kiosk.learnt.toml").exists()
        in_the_way.unlink()
        touch(morning, "wish-adopt")
        enter_pin(morning)
        says(morning, "learnHeadline", "已保存并启用")
        morning.until(lambda: morning.audits("evaluator-map")[-1].detail["by"] == "pin")
        morning.until(lambda: any(state.name == "box-1z" and state.connected for state in morning.kiosk.evaluators))
        touch(morning, "learnTest")
        morning.until(lambda: morning.text_of("keyWanted") == "非常满意")
        touch(morning, "deskClose")

        morning.three.ask()
        morning.shows("face5")
        press(2)
        morning.until(lambda: morning.stored() == {2: 1})
        (rated,) = (record for record in morning.records() if isinstance(record, Pressed))
        assert rated.evidence is not None
        assert rated.evidence.evaluator == "box-1z"
        assert rated.evidence.profile == morning.audits("evaluator-map")[-1].detail["digest"]
        assert [place.name for place in load_settings(morning.hall.config).evaluators] == ["rs485", "box-1z"]

        morning.close()
        morning.open()
        morning.until(lambda: all(state.connected and state.adopted for state in morning.kiosk.evaluators))


def test_learning_makes_way_for_a_citizen_at_another_window(teaching: Morning) -> None:
    open_boxes(teaching)
    touch(teaching, "learn")
    touch(teaching, "learnStart")
    says(teaching, "learnHeadline", "请插上评价器")
    teaching.four.ask()
    says(teaching, "learnHeadline", "有人要评价")
    touch(teaching, "deskBack")
    touch(teaching, "learn")
    touch(teaching, "learnStart")
    says(teaching, "learnNote", "正在评价")


def test_leaving_the_page_lets_the_port_go_and_saves_nothing(teaching: Morning, ports: Path) -> None:
    open_boxes(teaching)
    touch(teaching, "learn")
    touch(teaching, "learnStart")
    says(teaching, "learnHeadline", "请插上评价器")
    with EmulatedEvaluator(load_profile("ascii-digit"), ports / "usb-box"):
        says(teaching, "learnHeadline", "非常满意")
        touch(teaching, "deskClose")
        teaching.shows("standby")
        alive = {thread.name for thread in threading.enumerate()}
        teaching.until(lambda: "learning" not in {thread.name for thread in threading.enumerate()})
        assert "recorder" in alive
    assert not (teaching.hall.config.parent / "evaluators").exists()
    assert not (teaching.hall.config.parent / "kiosk.learnt.toml").exists()
