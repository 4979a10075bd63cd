"""Traced runs as histories: what reached the disk, with what was said to the outside as the promise."""

import contextlib
import fcntl
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from kiosk.demo.hall import open_hall
from kiosk.demo.morning import PAGES, TURNED_S
from kiosk.demo.ports import free_port
from kiosk.demo.window_computer import WindowComputer
from tests.durability.power_cut.operations import Acknowledged, Operation, Promise
from tests.durability.power_cut.stream import History
from tests.durability.strace_replay.trace import Replay, Said
from tests.durability.strace_replay.traced import TracedKiosk, TracedProcess

THANKS = "wait confirmed"
PROGRAM = "tests.durability.strace_replay.days"


def kiosk_run(folder: Path, first: list[int], second: list[int]) -> tuple[History, Path]:
    """The app in a hall: the first presses, SIGKILL with the thanks on the screen, a new start, the second presses.

    Gives the history and the folder that the app wrote.
    """
    traces, orders = [folder / "first.trace", folder / "second.trace"], []
    with open_hall(folder, free_port()) as hall:
        computer = WindowComputer(hall.window_port, "3", hall.tokens["3"])
        for trace, levels in zip(traces, (first, second), strict=True):
            with TracedKiosk(hall.config, trace, folder / "kiosk.log") as kiosk:
                _rate(kiosk, computer, levels)
                kiosk.answer_once_more()
                kiosk.kill() if trace is traces[0] else kiosk.end()
                orders.append(kiosk.orders)
    _wait_until_nobody_holds(hall.state)
    presses = _positions_of_presses(hall.state)
    assert len(presses) == len(first) + len(second), f"{presses}, {sorted(hall.state.iterdir())}"
    return _history(hall.state, traces, _thanked(orders, presses)), hall.state


def days_run(folder: Path, days: int) -> tuple[History, Path]:
    """The storage alone over twice so many days, killed and started again in the middle."""
    state, traces = folder / "state", [folder / "first.trace", folder / "second.trace"]
    for number, trace in enumerate(traces):
        command = [sys.executable, "-m", PROGRAM, str(state), str(number * days), str((number + 1) * days)]
        with TracedProcess(command, trace, folder / "log") as process:
            while process.hear():
                pass
            process.wait()
    return _history(state, traces, lambda _, line: int(line)), state


def _wait_until_nobody_holds(folder: Path) -> None:
    """The kernel gives the journal's lock back when the last thread of its holder is gone."""
    with (folder / "journal.lock").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)


def _rate(kiosk: TracedKiosk, computer: WindowComputer, levels: list[int]) -> None:
    kiosk.wait_for("standby")
    for number, level in enumerate(levels):
        if number:
            _pass_by(kiosk)
        computer.ask(f"37081120261123{number:04d}")
        kiosk.wait_for(f"face{level}")
        kiosk.touch(f"face{level}")
        kiosk.wait_for("confirmed")


def _pass_by(kiosk: TracedKiosk) -> None:
    """Says nothing more after the press. A page that has just turned answers no tap for half a second."""
    for page, button in PAGES:
        kiosk.wait_for(page)
        time.sleep(TURNED_S)
        kiosk.touch(button)


def _thanked(orders: list[list[str]], presses: list[int]) -> Callable[[int, str], int | None]:
    """From the lines that the hand says, one an order, to the record that is promised by it."""
    said = [iter(run) for run in orders]
    waiting = iter(presses)

    def promised(run: int, line: str) -> int | None:
        return next(waiting) if next(said[run]) == THANKS else None

    return promised


def _history(folder: Path, traces: list[Path], promised: Callable[[int, str], int | None]) -> History:
    """`promised` says of a run and a line that it said up to which record that promises, if it does."""
    replay, history = Replay(folder), History(hashes=_hashes(folder))
    for run, trace in enumerate(traces):
        with trace.open(encoding="ascii") as lines:
            history.operations += _with_promises(replay.feed(lines), partial(promised, run))
    return history


def _with_promises(events: Iterator[Operation | Said], promised: Callable[[str], int | None]) -> Iterator[Operation]:
    for event in events:
        if not isinstance(event, Said):
            yield event
        elif (records := promised(event.line)) is not None:
            yield Acknowledged(Promise(records))


def _hashes(folder: Path) -> dict[int, bytes]:
    return dict(_rows(folder, "SELECT position, hash FROM record"))


def _positions_of_presses(folder: Path) -> list[int]:
    wanted = "SELECT position, 0 FROM record WHERE body ->> 'kind' = 'pressed' ORDER BY position"
    return [position for position, _ in _rows(folder, wanted)]


def _rows(folder: Path, query: str) -> list[tuple[int, bytes]]:
    """From a copy: SQLite recovers a file when it is opened, and what the program left is compared with the replay."""
    with tempfile.TemporaryDirectory() as copy:
        for path in folder.glob("journal.db*"):
            shutil.copy(path, copy)
        with contextlib.closing(sqlite3.connect(Path(copy) / "journal.db")) as database:
            return database.execute(query).fetchall()
