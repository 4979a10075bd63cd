"""What citizens read and hear: the fixed words, no word that begs for a level, and a name and a role for every part."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtGui import QAccessible, QAccessibleInterface, QGuiApplication
from PySide6.QtQuick import QQuickItem

from kiosk.gallery import ASSETS, SCENES, Look, Scene, Stage, is_managers, settle
from kiosk.provinces import load_phrases, shipped_profiles
from kiosk.ui.word_packs import BEGGING
from sync.records import LEVELS, OFFICIAL_WORDS
from sync.records.stored import Place

TRADITIONAL = ("好評", "親", "請給予", "惡意")
SHIPPED = ("zh-CN", "zh-TW", "en")
CITIZENS = [scene for scene in SCENES if not is_managers(scene)]
ROLES = {
    QAccessible.Role.Button,
    QAccessible.Role.CheckBox,
    QAccessible.Role.EditableText,
    QAccessible.Role.StaticText,
    QAccessible.Role.Graphic,
}
Stages = Callable[..., Stage]


@pytest.fixture
def stages(qapp: QGuiApplication) -> Iterator[Stages]:
    made: list[Stage] = []

    def make(place: Place, language: str, profile: str = "national") -> Stage:
        made.append(Stage(place, language, profile))
        return made[-1]

    yield make
    for stage in made:
        stage.close()


def texts(stage: Stage) -> list[str]:
    return [str(item.property("text")) for item in items(stage) if item.property("text")]


def items(stage: Stage) -> list[QQuickItem]:
    waiting, found = [stage.shown.window.contentItem()], []
    while waiting:
        item = waiting.pop()
        if item.isVisible():
            found.append(item)
            waiting += item.childItems()
    return found


def heard(stage: Stage) -> list[QAccessibleInterface]:
    """Everything that a screen reader can come to."""
    QAccessible.setActive(True)
    waiting, found = [QAccessible.queryAccessibleInterface(stage.shown.window)], []
    while waiting:
        parent = waiting.pop()
        children = [parent.child(place) for place in range(parent.childCount())]
        shown = [child for child in children if child is not None and not child.state().invisible]
        found += shown
        waiting += shown
    return found


@pytest.mark.parametrize("profile", shipped_profiles(ASSETS / "provinces"))
@pytest.mark.parametrize("scene", CITIZENS, ids=[name for name, _, _ in CITIZENS])
def test_no_screen_begs_for_a_level(stages: Stages, scene: Scene, profile: str) -> None:
    _, place, act = scene
    stage = stages(place, "zh-CN", profile)
    act(stage)
    for language in SHIPPED:
        stage.visit.choice.speak(language)
        settle(stage, Look())
        said = texts(stage)
        if language == "zh-CN":
            said += [part.text(QAccessible.Text.Name) for part in heard(stage)]
        assert said
        assert [text for text in said if any(word in text for word in (*BEGGING, *TRADITIONAL))] == []


@pytest.mark.parametrize("scene", CITIZENS, ids=[name for name, _, _ in CITIZENS])
def test_every_part_has_a_name_and_a_role(stages: Stages, scene: Scene) -> None:
    _, place, act = scene
    stage = stages(place, "zh-CN")
    act(stage)
    settle(stage, Look())
    parts = [part for part in heard(stage) if part.role() in ROLES]
    assert parts
    assert all(part.text(QAccessible.Text.Name) for part in parts)
    reachable = {str(item.property("label")) for item in items(stage) if item.property("held") is not None}
    names = {part.text(QAccessible.Text.Name) for part in parts}
    assert reachable <= names


@pytest.mark.parametrize(
    ("profile", "words"),
    [
        ("national", [OFFICIAL_WORDS[level] for level in LEVELS]),
        ("shanghai", ["5 ★", "4 ★", "3 ★", "2 ★", "1 ★"]),
    ],
)
@pytest.mark.parametrize("language", SHIPPED)
def test_the_official_chinese_word_stands_on_every_face_whatever_the_province_calls_it(
    stages: Stages, profile: str, words: list[str], language: str
) -> None:
    stage = stages("window", language, profile)
    stage.ask()
    faces = stage.visit.faces
    assert [face["level"] for face in faces] == list(LEVELS)
    assert all(OFFICIAL_WORDS[face["level"]] in {face["word"], face["other"]} for face in faces)
    if language == "zh-CN" or profile == "shanghai":
        assert [face["word"] for face in faces] == words


def test_the_fixed_words_stand_where_they_belong(stages: Stages) -> None:
    stage = stages("window", "zh-CN")
    stage.ask()
    assert stage.visit.headline == "请您对本次服务进行评价"
    stage.turn(0)
    assert stage.visit.headline == "评价已记录，感谢您的参与"
    stage.turn(3)
    settle(stage, Look())
    assert "评价已记录，感谢您的参与" in [text.replace("\n", "") for text in texts(stage)]
    paused = stages("window", "zh-CN")
    paused.pause()
    assert paused.visit.headline == "暂停服务"


def test_the_fixed_words_are_the_same_in_traditional_letters(stages: Stages) -> None:
    stage = stages("window", "zh-TW")
    stage.ask()
    assert stage.visit.headline == "請您對本次服務進行評價"
    stage.turn(0)
    assert stage.visit.headline == "評價已記錄，感謝您的參與"
    other = stages("window", "zh-TW")
    assert (other.desk.words["not_rated"], other.visit.words["paused_headline"]) == ("未評價", "暫停服務")


def test_every_phrase_of_profiles_and_tags_is_there_in_traditional_letters() -> None:
    phrases = load_phrases(ASSETS / "phrases").by_language
    assert set(phrases["zh-TW"]) == set(phrases["en"])
    assert [text for text, said in phrases["zh-TW"].items() if len(text) != len(said)] == []
