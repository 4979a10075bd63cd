"""The only way from another thread into Qt."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot


class Doorway(QObject):
    """Runs what other threads post on the thread that made it, in the order in which it was posted."""

    _arrived = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._arrived.connect(self._run)

    def post(self, work: Callable[[], None]) -> None:
        """May be called on any thread; returns at once."""
        self._arrived.emit(work)

    @Slot(object)
    def _run(self, work: Callable[[], None]) -> None:
        work()
