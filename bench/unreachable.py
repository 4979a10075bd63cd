"""A day without a hub: how often the courier tries, and what that costs.

The tries of a day come from the back-off itself, drawn a thousand times; what one costs, and what a new record costs
while a wait goes on, is measured.
"""

import random
import socket
import statistics
import tempfile
import threading
import time
from pathlib import Path

from bench.offline_day import START_MS, OfflineDay, record_day
from sync.backoff import Backoff
from sync.courier import Courier, CourierState, HubAddress, Signing
from sync.journal.reader import JournalReader

DAY_S = 86_400
TRIES = 400
WAKES = 30_000
"""Records of 10,000 ratings."""


def figures() -> list[tuple[str, str, str]]:
    with tempfile.TemporaryDirectory(prefix="bench-unreachable-") as folder:
        day = record_day(Path(folder), 100)
        a_try, a_wake = _cost_of_a_try(day), _cost_of_a_wake(day)
    tries = _tries_in_a_day()
    share = (tries * a_try + WAKES * a_wake) / DAY_S
    how = f"{share:.4%} ({tries:.0f} tries of {a_try * 1000:.1f} ms, {WAKES:,} wakes of {a_wake * 1e6:.1f} us)"
    return [("CPU of the courier, a day without a hub", "<= 1 %", how)]


def _tries_in_a_day() -> float:
    chance = random.Random(1)

    def one_day() -> int:
        backoff, passed_s, failures = Backoff(), 0.0, 0
        while passed_s < DAY_S:
            failures += 1
            passed_s += backoff.delay_s(failures, chance.random())
        return failures

    return statistics.mean(one_day() for _ in range(1000))


def _cost_of_a_try(day: OfflineDay) -> float:
    """With a name to look up, a refused connection, and the look for a log-in page: one after the other."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    enough, tries = threading.Event(), 0

    def listener(_: CourierState) -> None:
        nonlocal tries
        tries += 1
        if tries == TRIES:
            enough.set()

    courier = _courier(day, f"https://localhost:{port}", listener, Backoff(1e-4, 1e-4), _Moving())
    cpu = time.process_time()
    courier.start()
    enough.wait(120)
    cost = time.process_time() - cpu
    courier.stop()
    return cost / tries


def _cost_of_a_wake(day: OfflineDay) -> float:
    waiting = threading.Event()
    courier = _courier(day, "https://localhost:9", lambda _: waiting.set(), Backoff(1e6, 1e6), lambda: START_MS)
    courier.start()
    waiting.wait(60)
    cpu = time.process_time()
    for _ in range(WAKES):
        courier.wake()
    cost = time.process_time() - cpu
    courier.stop()
    return cost / WAKES


class _Moving:
    """A wall clock by which every state is another one, and is told."""

    def __init__(self) -> None:
        self._ms = START_MS

    def __call__(self) -> int:
        self._ms += 1
        return self._ms


def _courier(day: OfflineDay, url: str, listener, backoff: Backoff, wall_ms) -> Courier:
    return Courier(
        day.keys.device,
        HubAddress(url, "bench"),
        lambda: JournalReader(day.directory),
        Signing(day.keys.sign, lambda: day.keys.changes),
        lambda _generation, _next_seq: None,
        listener,
        wall_ms,
        random.random,
        backoff,
    )
