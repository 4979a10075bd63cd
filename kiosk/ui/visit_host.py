"""Runs one window's visit: feeds events to the pure core, performs its effects, keeps its one timer."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import assert_never

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from kiosk.core.visit import (
    Acknowledge,
    Append,
    Effect,
    Event,
    Offer,
    Say,
    Stray,
    TimedOut,
    Window,
    advance,
    next_timeout_ms,
)
from sync.records import At


@dataclass(frozen=True, slots=True)
class Hands:
    """What carries out the effects. None of them may wait for anything."""

    append: Callable[[Append, "VisitHost"], None]
    acknowledge: Callable[[Acknowledge], None]
    stray: Callable[[Stray, str], None]
    say: Callable[[Say, str], None]


class VisitHost(QObject):
    """Owns the state of one window. Lives on the GUI thread; so does everybody who calls it."""

    changed = Signal()

    def __init__(self, window: Window, hands: Hands, now: Callable[[], At]) -> None:
        super().__init__()
        self._window = window
        self._hands = hands
        self._now = now
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self._time_out)

    @property
    def window(self) -> Window:
        return self._window

    def offer(self, offer: Offer | None) -> None:
        """What may be said after the press, from the next press on: said by who has a screen to show it."""
        self._window = replace(self._window, rules=replace(self._window.rules, offer=offer))

    def dispatch(self, event: Event) -> None:
        step = advance(self._window, event)
        changed = step.window != self._window
        self._window = step.window
        for effect in step.effects:
            self._perform(effect)
        if changed:
            self._arm()
            self.changed.emit()

    def _perform(self, effect: Effect) -> None:
        match effect:
            case Append():
                self._hands.append(effect, self)
            case Acknowledge():
                self._hands.acknowledge(effect)
            case Stray():
                self._hands.stray(effect, self._window.rules.window)
            case Say():
                self._hands.say(effect, self._window.rules.window)
            case _:
                assert_never(effect)

    def _arm(self) -> None:
        due = next_timeout_ms(self._window)
        if due is None:
            self._timer.stop()
        else:
            self._timer.start(max(0, due - self._now().boot_ms))

    def _time_out(self) -> None:
        """A coarse timer may fire early: the core ignores that, and the timer is armed again."""
        self.dispatch(TimedOut(self._now()))
        if not self._timer.isActive():
            self._arm()
