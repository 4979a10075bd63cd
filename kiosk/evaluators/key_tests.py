"""The press-each-key test as the manager's page runs it. While it runs, the box's presses reach no visit."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from kiosk.core.key_test import KeyTest, Refusal, begin, pressed, skipped
from sync.records import At

Ending = Literal["passed", "failed", "stopped", "run-out", "visit-asked"]


@dataclass(frozen=True, slots=True)
class KeyTestPorts:
    levels: Callable[[str, int], tuple[int, ...] | Refusal]
    """The levels of the keys of a box that may be tested now, else why it may not."""
    finished: Callable[[KeyTest], None]
    """Every key was asked for."""
    ends: Callable[[int], None]
    """`run_out` wants to be called at this time, in milliseconds since boot."""
    now: Callable[[], At]


class KeyTests:
    """One test at a time. On the GUI thread."""

    def __init__(self, ports: KeyTestPorts) -> None:
        self._ports = ports
        self._test: KeyTest | None = None
        self._ending: Ending | None = None
        self._listeners: list[Callable[[], None]] = []

    @property
    def test(self) -> KeyTest | None:
        """The one under way, or else the last."""
        return self._test

    @property
    def ending(self) -> Ending | None:
        """How the last test ended; None while one is under way, and before the first."""
        return self._ending

    @property
    def running(self) -> bool:
        return self._test is not None and self._ending is None

    def listen(self, listener: Callable[[], None]) -> None:
        """`listener` is called after each change."""
        self._listeners.append(listener)

    def start(self, evaluator: str, address: int) -> Refusal | None:
        """Begins, or says why not. `address` is the one on the line."""
        if self.running:
            return "under-way"
        levels = self._ports.levels(evaluator, address)
        if isinstance(levels, str):
            return levels
        self._test, self._ending = begin(evaluator, address, levels, self._ports.now().boot_ms), None
        self._ports.ends(self._test.ends_ms)
        self._tell()
        return None

    def skip(self) -> None:
        """The key that is asked for does nothing."""
        if self._test is not None and self.running:
            self._go_on(skipped(self._test))

    def stop(self) -> None:
        self._end("stopped")

    def run_out(self) -> None:
        """Ends a test whose time is over; one that was woken too early sleeps on."""
        if self._test is None or not self.running:
            return
        if self._ports.now().boot_ms >= self._test.ends_ms:
            self._end("run-out")
        else:
            self._ports.ends(self._test.ends_ms)

    def give_way(self, boxes: tuple[tuple[str, int], ...]) -> None:
        """A visit was asked for where one of these boxes stands."""
        if self._test is not None and (self._test.evaluator, self._test.address) in boxes:
            self._end("visit-asked")

    def takes(self, evaluator: str, address: int, level: int) -> bool:
        """Whether this press is the test's: then it has been taken."""
        self.run_out()
        test = self._test
        if test is None or not self.running or (test.evaluator, test.address) != (evaluator, address):
            return False
        self._go_on(pressed(test, level))
        return True

    def _go_on(self, test: KeyTest) -> None:
        self._test = test
        if test.wanted is not None:
            self._tell()
            return
        self._ports.finished(test)
        self._end("passed" if test.passed else "failed")

    def _end(self, ending: Ending) -> None:
        if self.running:
            self._ending = ending
            self._tell()

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()
