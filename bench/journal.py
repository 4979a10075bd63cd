"""Press to durable, against a plain append + fsync on the same disk in the same run; today's counts; flushes.

Rounds of both are interleaved, and ratios taken inside a round, so that a disk that others use slows both alike.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from sync.clock import SystemClock, hall_day
from sync.journal.reader import day_counts
from sync.journal.writer import Journal
from sync.keys import KeyStore
from sync.records import Ask, Evidence, VisitAsked, VisitEnded, VisitId, VisitPressed
from sync.sealing import Recipient, Sealer

ROUNDS = 9
FRESH = 60
STEADY = 300
LINE = os.urandom(361)
EVIDENCE = Evidence("rs485", 0x81, "04", "680303688111049616", "0123456789abcdef")


def figures() -> list[tuple[str, str, str]]:
    fresh, steady, tails = [], [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
            bench = _Bench(Path(folder))
            bench.run(FRESH)
            fresh.append(_ratio(bench.presses, bench.appends))
            bench.run(STEADY)
            steady.append(_ratio(bench.presses[FRESH:], bench.appends[FRESH:]))
            tails.append(_p99(bench.presses[FRESH:]) / _p99(bench.appends[FRESH:]))
            counts = bench.time_counts()
            bench.close()
    return [
        ("press → durable / append + fsync, WAL in use, median", "≤ 1.0 ×", _spread(steady)),
        ("press → durable / append + fsync, fresh, median", "≤ 1.6 ×", _spread(fresh)),
        ("press → durable / append + fsync, p99", "≤ 2 ×", _spread(tails)),
        ("today's counts, warm, median", "≤ 0.1 ms", f"{counts * 1000:.3f} ms"),
    ]


class _Bench:
    """One journal and one plain file on the same disk, written in turn."""

    def __init__(self, folder: Path) -> None:
        self._clock = SystemClock()
        sealer = Sealer([Recipient("hub", X25519PrivateKey.generate().public_key().public_bytes_raw())])
        self._journal = Journal(folder, KeyStore(folder / "keys"), sealer, 480, self._clock.now())
        self._plain = os.open(folder / "plain.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.presses: list[float] = []
        self.appends: list[float] = []

    def run(self, visits: int) -> None:
        for number in range(visits):
            visit = VisitId(os.urandom(16))
            ask = Ask("3", "window", "window", "window-evaluator", "clerk-page", 60, "1001")
            self._journal.append([VisitAsked(visit, ask, self._clock.now())])
            press = VisitPressed(visit, number % 5 + 1, "box", self._clock.now(), EVIDENCE)
            self.presses.append(_seconds(lambda press=press: self._journal.append([press])))
            self._journal.append([VisitEnded(visit, "rated", "thanked", self._clock.now())])
            self.appends.append(_seconds(self._append))

    def time_counts(self) -> float:
        day = hall_day(self._clock.now().wall_ms, 480)[0]
        return statistics.median(_seconds(lambda: day_counts(self._journal.connection, day)) for _ in range(200))

    def close(self) -> None:
        self._journal.close()
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
