"""Every screen of the gallery: nothing cut off, nothing outside, everything large enough to press and to read."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtQml import QQmlExpression, qmlContext
from PySide6.QtQuick import QQuickItem

from kiosk.gallery import LANGUAGES, SCENES, SIZES, Scene, Stage, render_gallery, settle
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
LOOKS = [(size, elder) for size in SIZES for elder in (False, True)]


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


@pytest.mark.parametrize("language", LANGUAGES.values())
@pytest.mark.parametrize("scene", SCENES, ids=[name for name, _, _ in SCENES])
def test_all_words_can_be_read_and_all_targets_pressed(stages: Stages, scene: Scene, language: str) -> None:
    _, place, act = scene
    stage = stages(place, language)
    act(stage)
    for (width, height), elder in LOOKS:
        settle(stage, (width, height), elder=elder)
        look = f"{width}x{height}{' elder' if elder else ''}"
        window = QRectF(0, 0, width, height)
        check_texts(texts(stage), window, look)
        check_targets([item for item in everything(stage) if item.property("held") is not None], window, look)


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


@pytest.mark.parametrize("elder", [False, True])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES.values())
def test_the_five_faces_are_equal_in_size_and_type(
    stages: Stages, language: str, size: tuple[int, int], elder: bool
) -> None:
    stage = stages("window", language)
    stage.ask()
    settle(stage, size, elder=elder)
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
    assert render_gallery(tmp_path / "gallery", scenes=tuple(one for one in SCENES if one[0] == "asking")) == 0
    pictures = sorted((tmp_path / "gallery").glob("*.png"))
    assert len(pictures) == len(LANGUAGES) * len(SIZES) * 2
    assert "asking-zh-1024x600.png" in {path.name for path in pictures}
    assert "asking-en-1080x1920-elder.png" in {path.name for path in pictures}
    for path in pictures:
        picture = QImage(str(path))
        assert f"{picture.width()}x{picture.height()}" in path.name
        assert path.name in (tmp_path / "gallery" / "index.html").read_text(encoding="utf-8")


def test_a_gallery_that_cannot_be_written_says_so(
    qapp: QGuiApplication, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "gallery").write_text("a file")
    assert render_gallery(tmp_path / "gallery") == 1
    assert "gallery" in capsys.readouterr().err


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_pair_of_ink_and_ground_has_enough_contrast() -> None:
    theme = (Path(__file__).parents[3] / "kiosk" / "ui" / "qml" / "Theme.qml").read_text(encoding="utf-8")
    colours = dict(re.findall(r"property color (\w+): \"(#[0-9a-f]{6})\"", theme))
    grounds = {
        "paper": ("ink", "quiet", "accent", "alarm"),
        "card": ("ink", "quiet", "accent", "alarm"),
        "accentSoft": ("ink", "quiet"),
        "motif": ("ink", "quiet"),
        "accent": ("bright", "brightQuiet"),
        "sand": ("ink", "quiet"),
    }
    for ground, inks in grounds.items():
        for ink in inks:
            low, high = sorted((luminance(colours[ground]), luminance(colours[ink])))
            assert (high + 0.05) / (low + 0.05) >= 4.5, f"{ink} on {ground}"
