"""What a visit costs the disk: flushes and bytes, counted where SQLite hands them over."""

import contextlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sync.journal.writer import Journal
from sync.keys import KeyStore
from sync.records import Case, Entry
from tests.durability.power_cut.operations import Operation, SyncFile, SyncFolder, Write
from tests.durability.power_cut.stream import SEALER, UTC_OFFSET_MINUTES
from tests.durability.power_cut.vfs import WatchedSqlite
from tests.sync.conftest import Hours, Visits

VISITS = 600
"""Enough for several checkpoints: a visit bears its part of their cost."""
CASE = Case(project_no="370811202611230001", service_number=1, task_code="11370800MB2848")


@dataclass(slots=True)
class Counted:
    flushes: int = 0
    written: int = 0

    def hear(self, operation: Operation) -> None:
        if isinstance(operation, SyncFile | SyncFolder):
            self.flushes += 1
        elif isinstance(operation, Write):
            self.written += len(operation.data)


@dataclass(frozen=True, slots=True)
class Cost:
    """A visit's mean over the stretch, and how many flushes each press waited for."""

    flushes: float
    kilobytes: float
    presses: Sequence[int]

    @property
    def of_presses(self) -> str:
        checkpoints = sum(one > 1 for one in self.presses)
        ordinary = max(set(self.presses), key=self.presses.count)
        return f"{ordinary} ({checkpoints} of {len(self.presses)} bear a checkpoint: {max(self.presses)})"


def figures() -> list[tuple[str, str, str]]:
    plain, sealed = _measure(()), _measure((CASE,))
    return [
        ("flushes that a press waits for", "1", plain.of_presses),
        ("flushes a visit", "<= 3.1", f"{plain.flushes:.2f} (with a sealed case {sealed.flushes:.2f})"),
        ("written a visit", "<= 10 kB", f"{plain.kilobytes:.1f} kB (with a sealed case {sealed.kilobytes:.1f} kB)"),
    ]


def _measure(cases: tuple[Case, ...]) -> Cost:
    """Asked, pressed and ended in a commit each, as a window's visit is; a head where an hour ends."""
    counted, presses = Counted(), list[int]()
    clock = Hours()
    visits = Visits(clock)
    with tempfile.TemporaryDirectory() as folder, WatchedSqlite(Path(folder), counted.hear):
        keys = KeyStore(Path(folder) / "keys")
        with contextlib.closing(Journal(Path(folder), keys, SEALER, UTC_OFFSET_MINUTES, clock.now())) as journal:
            _start_counting(counted)
            for number in range(VISITS):
                asked = visits.asked(*cases)
                journal.append([asked])
                presses.append(_flushes(journal, [visits.pressed(asked, 1 + number % 5)], counted))
                journal.append([visits.ended(asked)])
                clock.pass_hours(1 / 40)
            return Cost(counted.flushes / VISITS, counted.written / VISITS / 1000, presses)


def _start_counting(counted: Counted) -> None:
    """What a start costs is no part of a visit."""
    counted.flushes = counted.written = 0


def _flushes(journal: Journal, entries: list[Entry], counted: Counted) -> int:
    before = counted.flushes
    journal.append(entries)
    return counted.flushes - before
