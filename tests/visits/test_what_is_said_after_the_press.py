"""From the offer after the press to the hub, on the real keyboard of the screen; what was not confirmed is nowhere."""

import json
import os
import sqlite3
from base64 import b64decode
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.ui.keyboard import keyboard_installed
from sync.hub.schema import FILE_NAME as HUB_DB
from sync.hub.setup import SEAL_KEY_FILE
from sync.journal.verify import verify_journal
from sync.records import Asked, Changed, Details, Ended, Pressed
from sync.sealing import unseal
from tests.durability.canary.search import Found, search
from tests.kiosk.ui.glass_keyboard import GlassKeyboard
from tests.visits.conftest import Morning

pytestmark = pytest.mark.skipif(not keyboard_installed(), reason="PySide6-Addons is not installed")


def rate(morning: Morning, level: int, number: str = "") -> None:
    morning.three.ask(number)
    morning.shows(f"face{level}")
    morning.touch(f"face{level}")
    morning.shows("reasons")


def kept(morning: Morning) -> list[Found]:
    """Where the words are in the clear, in every file of kiosk, hub and keyboard."""
    words = ["中国", "欧阳", "13900007531"]
    return [
        found
        for root in (morning.hall.config.parent, Path(os.environ["XDG_CONFIG_HOME"]))
        for found in search(root, words)
    ]


def at_hub_opened(morning: Morning) -> dict[str, str]:
    """The sealed texts that the hub has, opened with the key that it keeps."""
    folder = morning.hall.config.parent / "hub"
    key = b64decode((folder / SEAL_KEY_FILE).read_bytes())
    with closing(sqlite3.connect(f"file:{folder / HUB_DB}?mode=ro", uri=True)) as db:
        rows = db.execute("SELECT visit, part, cipher FROM sealed WHERE part IN ('words', 'contact')").fetchall()
    return {part: unseal(key, visit, part, cipher).decode() for visit, part, cipher in rows}


def test_reasons_stars_words_and_a_contact_reach_the_hub_sealed(morning: Morning) -> None:
    keyboard = GlassKeyboard(morning.window, morning.until)
    rate(morning, 2, "370811202611230001")
    morning.touch("reason214")
    morning.touch("goOnButton")
    morning.shows("questions")
    morning.touch("answer-attitude-1")
    morning.touch("goOnButton")
    morning.shows("wordsPage")
    keyboard.open_on("wordsEdit")
    keyboard.write("zhongguo", "中国")
    morning.touch("keyboardHide")
    keyboard.open_on("contactNameEdit")
    keyboard.write("ouyang", "欧阳")
    morning.touch("keyboardHide")
    keyboard.open_on("contactPhoneEdit")
    keyboard.type("13900007531")
    morning.touch("goOnButton")
    morning.shows("thanks")
    morning.touch("doneButton")

    morning.until(lambda: any(isinstance(record, Ended) for record in morning.records()))
    details = [record for record in morning.records() if isinstance(record, Details)]
    assert [(one.table, one.tags) for one in details if one.tags] == [("national-1", ["214"])]
    assert [one.answers for one in details if one.answers] == [{"attitude": 1}]
    assert [part.part for one in details for part in one.sealed] == ["words", "contact"]
    morning.until(lambda: len(at_hub_opened(morning)) == 2)
    opened = at_hub_opened(morning)
    assert opened["words"] == "中国"
    assert json.loads(opened["contact"]) == {"name": "欧阳", "phone": "13900007531"}
    assert kept(morning) == []
    assert morning.stored() == {2: 1}


def test_who_walks_away_is_counted_and_what_was_written_is_nowhere(morning: Morning) -> None:
    keyboard = GlassKeyboard(morning.window, morning.until)
    rate(morning, 1)
    morning.touch("skipButton")
    morning.touch("skipButton")
    morning.shows("wordsPage")
    keyboard.open_on("wordsEdit")
    keyboard.write("zhongguo", "中国")
    morning.close()

    assert kept(morning) == []
    morning.open()
    morning.until(lambda: morning.at_hub() == {1: 1})
    assert not any(isinstance(record, Details) for record in morning.records())
    assert [record.outcome for record in morning.records() if isinstance(record, Ended)] == ["rated"]


def test_a_mis_press_is_taken_back_and_counts_once(morning: Morning) -> None:
    rate(morning, 1)
    morning.touch("changeButton")
    morning.shows("keepButton")
    morning.touch("face5")
    morning.shows("reason510")
    morning.pass_by()

    morning.until(lambda: morning.at_hub() == {5: 1})
    (pressed,) = [record for record in morning.records() if isinstance(record, Pressed)]
    (changed,) = [record for record in morning.records() if isinstance(record, Changed)]
    assert (pressed.level, changed.was, changed.level) == (1, 1, 5)
    morning.close()
    assert verify_journal(morning.hall.state).sound


def test_a_new_ask_waits_until_the_pages_are_passed(morning: Morning) -> None:
    rate(morning, 4, "370811202611230001")
    morning.three.ask("370811202611230002")
    morning.until(lambda: sum(isinstance(record, Asked) for record in morning.records()) == 2)
    assert morning.visible("reasons") is not None

    for page in ("reasons", "questions", "wordsPage"):
        morning.shows(page)
        morning.touch("skipButton")
    morning.shows("face5")
    morning.touch("face5")
    morning.until(lambda: morning.stored() == {4: 1, 5: 1})


def test_the_person_in_charge_is_called_from_the_page(morning: Morning) -> None:
    rate(morning, 3)
    morning.touch("helpButton")
    morning.touch("helpButton")

    morning.until(lambda: any(isinstance(record, Details) and record.help for record in morning.records()))


def test_a_citizen_rates_unasked_at_an_idle_window(morning: Morning) -> None:
    morning.shows("standby")
    morning.touch("startButton")
    morning.shows("face4")
    morning.touch("face4")
    morning.shows("confirmed")

    morning.until(lambda: morning.at_hub() == {4: 1})
    (asked,) = [record for record in morning.records() if isinstance(record, Asked)]
    assert (asked.trigger, asked.object, "self-started" in asked.flags) == ("citizen", "window", True)
