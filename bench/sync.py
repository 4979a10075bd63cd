"""A day offline: 10,000 ratings sent to a hub behind TLS, against a bare HTTP client that sends the same bytes.

What it costs the kiosk is measured in a process that does nothing else.
"""

import ssl
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPSConnection
from pathlib import Path

from bench.offline_day import TOKEN, OfflineDay, Place, cost_alone, drain, record_day, running_hub
from sync.hub_client import HubClient

RATINGS = 10_000
MANY = 100_000
ROUNDS = 7


def figures() -> list[tuple[str, str, str]]:
    with tempfile.TemporaryDirectory(prefix="bench-sync-") as folder:
        return [*_rate(Path(folder)), *_cost(Path(folder))]


def _rate(folder: Path) -> list[tuple[str, str, str]]:
    day = record_day(folder / "kiosk", RATINGS)
    batches: list[bytes] = []
    with running_hub(folder / "first") as place, _captured(batches):
        drain(day, place)
    courier, bare = [], []
    for number in range(ROUNDS):
        with running_hub(folder / f"courier-{number}") as place:
            courier.append(drain(day, place))
        with running_hub(folder / f"bare-{number}") as place:
            bare.append(_post(place, day, batches))
    ratios = [plain / ours for ours, plain in zip(courier, bare, strict=True)]
    ours, plain = RATINGS / statistics.median(courier), RATINGS / statistics.median(bare)
    size = sum(map(len, batches)) / RATINGS
    return [
        (
            "10,000 ratings to a hub, TLS and gzip, against bare http.client",
            ">= 0.7 x",
            f"{statistics.median(ratios):.2f} x ({ours:,.0f}/s, bare {plain:,.0f}/s)",
        ),
        ("bytes a rating on the wire, without sealed bytes", "<= 80", f"{size:.1f} ({len(batches)} batches)"),
    ]


def _cost(folder: Path) -> list[tuple[str, str, str]]:
    few, many = record_day(folder / "few", RATINGS), record_day(folder / "many", MANY)
    with running_hub(folder / "hub-few") as place:
        little = cost_alone(few, place)
    with running_hub(folder / "hub-many") as place:
        much = cost_alone(many, place)
    return [
        ("CPU of the courier, 100,000 ratings", "<= 1 s", f"{much.cpu_s:.2f} s"),
        (
            "memory that the courier takes, 100,000 waiting against 10,000",
            "independent",
            f"{much.grown_kib / 1024:.1f} MiB, {little.grown_kib / 1024:.1f} MiB",
        ),
    ]


def _post(place: Place, day: OfflineDay, batches: list[bytes]) -> float:
    headers = {
        "Authorization": f"Bearer {TOKEN}",
        "Content-Type": "application/x-ndjson",
        "Content-Encoding": "gzip",
    }
    context = ssl.create_default_context(cafile=str(place.authority))
    began = time.perf_counter()
    connection = HTTPSConnection(place.address.partition("//")[2], context=context)
    for batch in batches:
        connection.request("POST", f"/v1/devices/{day.keys.device}/batches", batch, headers)
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
