"""Packs that a hall adds: words alone, and whatever is wrong with one the visit goes on and the manager is told."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot
from ui_rig import NOON_MS, Rig, packs

from kiosk.core.desk import Desk, HubState, Today
from kiosk.core.packs import PackFault
from kiosk.ui.desk_rows import Clock, state_rows
from kiosk.ui.fonts import family_of, use_fonts
from kiosk.ui.word_packs import WordPacks, with_hall_packs
from kiosk.ui.words import CITIZEN_KEYS, KEYS
from sync.records import LEVELS, OFFICIAL_WORDS

NAMED = 'language_name = "Deutsch"\n'
GOOD = """
language_name = "Deutsch"
level5 = "Sehr| zufrieden"
asking_headline = "Bitte bewerten Sie diesen Dienst"
done = "Fertig"

[phrases]
"服务效率" = "Wie rasch es ging"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "packs").mkdir()
    return tmp_path / "packs"


def read(folder: Path, text: str, name: str = "de.toml") -> WordPacks:
    (folder / name).write_text(text, encoding="utf-8")
    return with_hall_packs(packs(), folder)


def faults(read_packs: WordPacks, *, beside: str = "missing") -> list[PackFault]:
    return [fault for fault in read_packs.faults if fault.code != beside]


def test_a_pack_adds_a_language_behind_the_shipped_ones(folder: Path) -> None:
    added = read(folder, GOOD)
    assert added.languages == ("zh-CN", "zh-TW", "en", "de")
    assert added.words("de").asking_headline == "Bitte bewerten Sie diesen Dienst"
    assert added.phrases["de"] == {"服务效率": "Wie rasch es ging"}
    assert faults(added) == []


def test_what_a_pack_lacks_is_said_in_english_and_told(folder: Path) -> None:
    added = read(folder, GOOD)
    assert added.words("de").skip == "Skip"
    assert added.words("de").desk_title == "Ratings today"
    [fault] = added.faults
    assert (fault.pack, fault.code) == ("de.toml", "missing")
    assert set(fault.keys) == set(CITIZEN_KEYS) - {"language_name", "level5", "asking_headline", "done"}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("no toml", PackFault("de.toml", "unreadable")),
        ('done = "Fertig"', PackFault("de.toml", "nameless")),
        (f'{NAMED}colour = "red"', PackFault("de.toml", "unknown", ("colour",))),
        (f"{NAMED}done = 7", PackFault("de.toml", "no-text", ("done",))),
        (f'{NAMED}clerk = "Nr. {{number}}"', PackFault("de.toml", "places", ("clerk",))),
        (f'{NAMED}clerk = "Nr. {{clerk"', PackFault("de.toml", "places", ("clerk",))),
        (f'{NAMED}done = "请给予好评"', PackFault("de.toml", "begging", ("done",))),
        (f'{NAMED}direction = "up"', PackFault("de.toml", "direction")),
        (f'{NAMED}font = "../away.ttf"', PackFault("de.toml", "font")),
        (f'{NAMED}phrases = "none"', PackFault("de.toml", "no-text", ("phrases",))),
        (f'{NAMED}[phrases]\n"服务效率" = 5', PackFault("de.toml", "no-text", ("服务效率",))),
    ],
)
def test_what_is_wrong_is_left_out_and_told(folder: Path, text: str, fault: PackFault) -> None:
    added = read(folder, text)
    assert faults(added) == [fault]
    used = fault.code not in {"unreadable", "nameless"}
    assert ("de" in added.languages) == used
    english = packs().words("en")
    for key in fault.keys:
        if key in CITIZEN_KEYS:
            assert getattr(added.words("de"), key) == getattr(english, key)
    assert added.right_to_left == frozenset()


def test_a_shipped_language_cannot_be_replaced(folder: Path) -> None:
    added = read(folder, GOOD, "zh-CN.toml")
    assert added.faults == (PackFault("zh-CN.toml", "shipped"),)
    assert added.by_language == packs().by_language


def test_a_folder_that_is_not_there_is_told(folder: Path) -> None:
    assert with_hall_packs(packs(), folder / "none").faults == (PackFault(str(folder / "none"), "folder"),)


def test_a_font_that_is_none_is_told_and_one_that_is_serves_its_language(qapp: QGuiApplication, folder: Path) -> None:
    (folder / "de.ttf").write_text("no font")
    added = read(folder, f"{GOOD.strip()}\n".replace("language_name", 'font = "de.ttf"\nlanguage_name', 1))
    assert use_fonts(added.fonts) == (PackFault("de.toml", "font"),)
    font = next(Path("/usr/share/fonts").rglob("DejaVuSansMono.ttf"), None)
    if font is None:
        pytest.skip("DejaVu Sans Mono is not installed")
    shutil.copy(font, folder / "de.ttf")
    assert use_fonts(added.fonts) == ()
    assert family_of("de") == "DejaVu Sans Mono"


def test_the_manager_reads_what_is_wrong(folder: Path) -> None:
    added = read(folder, GOOD)
    desk = Desk(Today("2026-11-20", {}), HubState("no-hub", 0, None, None), (), packs=added.faults)
    count = len(CITIZEN_KEYS) - 4
    said_in = {
        "zh-CN": f"缺 {count} 条，以英文显示：level4, level3, level2 …",
        "en": f"{count} missing, shown in English",
    }
    for language, said in said_in.items():
        [row] = [row for row in state_rows(desk, packs().words(language), Clock(NOON_MS, 480)) if row.name == "pack"]
        assert row.alarm
        assert "de.toml" in row.label
        assert said in row.value


def test_every_fault_has_words_in_every_language() -> None:
    codes = [key.removeprefix("pack_").replace("_", "-") for key in KEYS if key.startswith("pack_")]
    assert "no-text" in codes
    faulty = tuple(PackFault("x.toml", code, ("a",)) for code in codes)
    desk = Desk(Today("2026-11-20", {}), HubState("no-hub", 0, None, None), (), packs=faulty)
    for language in packs().languages:
        rows = [row for row in state_rows(desk, packs().words(language), Clock(NOON_MS, 480)) if row.name == "pack"]
        assert len({row.value for row in rows}) == len(codes)


def test_a_citizen_speaks_the_halls_own_language_from_right_to_left_and_the_official_words_stay(
    qtbot: QtBot, folder: Path
) -> None:
    text = 'direction = "rtl"\n' + GOOD
    rig = Rig(qtbot, "window", packs=read(folder, text))
    rig.ask()
    rig.speak("de")
    assert rig.text("headline") == "Bitte bewerten Sie diesen Dienst"
    assert rig.visit.rightToLeft
    assert [face["other"] for face in rig.visit.faces] == [OFFICIAL_WORDS[level] for level in LEVELS]
    places = [rig.middle(f"face{level}").x() for level in LEVELS]
    assert places == sorted(places), "the order of the levels is the same in every language"
    assert rig.middle("choiceButton").x() < 200, "buttons stand on the other side"
    rig.press(4)
    rig.record()
    rig.pass_ms(3_000)
    rig.ask(b"b")
    assert (rig.visit.language, rig.visit.rightToLeft) == ("zh-CN", False)
    rig.close()
