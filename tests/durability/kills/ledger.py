"""The fingers' own ledger: what was pressed and what was thanked for, kept outside the kiosk's process."""

import threading
import time
from dataclasses import dataclass, field

from sync.records.stored import Source


@dataclass(slots=True)
class Press:
    """One finger on one key, and whether its box was told that it counts."""

    window: str
    level: int
    source: Source
    sent_ms: int
    """Clock since boot, milliseconds, before the finger."""
    acknowledged: bool = False


@dataclass(slots=True)
class Life:
    """From one start of the kiosk to its death."""

    aim: str
    presses: list[Press] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)
    """Shown on the glass, in order."""
    ended_ms: int = 0


class Ledger:
    """Every life so far. Boxes and glass report from threads of their own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.lives: list[Life] = []

    def begin(self, aim: str) -> Life:
        life = Life(aim)
        with self._lock:
            self.lives.append(life)
        return life

    def pressed(self, window: str, level: int, source: Source) -> None:
        """To be called before the finger comes down."""
        with self._lock:
            self.lives[-1].presses.append(Press(window, level, source, boot_ms()))

    def acknowledged(self, window: str) -> None:
        """A box was told that the press it sent last counts."""
        with self._lock:
            for life in reversed(self.lives):
                for press in reversed(life.presses):
                    if press.window == window:
                        press.acknowledged = True
                        return

    @property
    def presses(self) -> int:
        return sum(len(life.presses) for life in self.lives)

    @property
    def thanked(self) -> int:
        """Presses with a receipt on the glass, or told to their box."""
        acknowledged = sum(
            press.acknowledged for life in self.lives for press in life.presses if press.window != "glass"
        )
        return acknowledged + sum(len(life.receipts) for life in self.lives)


def boot_ms() -> int:
    """The kiosk's records carry the same clock."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000
