"""A day of visits on the real program: how long a citizen waits for the thank-you, and whether the memory grows.

The kiosk stands in a hall of its own (hub, line, box, window's computer); a visit is asked for, pressed on the glass or
on the box by turns, and passed to its end, as fast as the screens turn. `python -m bench visits`.
"""

import gc
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickItem

from bench.slow_card import Finger
from kiosk.commands.run import run
from kiosk.demo.hall import ADDRESS, Hall, open_hall
from kiosk.demo.ports import free_port
from kiosk.demo.stage import SIZE
from kiosk.demo.window_computer import WindowComputer
from kiosk.ui.main_window import MainWindow
from sync.journal.writer import Journal
from sync.records import VisitId, VisitPressed
from sync.records.entries import Entry

VISITS = 2880
"""Eight hours, one every ten seconds."""
WARM = 200
"""Visits after which every page has been made and every cache is full."""
FRAME_MS = 1000 / 60
TURN_MS = 5
GUARD_S = 0.5
"""A box whose keys follow each other faster is taken for one that bounces."""
WINDOW = "3"
PASSING = ("doneButton", "skipButton")


@dataclass(frozen=True, slots=True)
class Day:
    touch_ms: list[float]
    """From the finger to the thank-you's frame, without the time in which the press was being made durable."""
    key_ms: list[float]
    """The same from the box's key."""
    durable_ms: list[float]
    warm_kb: int
    end_kb: int


class Disk:
    """When the latest press became durable, and how long that took: noted beside the journal's own append."""

    def __init__(self) -> None:
        self.took_ms = 0.0
        append = Journal.append

        def noted(
            journal: Journal,
            entries: Sequence[Entry],
            cursors: Mapping[str, tuple[str, int]] | None = None,
            notes: Mapping[str, str] | None = None,
        ) -> dict[VisitId, str]:
            begun = time.perf_counter()
            receipts = append(journal, entries, cursors, notes)
            if any(isinstance(entry, VisitPressed) for entry in entries):
                self.took_ms = (time.perf_counter() - begun) * 1000
            return receipts

        Journal.append = noted  # type: ignore[method-assign]


class Citizens(QObject):
    """One after the other, on the GUI thread; looks at the screen every few milliseconds, as an eye would."""

    def __init__(self, shown: MainWindow, hall: Hall, disk: Disk) -> None:
        super().__init__()
        self._shown = shown
        self._hall = hall
        self._disk = disk
        self._finger = Finger(shown)
        self._computer = WindowComputer(hall.window_port, WINDOW, hall.tokens[WINDOW])
        self._visits = 0
        self._asked = False
        self._lit = False
        self._pressed = 0.0
        self._by_key = False
        self._last_key = 0.0
        self.waits: dict[str, list[float]] = {"touch": [], "key": []}
        self.durable_ms: list[float] = []
        self.warm_kb = 0
        self.end_kb = 0
        shown.window.setProperty("guard", 0)
        shown.window.frameSwapped.connect(self._drawn)
        self._turn = QTimer(self)
        self._turn.timeout.connect(self._go_on)
        self._turn.start(TURN_MS)

    def _go_on(self) -> None:
        props = self._shown.visit.props
        if props.at_rest and not self._asked:
            self._next()
        elif self._lit and self._asked and not self._pressed:
            self._press()
        elif not self._pressed and (button := self._button()):
            self._asked = False
            self._finger.touch(button)

    def _press(self) -> None:
        self._pressed = time.perf_counter()
        self._by_key = self._pressed - self._last_key > GUARD_S
        if self._by_key:
            self._last_key = self._pressed
            self._hall.box.press(ADDRESS[WINDOW], 5)
        else:
            self._finger.touch("face5")

    def _next(self) -> None:
        if self._visits == WARM:
            self.warm_kb = _resident_kb()
        if self._visits == VISITS:
            self.end_kb = _resident_kb()
            self._turn.stop()
            QGuiApplication.exit(0)
            return
        self._visits += 1
        self._asked = True
        threading.Thread(target=self._computer.ask, args=(f"3708112026{self._visits:08d}",)).start()

    def _drawn(self) -> None:
        self._lit = self._shown.visit.props.pressable
        if self._pressed and self._item("confirmed") is not None:
            waited = (time.perf_counter() - self._pressed) * 1000
            self._pressed = 0.0
            if self._visits > WARM:
                self.waits["key" if self._by_key else "touch"].append(waited - self._disk.took_ms)
                self.durable_ms.append(self._disk.took_ms)

    def _button(self) -> str | None:
        return next((name for name in PASSING if self._item(name) is not None), None)

    def _item(self, name: str) -> QQuickItem | None:
        return self._finger.item(name)


def perform(folder: Path) -> int:
    """The day; what was measured goes to standard output."""
    disk, found = Disk(), list[Citizens]()
    with open_hall(folder, free_port()) as hall:
        code = run(
            hall.config, windowed=True, size=SIZE, attach=lambda shown: found.append(Citizens(shown, hall, disk))
        )
    one = found[0]
    day = Day(one.waits["touch"], one.waits["key"], one.durable_ms, one.warm_kb, one.end_kb)
    print(json.dumps(asdict(day)), flush=True)
    return code


def figures() -> list[tuple[str, str, str]]:
    with tempfile.TemporaryDirectory(prefix="visits-") as folder:
        done = subprocess.run([sys.executable, "-m", "bench.visits", folder], capture_output=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"the kiosk ended with {done.returncode}: {done.stderr.decode()[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    day = Day(**found)
    goal = f"≤ {2 * FRAME_MS:.0f} ms (two frames)"
    return [
        ("finger → thank-you's frame, beyond the durable write: p99", goal, _spread(day.touch_ms)),
        ("box's key → the same", goal, _spread(day.key_ms)),
        ("the durable write itself", "", _spread(day.durable_ms)),
        (
            f"resident memory, {VISITS} visits: grown since visit {WARM}",
            "< 5 MB",
            f"{(day.end_kb - day.warm_kb) / 1024:.1f} MB ({day.warm_kb / 1024:.0f} → {day.end_kb / 1024:.0f} MB)",
        ),
    ]


def _spread(times_ms: list[float]) -> str:
    ordered = sorted(times_ms)
    p99 = ordered[int(len(ordered) * 0.99)]
    return f"{p99:.1f} ms (median {statistics.median(ordered):.1f} ms of {len(ordered)})"


def _resident_kb() -> int:
    gc.collect()
    words = Path("/proc/self/status").read_text("ascii").split()
    return int(words[words.index("VmRSS:") + 1])


if __name__ == "__main__":
    raise SystemExit(perform(Path(sys.argv[1])))
