"""What the pages of a terminal bind to: how something to be rated is found, in the language of the screen."""

from collections.abc import Callable
from typing import Final, get_args

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.core.finding_events import (
    Cancelled,
    Confirmed,
    DepartmentChosen,
    Entered,
    Erased,
    ItemChosen,
    Stirred,
    Typed,
    WayChosen,
    WentBack,
)
from kiosk.core.finding_stages import KEYS, Way
from kiosk.ui.finding_host import FindingHost
from kiosk.ui.finding_props import Entry, FindingProps, derive_finding
from kiosk.ui.qml_types import Property, QmlUncreatable
from kiosk.ui.word_packs import WordPacks
from kiosk.ui.words import whole
from sync.records import At, VisitId

QML_IMPORT_NAME = "Kiosk.Models"
QML_IMPORT_MAJOR_VERSION = 1

_WAYS: Final[dict[str, Way]] = {way: way for way in get_args(Way)}


@QmlElement
@QmlUncreatable("made by kiosk.app")
class FindingViewModel(QObject):
    """Lives on the GUI thread. Without a host, at a window, it is never shown."""

    changed = Signal()
    pageChanged = Signal()  # noqa: N815 - a name of QML
    closingChanged = Signal()  # noqa: N815

    def __init__(
        self, host: FindingHost | None, now: Callable[[], At], fresh: Callable[[], VisitId], packs: WordPacks
    ) -> None:
        super().__init__()
        self._host = host
        self._now = now
        self._fresh = fresh
        self._packs = packs
        self._language = ""
        self._props = FindingProps("start", ())
        self._rows = 1
        self._sheet = 0
        if host is not None:
            host.changed.connect(self._fold)

    @property
    def props(self) -> FindingProps:
        return self._props

    def speak(self, language: str) -> None:
        """Told by who knows the language of the screen."""
        self._language = language
        self._fold()

    def _fold(self) -> None:
        if self._host is None:
            return
        before = self._props
        props = derive_finding(self._host.finding, self._host.index, self._packs.words(self._language))
        self._props = props
        if props.entries != before.entries:
            self._sheet = 0
        if props.page != before.page:
            self.pageChanged.emit()
        if props != before:
            self.changed.emit()
        if props.closes_ms != before.closes_ms:
            self.closingChanged.emit()

    # -- what the citizen does -----------------------------------------------------------------------------------------

    @Slot(str)
    def begin(self, way: str) -> None:
        self._say(lambda host: host.dispatch(WayChosen(_WAYS[way], self._now(), self._fresh())))

    @Slot(str)
    def type(self, key: str) -> None:
        self._say(lambda host: host.dispatch(Typed(key, self._now())))

    @Slot()
    def erase(self) -> None:
        self._say(lambda host: host.dispatch(Erased(self._now())))

    @Slot()
    def clear(self) -> None:
        self._say(lambda host: host.dispatch(Erased(self._now(), everything=True)))

    @Slot()
    def enter(self) -> None:
        self._say(lambda host: host.dispatch(Entered(self._now())))

    @Slot(int)
    def choose(self, row: int) -> None:
        """A line of the list that shows, from 0."""
        shown = self._shown()
        if 0 <= row < len(shown):
            entry = shown[row]
            at = self._now()
            event = ItemChosen(entry.item, at) if entry.item else DepartmentChosen(entry.text, at)
            self._say(lambda host: host.dispatch(event))

    @Slot()
    def confirm(self) -> None:
        self._say(lambda host: host.dispatch(Confirmed(self._now(), self._fresh())))

    @Slot()
    def goBack(self) -> None:  # noqa: N802
        self._say(lambda host: host.dispatch(WentBack(self._now())))

    @Slot()
    def cancel(self) -> None:
        self._say(lambda host: host.dispatch(Cancelled(self._now())))

    @Slot()
    def touch(self) -> None:
        if self._props.page != "start":
            self._say(lambda host: host.dispatch(Stirred(self._now())))

    @Slot(int)
    def turn(self, by: int) -> None:
        """Sheets of the list, forward or back."""
        self._sheet = min(max(0, self._sheet + by), self.sheets - 1)
        self.touch()
        self.changed.emit()

    @Slot(int)
    def setRows(self, rows: int) -> None:  # noqa: N802
        """How many lines of a list the screen has room for. What showed first keeps showing."""
        first, self._rows = self._sheet * self._rows, max(1, rows)
        self._sheet = first // self._rows
        self.changed.emit()

    def _say(self, say: Callable[[FindingHost], None]) -> None:
        if self._host is not None:
            say(self._host)

    # -- what the pages show -------------------------------------------------------------------------------------------

    @Property(str, notify=pageChanged, final=True)
    def page(self) -> str:
        """`start`, `scan`, `number`, `code`, `choose`, `confirm`, `wait`, `refused`."""
        return self._props.page

    @Property("QVariantList", notify=changed, final=True)
    def ways(self) -> list[str]:
        return list(self._props.ways)

    @Property(str, notify=changed, final=True)
    def title(self) -> str:
        return whole(self._props.title)

    @Property(str, notify=changed, final=True)
    def note(self) -> str:
        return whole(self._props.note)

    @Property(str, notify=changed, final=True)
    def typed(self) -> str:
        return self._props.typed

    @Property(str, notify=changed, final=True)
    def named(self) -> str:
        return self._props.named

    @Property(str, notify=changed, final=True)
    def beside(self) -> str:
        return self._props.beside

    @Property(str, notify=changed, final=True)
    def keys(self) -> str:
        """What the keypad of a number types."""
        return KEYS

    @Property("QVariantList", notify=changed, final=True)
    def entries(self) -> list[dict[str, str]]:
        """The lines of this sheet, each with text and beside."""
        return [{"text": entry.text, "beside": entry.beside} for entry in self._shown()]

    @Property(int, notify=changed, final=True)
    def sheet(self) -> int:
        """From 1."""
        return self._sheet + 1

    @Property(int, notify=changed, final=True)
    def sheets(self) -> int:
        return max(1, -(-len(self._props.entries) // self._rows))

    @Property(int, notify=closingChanged, final=True)
    def closesInMs(self) -> int:  # noqa: N802
        """At the moment of reading; 0 where nothing runs out."""
        closes_ms = self._props.closes_ms
        return 0 if closes_ms is None else max(0, closes_ms - self._now().boot_ms)

    @Property(float, notify=closingChanged, final=True)
    def openShare(self) -> float:  # noqa: N802
        return min(1.0, self.closesInMs / self._props.open_ms)

    def _shown(self) -> list[Entry]:
        first = self._sheet * self._rows
        return list(self._props.entries[first : first + self._rows])
