"""Several windows on one line, without a screen: asked, paused and signed in by caller keypads, rated on boxes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from kiosk.control import open_visits
from kiosk.settings import load_settings
from sync.records import Asked, Ended
from tests.visits.box_hall import BoxHall

OWN = 'addresses = { 1 = "3", 2 = "4" }'
SHARED = 'addresses = { 1 = ["3", "4"], 2 = "4" }'


@pytest.fixture
def hall_with(tmp_path: Path, qtbot: QtBot) -> Iterator[Callable[..., BoxHall]]:
    halls: list[BoxHall] = []

    def make(evaluator: str, **others: str) -> BoxHall:
        halls.append(BoxHall(tmp_path, qtbot, evaluator, **others))
        halls[-1].open()
        return halls[-1]

    yield make
    for hall in halls:
        hall.unplug()


def test_each_window_on_the_line_has_its_own_visit_and_its_own_keypad(hall_with: Callable[..., BoxHall]) -> None:
    hall = hall_with(OWN)
    hall.keypad(1, bytes([1, 0, 0, 1, 0x0F]))
    hall.until(lambda: len(hall.audits("signed-in")) == 1)
    hall.ask(1)
    hall.ask(2)
    assert open_visits(load_settings(hall.config)) == 2

    hall.press(2, 1)
    hall.press(1, 5)

    hall.until(lambda: hall.rated() == {("3", 5): 1, ("4", 1): 1})
    three, four = (record for record in hall.of(Asked) if isinstance(record, Asked))
    assert (three.trigger, three.object, three.clerk, three.flags) == ("keypad", "window", "1001", [])
    assert (four.clerk, four.flags) == ("", ["no-clerk"])


def test_a_keypad_pauses_and_calls_without_closing_a_visit(hall_with: Callable[..., BoxHall]) -> None:
    hall = hall_with(OWN)
    hall.ask(1)
    hall.keypad(1, bytes([0x0C]))
    hall.keypad(1, bytes([0x0E]))
    hall.keypad(1, bytes([0, 0x0F]))
    hall.until(lambda: len(hall.audits("paused")) == 1)

    hall.press(1, 2)

    hall.until(lambda: hall.rated() == {("3", 2): 1})
    hall.keypad(1, bytes([2, 0x0F]))
    hall.until(lambda: len(hall.audits("resumed")) == 1)
    hall.close()
    assert [audit.window for name in ("keypad-call", "keypad-cancel") for audit in hall.audits(name)] == ["3", "3"]
    assert not [ended for ended in hall.of(Ended) if isinstance(ended, Ended) and ended.cause == "superseded"]


def test_a_shared_box_rates_the_window_that_was_asked_last(hall_with: Callable[..., BoxHall]) -> None:
    hall = hall_with(SHARED)
    hall.ask(1)
    hall.ask(2)

    hall.press(1, 4)

    hall.until(lambda: hall.rated() == {("4", 4): 1})
    assert all("shared-box" in asked.flags for asked in hall.of(Asked) if isinstance(asked, Asked))


def test_two_keys_within_the_guard_time_are_one_rating_and_an_audit_record(hall_with: Callable[..., BoxHall]) -> None:
    hall = hall_with(OWN)
    hall.ask(1)
    hall.box.send(hall.profile.press_frame(0x81, 5) + hall.profile.press_frame(0x81, 1))
    hall.until(lambda: hall.rated() == {("3", 5): 1})
    hall.close()

    (dropped,) = hall.audits("dropped-press")
    assert (dropped.window, dropped.detail["kind"], dropped.detail["count"]) == ("3", "guard", 1)


def test_a_box_is_told_to_ask_where_its_profile_knows_how(hall_with: Callable[..., BoxHall]) -> None:
    hall = hall_with(OWN)
    hall.ask(2)
    assert hall.box.wait_received(1, 10) == (bytes.fromhex("68 02 02 68 82 01 83 16"),)


def test_a_box_that_shall_not_be_talked_to_is_left_alone(hall_with: Callable[..., BoxHall]) -> None:
    hall = hall_with(OWN + "\ntalk = false")
    hall.ask(1)
    hall.press(1, 3)
    hall.until(lambda: hall.rated() == {("3", 3): 1})
    hall.close()
    assert hall.box.received == ()
