"""From the key or the glass to the hub's count, with real parts all the way."""

import pytest

from kiosk.app import Kiosk
from kiosk.settings import load_settings
from sync.journal.lock import JournalHeldError
from sync.journal.verify import verify_journal
from sync.records import Asked, Ended, Pressed
from tests.visits.conftest import Morning


def test_a_key_on_the_box_is_stored_thanked_for_and_counted_by_the_hub(morning: Morning) -> None:
    morning.three.sign_in("1001")
    morning.three.ask("37081120261123")
    morning.shows("face5")

    morning.press_box("3", 2)

    morning.shows("confirmed")
    assert morning.stored() == {2: 1}, "thanks only after the journal has it"
    morning.until(lambda: morning.at_hub() == {2: 1})
    asked = next(record for record in morning.records() if isinstance(record, Asked))
    pressed = next(record for record in morning.records() if isinstance(record, Pressed))
    assert (asked.window, asked.clerk, asked.object) == ("3", "1001", "case")
    assert pressed.evidence is not None
    assert (pressed.source, pressed.evidence.key) == ("box", "01")


def test_a_finger_on_the_glass_gives_the_same_as_a_key(morning: Morning) -> None:
    morning.three.ask()
    morning.shows("face1")

    morning.touch("face1")

    morning.shows("confirmed")
    pressed = next(record for record in morning.records() if isinstance(record, Pressed))
    assert (pressed.level, pressed.source, pressed.evidence) == (1, "glass", None)
    morning.until(lambda: morning.at_hub() == {1: 1})


def test_windows_on_one_line_have_visits_of_their_own(morning: Morning) -> None:
    morning.three.ask()
    morning.four.ask()

    morning.press_box("4", 5)
    morning.press_box("3", 1)

    morning.until(lambda: morning.stored() == {5: 1, 1: 1})
    asked = {seq: record.window for seq, record in enumerate(morning.records()) if isinstance(record, Asked)}
    pressed = {asked[record.asked]: record.level for record in morning.records() if isinstance(record, Pressed)}
    assert pressed == {"4": 5, "3": 1}


def test_the_box_at_a_walk_up_point_rates_the_hall_and_no_case(morning: Morning) -> None:
    morning.press_box("door", 4)

    morning.until(lambda: morning.stored() == {4: 1})
    asked = next(record for record in morning.records() if isinstance(record, Asked))
    assert (asked.object, asked.place, asked.cases, asked.window) == ("hall", "walk-up", [], "door")


def test_ratings_without_a_network_reach_the_hub_once_when_it_comes_back(morning: Morning) -> None:
    morning.press_box("door", 5)
    morning.until(lambda: morning.at_hub() == {5: 1})
    morning.hall.relay.cut()

    morning.three.ask()
    morning.shows("face2")
    morning.touch("face2")
    morning.shows("confirmed")
    assert morning.at_hub() == {5: 1}

    morning.hall.relay.mend()
    morning.until(lambda: morning.at_hub() == {5: 1, 2: 1})


def test_ratings_wait_over_a_restart_without_a_network(morning: Morning) -> None:
    morning.hall.relay.cut()
    morning.three.ask()
    morning.shows("face3")
    morning.touch("face3")
    morning.shows("confirmed")
    morning.close()
    morning.hall.relay.mend()

    morning.open()

    morning.until(lambda: morning.at_hub() == {3: 1})
    ended = [record for record in morning.records() if isinstance(record, Ended)]
    assert [(record.outcome, record.cause) for record in ended] == [("rated", "interrupted")]


def test_a_key_that_nobody_asked_for_is_an_audit_record_and_no_rating(morning: Morning) -> None:
    morning.press_box("3", 5)
    morning.until(lambda: sum(state.presses for state in morning.kiosk.evaluators) == 1)
    morning.close()

    (stray,) = morning.audits("stray-press")
    assert (stray.window, stray.detail["kind"], stray.detail["count"]) == ("3", "key", 1)
    assert morning.stored() == {}


def test_a_key_and_a_finger_in_the_same_instant_give_one_rating(morning: Morning) -> None:
    morning.three.ask()
    morning.shows("face5")

    morning.press_box("3", 1)
    morning.touch("face5")

    morning.shows("confirmed")
    morning.until(lambda: sum(state.presses for state in morning.kiosk.evaluators) == 1)
    morning.close()
    assert len([record for record in morning.records() if isinstance(record, Pressed)]) == 1
    assert sum(morning.stored().values()) == 1


def test_a_frame_with_a_wrong_checksum_is_an_audit_record_and_no_rating(morning: Morning) -> None:
    morning.three.ask()
    morning.hall.box.send(bytes.fromhex("FF 68 03 03 68 81 11 04 97 16"))
    morning.press_box("3", 3)
    morning.until(lambda: morning.stored() == {3: 1})
    morning.close()

    (bad,) = morning.audits("bad-frame")
    assert (bad.detail["kind"], bad.detail["count"]) == ("checksum", 1)


def test_an_ask_that_nobody_answers_before_the_next_is_not_rated(morning: Morning) -> None:
    morning.three.ask("1")
    morning.three.ask("2")

    morning.until(lambda: morning.stored() == {0: 1})
    ended = next(record for record in morning.records() if isinstance(record, Ended))
    assert (ended.outcome, ended.cause) == ("not-rated", "superseded")


def test_pausing_shows_on_the_screen_and_stands_in_the_journal(morning: Morning) -> None:
    morning.three.pause("away")
    morning.shows("paused")
    morning.three.resume()
    morning.shows("standby")

    morning.until(lambda: len(morning.audits("resumed")) == 1)
    assert [record.detail for record in morning.audits("paused")] == [{"reason": "away"}]


def test_a_second_kiosk_on_the_same_journal_is_told_who_holds_it(morning: Morning) -> None:
    settings = load_settings(morning.hall.config)

    with pytest.raises(JournalHeldError, match=r"held by process \d+"):
        Kiosk(settings, morning.hall.config)


def test_the_journal_of_a_morning_verifies_while_it_is_written(morning: Morning) -> None:
    morning.press_box("door", 1)
    morning.until(lambda: morning.stored() == {1: 1})

    assert verify_journal(morning.hall.state).sound


def test_neither_case_nor_token_nor_pin_stands_in_any_file_of_the_kiosk(morning: Morning) -> None:
    morning.three.ask("CANARY-CASE-7788")
    morning.press_box("3", 5)
    morning.until(lambda: morning.at_hub() == {5: 1})
    morning.close()

    files = [path for path in morning.hall.state.rglob("*") if path.is_file()]
    assert files
    for path in files:
        content = path.read_bytes()
        for secret in ("CANARY-CASE-7788", morning.hall.tokens["3"]):
            assert secret.encode() not in content, path
            assert secret.encode("utf-16-le") not in content, path
