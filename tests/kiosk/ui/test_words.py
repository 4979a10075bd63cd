import re
import shutil
from pathlib import Path

import pytest
from ui_rig import ROOT, packs

from kiosk.ui.word_packs import WordsError, load_packs
from kiosk.ui.words import FALLBACK, KEYS, stacked, whole
from sync.records import LEVELS, OFFICIAL_ENGLISH, OFFICIAL_WORDS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "assets" / "words", tmp_path / "words")
    return tmp_path / "words"


def test_the_words_of_the_levels_are_the_official_ones() -> None:
    assert {level: whole(packs().words(FALLBACK).level(level)) for level in LEVELS} == OFFICIAL_WORDS
    assert {level: whole(packs().words("en").level(level)) for level in LEVELS} == OFFICIAL_ENGLISH


def test_all_shipped_packs_are_whole() -> None:
    for name in ("zh-CN", "zh-TW", "en"):
        text = (ROOT / "assets" / "words" / f"{name}.toml").read_text(encoding="utf-8")
        assert set(re.findall(r"^(\w+) =", text, re.MULTILINE)) == set(KEYS)


def test_every_word_that_the_screens_use_is_in_the_packs() -> None:
    used = set()
    for path in (ROOT / "kiosk" / "ui" / "qml").glob("*.qml"):
        used |= set(re.findall(r"\.words\.([a-z0-9_]+)", path.read_text(encoding="utf-8")))
    assert len(used) > 5
    assert used <= set(KEYS)


def test_the_languages_are_offered_in_one_order() -> None:
    assert packs().languages == ("zh-CN", "zh-TW", "en")


def test_a_language_without_a_pack_is_shown_in_chinese() -> None:
    assert packs().words("fr") == packs().words(FALLBACK)


def test_every_fault_of_every_pack_is_named(folder: Path) -> None:
    (folder / "en.toml").write_text(
        'close = 7\nclosing = "Close"\npin_wrong = "Wrong"\nrated = " "\n', encoding="utf-8"
    )
    (folder / "zh-TW.toml").write_text("not toml", encoding="utf-8")
    with pytest.raises(WordsError) as raised:
        load_packs(folder)
    said = "\n".join(raised.value.faults)
    assert "zh-TW.toml: " in said
    assert "en.toml: close must be a text" in said
    assert "en.toml: rated must be a text" in said
    assert "en.toml: closing is no key of a pack" in said
    assert "en.toml: pin_wrong must have the same places in braces as zh-CN.toml" in said
    assert "en.toml: pin_title is missing" in said


def test_the_chinese_pack_must_be_whole(folder: Path) -> None:
    path = folder / "zh-CN.toml"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("close")]
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(WordsError, match=r"zh-CN\.toml: close is missing"):
        load_packs(folder)


def test_braces_that_do_not_match_are_a_fault(folder: Path) -> None:
    path = folder / "zh-CN.toml"
    text = path.read_text(encoding="utf-8").replace("工号 {clerk}", "工号 {clerk")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WordsError, match=r"zh-CN\.toml: clerk must"):
        load_packs(folder)


def test_a_bar_is_where_a_line_may_break_and_is_never_shown() -> None:
    assert whole("Very| satisfied") == "Very satisfied"
    assert stacked("Very| satisfied") == "Very\nsatisfied"
    assert whole("非常|满意") == "非常满意"
