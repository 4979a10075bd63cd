"""Everything that is plugged in, made when it is first asked for: where nothing is, that is after the first frame."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from kiosk.core.visit import Acknowledge, Say, Stray
from kiosk.evaluators.ports import EvaluatorPorts
from kiosk.settings import Settings
from kiosk.ui.visit_host import VisitHost
from sync.recorder import Recorder
from sync.records import At, VisitId

if TYPE_CHECKING:
    from kiosk.core.finding_events import Scanned
    from kiosk.evaluators.plugged_in import PluggedIn, Typing


class Boxes:
    """Lives on the GUI thread. `stored` is called on the recorder's."""

    def __init__(
        self,
        settings: Settings,
        recorder: Recorder,
        host: Callable[[str], VisitHost],
        find: Callable[["Scanned"], None],
        now: Callable[[], At],
        fresh: Callable[[], VisitId],
        post: Callable[[Callable[[], None]], None],
        changed: Callable[[], None],
        stored: Callable[[], None],
    ) -> None:
        """Raises `ProfileError` or `ValueError` for a box that cannot be."""
        self._settings = settings
        self._recorder = recorder
        self._now = now
        self._stored = stored
        self._strays_timer = _single_shot(self._flush_strays)
        self._test_timer = _single_shot(self._end_test)
        self._ports = EvaluatorPorts(
            dispatch=lambda window, event: host(window).dispatch(event),
            find=find,
            window=lambda window: host(window).window,
            audit=lambda entries: recorder.append(entries, lambda _: None),
            strays_wait=self._wait_for_strays,
            test_ends=lambda due_ms: self._test_timer.start(max(0, due_ms - now().boot_ms)),
            changed=changed,
            post=post,
            now=now,
            fresh=fresh,
        )
        self._made: PluggedIn | None = None
        if settings.evaluators or settings.scanners:
            self._made = self._make()

    @property
    def plugged_in(self) -> "PluggedIn":
        if self._made is None:
            self._made = self._make()
        return self._made

    @property
    def typing(self) -> "tuple[Typing, ...]":
        """What types into the window."""
        return self._made.typing if self._made is not None else ()

    def stop(self) -> None:
        if self._made is not None:
            self._made.stop()
        self._strays_timer.stop()
        self._test_timer.stop()

    # -- what a visit wants done ---------------------------------------------------------------------------------------

    def acknowledge(self, effect: Acknowledge) -> None:
        self.plugged_in.evaluators.acknowledge(effect)

    def stray(self, effect: Stray, window: str) -> None:
        self.plugged_in.evaluators.stray(effect, window)

    def say(self, effect: Say, window: str) -> None:
        self.plugged_in.evaluators.say(effect, window)

    def _make(self) -> "PluggedIn":
        from kiosk.evaluators.plugged_in import PluggedIn

        return PluggedIn(self._settings, self._recorder, self._ports, self._stored)

    def _wait_for_strays(self, due_ms: int) -> None:
        if not self._strays_timer.isActive():
            self._strays_timer.start(max(0, due_ms - self._now().boot_ms))

    def _flush_strays(self) -> None:
        self.plugged_in.evaluators.flush_strays()

    def _end_test(self) -> None:
        self.plugged_in.evaluators.tests.run_out()


def _single_shot(call: Callable[[], None]) -> QTimer:
    timer = QTimer()
    timer.setSingleShot(True)
    timer.timeout.connect(call)
    return timer
