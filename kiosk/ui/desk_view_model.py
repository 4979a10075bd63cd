"""What the manager's pages bind to: the PIN pad, then today's figures."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Final, Literal, assert_never

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.core.desk import Desk, PinLocked, PinMissing, PinRight, PinVerdict, PinWrong
from kiosk.ui.desk_rows import Clock, Fact, count_rows, level_rows, satisfied_share, state_rows
from kiosk.ui.pin_notice import pin_notice
from kiosk.ui.qml_types import Property, QmlUncreatable
from kiosk.ui.words import WordPacks, stacked

QML_IMPORT_NAME = "Kiosk.Models"
QML_IMPORT_MAJOR_VERSION = 1

SHORTEST_PIN: Final = 6
LONGEST_PIN: Final = 20
IDLE_MS: Final = 60_000
"""Nobody touched the pages for so long: they shut themselves."""
SECOND_MS: Final = 1_000


@dataclass(frozen=True, slots=True)
class DeskPorts:
    """Both answer later, on the GUI thread."""

    check_pin: Callable[[str, Callable[[PinVerdict], None]], None]
    load: Callable[[Callable[[Desk], None]], None]


@dataclass(frozen=True, slots=True)
class _View:
    """What is shown. The digits are not part of it: they stay in one field that nothing prints."""

    page: Literal["shut", "pin", "desk"] = "shut"
    typed: int = 0
    checking: bool = False
    verdict: PinVerdict | None = None
    desk: Desk | None = None


@QmlElement
@QmlUncreatable("made by kiosk.app")
class DeskViewModel(QObject):
    """Lives on the GUI thread. Never logs; forgets the digits at each check and when it shuts."""

    changed = Signal()

    def __init__(
        self,
        ports: DeskPorts,
        now_wall_ms: Callable[[], int],
        packs: WordPacks,
        language: str,
        utc_offset_min: int = 480,
        idle_ms: int = IDLE_MS,
    ) -> None:
        super().__init__()
        self._ports = ports
        self._now_wall_ms = now_wall_ms
        self._words = packs.words(language)
        self._utc_offset_min = utc_offset_min
        self._digits = ""
        self._view = _View()
        self._session = 0
        self._loading = False
        self._stale = False
        self._idle = self._timer(idle_ms, self.close)
        self._second = self._timer(SECOND_MS, self._count_down)

    def _timer(self, interval_ms: int, then: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setTimerType(Qt.TimerType.CoarseTimer)
        timer.setInterval(interval_ms)
        timer.timeout.connect(then)
        return timer

    @Slot()
    def open(self) -> None:
        """Shows the PIN pad. Does nothing where a page is open already."""
        if self._view.page == "shut":
            self._session += 1
            self._show(_View(page="pin"))
            self.stir()

    @Slot()
    def close(self) -> None:
        """Forgets the digits and the figures. An answer still under way is dropped when it comes."""
        self._session += 1
        self._digits = ""
        self._loading = False
        self._idle.stop()
        self._second.stop()
        self._show(_View())

    @Slot()
    def stir(self) -> None:
        """Somebody is there: the idle time starts anew."""
        if self._view.page != "shut":
            self._idle.start()

    @Slot()
    def refresh(self) -> None:
        """Something was recorded or has changed: reads the figures again, if anybody looks at them."""
        if self._view.page != "desk":
            return
        if self._loading:
            self._stale = True
            return
        self._loading, self._stale = True, False
        session = self._session
        self._ports.load(lambda desk: self._loaded(session, desk))

    @Slot(int)
    def digit(self, digit: int) -> None:
        self.stir()
        if self.keysEnabled and len(self._digits) < LONGEST_PIN:
            self._digits += str(digit)
            self._show(replace(self._view, typed=len(self._digits), verdict=None))

    @Slot()
    def clear(self) -> None:
        self.stir()
        if self.keysEnabled:
            self._digits = ""
            self._show(replace(self._view, typed=0))

    @Slot()
    def enter(self) -> None:
        self.stir()
        if not self.canEnter:
            return
        pin, self._digits = self._digits, ""
        self._show(replace(self._view, typed=0, checking=True, verdict=None))
        session = self._session
        self._ports.check_pin(pin, lambda verdict: self._judged(session, verdict))

    def _judged(self, session: int, verdict: PinVerdict) -> None:
        if session != self._session or self._view.page != "pin":
            return
        match verdict:
            case PinRight():
                self._show(_View(page="desk"))
                self.refresh()
            case PinWrong() | PinMissing():
                self._show(_View(page="pin", verdict=verdict))
            case PinLocked():
                self._show(_View(page="pin", verdict=verdict))
                self._second.start()
            case _:
                assert_never(verdict)

    def _count_down(self) -> None:
        verdict = self._view.verdict
        if isinstance(verdict, PinLocked):
            left = verdict.seconds - 1
            self._show(replace(self._view, verdict=PinLocked(left) if left > 0 else None))
            if left > 0:
                self._second.start()

    def _loaded(self, session: int, desk: Desk) -> None:
        if session != self._session:
            return
        self._loading = False
        self._show(replace(self._view, desk=desk))
        if self._stale:
            self.refresh()

    def _show(self, view: _View) -> None:
        if view != self._view:
            self._view = view
            self.changed.emit()

    @Property(str, notify=changed, final=True)
    def page(self) -> str:
        """`shut`, `pin` or `desk`."""
        return self._view.page

    @Property(int, notify=changed, final=True)
    def typed(self) -> int:
        """How many digits stand on the pad."""
        return self._view.typed

    @Property(str, notify=changed, final=True)
    def notice(self) -> str:
        return stacked(pin_notice(self._view.verdict, self._words, checking=self._view.checking))

    @Property(bool, notify=changed, final=True)
    def refused(self) -> bool:
        """The notice is a refusal and not a hint."""
        return self._view.verdict is not None

    @Property(bool, notify=changed, final=True)
    def keysEnabled(self) -> bool:  # noqa: N802 - a name of QML
        return self._view.page == "pin" and not self._view.checking and not isinstance(self._view.verdict, PinLocked)

    @Property(bool, notify=changed, final=True)
    def canEnter(self) -> bool:  # noqa: N802
        return self.keysEnabled and self._view.typed >= SHORTEST_PIN

    @Property("QVariantMap", notify=changed, final=True)
    def words(self) -> dict[str, str]:
        """The pack in use, by its own keys."""
        return {key: stacked(text) for key, text in asdict(self._words).items()}

    @Property(bool, notify=changed, final=True)
    def loaded(self) -> bool:
        return self._view.desk is not None

    @Property(str, notify=changed, final=True)
    def day(self) -> str:
        return self._view.desk.today.day if self._view.desk else ""

    @Property(str, notify=changed, final=True)
    def share(self) -> str:
        """The satisfied share with its denominator."""
        return satisfied_share(self._view.desk.today, self._words) if self._view.desk else "—"

    @Property("QVariantList", notify=changed, final=True)
    def levels(self) -> list[dict[str, object]]:
        """In the fixed order, each with word, count, share."""
        desk = self._view.desk
        return [asdict(row) for row in level_rows(desk.today, self._words)] if desk else []

    @Property("QVariantList", notify=changed, final=True)
    def counts(self) -> list[dict[str, object]]:
        """Each with name, label, value, alarm."""
        return _maps(count_rows(self._view.desk.today, self._words)) if self._view.desk else []

    @Property("QVariantList", notify=changed, final=True)
    def states(self) -> list[dict[str, object]]:
        """Each with name, label, value, alarm."""
        desk = self._view.desk
        clock = Clock(self._now_wall_ms(), self._utc_offset_min)
        return _maps(state_rows(desk, self._words, clock)) if desk else []


def _maps(facts: tuple[Fact, ...]) -> list[dict[str, object]]:
    return [asdict(fact) for fact in facts]
