"""A large journal against a small one: today's counts and opening must not depend on its age.

`BENCH_RECORDS` sets the size (1,000,000 records if left out; 10,000,000 needs some 4 GB of disk and minutes to fill).
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from sync.clock import hall_day
from sync.journal.reader import JournalReader, day_counts
from sync.journal.writer import Journal
from sync.keys import KeyStore
from sync.records import Ask, At, VisitAsked, VisitEnded, VisitId, VisitPressed
from sync.sealing import Recipient, Sealer

SMALL = 10_000
LARGE = int(os.environ.get("BENCH_RECORDS", "1000000"))
DAYS = 730
START_MS = 1_700_000_000_000
DAY_MS = 86_400_000
BATCH = 300
ROUNDS = 200
WINDOWS = ("1", "2", "3", "4")


def figures() -> list[tuple[str, str, str]]:
    rows = []
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        small, large = Path(folder) / "small", Path(folder) / "large"
        _fill(small, SMALL)
        _fill(large, LARGE)
        for name, place in ((f"{SMALL:,}", small), (f"{LARGE:,}", large)):
            warm, cold = _counts(place)
            rows.append((f"today's counts at {name} records, warm, median", "≤ 0.1 ms", f"{warm * 1000:.3f} ms"))
            rows.append((f"today's counts at {name} records, new connection", "≤ 1 ms", f"{cold * 1000:.3f} ms"))
        empty = Path(folder) / "empty"
        _journal(empty, START_MS).close()
        openings = {place: statistics.median(_opening(place) for _ in range(5)) for place in (empty, large)}
        more = (openings[large] - openings[empty]) * 1000
        rows.append((f"opening {LARGE:,} records, more than an empty journal", "≤ 50 ms", f"{more:.1f} ms"))
        size = (large / "journal.db").stat().st_size
        rows.append((f"file of {LARGE:,} records", "", f"{size / 1e6:.0f} MB, {size / LARGE:.0f} bytes a record"))
    return rows


def _at(number: int, total: int) -> At:
    """Spread over two years, in the opening hours of the hall."""
    day, rest = divmod(number * DAYS, total)
    moment = START_MS + day * DAY_MS + rest * 8 * 3_600_000 // total
    return At(moment, moment - START_MS, "b" * 16)


def _journal(place: Path, wall_ms: int) -> Journal:
    sealer = Sealer([Recipient("hub", X25519PrivateKey.generate().public_key().public_bytes_raw())])
    return Journal(place, KeyStore(place / "keys"), sealer, 480, At(wall_ms, 0, "b" * 16))


def _fill(place: Path, records: int) -> None:
    visits = records // 3
    with closing(_journal(place, START_MS)) as journal:
        for first in range(0, visits, BATCH):
            entries: list[VisitAsked | VisitPressed | VisitEnded] = []
            for number in range(first, min(first + BATCH, visits)):
                at, visit = _at(number, visits), VisitId(number.to_bytes(16))
                window = WINDOWS[number % len(WINDOWS)]
                ask = Ask(window, "window", "window", "window-evaluator", "clerk-page", 60, "1001")
                entries += [
                    VisitAsked(visit, ask, at),
                    VisitPressed(visit, number % 5 + 1, "box", at),
                    VisitEnded(visit, "rated", "thanked", at),
                ]
            journal.append(entries)


def _counts(place: Path) -> tuple[float, float]:
    day = hall_day(START_MS + (DAYS - 1) * DAY_MS, 480)[0]
    with closing(JournalReader(place)) as reader:
        assert sum(day_counts(reader.connection, day).values()) > 0
        warm = statistics.median(_seconds(lambda: day_counts(reader.connection, day)) for _ in range(ROUNDS))
    return warm, statistics.median(_seconds(lambda: _fresh(place, day)) for _ in range(20))


def _fresh(place: Path, day: str) -> None:
    with closing(JournalReader(place)) as reader:
        day_counts(reader.connection, day)


def _opening(place: Path) -> float:
    return _seconds(lambda: _journal(place, START_MS + DAYS * DAY_MS).close())


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
