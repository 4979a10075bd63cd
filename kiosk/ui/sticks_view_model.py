"""What the page of sticks binds to."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import PurePath
from typing import assert_never

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.core.sticks import Action, CarriedOn, NotDone, Outcome, Stick, Took, Wrote
from kiosk.ui.qml_types import Property, QmlUncreatable
from kiosk.ui.words import Words

QML_IMPORT_NAME = "Kiosk.Models"
QML_IMPORT_MAJOR_VERSION = 1


@dataclass(frozen=True, slots=True)
class SticksPorts:
    """Both answer later, on the GUI thread."""

    look: Callable[[Callable[[tuple[Stick, ...]], None]], None]
    act: Callable[[str, Action, Callable[[Outcome], None]], None]


@dataclass(frozen=True, slots=True)
class _Row:
    place: str
    name: str
    found: str
    usable: bool


@dataclass(frozen=True, slots=True)
class _View:
    open: bool = False
    looked: bool = False
    sticks: tuple[Stick, ...] = ()
    busy: bool = False
    notice: str = ""
    alarm: bool = False


@QmlElement
@QmlUncreatable("made by kiosk.app")
class SticksViewModel(QObject):
    """Lives on the GUI thread. Without ports there is no such page."""

    changed = Signal()

    def __init__(self, ports: SticksPorts | None, words: Words) -> None:
        super().__init__()
        self._ports = ports
        self._words = words
        self._view = _View()
        self._session = 0

    def open(self) -> None:
        self._session += 1
        self._show(_View(open=True))
        self.refresh()

    def leave(self) -> None:
        """What is under way ends by itself; nobody is told of it any more."""
        self._session += 1
        self._show(_View())

    @Slot()
    def refresh(self) -> None:
        session = self._session
        if self._ports is not None and self._view.open and not self._view.busy:
            self._ports.look(lambda sticks: self._looked(session, sticks))

    @Slot(str, str)
    def act(self, place: str, action: Action) -> None:
        if self._ports is None or self._view.busy or not self._view.open:
            return
        session = self._session
        self._show(replace(self._view, busy=True, notice=self._words.stick_busy, alarm=False))
        self._ports.act(place, action, lambda outcome: self._acted(session, outcome))

    def _looked(self, session: int, sticks: tuple[Stick, ...]) -> None:
        if session == self._session:
            self._show(replace(self._view, looked=True, sticks=sticks))

    def _acted(self, session: int, outcome: Outcome) -> None:
        if session == self._session:
            notice, alarm = said(outcome, self._words)
            self._show(replace(self._view, busy=False, notice=notice, alarm=alarm))
            self.refresh()

    def _show(self, view: _View) -> None:
        if view != self._view:
            self._view = view
            self.changed.emit()

    @Property(bool, notify=changed, final=True)
    def there(self) -> bool:
        """The settings say where sticks are mounted."""
        return self._ports is not None

    @Property(bool, notify=changed, final=True)
    def busy(self) -> bool:
        return self._view.busy

    @Property(str, notify=changed, final=True)
    def notice(self) -> str:
        return self._view.notice

    @Property(bool, notify=changed, final=True)
    def alarm(self) -> bool:
        """The notice is of something that was not done."""
        return self._view.alarm

    @Property(str, notify=changed, final=True)
    def hint(self) -> str:
        none = self._view.looked and not self._view.sticks
        return self._words.sticks_none if none else self._words.sticks_note

    @Property("QVariantList", notify=changed, final=True)
    def sticks(self) -> list[dict[str, object]]:
        """Each with place, name, found, usable."""
        return [asdict(self._row(stick)) for stick in self._view.sticks]

    def _row(self, stick: Stick) -> _Row:
        return _Row(stick.place, PurePath(stick.place).name, _state(stick, self._words), stick.usable)


def _state(stick: Stick, words: Words) -> str:
    if stick.missing:
        return words.stick_unsafe.format(missing=", ".join(stick.missing))
    if stick.fault:
        return words.stick_not_done.format(reason=words.reason(stick.fault))
    return words.stick_found.format(
        own=stick.own, carried=stick.carried, others=stick.others, acknowledgements=stick.acknowledgements
    )


def said(outcome: Outcome, words: Words) -> tuple[str, bool]:
    """In words, and whether it is an alarm."""
    match outcome:
        case Wrote(parcels, records):
            text = words.stick_wrote.format(parcels=parcels, records=records) if parcels else words.stick_wrote_nothing
            return text, False
        case Took(taken, refused, reason, sent_back):
            parts = [words.stick_took.format(count=taken)] if taken else []
            if refused:
                parts.append(words.stick_took_refused.format(count=refused, reason=words.reason(reason)))
            if sent_back:
                parts.append(words.stick_sent_back.format(count=sent_back))
            return " ".join(parts) or words.stick_took_nothing, bool(refused or sent_back)
        case CarriedOn(parcels, known, acknowledgements, refused):
            text = words.stick_carried.format(parcels=parcels, known=known, acknowledgements=acknowledgements)
            if refused:
                text = f"{text} {words.stick_not_carried.format(count=len(refused), reason=words.reason(refused[0]))}"
            return text, bool(refused)
        case NotDone(reason):
            return words.stick_not_done.format(reason=words.reason(reason)), True
        case _:
            assert_never(outcome)
