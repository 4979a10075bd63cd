"""A large journal against a small one: nothing that is done every day may depend on its age.

`BENCH_RECORDS` sets the size (1,000,000 records if left out; 10,000,000 needs some 4 GB of disk and minutes to fill).
"""

import datetime as dt
import os
import statistics
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from bench.scratch import scratch_folder
from sync.clock import hall_day
from sync.journal.reader import JournalReader, day_counts
from sync.journal.verify_since import verify_since
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
BATCHES = 5
BATCH_RECORDS = 500
LAST_DAY = hall_day(START_MS + (DAYS - 1) * DAY_MS, 480)[0]
WINDOWS = ("1", "2", "3", "4")


def figures() -> list[tuple[str, str, str]]:
    rows = []
    with scratch_folder() as folder:
        small, large, one_day = folder / "small", folder / "large", folder / "one-day"
        _fill(small, SMALL)
        _fill(large, LARGE)
        _fill(one_day, LARGE // DAYS, first_day=DAYS - 1)
        for name, place in ((f"{SMALL:,}", small), (f"{LARGE:,}", large)):
            warm, cold = _counts(place)
            rows.append((f"today's counts at {name} records, warm, median", "≤ 0.1 ms", f"{warm * 1000:.3f} ms"))
            rows.append((f"today's counts at {name} records, new connection", "≤ 1 ms", f"{cold * 1000:.3f} ms"))
        empty = folder / "empty"
        _journal(empty, START_MS).close()
        openings = {place: statistics.median(_opening(place) for _ in range(5)) for place in (empty, large)}
        more = (openings[large] - openings[empty]) * 1000
        rows.append((f"opening {LARGE:,} records, more than an empty journal", "≤ 50 ms", f"{more:.1f} ms"))
        rows += [_sending(place, name) for name, place in ((f"{SMALL:,}", small), (f"{LARGE:,}", large))]
        took, alone = (statistics.median(_verifying(place) for _ in range(3)) for place in (large, one_day))
        rows.append(
            (
                f"the last day of {LARGE:,} records verified",
                "as if it stood alone",
                f"{took * 1000:.0f} ms (alone {alone * 1000:.0f} ms)",
            )
        )
        size = (large / "journal.db").stat().st_size
        rows.append((f"file of {LARGE:,} records", "", f"{size / 1e6:.0f} MB, {size / LARGE:.0f} bytes a record"))
    return rows


def _at(number: int, total: int, first_day: int) -> At:
    """Spread evenly from a day to the last of two years, in the opening hours of the hall."""
    day, rest = divmod(number * (DAYS - first_day), total)
    moment = START_MS + (first_day + day) * DAY_MS + rest * 8 * 3_600_000 // total
    return At(moment, moment - START_MS, "b" * 16)


def _journal(place: Path, wall_ms: int) -> Journal:
    sealer = Sealer([Recipient("hub", X25519PrivateKey.generate().public_key().public_bytes_raw())])
    return Journal(place, KeyStore(place / "keys"), sealer, 480, At(wall_ms, 0, "b" * 16))


def _fill(place: Path, records: int, first_day: int = 0) -> None:
    visits = records // 3
    with closing(_journal(place, START_MS + first_day * DAY_MS)) as journal:
        for first in range(0, visits, BATCH):
            entries: list[VisitAsked | VisitPressed | VisitEnded] = []
            for number in range(first, min(first + BATCH, visits)):
                at, visit = _at(number, visits, first_day), VisitId(number.to_bytes(16))
                window = WINDOWS[number % len(WINDOWS)]
                ask = Ask(window, "window", "window", "window-evaluator", "clerk-page", 60, "1001")
                entries += [
                    VisitAsked(visit, ask, at),
                    VisitPressed(visit, number % 5 + 1, "box", at),
                    VisitEnded(visit, "rated", "thanked", at),
                ]
            journal.append(entries)
            journal.sign_head(entries[-1].at)  # after a day under one key: the next


def _counts(place: Path) -> tuple[float, float]:
    with closing(JournalReader(place)) as reader:
        assert sum(day_counts(reader.connection, LAST_DAY).values()) > 0
        warm = statistics.median(_seconds(lambda: day_counts(reader.connection, LAST_DAY)) for _ in range(ROUNDS))
    return warm, statistics.median(_seconds(lambda: _fresh(place)) for _ in range(20))


def _fresh(place: Path) -> None:
    with closing(JournalReader(place)) as reader:
        day_counts(reader.connection, LAST_DAY)


def _sending(place: Path, name: str) -> tuple[str, str, str]:
    """What the courier reads for a batch, of the last ones: the first after a start counts back from the end."""
    with closing(JournalReader(place)) as reader:
        generation = reader.generations()[-1]
        first = generation.next_seq - BATCHES * BATCH_RECORDS
        took = [
            _seconds(lambda seq=seq: reader.slice(generation.id, seq, BATCH_RECORDS))
            for seq in range(first, generation.next_seq, BATCH_RECORDS)
        ]
    measured = f"{statistics.median(took[1:]) * 1000:.2f} ms (the first after a start {took[0] * 1000:.1f} ms)"
    return f"the courier's next batch of {BATCH_RECORDS} at {name} records", "", measured


def _verifying(place: Path) -> float:
    def verify() -> None:
        assert verify_since(place, dt.date.fromisoformat(LAST_DAY))[0].sound

    return _seconds(verify)


def _opening(place: Path) -> float:
    return _seconds(lambda: _journal(place, START_MS + DAYS * DAY_MS).close())


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
