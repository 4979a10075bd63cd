"""Runs the finding at a terminal: feeds events to the pure core, performs its effects, keeps its one timer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from kiosk.core.finding import advance
from kiosk.core.finding_events import Event, LookedUp, LookUp, Open, Prove, Proved, RanOut, Verdict
from kiosk.core.finding_stages import Finding
from kiosk.core.visit import AskedFor
from sync.records import At

if TYPE_CHECKING:
    from kiosk.catalogue.index import CatalogueIndex


@dataclass(frozen=True, slots=True)
class FindingHands:
    """What carries out the effects. None of them may wait for anything."""

    look_up: Callable[[str, Callable[[bool], None]], None]
    """Whether the case of this number may be rated by its number alone; answers on the GUI thread."""
    prove: Callable[[str, str, Callable[[Verdict], None]], None]
    """Whether case number and code of a slip belong together; answers on the GUI thread."""
    ask: Callable[[AskedFor], None]


class FindingHost(QObject):
    """Lives on the GUI thread; so does everybody who calls it."""

    changed = Signal()

    def __init__(self, finding: Finding, hands: FindingHands, now: Callable[[], At]) -> None:
        super().__init__()
        self._finding = finding
        self._hands = hands
        self._now = now
        self._index: CatalogueIndex | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self._run_out)

    @property
    def finding(self) -> Finding:
        return self._finding

    @property
    def index(self) -> "CatalogueIndex | None":
        """The catalogue; None until it is read, and where there is none that can be used."""
        return self._index

    def take_index(self, index: "CatalogueIndex") -> None:
        self._index = index
        self.changed.emit()

    def dispatch(self, event: Event) -> None:
        step = advance(self._finding, event)
        changed = step.finding != self._finding
        self._finding = step.finding
        match step.effect:
            case LookUp(number):
                self._hands.look_up(number, lambda rateable: self.dispatch(LookedUp(number, rateable, self._now())))
            case Prove(number, code) as proof:
                self._hands.prove(number, code, lambda verdict: self.dispatch(Proved(proof, verdict, self._now())))
            case Open(asked):
                self._hands.ask(asked)
            case None:
                pass
            case _:
                assert_never(step.effect)
        if changed:
            self._arm()
            self.changed.emit()

    def _arm(self) -> None:
        due = self._finding.until_ms
        if due is None:
            self._timer.stop()
        else:
            self._timer.start(max(0, due - self._now().boot_ms))

    def _run_out(self) -> None:
        """A coarse timer may fire early: the core ignores that, and the timer is armed again."""
        self.dispatch(RanOut(self._now()))
        if not self._timer.isActive():
            self._arm()
