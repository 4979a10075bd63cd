"""Does a slow card freeze the window? The real program, every flush made to last 0, 8, 50 and 500 ms.

SQLite's own flushes are slowed where it calls the system (its VFS), those of the keys at `os.fsync`. While the boxes
press in a stream and a finger touches the glass, the window draws without a pause: a gap between two frames is a
freeze. `python -m bench slow_card`.
"""

import itertools
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickItem

from kiosk.commands.run import run
from kiosk.demo.stage import SIZE, Hand
from kiosk.ui.main_window import MainWindow
from tests.durability.disk.watched_vfs import WatchedVfs
from tests.durability.kills.place import BOXES, Place, open_place

FLUSHES_MS = {0: 8.0, 8: 8.0, 50: 8.0, 500: 20.0}
"""How long a flush is made to last, to the seconds that the window is watched in each round."""
ROUNDS = 3
_GOAL = "<= 50 ms"
TICK_MS = 5
PRESS_EVERY_S = 0.25
SEED = 20261120


@dataclass(frozen=True, slots=True)
class Watched:
    frames: int
    starting_ms: float
    """Longest gap between two frames before the first thank-you, the journal's opening included."""
    serving_ms: float
    """Longest gap between two frames from then on."""
    late_ms: float
    """Longest lateness of a timer in the event loop, all the time."""
    waits_ms: list[float]
    """From the finger to the thank-you's frame."""
    flushes: int


class Finger(Hand):
    """The demonstration's finger, without anybody who gives it orders."""

    def _begin(self) -> None:
        """Listens to nobody."""

    def touch(self, name: str) -> None:
        self._touch({"name": name})


class Meter(QObject):
    """Keeps the window drawing, touches whenever the faces are lit, and notes when each frame was shown."""

    def __init__(self, shown: MainWindow, seconds: float) -> None:
        super().__init__()
        self.frames: list[float] = []
        self.ticks: list[float] = []
        self.thanks: list[float] = []
        self.waits_ms: list[float] = []
        self._shown = shown
        self._finger = Finger(shown)
        self._touched = 0.0
        self._tick = QTimer(self)
        self._tick.setTimerType(Qt.TimerType.PreciseTimer)
        self._tick.timeout.connect(lambda: self.ticks.append(time.perf_counter()))
        self._tick.start(TICK_MS)
        self._touch = QTimer(self)
        self._touch.timeout.connect(self._touch_if_lit)
        self._touch.start(150)
        QTimer.singleShot(int(seconds * 1000), QGuiApplication.quit)
        shown.window.frameSwapped.connect(self._drawn)

    def _drawn(self) -> None:
        now = time.perf_counter()
        self.frames.append(now)
        if self._touched and self._thanked():
            self.waits_ms.append((now - self._touched) * 1000)
            self.thanks.append(now)
            self._touched = 0.0
        self._shown.window.update()

    def _thanked(self) -> bool:
        """The thanks are made after the first frame."""
        thanks: object = self._shown.window.findChild(QQuickItem, "thanks")
        return isinstance(thanks, QQuickItem) and thanks.isVisible()

    def _touch_if_lit(self) -> None:
        if not self._touched and self.frames and self._shown.visit.props.pressable:
            self._touched = time.perf_counter()
            self._finger.touch("face5")

    def watched(self, flushes: int) -> Watched:
        first = self.thanks[0] if self.thanks else self.frames[-1]
        gaps = [(after, (after - before) * 1000) for before, after in itertools.pairwise(self.frames)]
        late = [(after - before) * 1000 - TICK_MS for before, after in itertools.pairwise(self.ticks)]
        return Watched(
            len(self.frames),
            max((gap for at, gap in gaps if at <= first), default=0.0),
            max((gap for at, gap in gaps if at > first), default=0.0),
            max(late),
            self.waits_ms,
            flushes,
        )


def perform(config: Path, flush_ms: int, seconds: float) -> int:
    """The program on a slow card; what was watched goes to standard output."""
    flushes = 0

    def wait(operation: str, _: str) -> int:
        nonlocal flushes
        if operation == "sync":
            flushes += 1
            time.sleep(flush_ms / 1000)
        return 0

    real = os.fsync

    def slow_fsync(descriptor: int) -> None:
        wait("sync", "")
        real(descriptor)

    os.fsync = slow_fsync  # type: ignore[assignment]
    meters: list[Meter] = []

    def attach(shown: MainWindow) -> None:
        meters.append(Meter(shown, seconds))

    with WatchedVfs(wait):
        code = run(config, windowed=True, size=SIZE, attach=attach)
        print(json.dumps(asdict(meters[0].watched(flushes))), flush=True)
    return code


def watch(folder: Path, flush_ms: int, seconds: float) -> Watched:
    """A hall of its own; its boxes are pressed in a stream while the window is watched."""
    chance = random.Random(SEED)
    with open_place(folder) as place:
        command = [sys.executable, "-m", "bench.slow_card", str(place.config), str(flush_ms), str(seconds)]
        with (
            place.log.open("wb") as log,
            subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log) as process,
        ):
            said = _pressing(place, process, chance)
    if process.returncode != 0 or not said:
        raise RuntimeError(f"the kiosk ended with {process.returncode}: see {place.log.read_text()[-2000:]}")
    found: dict[str, Any] = json.loads(said)
    return Watched(**found)


def _pressing(place: Place, process: subprocess.Popen[bytes], chance: random.Random) -> bytes:
    for window in itertools.cycle(BOXES):
        try:
            return process.communicate(timeout=PRESS_EVERY_S)[0]
        except subprocess.TimeoutExpired:
            place.press_box(window, chance.randint(1, 5))
    raise AssertionError


def figures() -> list[tuple[str, str, str]]:
    """What, its goal and what was measured: a freeze that a flush makes is in every round, a busy machine's is not."""
    rows = []
    for flush_ms, seconds in FLUSHES_MS.items():
        rounds = [_round(flush_ms, seconds) for _ in range(ROUNDS)]
        waits = [wait for one in rounds for wait in one.waits_ms]
        card = f"{flush_ms} ms a flush" if flush_ms else "this disk as it is"
        serving, starting = ([getattr(one, name) for one in rounds] for name in ("serving_ms", "starting_ms"))
        rows += [
            (f"{card}: longest gap between frames, serving", _GOAL, _best(serving)),
            (f"{card}: the same while starting, first frame included", _GOAL, _best(starting)),
            (
                f"{card}: finger -> thank-you, which waits for the disk",
                f">= {flush_ms} ms",
                f"least {min(waits):.0f} ms, median {statistics.median(waits):.0f} ms of {len(waits)}",
            ),
        ]
    return rows


def _round(flush_ms: int, seconds: float) -> Watched:
    with tempfile.TemporaryDirectory(prefix="slow-card-") as folder:
        return watch(Path(folder) / "hall", flush_ms, seconds)


def _best(gaps_ms: list[float]) -> str:
    return f"{min(gaps_ms):.0f} ms (rounds: {', '.join(f'{gap:.0f}' for gap in sorted(gaps_ms))})"


if __name__ == "__main__":
    raise SystemExit(perform(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
