"""Swapping two numbers in a profile turns no bad review into a good one: a changed map waits for the PIN."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from devices.profile import load_profile
from kiosk.commands.evaluator import maps_of
from kiosk.control import adopt
from kiosk.settings import load_settings
from sync.records import Pressed
from tests.visits.box_hall import PIN, BoxHall

SHIPPED = Path(__file__).parents[2] / "devices/profiles/rs485-ft12.toml"
OWN = 'addresses = { 1 = "3", 2 = "4" }'


@pytest.fixture
def hall(tmp_path: Path, qtbot: QtBot) -> Iterator[BoxHall]:
    hall = BoxHall(tmp_path, qtbot, OWN)
    hall.open()
    yield hall
    hall.unplug()


@pytest.fixture
def quick(tmp_path: Path, qtbot: QtBot) -> Iterator[BoxHall]:
    """Its keys may follow each other at once."""
    text = SHIPPED.read_text(encoding="utf-8").replace("guard_ms = 300", "guard_ms = 0")
    (tmp_path / "quick.toml").write_text(text, encoding="utf-8")
    hall = BoxHall(tmp_path, qtbot, OWN, profile=str(tmp_path / "quick.toml"))
    hall.open()
    yield hall
    hall.unplug()


def restart_with(hall: BoxHall, evaluator: str = OWN, profile: str = "rs485-ft12") -> None:
    hall.close()
    hall.write(evaluator, profile)
    hall.open()


def swapped(folder: Path) -> str:
    """Without a guard time: a program presses the same key again sooner than a hand can."""
    text = SHIPPED.read_text(encoding="utf-8").replace('"04" = 5', '"04" = 1').replace('"00" = 1', '"00" = 5')
    text = text.replace("guard_ms = 300", "guard_ms = 0")
    (folder / "swapped.toml").write_text(text, encoding="utf-8")
    return "swapped.toml"


def adopt_at(hall: BoxHall, pin: str) -> str | None:
    settings = load_settings(hall.config)
    return adopt(settings, maps_of(settings)["bus"], pin)


def test_the_map_of_the_first_start_is_taken_and_recorded_and_waits_for_its_test(hall: BoxHall) -> None:
    (record,) = hall.audits("evaluator-map")
    assert record.detail["by"] == "first-start"
    assert record.detail["digest"] == load_profile("rs485-ft12").digest == hall.state.digest
    assert (record.detail["keys"], record.detail["windows"]) == ("04=5 03=4 02=3 01=2 00=1", "1=3 2=4")
    hall.until(lambda: hall.state.adopted)
    assert not hall.state.tested
    restart_with(hall)
    assert len(hall.audits("evaluator-map")) == 1, "the same map needs nobody's word"


def test_a_changed_map_counts_nothing_until_somebody_with_the_pin_has_adopted_it(tmp_path: Path, hall: BoxHall) -> None:
    hall.ask(1)
    restart_with(hall, profile=swapped(tmp_path))
    hall.until(lambda: not hall.state.adopted)
    hall.keypad(1, bytes([0x0B]))
    hall.box.send(bytes.fromhex("68 03 03 68 81 11 04 96 16"))
    hall.until(lambda: hall.state.presses == 1)

    assert adopt_at(hall, "314159") == "pin-wrong"
    assert not hall.state.adopted
    assert adopt_at(hall, PIN) == "adopted"
    hall.until(lambda: hall.state.adopted)
    hall.ask(1)
    hall.box.send(bytes.fromhex("68 03 03 68 81 11 04 96 16"))
    hall.until(lambda: hall.rated() == {("3", 1): 1})
    hall.close()

    assert [record.detail["by"] for record in hall.audits("evaluator-map")] == ["first-start", "pin"]
    strays = {record.detail["address"]: record.detail["kind"] for record in hall.audits("stray-press")}
    assert strays == {0x81: "unadopted", 0x01: "unadopted"}
    (pressed,) = (record for record in hall.of(Pressed) if isinstance(record, Pressed))
    assert pressed.evidence is not None
    assert pressed.evidence.profile == hall.audits("evaluator-map")[1].detail["digest"]


def test_giving_a_box_to_another_window_is_a_change_of_the_map(hall: BoxHall) -> None:
    restart_with(hall, evaluator='addresses = { 1 = "4", 2 = "3" }')
    hall.until(lambda: not hall.state.adopted)


def test_a_map_that_the_running_kiosk_does_not_have_is_not_adopted_unseen(tmp_path: Path, hall: BoxHall) -> None:
    hall.write(OWN, swapped(tmp_path))
    assert adopt_at(hall, PIN) == "other-map"
    assert len(hall.audits("evaluator-map")) == 1


def test_pressing_each_key_in_turn_passes_the_test_and_counts_nothing(quick: BoxHall) -> None:
    tests = quick.kiosk.key_tests
    quick.until(lambda: tests.start("bus", 0x81) is None)
    for level in (5, 4, 3, 2, 1):
        quick.press(1, level)

    quick.until(lambda: tests.ending == "passed")
    quick.until(lambda: [box.tested for box in quick.state.boxes] == [True, False])
    (record,) = quick.audits("evaluator-tested")
    assert (record.detail["result"], record.detail["digest"]) == ("passed", quick.state.digest)
    quick.close()
    assert quick.rated() == {}
    assert quick.audits("stray-press") == []
    quick.open()
    quick.until(lambda: [box.tested for box in quick.state.boxes] == [True, False])


def test_a_swapped_and_a_dead_key_fail_the_test_and_are_told_to_the_manager(hall: BoxHall) -> None:
    tests = hall.kiosk.key_tests
    hall.until(lambda: tests.start("bus", 0x81) is None)
    hall.press(1, 4)
    hall.until(lambda: getattr(tests.test, "wanted", None) == 4)
    for _ in range(4):
        tests.skip()

    assert tests.ending == "failed"
    hall.until(lambda: hall.state.boxes[0].swapped == (5,))
    assert hall.state.boxes[0].missing == (4, 3, 2, 1)
    hall.until(lambda: [record.detail["result"] for record in hall.audits("evaluator-tested")] == ["failed"])
    assert not hall.state.tested


def test_a_citizen_comes_before_a_test(hall: BoxHall) -> None:
    tests = hall.kiosk.key_tests
    hall.until(lambda: tests.start("bus", 0x81) is None)
    hall.ask(1)
    assert tests.ending == "visit-asked"
    assert tests.start("bus", 0x81) == "visit-open"
    hall.press(1, 3)
    hall.until(lambda: hall.rated() == {("3", 3): 1})
    assert tests.start("bus", 0x99) == "no-such-box"


def test_the_maps_that_a_journal_meets_in_the_place_of_a_lost_one_are_recorded_as_such(
    tmp_path: Path, hall: BoxHall
) -> None:
    hall.close()
    for file in (tmp_path / "state").glob("journal.db*"):
        file.unlink()
    hall.open()
    hall.until(lambda: [record.detail["by"] for record in hall.audits("evaluator-map")] == ["after-salvage"])


def test_a_note_that_cannot_be_read_adopts_nothing(tmp_path: Path, hall: BoxHall) -> None:
    hall.close()
    with closing(sqlite3.connect(tmp_path / "state/journal.db", isolation_level=None)) as file:
        file.execute("UPDATE note SET value = '{' WHERE name = 'evaluator-maps'")
    hall.open()
    hall.until(lambda: not hall.state.adopted)
    assert adopt_at(hall, PIN) == "adopted"
    hall.until(lambda: hall.state.adopted)
