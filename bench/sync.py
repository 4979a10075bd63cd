"""A day offline: 10,000 ratings sent to a hub, against a bare HTTP client that sends the same bytes ready-made."""

import hashlib
import itertools
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from sync.courier import Courier, CourierState, HubAddress, Signing
from sync.hub_client import HubClient
from sync.journal.reader import JournalReader
from sync.journal.writer import Journal
from sync.keys import KeyStore
from sync.records import Ask, At, VisitAsked, VisitEnded, VisitId, VisitPressed
from sync.sealing import Sealer

RATINGS = 10_000
ROUNDS = 5
TOKEN = "bench"
DEADLINE_S = 120
START_MS = 1_795_132_800_000  # 2026-11-20 08:00 at +08:00
EVERY_MS = 2_880  # 10,000 in eight hours


def figures() -> list[tuple[str, str, str]]:
    with tempfile.TemporaryDirectory(prefix="bench-sync-") as folder:
        return _measure(Path(folder))


def _measure(folder: Path) -> list[tuple[str, str, str]]:
    keys, records = _a_day_offline(folder / "kiosk")
    batches: list[bytes] = []
    with _hub(folder / "first") as address, _captured(batches):
        _drain(folder / "kiosk", keys, records, address)
    courier, bare = [], []
    for number in range(ROUNDS):
        with _hub(folder / f"courier-{number}") as address:
            courier.append(_drain(folder / "kiosk", keys, records, address))
        with _hub(folder / f"bare-{number}") as address:
            bare.append(_post(address, keys.device, batches))
    ratios = [plain / ours for ours, plain in zip(courier, bare, strict=True)]
    ours, plain = RATINGS / statistics.median(courier), RATINGS / statistics.median(bare)
    size = sum(map(len, batches)) / RATINGS
    return [
        (
            "10,000 ratings to a hub, against bare http.client",
            ">= 0.7 x",
            f"{statistics.median(ratios):.2f} x ({ours:,.0f}/s, bare {plain:,.0f}/s)",
        ),
        ("bytes a rating on the wire, without sealed bytes", "<= 80", f"{size:.1f} ({len(batches)} batches)"),
    ]


def _a_day_offline(directory: Path) -> tuple[KeyStore, int]:
    keys = KeyStore(directory / "keys")
    journal = Journal(directory, keys, Sealer([]), 480, _at(0))
    chance = random.Random(20261120)
    for first in range(0, RATINGS, 500):
        runs = (_rating(number, chance) for number in range(first, min(first + 500, RATINGS)))
        journal.append(list(itertools.chain.from_iterable(runs)))
    records = journal.connection.execute("SELECT count(*) FROM record").fetchone()[0]
    journal.close()
    return keys, records


def _rating(number: int, chance: random.Random) -> list[VisitAsked | VisitPressed | VisitEnded]:
    visit = VisitId(hashlib.sha256(b"%d" % number).digest()[:16])
    start = number * EVERY_MS + chance.randrange(EVERY_MS)
    ask = Ask("3", "window", "window", "window-evaluator", "window-interface", 60, clerk="1001")
    pressed = start + chance.randrange(2_000, 20_000)
    level = chance.choices((5, 4, 3, 2, 1), (80, 12, 5, 2, 1))[0]
    return [
        VisitAsked(visit, ask, _at(start)),
        VisitPressed(visit, level, "glass", _at(pressed)),
        VisitEnded(visit, "rated", "thanked", _at(pressed + 3_000 + chance.randrange(20))),
    ]


def _at(ms: int) -> At:
    return At(START_MS + ms, 86_400_000 + ms, "0123456789abcdef")


def _drain(directory: Path, keys: KeyStore, records: int, address: str) -> float:
    """Seconds from the courier's start to the hub's word that it has everything."""
    done = threading.Event()

    def listener(state: CourierState) -> None:
        if state.next_seq == records:
            done.set()

    courier = Courier(
        keys.device,
        HubAddress(address, TOKEN),
        lambda: JournalReader(directory),
        Signing(keys.sign, lambda: keys.changes),
        lambda _generation, _next_seq: None,
        listener,
        lambda: START_MS,
        random.random,
    )
    began = time.perf_counter()
    courier.start()
    if not done.wait(DEADLINE_S):
        raise RuntimeError(f"not sent within {DEADLINE_S} s: {courier.state}")
    took = time.perf_counter() - began
    courier.stop()
    return took


def _post(address: str, device: str, batches: list[bytes]) -> float:
    headers = {
        "Authorization": f"Bearer {TOKEN}",
        "Content-Type": "application/x-ndjson",
        "Content-Encoding": "gzip",
    }
    connection = HTTPConnection(address.partition("//")[2])
    began = time.perf_counter()
    for batch in batches:
        connection.request("POST", f"/v1/devices/{device}/batches", batch, headers)
        response = connection.getresponse()
        response.read()
        if response.status != 200:
            raise RuntimeError(f"the hub answered {response.status}")
    took = time.perf_counter() - began
    connection.close()
    return took


@contextmanager
def _captured(batches: list[bytes]) -> Iterator[None]:
    begin = HubClient.begin

    def capture(client: HubClient, packed: bytes):
        batches.append(packed)
        return begin(client, packed)

    HubClient.begin = capture
    try:
        yield
    finally:
        HubClient.begin = begin


@contextmanager
def _hub(directory: Path) -> Iterator[str]:
    """A hub in a process of its own; gives its address."""
    directory.mkdir()
    config = directory / "hub.toml"
    token = hashlib.sha256(TOKEN.encode()).hexdigest()
    config.write_text(f'listen = "127.0.0.1:0"\n[[token]]\nname = "bench"\nrole = "device"\nsha256 = "{token}"\n')
    with subprocess.Popen([sys.executable, "-m", "bench.sync", config], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


if __name__ == "__main__":
    from sync.hub.server import serve

    raise SystemExit(serve(Path(sys.argv[1]), lambda address: print(address, flush=True)))
