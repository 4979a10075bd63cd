"""The long proofs of the road to the hub: `python -m tests.sync.soak [--ratings N] [--seed S]`.

Exactly once over many ratings and every fault; a hall of 34 kiosks for a day, with a hub that dies at noon; strangers
who ask the hub. Ends with 1 if anything was lost or there twice.
"""

import argparse
import logging
import random
import sqlite3
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from sync.backoff import Backoff
from sync.courier import Courier, HubAddress, Signing
from sync.hub.schema import FILE_NAME
from sync.hub.server import Hub
from sync.journal.reader import JournalReader
from tests.sync.courier.conftest import Between, Kiosk, Watch, answer
from tests.sync.courier.test_faults import html_that_says_json, lost_answer, portal, redirect, refused, wrong_head
from tests.sync.fault_proxy import FaultProxy, Line, Relay, any_fault
from tests.sync.hub.conftest import DEVICE_TOKEN, Caller, settings
from tests.sync.hub.pen import DAY, NOON_MS

LOST_REPLIES = 0.2
OTHER_FAULTS = 0.15
STRANGE = [portal, redirect, html_that_says_json, wrong_head, *map(refused, (401, 409, 413, 422, 429, 503))]
DEADLINE_S = 600


@dataclass
class Outcome:
    ratings: int
    exchanges: int = 0
    connections: int = 0
    met: Counter[str] = field(default_factory=Counter)
    """What the network did, by name."""
    faults: list[str] = field(default_factory=list)
    """What should not be."""


def exactly_once(folder: Path, ratings: int, seed: int, at_once: int = 10) -> Outcome:
    """A kiosk that records, a courier, two proxies that do everything, and a hub."""
    chance, outcome = random.Random(seed), Outcome(ratings)
    with ExitStack() as stack:
        hub = Hub(settings(folder / "hub"), lambda: NOON_MS)
        hub.start()
        stack.callback(hub.stop)
        between = Between(hub.address)
        stack.callback(between.close)
        between.always = partial(_meet, chance, outcome.met)
        proxy = FaultProxy(between.server.server_address)
        stack.callback(proxy.close)
        proxy.always = partial(_pass_on, chance)
        kiosk = Kiosk(folder / "kiosk")
        stack.callback(kiosk.journal.close)
        watch = _Comparing(folder / "hub", outcome.faults)
        courier = courier_of(kiosk, f"http://127.0.0.1:{proxy.place[1]}", watch)
        courier.start()
        stack.callback(courier.stop)
        for first in range(0, ratings, at_once):
            kiosk.rate_many(min(at_once, ratings - first))
            courier.wake()
        watch.until(lambda state: state.next_seq == kiosk.records, DEADLINE_S)
        outcome.exchanges, outcome.connections = len(between.requests), len(proxy.lines)
        _compare(folder / "hub", [kiosk], Caller(hub.address), outcome.faults)
    return outcome


def a_day_of_a_hall(folder: Path, kiosks: int, ratings: int, seed: int) -> Outcome:
    """Each kiosk gives its ratings through the day, in an order that nobody planned. The hub dies at noon."""
    chance, outcome = random.Random(seed), Outcome(kiosks * ratings)
    with ExitStack() as stack:
        hubs = [_begun(folder, stack)]
        port = hubs[0].address.rpartition(":")[2]
        windows = [Kiosk(folder / f"kiosk-{number}") for number in range(kiosks)]
        watches = [Watch() for _ in windows]
        couriers = [courier_of(kiosk, hubs[0].address, watch) for kiosk, watch in zip(windows, watches, strict=True)]
        for kiosk, courier in zip(windows, couriers, strict=True):
            stack.callback(kiosk.journal.close)
            courier.start()
            stack.callback(courier.stop)
        day = [number for number in range(kiosks) for _ in range(ratings)]
        chance.shuffle(day)
        for moment, number in enumerate(day):
            if moment == len(day) // 2:
                hubs[0].stop()
            if moment == len(day) * 5 // 8:
                hubs.append(_begun(folder, stack, f"127.0.0.1:{port}"))
            windows[number].rate(moment % 5 + 1)
            couriers[number].wake()
        for kiosk, watch in zip(windows, watches, strict=True):
            watch.until_sent(kiosk)
        _compare(folder / "hub", windows, Caller(hubs[-1].address), outcome.faults)
    return outcome


def courier_of(kiosk: Kiosk, url: str, watch) -> Courier:
    return Courier(
        kiosk.device,
        HubAddress(url, DEVICE_TOKEN, timeout_s=10.0),
        lambda: JournalReader(kiosk.directory),
        Signing(kiosk.keys.sign, lambda: kiosk.keys.changes),
        lambda _generation, _next_seq: None,
        watch,
        lambda: NOON_MS,
        random.random,
        Backoff(0.001, 0.02),
    )


