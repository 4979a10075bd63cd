"""What the card of the clerk who is signed in binds to: photo or initials, name or number, post, department."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage
from PySide6.QtQml import QmlElement

from kiosk.core.clerks import Clerk
from kiosk.ui.pictures import Pictures
from kiosk.ui.qml_types import Property, QmlUncreatable
from kiosk.ui.visit_host import VisitHost

QML_IMPORT_NAME = "Kiosk.Models"
QML_IMPORT_MAJOR_VERSION = 1


@dataclass(frozen=True, slots=True)
class Found:
    """A clerk of the hall's list, and the photo where it could be read."""

    clerk: Clerk
    photo: QImage | None = None


FindClerk = Callable[[str, Callable[[Found | None], None]], None]
"""Number, and who is told on the GUI thread, later: None for a clerk who is not on the list."""


@dataclass(frozen=True, slots=True)
class _Card:
    clerk: Clerk | None = None
    photo: str = ""


@QmlElement
@QmlUncreatable("made by kiosk.app")
class ClerkCardViewModel(QObject):
    """Lives on the GUI thread. `home` is the window's own department: at a borrowed window the clerk's is told."""

    changed = Signal()

    def __init__(
        self, host: VisitHost, pictures: Pictures, find: FindClerk, *, named: bool = True, home: str = ""
    ) -> None:
        super().__init__()
        self._host = host
        self._pictures = pictures
        self._find = find
        self._named = named
        self._home = home
        self._number = ""
        self._card = _Card()
        host.changed.connect(self._fold)
        self._fold()

    def _fold(self) -> None:
        number = self._host.window.clerk
        if number == self._number:
            return
        self._number = number
        self._show(_Card())
        if number:
            self._find(number, lambda found: self._found(number, found))

    def _found(self, number: str, found: Found | None) -> None:
        """An answer for somebody who has gone since is dropped."""
        if number != self._number or found is None:
            return
        photo = self._pictures.put("photo", found.photo) if found.photo is not None else ""
        self._show(_Card(found.clerk, photo))

    def _show(self, card: _Card) -> None:
        if card != self._card:
            self._card = card
            self.changed.emit()

    @Property(bool, notify=changed, final=True)
    def shown(self) -> bool:
        """The clerk is on the hall's list; else the number stands by itself, as ever."""
        return self._card.clerk is not None

    @Property(str, notify=changed, final=True)
    def title(self) -> str:
        """The name, where names are shown and there is one; else empty: the number stands there."""
        clerk = self._card.clerk
        return clerk.name if clerk and self._named else ""

    @Property(str, notify=changed, final=True)
    def post(self) -> str:
        return self._card.clerk.post if self._card.clerk else ""

    @Property(str, notify=changed, final=True)
    def department(self) -> str:
        """Where it is not the window's own."""
        department = self._card.clerk.department if self._card.clerk else ""
        return department if department != self._home else ""

    @Property(str, notify=changed, final=True)
    def photo(self) -> str:
        """Address of the picture; empty: the initials stand in its place."""
        return self._card.photo

    @Property(str, notify=changed, final=True)
    def initials(self) -> str:
        return self._card.clerk.initials if self._card.clerk and self._named else ""
