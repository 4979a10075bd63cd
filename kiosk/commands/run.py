"""`kiosk run`: the product."""

import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, QSocketNotifier, Slot
from PySide6.QtGui import QGuiApplication

from kiosk.app import Kiosk
from kiosk.commands import BUG, HELD, OK, WRONG_INPUT
from kiosk.hardening import leave_no_core_dump
from kiosk.published.taking_up import take_up
from kiosk.settings import Settings, SettingsError, load_settings
from kiosk.settings.faults import FaultyFileError
from kiosk.ui.keyboard import choose_keyboard
from kiosk.ui.main_window import MainWindow
from sync.journal.lock import JournalHeldError
from sync.journal.schema import JournalError

log = logging.getLogger(__name__)


def run(
    config: Path,
    *,
    windowed: bool = False,
    size: tuple[int, int] | None = None,
    attach: Callable[[MainWindow], object] | None = None,
) -> int:
    """Blocks until the program is told to end (SIGTERM, SIGINT). `attach` is given the window before the loop runs."""
    leave_no_core_dump()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s")
    try:
        take_up(load_settings(config))
        settings = load_settings(config)
    except SettingsError as fault:
        print(fault, file=sys.stderr)
        return WRONG_INPUT
    end_on_bugs()
    choose_keyboard()
    application = QGuiApplication.instance() or QGuiApplication([])
    try:
        kiosk = Kiosk(settings, config.absolute())
    except JournalHeldError as fault:
        print(fault, file=sys.stderr)
        return HELD
    except JournalError as fault:
        print(fault, file=sys.stderr)
        return WRONG_INPUT
    except _refusals() as fault:
        print(fault, file=sys.stderr)
        return WRONG_INPUT
    shown = kiosk.show(full_screen=_full_screen(settings, windowed=windowed), size=size)
    held = attach(shown) if attach else None
    with ended_by_signals():
        application.exec()
    kiosk.stop()
    shown.close()
    del held
    return OK


def _refusals() -> tuple[type[Exception], ...]:
    """Asked for when something was refused: without a box no profile is read, and nothing that reads one is loaded."""
    from devices.profile import ProfileError

    return ProfileError, FaultyFileError, ValueError


def end_on_bugs() -> None:
    """An exception that nobody expected ends the process with its trace: a supervisor starts it afresh."""

    def end(kind: type[BaseException], fault: BaseException | None, trace: TracebackType | None) -> None:
        log.critical("a bug ends the program", exc_info=(kind, fault or kind(), trace))
        logging.shutdown()
        os._exit(BUG)

    sys.excepthook = end
    threading.excepthook = lambda hook: end(hook.exc_type, hook.exc_value, hook.exc_traceback)


def _full_screen(settings: Settings, *, windowed: bool) -> bool:
    return settings.screen.full_screen and not windowed


class _Quitter(QObject):
    """Qt's loop runs no Python while it waits: the signal's byte on a socket wakes it."""

    def __init__(self, reading: socket.socket) -> None:
        super().__init__()
        self._reading = reading
        self._notifier = QSocketNotifier(reading.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._quit)

    @Slot()
    def _quit(self) -> None:
        self._reading.recv(64)
        QGuiApplication.exit(0)  # quit() asks the windows, and one that fills the screen refuses


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """SIGTERM and SIGINT end Qt's loop, so that what follows it still runs."""
    reading, writing = socket.socketpair()
    reading.setblocking(False)
    writing.setblocking(False)
    quitter = _Quitter(reading)
    before = signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
    handlers = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(before)
        quitter.deleteLater()
        reading.close()
        writing.close()
