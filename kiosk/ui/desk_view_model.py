"""What the manager's pages bind to: which of them shows, and today's figures."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Final, Literal

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.core.desk import Desk
from kiosk.ui.balance_rows import balance_facts, balance_note, balance_rows
from kiosk.ui.desk_facts import Clock, Fact
from kiosk.ui.desk_rows import count_rows, level_rows, not_asked_row, satisfied_share, state_rows
from kiosk.ui.evaluators_view_model import EvaluatorsPorts, EvaluatorsViewModel
from kiosk.ui.learn_view_model import LearnPorts, LearnViewModel
from kiosk.ui.pin_view_model import CheckPin, PinViewModel
from kiosk.ui.qml_types import Property, QmlUncreatable
from kiosk.ui.sticks_view_model import SticksPorts, SticksViewModel
from kiosk.ui.word_packs import WordPacks
from kiosk.ui.words import by_key

QML_IMPORT_NAME = "Kiosk.Models"
QML_IMPORT_MAJOR_VERSION = 1

IDLE_MS: Final = 60_000
"""Nobody touched the pages for so long: they shut themselves."""

Page = Literal["shut", "pin", "desk", "balance", "evaluators", "test", "learn", "sticks"]


@dataclass(frozen=True, slots=True)
class DeskPorts:
    """The first two answer later, on the GUI thread."""

    check_pin: CheckPin
    load: Callable[[Callable[[Desk], None]], None]
    evaluators: EvaluatorsPorts
    learning: LearnPorts
    sticks: SticksPorts | None = None
    """None: the settings do not say where sticks are mounted."""
    send_now: Callable[[], None] = lambda: None
    """What waits for its hour, or for the next try."""


@dataclass(frozen=True, slots=True)
class _View:
    page: Page = "shut"
    desk: Desk | None = None


@QmlElement
@QmlUncreatable("made by kiosk.app")
class DeskViewModel(QObject):
    """Lives on the GUI thread. `pin`, `evaluators`, `learning` and `sticks` are the view models of its other pages."""

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
        self._view = _View()
        self._session = 0
        self._loading = False
        self._stale = False
        self.pin = PinViewModel(ports.check_pin, self._words)
        self.evaluators = EvaluatorsViewModel(ports.evaluators, packs, language)
        self.learning = LearnViewModel(ports.learning, self._words)
        self.sticks = SticksViewModel(ports.sticks, self._words)
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setTimerType(Qt.TimerType.CoarseTimer)
        self._idle.setInterval(idle_ms)
        self._idle.timeout.connect(self.close)
        self.pin.touched.connect(self.stir)
        self.evaluators.stirred.connect(self.stir)
        self.learning.changed.connect(self._learning_changed)
        self.sticks.changed.connect(self.stir)

    @Slot()
    def open(self) -> None:
        """Shows the PIN pad. Does nothing where a page is open already."""
        if self._view.page == "shut":
            self._session += 1
            self._show(_View(page="pin"))
            self.pin.begin(self._enter)
            self.stir()

    @Slot()
    def close(self) -> None:
        """Forgets the digits and the figures. An answer still under way is dropped when it comes."""
        self._session += 1
        self._loading = False
        self._idle.stop()
        self._leave()
        self._show(_View())

    @Slot()
    def stir(self) -> None:
        """Somebody is there: the idle time starts anew."""
        if self._view.page != "shut":
            self._idle.start()

    @Slot()
    def showDesk(self) -> None:  # noqa: N802 - a name of QML
        if self._view.page in {"balance", "evaluators", "test", "learn", "sticks"}:
            self._turn("desk")
            self.refresh()

    @Slot()
    def showBalance(self) -> None:  # noqa: N802
        if self._view.page == "desk":
            self._turn("balance")

    @Slot()
    def showEvaluators(self) -> None:  # noqa: N802
        if self._view.page in {"desk", "test", "learn"}:
            self._turn("evaluators")
            self.evaluators.watch()

    @Slot()
    def testKeys(self) -> None:  # noqa: N802
        """Of the box that is shown, or of the one that has just been learnt."""
        learnt = self.learning.learnt
        if self._view.page == "learn" and learnt:
            self._turn("evaluators")
            self.evaluators.watch()
            self.evaluators.choose(learnt)
        if self._view.page == "evaluators" and self.evaluators.startTest():
            self._show(replace(self._view, page="test"))

    @Slot()
    def learn(self) -> None:
        if self._view.page == "evaluators":
            self._turn("learn")
            self.learning.open()

    @Slot()
    def sendNow(self) -> None:  # noqa: N802
        if self._view.page == "desk":
            self.stir()
            self._ports.send_now()

    @Slot()
    def showSticks(self) -> None:  # noqa: N802
        if self._view.page == "desk" and self.sticks.there:
            self._turn("sticks")
            self.sticks.open()

    @Slot()
    def refresh(self) -> None:
        """Something was recorded or has changed: reads the figures again, if anybody looks at them."""
        self.evaluators.refresh()
        if self._view.page not in {"desk", "balance"}:
            return
        if self._loading:
            self._stale = True
            return
        self._loading, self._stale = True, False
        session = self._session
        self._ports.load(lambda desk: self._loaded(session, desk))

    def _enter(self) -> None:
        self._turn("desk")
        self.refresh()

    def _turn(self, page: Page) -> None:
        self.stir()
        self._leave()
        self._show(replace(self._view, page=page))

    def _leave(self) -> None:
        """Whatever the page before had under way is over."""
        self.pin.leave()
        self.evaluators.leave()
        self.learning.leave()
        self.sticks.leave()

    def _learning_changed(self) -> None:
        """What the box sends is a sign that somebody is there; the pad comes when it is wanted."""
        self.stir()
        if self.learning.pinWanted and not self.pin.wanted:
            self.pin.begin(self.learning.adopt)
        elif self._view.page == "learn" and not self.learning.pinWanted:
            self.pin.leave()

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
        """`shut`, `pin`, `desk`, `balance`, `evaluators`, `test`, `learn` or `sticks`."""
        return self._view.page

    @Property("QVariantMap", notify=changed, final=True)
    def words(self) -> dict[str, str]:
        """The pack in use, by its own keys."""
        return by_key(self._words)

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
        desk = self._view.desk
        if desk is None:
            return []
        rated, not_rated, bad, *failed = count_rows(desk.today, self._words)
        return _maps((rated, not_rated, bad, not_asked_row(desk.asking, self._words), *failed))

    @Property("QVariantList", notify=changed, final=True)
    def balance(self) -> list[dict[str, object]]:
        """The heads, then the levels in the fixed order: word, visits, reports, differs. Empty without a hub."""
        desk = self._view.desk
        rows = balance_rows(desk.balance, self._words) if desk else ()
        return [{**asdict(row), "visits": list(row.visits), "reports": list(row.reports)} for row in rows]

    @Property("QVariantList", notify=changed, final=True)
    def balanceFacts(self) -> list[dict[str, object]]:  # noqa: N802
        """Each with name, label, value, alarm."""
        desk = self._view.desk
        clock = Clock(self._now_wall_ms(), self._utc_offset_min)
        return _maps(balance_facts(desk.balance, self._words, clock)) if desk else []

    @Property(str, notify=changed, final=True)
    def balanceNote(self) -> str:  # noqa: N802
        """Whose word the province's figures are; empty where there are none."""
        return balance_note(self._view.desk.balance, self._words) if self._view.desk else ""

    @Property("QVariantList", notify=changed, final=True)
    def states(self) -> list[dict[str, object]]:
        """Each with name, label, value, alarm."""
        desk = self._view.desk
        clock = Clock(self._now_wall_ms(), self._utc_offset_min)
        return _maps(state_rows(desk, self._words, clock)) if desk else []

    @Property(bool, notify=changed, final=True)
    def maySend(self) -> bool:  # noqa: N802
        """Records wait for their hour, or for the next try."""
        return self._view.desk is not None and self._view.desk.hub.can_hurry


def _maps(facts: tuple[Fact, ...]) -> list[dict[str, object]]:
    return [asdict(fact) for fact in facts]
