from pathlib import Path

import pytest

from kiosk.core.province import LEVEL_WORDS
from kiosk.provinces import load_phrases, load_profile, load_tags, shipped_profiles
from kiosk.settings.faults import FaultyFileError
from sync.records.levels import OFFICIAL_ENGLISH, OFFICIAL_WORDS

ROOT = Path(__file__).parents[3]


def test_english_says_everything_that_profiles_and_tags_say() -> None:
    phrases = load_phrases(ROOT / "assets/phrases")
    said = {text for path in shipped_profiles(ROOT / "assets/provinces").values() for text in load_profile(path).texts}
    tags = load_tags(ROOT / "assets/tags/national.toml")
    said |= {label for code in tags.codes if (label := tags.label(code))}
    said |= {word for words in LEVEL_WORDS.values() for word in words.values()}
    assert {text for text in said if phrases.said(text, "en") == text} == set()
    assert phrases.by_language["en"].keys() - said == set(), "a translation of what nobody says"


def test_the_english_words_of_the_levels_are_the_same_everywhere() -> None:
    phrases = load_phrases(ROOT / "assets/phrases")
    assert {level: phrases.said(word, "en") for level, word in OFFICIAL_WORDS.items()} == OFFICIAL_ENGLISH


def test_a_further_language_is_one_more_file(tmp_path: Path) -> None:
    (tmp_path / "bo.toml").write_text('[phrases]\n"可以就近办理" = "ཉེ་སར་སྒྲུབ་ཆོག"\n', encoding="utf-8")
    phrases = load_phrases(tmp_path)
    assert phrases.said("可以就近办理", "bo") == "ཉེ་སར་སྒྲུབ་ཆོག"
    assert phrases.said("服务态度生硬", "bo") == "服务态度生硬"
    assert phrases.said("可以就近办理", "ug") == "可以就近办理"


def test_a_text_that_was_changed_does_not_wear_its_old_translation(tmp_path: Path) -> None:
    (tmp_path / "en.toml").write_text('[phrases]\n"可以就近办理" = "Can be done close by"\n', encoding="utf-8")
    assert load_phrases(tmp_path).said("可以在附近办理", "en") == "可以在附近办理"


def test_the_faults_of_a_pack_are_named_with_their_lines(tmp_path: Path) -> None:
    (tmp_path / "en.toml").write_text('[phrases]\n"好" = ""\n"差" = "Poor"\n"一般" = 3\n', encoding="utf-8")
    with pytest.raises(FaultyFileError) as caught:
        load_phrases(tmp_path)
    assert [line.split(" — ")[0] for line in str(caught.value).split("\n")] == [
        'en.toml:2: phrases.好: "好" is no phrase',
        'en.toml:4: phrases.一般: "一般" is followed by a whole number',
    ]
