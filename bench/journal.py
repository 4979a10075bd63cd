"""Press to durable, against a plain append + fsync and durable queues on the same disk in the same run; today's counts.

All are written in turn, and ratios taken inside a round, so that a disk that others use slows all alike. A queue takes
part with the settings it ships with, if it flushes each put with them.
"""

import os
import sqlite3
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from huey.storage import SqliteStorage
from persistqueue import SQLiteAckQueue

from bench.scratch import scratch_folder
from sync.clock import SystemClock, hall_day
from sync.journal.reader import day_counts
from sync.journal.writer import Journal
from sync.keys import KeyStore
from sync.records import Ask, Evidence, VisitAsked, VisitEnded, VisitId, VisitPressed
from sync.sealing import Recipient, Sealer

ROUNDS = 9
FRESH = 60
STEADY = 300
BESIDE = 150
"""Visits with a put into each queue after them: their flushes would weigh on what is measured next to a plain file."""
LINE = os.urandom(361)
EVIDENCE = Evidence("rs485", 0x81, "04", "680303688111049616", "0123456789abcdef")
ACK_QUEUE = "persist-queue SQLiteAckQueue put"
HUEY = "huey SqliteStorage enqueue"
HUEY_FSYNC = "huey SqliteStorage enqueue, fsync=True"
QUEUES = (ACK_QUEUE, HUEY, HUEY_FSYNC)


def figures() -> list[tuple[str, str, str]]:
    fresh, steady, tails = [], [], []
    beside: dict[str, list[float]] = {name: [] for name in QUEUES}
    for _ in range(ROUNDS):
        with scratch_folder() as folder:
            bench = _Bench(folder)
            bench.run(FRESH)
            fresh.append(_ratio(bench.presses, bench.appends))
            bench.run(STEADY)
            steady.append(_ratio(bench.presses[FRESH:], bench.appends[FRESH:]))
            tails.append(_p99(bench.presses[FRESH:]) / _p99(bench.appends[FRESH:]))
            bench.run(BESIDE, beside_queues=True)
            for name, puts in bench.queues.puts.items():
                beside[name].append(_ratio(bench.presses[-BESIDE:], puts))
            counts = bench.time_counts()
            bench.close()
    return [
        ("press → durable / append + fsync, WAL in use, median", "≤ 1.0 ×", _spread(steady)),
        ("press → durable / append + fsync, fresh, median", "≤ 1.6 ×", _spread(fresh)),
        ("press → durable / append + fsync, p99", "≤ 2 ×", _spread(tails)),
        *((f"press → durable / {name}, median", "< 1 ×", _spread(ratios)) for name, ratios in beside.items()),
        ("today's counts, warm, median", "≤ 0.1 ms", f"{counts * 1000:.3f} ms"),
    ]


class _Queues:
    """The same line into each queue. All keep a write-ahead log, as the journal does."""

    def __init__(self, folder: Path) -> None:
        self._ack_queue = SQLiteAckQueue(str(folder / "persist-queue"))
        self._hueys = {
            HUEY: SqliteStorage(filename=str(folder / "huey.db")),
            HUEY_FSYNC: SqliteStorage(filename=str(folder / "huey-fsync.db"), fsync=True),
        }
        _refuse_unsynced(ACK_QUEUE, self._ack_queue._putter)  # noqa: SLF001
        for name, storage in self._hueys.items():
            _refuse_unsynced(name, storage.conn)
        self.puts: dict[str, list[float]] = {name: [] for name in QUEUES}

    def put(self) -> None:
        self.puts[ACK_QUEUE].append(_seconds(lambda: self._ack_queue.put(LINE)))
        for name, storage in self._hueys.items():
            self.puts[name].append(_seconds(lambda storage=storage: storage.enqueue(LINE)))

    def close(self) -> None:
        self._ack_queue.close()
        for storage in self._hueys.values():
            storage.close()


def _refuse_unsynced(name: str, connection: sqlite3.Connection) -> None:
    """A queue that leaves a put to the next checkpoint is no match for one that does not."""
    mode, synchronous = (connection.execute(f"PRAGMA {what}").fetchone()[0] for what in ("journal_mode", "synchronous"))
    if (mode, synchronous) != ("wal", 2):
        raise RuntimeError(f"{name} flushes no put: journal_mode {mode}, synchronous {synchronous}")


class _Bench:
    """One journal, one plain file and the queues on the same disk, written in turn."""

    def __init__(self, folder: Path) -> None:
        self._clock = SystemClock()
        sealer = Sealer([Recipient("hub", X25519PrivateKey.generate().public_key().public_bytes_raw())])
        self._journal = Journal(folder, KeyStore(folder / "keys"), sealer, 480, self._clock.now())
        self._plain = os.open(folder / "plain.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.queues = _Queues(folder)
        self.presses: list[float] = []
        self.appends: list[float] = []

    def run(self, visits: int, *, beside_queues: bool = False) -> None:
        for number in range(visits):
            visit = VisitId(os.urandom(16))
            ask = Ask("3", "window", "window", "window-evaluator", "clerk-page", 60, "1001")
            self._journal.append([VisitAsked(visit, ask, self._clock.now())])
            press = VisitPressed(visit, number % 5 + 1, "box", self._clock.now(), EVIDENCE)
            self.presses.append(_seconds(lambda press=press: self._journal.append([press])))
            self._journal.append([VisitEnded(visit, "rated", "thanked", self._clock.now())])
            self.appends.append(_seconds(self._append))
            if beside_queues:
                self.queues.put()

    def time_counts(self) -> float:
        day = hall_day(self._clock.now().wall_ms, 480)[0]
        return statistics.median(_seconds(lambda: day_counts(self._journal.connection, day)) for _ in range(200))

    def close(self) -> None:
        self._journal.close()
        self.queues.close()
        os.close(self._plain)

    def _append(self) -> None:
        os.write(self._plain, LINE)
        os.fsync(self._plain)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _ratio(ours: list[float], theirs: list[float]) -> float:
    return statistics.median(ours) / statistics.median(theirs)


def _p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[98]


def _spread(ratios: list[float]) -> str:
    return f"{statistics.median(ratios):.2f} × ({min(ratios):.2f} to {max(ratios):.2f}, {len(ratios)} rounds)"
