"""The window: loads the screens and hands them their view models."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import shiboken6
from PySide6.QtCore import QUrl
from PySide6.QtGui import QCursor, Qt
from PySide6.QtQml import QQmlApplicationEngine, QQmlError
from PySide6.QtQuick import QQuickWindow

from kiosk.ui.field_keys import FieldKeys
from kiosk.ui.fonts import choose_font
from kiosk.ui.glass_guard import GlassGuard
from kiosk.ui.pictures import PROVIDER as PICTURES
from kiosk.ui.pictures import PictureProvider
from kiosk.ui.signs import PROVIDER, Signs
from kiosk.ui.visit_view_model import VisitViewModel

if TYPE_CHECKING:  # loaded after the first frame
    from kiosk.ui.desk_view_model import DeskViewModel

MAIN: Final = Path(__file__).parent / "qml" / "Main.qml"
KEYBOARD_STYLE: Final = Path(__file__).parent / "qml" / "keyboard"
"""An import path for QML: Qt Virtual Keyboard looks for its styles there."""
SMALLEST: Final = (1024, 600)
Scheme = Literal["light", "dark", "contrast"]


class ScreensError(Exception):
    """The screens could not be loaded. Carries what the QML engine said."""


@dataclass(frozen=True, slots=True)
class Appearance:
    """How the screens look at rest; a citizen may change it for one visit."""

    scheme: Scheme = "light"
    elder: bool = False
    low_reach: bool = False
    reduced_motion: bool = False


@dataclass(frozen=True, slots=True)
class MainWindow:
    """Keep it as long as the window is to live, and `close` it before the application goes."""

    engine: QQmlApplicationEngine
    window: QQuickWindow
    visit: VisitViewModel
    guard: GlassGuard

    def take_desk(self, desk: "DeskViewModel") -> None:
        """Once. Until then there is no way to the manager's pages."""
        visit = self.visit
        models: dict[str, object] = {"desk": desk, "pin": desk.pin, "evaluators": desk.evaluators}
        models |= {"learning": desk.learning, "sticks": desk.sticks}
        self.window.setProperty("manager", models)
        visit.managerAsked.connect(desk.open)
        visit.changed.connect(_shutting(visit, desk))
        desk.changed.connect(lambda: visit.managed(desk.page != "shut"))

    def close(self) -> None:
        """Takes the screens down before the view models that they bind to. May be called again."""
        if shiboken6.isValid(self.engine):
            self.guard.stop()
            self.window.setProperty("closable", True)
            self.window.close()
            shiboken6.delete(self.engine)


def open_window(
    visit: VisitViewModel,
    *,
    full_screen: bool,
    size: tuple[int, int] | None = None,
    appearance: Appearance = Appearance(),
) -> MainWindow:
    """Shows the window; one that fills the screen is closed by no key. Raises ScreensError if it cannot be loaded."""
    choose_font()
    QQuickWindow.setTextRenderType(QQuickWindow.TextRenderType.NativeTextRendering)
    engine = QQmlApplicationEngine()
    engine.addImportPath(str(KEYBOARD_STYLE))
    engine.addImageProvider(PROVIDER, Signs())
    engine.addImageProvider(PICTURES, PictureProvider(visit.pictures))
    models: dict[str, object] = {"visit": visit, "details": visit.details, "receipt": visit.receipt}
    models |= {"card": visit.card, "rest": visit.rest, "choice": visit.choice, "finding": visit.finding}
    looks = {"scheme": appearance.scheme, "elder": appearance.elder}
    looks |= {"low": appearance.low_reach, "calm": appearance.reduced_motion}
    window = _load(engine, {**models, **looks, "closable": not full_screen})
    guard = GlassGuard(window, visit, visit.rest, visit.dpi)
    guard.start()
    keys = FieldKeys(window)
    visit.details.pageChanged.connect(lambda: keys.start() if visit.details.page == "words" else keys.stop())
    window.resize(*(size or SMALLEST))
    if full_screen:
        window.setCursor(QCursor(Qt.CursorShape.BlankCursor))
        window.setGeometry(window.screen().geometry())  # a bare X server has no window manager to do it
        window.showFullScreen()
    else:
        window.show()
    return MainWindow(engine, window, visit, guard)


def _load(engine: QQmlApplicationEngine, properties: dict[str, object]) -> QQuickWindow:
    said: list[str] = []

    def listen(errors: list[QQmlError]) -> None:
        said.extend(error.toString() for error in errors)

    engine.warnings.connect(listen)
    engine.setInitialProperties(properties)
    engine.load(QUrl.fromLocalFile(str(MAIN)))
    engine.warnings.disconnect(listen)
    roots = engine.rootObjects()
    if not roots or not isinstance(roots[0], QQuickWindow):
        raise ScreensError("; ".join(said) or f"{MAIN} holds no window")
    return roots[0]


def _shutting(visit: VisitViewModel, desk: "DeskViewModel") -> Callable[[], None]:
    """A citizen comes first: the manager's pages shut by themselves when a rating is asked for."""

    def shut() -> None:
        if not visit.props.at_rest:
            desk.close()

    return shut
