"""The disk fails three times in a row, at each operation that the journal's real code makes: no false thanks, nothing
lost, nothing twice, and no restart needed.
"""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.durability.disk.recording import Desk
from tests.durability.disk.watched_vfs import Kind, Operation, WatchedVfs

ROW = 3
POSITIONS = int(os.environ.get("KIOSK_TEST_POSITIONS", "12"))
"""How many of the operations are tried, evenly spread; a soak sets it so high that every one is."""
FAULTS: dict[str, tuple[Operation, int]] = {
    "no space for a write": ("write", 13),  # SQLITE_FULL
    "a write fails": ("write", 10 | 3 << 8),  # SQLITE_IOERR_WRITE
    "a flush fails": ("sync", 10 | 4 << 8),  # SQLITE_IOERR_FSYNC
    "a read fails": ("read", 10 | 1 << 8),  # SQLITE_IOERR_READ
    "a truncation fails": ("truncate", 10 | 6 << 8),  # SQLITE_IOERR_TRUNCATE
    "shared memory fails": ("map", 10 | 21 << 8),  # SQLITE_IOERR_SHMMAP
}


class Trouble:
    """Fails `ROW` operations of one kind in a row, from the n-th on. Counts all of them."""

    def __init__(self, operation: Operation, code: int, first: int | None = None) -> None:
        self._operation = operation
        self._code = code
        self._first = first
        self.met: Counter[tuple[Operation, Kind]] = Counter()
        self.seen = self.failed = 0

    def __call__(self, operation: Operation, kind: Kind) -> int:
        self.met[operation, kind] += 1
        if operation != self._operation:
            return 0
        self.seen += 1
        if self._first is None or not self._first < self.seen <= self._first + ROW:
            return 0
        self.failed += 1
        return self._code


@dataclass(frozen=True, slots=True)
class Morning:
    stored: list[str]
    refused: int


def rate_a_few(state: Path, presses: int = 5) -> Morning:
    """Opens, rates, goes on until the disk takes one again, stops."""
    desk = Desk(state)
    desk.recorder.start()
    answers = [desk.rate(number % 5 + 1) for number in range(presses)]
    while "stored" not in answers[-1] and len(answers) < presses + ROW * 3:
        answers.append(desk.rate(5))
    assert "stored" in answers[-1], f"never recovered: {answers}"
    desk.recorder.stop()
    stored = [answer["stored"] for answer in answers if "stored" in answer]
    return Morning(stored, len(answers) - len(stored))


def assert_kept(state: Path, morning: Morning, before: int) -> None:
    kept = Desk(state).records()
    assert kept["findings"] == []
    assert kept["counts_agree"]
    assert set(morning.stored) <= set(kept["pressed"])
    assert len(kept["pressed"]) == before + len(morning.stored), "a refused press counts, or one counts twice"
    assert sum(kept["apologised"].values()) == morning.refused


@contextmanager
def in_use(folder: Path, presses: int) -> Iterator[Path]:
    """A journal as a power cut leaves it: its log is not empty."""
    live, copy = folder / "live", folder / "in-use"
    desk = Desk(live)
    desk.recorder.start()
    for number in range(presses):
        assert "stored" in desk.rate(number % 5 + 1)
    shutil.copytree(live, copy, ignore=shutil.ignore_patterns("*-shm"))
    desk.recorder.stop()
    yield copy


def presses_before_a_checkpoint(folder: Path) -> int:
    """Presses that a new log takes before it is carried over into the journal's file."""
    trouble = Trouble("read", 0)
    with WatchedVfs(trouble):
        desk = Desk(folder)
        desk.recorder.start()
        assert "stored" in desk.rate(5)
        presses, written = 1, trouble.met["write", "journal"]
        while trouble.met["write", "journal"] == written:
            assert "stored" in desk.rate(5)
            presses += 1
        desk.recorder.stop()
    return presses


@pytest.fixture(scope="module")
def before_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> int:
    return presses_before_a_checkpoint(tmp_path_factory.mktemp("checkpoint"))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_journal_in_use_takes_every_failure_of_the_disk(tmp_path: Path, before_checkpoint: int, fault: str) -> None:
    """The presses cross a checkpoint, so that every path through the disk is walked."""
    operation, code = FAULTS[fault]
    before = before_checkpoint - 3
    with in_use(tmp_path, before) as template:
        total = _seen(template, tmp_path / "clean", operation)
        positions = range(0, total, max(1, total // POSITIONS))
        hit = 0
        for first in positions:
            state = tmp_path / f"state-{first}"
            shutil.copytree(template, state)
            trouble = Trouble(operation, code, first)
            with WatchedVfs(trouble):
                morning = rate_a_few(state)
            assert_kept(state, morning, before)
            hit += trouble.failed > 0
            shutil.rmtree(state)
    assert hit >= len(positions) - 1


@pytest.mark.parametrize("fault", FAULTS)
def test_a_first_start_takes_every_failure_of_the_disk(tmp_path: Path, fault: str) -> None:
    operation, code = FAULTS[fault]
    total = _seen(None, tmp_path / "clean", operation)
    tables = range(0, min(total, 120), max(1, 120 // POSITIONS))  # keys and tables come first, then the reserve
    for first in sorted({*tables, *range(0, total, max(1, total // POSITIONS))}):
        state = tmp_path / f"state-{first}"
        with WatchedVfs(Trouble(operation, code, first)):
            morning = rate_a_few(state)
        assert_kept(state, morning, 0)
        shutil.rmtree(state)


def test_the_harness_sees_the_log_written_synced_and_carried_over(tmp_path: Path, before_checkpoint: int) -> None:
    with in_use(tmp_path, before_checkpoint - 3) as template:
        trouble = Trouble("read", 0)
        with WatchedVfs(trouble):
            morning = rate_a_few(template)

    assert len(morning.stored) == 5
    walked: set[tuple[Operation, Kind]] = {
        ("write", "log"),
        ("sync", "log"),
        ("write", "journal"),
        ("sync", "journal"),
        ("read", "journal"),
    }
    assert walked <= trouble.met.keys()


def _seen(template: Path | None, state: Path, operation: Operation) -> int:
    """How many such operations an untroubled morning makes."""
    if template is not None:
        shutil.copytree(template, state)
    trouble = Trouble(operation, 0)
    with WatchedVfs(trouble):
        rate_a_few(state)
    return trouble.seen
