"""Lets the prompts of one window be heard: starts the process that plays, and sends it a line for each.

Nothing here waits: a player that hangs, crashes or finds no device costs the prompts and nothing else.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QObject, QProcess, QTimer

from kiosk.core.desk import SoundState
from kiosk.core.prompts import prompt
from kiosk.ui.sound_player import WAITING, order, told
from kiosk.ui.visit_host import VisitHost

log = logging.getLogger(__name__)

RETRY_S: Final = 60.0
"""A player that has ended is started again by the first prompt after so long: there may be a loudspeaker now."""
ANSWER_MS: Final = 5000
"""A player that has not read a prompt after so long is ended: the audio server keeps it waiting."""
END_MS: Final = 1000


@dataclass(frozen=True, slots=True)
class SoundPorts:
    command: list[str]
    """Starts the player: `kiosk.ui.sound_player.play_orders`."""
    is_quiet: Callable[[], bool]
    changed: Callable[[], None]
    """What the manager is told has changed."""


class SoundPrompts(QObject):
    """Lives on the GUI thread."""

    def __init__(
        self, host: VisitHost, ports: SoundPorts, *, retry_s: float = RETRY_S, answer_ms: int = ANSWER_MS
    ) -> None:
        super().__init__()
        self._host = host
        self._ports = ports
        self._retry_s = retry_s
        self._stage = host.window.stage
        self._begun_s = 0.0
        self._stopping = False
        self._state = SoundState()
        self._answer = QTimer(self)
        self._answer.setSingleShot(True)
        self._answer.setInterval(answer_ms)
        self._answer.timeout.connect(self._hangs)
        self._process = QProcess(self)
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
        self._process.readyReadStandardOutput.connect(self._listen)
        self._process.errorOccurred.connect(self._failed)
        self._process.finished.connect(self._ended)

    @property
    def state(self) -> SoundState:
        """May be read on any thread: it is replaced whole."""
        return self._state

    def start(self) -> None:
        """Returns at once. Call after the first frame."""
        self._stage = self._host.window.stage
        self._host.changed.connect(self._visit_changed)
        self._begin()

    def stop(self) -> None:
        self._stopping = True
        self._answer.stop()
        self._process.kill()
        self._process.waitForFinished(END_MS)

    def _begin(self) -> None:
        self._begun_s = time.monotonic()
        self._process.start(self._ports.command[0], self._ports.command[1:])

    def _visit_changed(self) -> None:
        before, self._stage = self._stage, self._host.window.stage
        wanted = prompt(before, self._stage)
        if wanted is None or self._ports.is_quiet():
            return
        if self._process.state() == QProcess.ProcessState.NotRunning:
            if time.monotonic() - self._begun_s < self._retry_s:
                return
            self._begin()
        self._process.write(order(wanted))
        if not self._answer.isActive():
            self._answer.start()

    def _listen(self) -> None:
        while self._process.canReadLine():
            if (state := told(bytes(self._process.readLine().data()))) is not None:
                if state.silent != WAITING:
                    self._answer.stop()
                self._tell(state)

    def _hangs(self) -> None:
        self._tell(replace(self._state, silent=WAITING))
        self._process.kill()

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._tell(replace(self._state, silent="sound-ended"))

    def _ended(self) -> None:
        """It has told why, or has crashed."""
        self._answer.stop()
        if not self._stopping and not self._state.silent:
            self._tell(replace(self._state, silent="sound-ended"))

    def _tell(self, state: SoundState) -> None:
        if state == self._state:
            return
        for fault in {*state.refused} - {*self._state.refused}:
            log.warning("the sound file %s is refused: %s", *fault)
        if state.silent not in {"", WAITING}:
            log.warning("no sound is heard: %s", state.silent)
        self._state = state
        self._ports.changed()
