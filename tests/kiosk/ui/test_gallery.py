"""Every screen of the gallery: nothing cut off, nothing outside, everything large enough to press and to read."""

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtQml import QQmlExpression, qmlContext
from PySide6.QtQuick import QQuickItem
from ui_rig import ROOT

from kiosk.gallery import LANGUAGES, LOOKS, SCENES, Look, Scene, Stage, is_managers, render_gallery, settle
from kiosk.gallery.looks import SIZES
from kiosk.gallery.pseudo import LONG
from kiosk.ui.main_window import Scheme
from sync.records.stored import Place


@pytest.fixture
def stages(qapp: QGuiApplication) -> Iterator[Callable[[Place, str], Stage]]:
    """Makes stages and takes them down, also after a failure."""
    made: list[Stage] = []

    def make(place: Place, language: str) -> Stage:
        made.append(Stage(place, language))
        return made[-1]

    yield make
    for stage in made:
        stage.close()


Stages = Callable[[Place, str], Stage]


def visible(item: QQuickItem) -> list[QQuickItem]:
    if not item.isVisible():
        return []
    return [item, *(below for child in item.childItems() for below in visible(child))]


def on_screen(item: QQuickItem) -> QRectF:
    return item.mapRectToScene(QRectF(0, 0, item.width(), item.height()))


def everything(stage: Stage) -> list[QQuickItem]:
    return visible(stage.shown.window.contentItem())


def texts(stage: Stage) -> list[QQuickItem]:
    return [item for item in everything(stage) if item.property("truncated") is not None and item.property("text")]


def evaluated(item: QQuickItem, expression: str) -> int:
    """For what Python cannot read itself: enumerations, values of a font."""
    context = qmlContext(item)
    assert context is not None
    value, _ = QQmlExpression(context, item, expression).evaluate()
    return int(value)


def ink(text: QQuickItem) -> QRectF:
    """Where the letters stand: narrower or wider than the item, and less high than the line boxes of this family."""
    wide, high = text.property("contentWidth"), text.property("contentHeight")
    left = {1: 0.0, 2: text.width() - wide, 4: (text.width() - wide) / 2}[
        evaluated(text, "effectiveHorizontalAlignment")
    ]
    top = {32: 0.0, 64: text.height() - high, 128: (text.height() - high) / 2}[evaluated(text, "verticalAlignment")]
    air = 0.17 * high / text.property("lineCount")
    corners = (QPointF(left, top + air), QPointF(left + wide, top + high - air))
    return QRectF(*(text.mapToScene(corner) for corner in corners))


def name_of(text: QQuickItem) -> str:
    return repr(text.property("text"))