class _Comparing:
    """Looks at the hub's store each time the courier believes something of it."""

    def __init__(self, hub: Path, faults: list[str]) -> None:
        self._store, self._faults = hub / FILE_NAME, faults
        self._state = None
        self._changed = threading.Condition()

    def __call__(self, state) -> None:
        if self._state is None or state.next_seq != self._state.next_seq:
            with closing(sqlite3.connect(self._store)) as db:
                (held,) = db.execute("SELECT coalesce(max(seq), -1) + 1 FROM record").fetchone()
            if state.next_seq > held:
                self._faults.append(f"the courier believed {state.next_seq}, the hub had {held}")
        with self._changed:
            self._state = state
            self._changed.notify_all()

    def until(self, wanted, deadline_s: float) -> None:
        with self._changed:
            if not self._changed.wait_for(lambda: self._state is not None and wanted(self._state), deadline_s):
                raise TimeoutError(f"not sent within {deadline_s} s: {self._state}")


def _pass_on(chance: random.Random, line: Line) -> None:
    fault = any_fault(chance, pages=True) if chance.random() < OTHER_FAULTS else Relay()
    fault(line)


def _meet(chance: random.Random, met: Counter[str], between: Between, request, body: bytes) -> None:
    if request.command == "POST" and chance.random() < LOST_REPLIES:
        met["reply lost"] += 1
        lost_answer(between, request, body)
    elif chance.random() < OTHER_FAULTS:
        number = chance.randrange(len(STRANGE))
        met["strange answer"] += 1
        STRANGE[number](between, request, body)
    else:
        answer(request, *between.forward(request, body))


def _begun(folder: Path, stack: ExitStack, listen: str = "127.0.0.1:0") -> Hub:
    hub = Hub(settings(folder / "hub", listen=listen), lambda: NOON_MS)
    hub.start()
    stack.callback(hub.stop)
    return hub


def _compare(hub: Path, kiosks: list[Kiosk], caller: Caller, faults: list[str]) -> None:
    with closing(sqlite3.connect(hub / FILE_NAME)) as db:
        there = Counter(row[0] for row in db.execute("SELECT hash FROM record"))
    here = Counter(one for kiosk in kiosks for one in kiosk.hashes())
    if there != here:
        faults.append(f"{(here - there).total()} records lost, {(there - here).total()} too many")
    counted = sum(caller.counts(DAY)["outcomes"].values())
    given = sum(kiosk.visits for kiosk in kiosks)
    if counted != given:
        faults.append(f"{given} ratings given, {counted} counted")
    faults.extend(f"an alarm of the hub: {alarm}" for alarm in caller.alarms())


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.sync.soak")
    parser.add_argument("--ratings", type=int, default=10_000)
    parser.add_argument("--kiosks", type=int, default=34)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--examples", type=int, default=100, help="of strange requests, an operation and kind")
    chosen = parser.parse_args()
    logging.getLogger("sync").setLevel(logging.ERROR)  # hundreds of waits, each with its warning
    with tempfile.TemporaryDirectory(prefix="soak-sync-") as folder:
        began = time.monotonic()
        once = exactly_once(Path(folder, "once"), chosen.ratings, chosen.seed)
        print(
            f"exactly once: {once.ratings} ratings, {once.exchanges} exchanges on {once.connections} connections, "
            f"{dict(once.met)}, {time.monotonic() - began:.0f} s"
        )
        began = time.monotonic()
        hall = a_day_of_a_hall(Path(folder, "hall"), chosen.kiosks, 300, chosen.seed)
        print(f"a day of a hall: {chosen.kiosks} kiosks, {hall.ratings} ratings, {time.monotonic() - began:.0f} s")
        strangers(Path(folder, "strangers"), chosen.examples)
    for fault in (*once.faults, *hall.faults):
        print(f"FAULT: {fault}")
    return 1 if once.faults or hall.faults else 0


def strangers(folder: Path, examples: int) -> None:
    """Raises at the first answer that the hub's document does not describe."""
    from tests.sync.hub.strangers import examine

    began = time.monotonic()
    hub = Hub(settings(folder), lambda: NOON_MS)
    hub.start()
    try:
        seen = examine(hub.address, examples, derandomize=False)
    finally:
        hub.stop()
    print(f"strangers: {len(seen.answers)} operations, {examples} examples each way, {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    sys.exit(main())