def turned(scene: Scene, language: str) -> list[Look]:
    """Two looks for each scene in each language: over scenes and languages, every look meets every language."""
    place = [name for name, _, _ in SCENES].index(scene[0]) + 2 * list(LANGUAGES.values()).index(language)
    return [LOOKS[(place + turn * len(LOOKS) // 2) % len(LOOKS)] for turn in range(2)]


def check(stage: Stage, scene: Scene, language: str) -> None:
    for look in turned(scene, language):
        picture = settle(stage, look)
        window, name = QRectF(0, 0, *look.size), f"{language} {look.name}"
        shown = [text for text in texts(stage) if not scrolled_away(text)]
        scrolls = language == LONG or is_managers(scene)
        assert scrolls or shown == texts(stage), "citizens scroll at most for a long language"
        targets = [item for item in everything(stage) if item.property("held") is not None]
        check_texts(shown, window, name)
        check_targets([target for target in targets if not scrolled_away(target)], window, name)
        check_contrast(shown, picture, name)
        for target in targets:
            under = [
                text for text in shown if not target.isAncestorOf(text) and on_screen(target).intersects(ink(text))
            ]
            assert [name_of(text) for text in under] == [], f"{target.objectName()} lies on it at {name}"
        if look.low and not is_managers(scene) and scene[0] not in HIGHER:
            lowest = min((on_screen(target).top() for target in targets), default=look.size[1])
            assert lowest >= 0.45 * look.size[1], name


HIGHER = ("words-writing", "find-departments", "find-searching")
"""What is written into, and a list above the letters that make it shorter, reach higher than the rest."""
CITIZENS = [scene for scene in SCENES if not is_managers(scene)]
SHIPPED = ("zh-CN", "zh-TW", "en")
MANAGERS = [
    pytest.param(scene, language, id=f"{scene[0]}-{language}")
    for place, scene in enumerate(scene for scene in SCENES if is_managers(scene))
    for language in (SHIPPED[place % len(SHIPPED)], LONG)
    if (scene[0], language) != ("desk-balance", LONG)  # eight columns in short words, which no hall's pack replaces
]


@pytest.mark.parametrize("scene", CITIZENS, ids=[name for name, _, _ in CITIZENS])
def test_citizens_can_read_all_words_and_press_all_targets(stages: Stages, scene: Scene) -> None:
    """In one visit, from one language to the next."""
    _, place, act = scene
    stage = stages(place, "zh-CN")
    act(stage)
    choosing = stage.visit.choice.shown
    for language in LANGUAGES.values():
        stage.visit.choice.speak(language)
        if choosing:
            stage.visit.choice.show()
        assert stage.visit.language == language
        check(stage, scene, language)


@pytest.mark.parametrize(("scene", "language"), MANAGERS)
def test_managers_can_read_all_words_and_press_all_targets(stages: Stages, scene: Scene, language: str) -> None:
    """Each page in one shipped language and in the long one; `kiosk gallery` draws it in all."""
    _, place, act = scene
    stage = stages(place, language)
    act(stage)
    check(stage, scene, language)


def scrolled_away(item: QQuickItem) -> bool:
    """Not whole in the view of a page that can be scrolled to it."""
    above = item.parentItem()
    while above is not None:
        if above.property("contentY") is not None and above.property("interactive") and above.clip():
            area = ink(item) if item.property("truncated") is not None else on_screen(item)
            return not on_screen(above).contains(area)
        above = above.parentItem()
    return False


def check_texts(shown: list[QQuickItem], window: QRectF, look: str) -> None:
    assert shown
    for index, text in enumerate(shown):
        where = f"{name_of(text)} at {look}"
        assert not text.property("truncated"), where
        assert window.contains(ink(text)), where
        assert evaluated(text, "fontInfo.pixelSize") >= 18, where
        for other in shown[index + 1 :]:
            assert not ink(text).intersects(ink(other)), f"{where} lies on {name_of(other)}"


def check_targets(targets: list[QQuickItem], window: QRectF, look: str) -> None:
    for index, target in enumerate(targets):
        area = on_screen(target)
        where = f"{target.objectName()} at {look}"
        assert min(area.width(), area.height()) >= 60, where
        assert window.contains(area), where
        assert not any(area.intersects(on_screen(other)) for other in targets[index + 1 :]), where
        for text in visible(target):
            if text.property("truncated") is not None:
                assert area.contains(ink(text)), f"{where}: {name_of(text)}"


@pytest.mark.parametrize("language", LANGUAGES.values())
def test_the_five_faces_are_equal_in_size_and_type(stages: Stages, language: str) -> None:
    stage = stages("window", language)
    stage.ask()
    for look in LOOKS[list(LANGUAGES.values()).index(language) % 2 :: 2]:
        settle(stage, look)
        check_equal(stage)


def check_equal(stage: Stage) -> None:
    faces = [item for item in everything(stage) if re.fullmatch(r"face\d", item.objectName())]
    looks = set()
    for face in faces:
        parts = visible(face)[1:]
        looks.add(
            (face.width(), face.height(), tuple((part.x(), part.y(), part.width(), part.height()) for part in parts))
        )
    assert len(faces) == 5
    assert len(looks) == 1


def test_the_gallery_writes_every_screen_and_a_contact_sheet(qapp: QGuiApplication, tmp_path: Path) -> None:
    looks = [Look(), Look(SIZES[-1], low=True, scheme="contrast", elder=True)]
    assert render_gallery(tmp_path / "gallery", only="paused", looks=looks) == 0
    pictures = sorted((tmp_path / "gallery").glob("*.png"))
    assert len(pictures) == len(LANGUAGES) * len(looks)
    assert "paused-zh-1024x600.png" in {path.name for path in pictures}
    assert "paused-en-1080x1920-low-contrast-elder.png" in {path.name for path in pictures}
    for path in pictures:
        picture = QImage(str(path))
        assert f"{picture.width()}x{picture.height()}" in path.name
        assert path.name in (tmp_path / "gallery" / "index.html").read_text(encoding="utf-8")


def test_a_gallery_of_no_screen_says_which_there_are(
    qapp: QGuiApplication, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert render_gallery(tmp_path / "gallery", only="no-such") == 1
    assert "asking" in capsys.readouterr().err
    assert not (tmp_path / "gallery").exists()


def test_every_two_modes_meet_in_one_look() -> None:
    def modes(look: Look) -> dict[str, object]:
        return {"place": (look.size, look.low), "scheme": look.scheme, "elder": look.elder}

    values = {factor: {modes(look)[factor] for look in LOOKS} for factor in modes(LOOKS[0])}
    assert [len(found) for found in values.values()] == [len(SIZES) + 1, 3, 2]
    for first, second in itertools.combinations(values, 2):
        met = {(modes(look)[first], modes(look)[second]) for look in LOOKS}
        assert met == set(itertools.product(values[first], values[second]))


def test_a_gallery_that_cannot_be_written_says_so(
    qapp: QGuiApplication, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "gallery").write_text("a file")
    assert render_gallery(tmp_path / "gallery") == 1
    assert "gallery" in capsys.readouterr().err


def check_contrast(shown: list[QQuickItem], picture: QImage, look: str) -> None:
    """What is declared for the letters against what was drawn behind them; what is dimmed cannot be pressed."""
    pixels = memoryview(picture.convertToFormat(QImage.Format.Format_RGB32).constBits()).cast("I")
    width, whole = picture.width(), QRectF(picture.rect())
    for text in shown:
        if dimmed(text):
            continue
        area = ink(text).adjusted(-6, -4, 6, 4).intersected(whole).toAlignedRect()  # small letters fill their own box
        rows = range(area.top(), min(area.bottom(), picture.height()), 3)
        seen = Counter(pixel for y in rows for pixel in pixels[y * width + area.left() : y * width + area.right() : 3])
        ground = QColor.fromRgb(seen.most_common(1)[0][0])
        colour = text.property("color")
        assert contrast(colour, ground) >= 4.5, f"{name_of(text)} at {look}: {colour.name()} on {ground.name()}"


def dimmed(item: QQuickItem | None) -> bool:
    return item is not None and (item.opacity() < 1 or dimmed(item.parentItem()))


def contrast(one: QColor, other: QColor) -> float:
    """By the formula of WCAG 2."""
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: QColor) -> float:
    channels = (colour.redF(), colour.greenF(), colour.blueF())
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark", "contrast"])
def test_every_pair_of_ink_and_ground_has_enough_contrast(scheme: str) -> None:
    """Also of what no scene of the gallery brings together."""
    colours = scheme_colours()[scheme]
    grounds = {
        "paper": ("ink", "quiet", "accent", "alarm"),
        "card": ("ink", "quiet", "accent", "alarm"),
        "accentSoft": ("ink", "quiet"),
        "motif": ("ink", "quiet"),
        "accent": ("bright",),
        "field": ("fieldInk", "fieldQuiet"),
        "sand": ("ink", "quiet"),
    }
    for ground, inks in grounds.items():
        for ink_name in inks:
            assert contrast(QColor(colours[ground]), QColor(colours[ink_name])) >= 4.5, f"{ink_name} on {ground}"


def scheme_colours() -> dict[str, dict[str, str]]:
    theme = (ROOT / "kiosk" / "ui" / "qml" / "Theme.qml").read_text(encoding="utf-8")
    blocks = re.findall(r"ColourScheme (\w+): ColourScheme \{(.*?)\}", theme, re.DOTALL)
    return {name: dict(re.findall(r"(\w+): \"(#[0-9a-f]{6})\"", block)) for name, block in blocks}


def test_every_colour_of_a_drawing_is_the_one_of_a_role_that_is_exchanged() -> None:
    theme = (ROOT / "kiosk" / "ui" / "qml" / "Theme.qml").read_text(encoding="utf-8")
    exchanged = re.search(r"exchanged: .*?\[(.*?)\]", theme)
    assert exchanged
    light = [scheme_colours()["light"][role] for role in re.findall(r"\w+", exchanged[1])]
    assert len(set(light)) == len(light)
    for path in (ROOT / "assets" / "icons").glob("*.svg"):
        assert set(re.findall(r"#[0-9a-f]+", path.read_text(encoding="utf-8"))) <= set(light), path.name


@pytest.mark.parametrize("scheme", ["dark", "contrast"])
def test_a_drawing_takes_the_colours_of_the_scheme(stages: Stages, scheme: Scheme) -> None:
    stage = stages("window", "zh-CN")
    stage.turn(3)
    pictures = {look: settle(stage, Look(scheme=look)) for look in ("light", scheme)}
    sign = next(item for item in everything(stage) if item.property("name") == "recorded")
    rim = on_screen(sign).center().toPoint() - QPoint(0, round(sign.height() * 0.4))
    for look, picture in pictures.items():
        assert picture.pixelColor(rim).name() == scheme_colours()[look]["fieldInk"]


def test_no_screen_names_a_drawing_by_its_file() -> None:
    """Such a one would keep the colours of the light scheme."""
    for path in (ROOT / "kiosk" / "ui" / "qml").rglob("*.qml"):
        assert not re.search(r"assets/icons/[\w\"]", path.read_text(encoding="utf-8")), path.name
