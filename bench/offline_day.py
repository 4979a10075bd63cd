"""What the figures of the road to the hub share: a day that was recorded offline, a hub in a process of its own.

And a courier that brings the one to the other.
"""

import hashlib
import itertools
import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sync.courier import Courier, CourierState, HubAddress, Signing
from sync.journal.reader import JournalReader
from sync.journal.writer import Journal
from sync.keys import KeyStore
from sync.records import Ask, At, Case, VisitAsked, VisitEnded, VisitId, VisitPressed
from sync.sealing import Recipient, Sealer

TOKEN = "bench"
START_MS = 1_795_132_800_000  # 2026-11-20 08:00 at +08:00
DAY_MS = 28_800_000
"""Eight hours."""


@dataclass(frozen=True)
class OfflineDay:
    directory: Path
    keys: KeyStore
    ratings: int
    records: int


@dataclass(frozen=True)
class Place:
    """Of a hub."""

    address: str
    authority: Path


def record_day(directory: Path, ratings: int, recipient: bytes = b"") -> OfflineDay:
    """With a `recipient`, an X25519 public key, each rating has a case that is sealed to it."""
    keys = KeyStore(directory / "keys")
    sealer = Sealer([Recipient("hub", recipient)] if recipient else [])
    journal = Journal(directory, keys, sealer, 480, at(0))
    chance = random.Random(20261120)
    for first in range(0, ratings, 500):
        here = range(first, min(first + 500, ratings))
        runs = (_rating(number, DAY_MS // ratings, chance, sealed=bool(recipient)) for number in here)
        journal.append(list(itertools.chain.from_iterable(runs)))
    (records,) = journal.connection.execute("SELECT count(*) FROM record").fetchone()
    journal.close()
    return OfflineDay(directory, keys, ratings, records)


def _rating(
    number: int, every_ms: int, chance: random.Random, *, sealed: bool
) -> list[VisitAsked | VisitPressed | VisitEnded]:
    visit = VisitId(hashlib.sha256(b"%d" % number).digest()[:16])
    start = number * every_ms + chance.randrange(every_ms)
    cases = (Case(project_no=f"BENCH-2026-{number:06}", task_code="11440000000000000044"),) if sealed else ()
    kind = "case" if sealed else "window"
    ask = Ask("3", "window", kind, "window-evaluator", "window-interface", 60, clerk="1001", cases=cases)
    pressed = start + chance.randrange(2_000, 20_000)
    level = chance.choices((5, 4, 3, 2, 1), (80, 12, 5, 2, 1))[0]
    return [
        VisitAsked(visit, ask, at(start)),
        VisitPressed(visit, level, "glass", at(pressed)),
        VisitEnded(visit, "rated", "thanked", at(pressed + 3_000 + chance.randrange(20))),
    ]


def at(ms: int) -> At:
    return At(START_MS + ms, 86_400_000 + ms, "0123456789abcdef")


def courier(day: OfflineDay, hub: HubAddress, listener) -> Courier:
    return Courier(
        day.keys.device,
        hub,
        lambda: JournalReader(day.directory),
        Signing(day.keys.sign, lambda: day.keys.changes),
        lambda _generation, _next_seq: None,
        listener,
        lambda: START_MS,
        random.random,
    )


def drain(day: OfflineDay, place: Place, deadline_s: float = 120) -> float:
    """Seconds from the courier's start to the hub's word that it has everything."""
    done = threading.Event()

    def listener(state: CourierState) -> None:
        if state.next_seq == day.records:
            done.set()

    sending = courier(day, HubAddress(place.address, TOKEN, place.authority), listener)
    began = time.perf_counter()
    sending.start()
    if not done.wait(deadline_s):
        raise RuntimeError(f"not sent within {deadline_s} s: {sending.state}")
    took = time.perf_counter() - began
    sending.stop()
    return took


@dataclass(frozen=True)
class Cost:
    """Of a process that does nothing but send a day."""

    cpu_s: float
    grown_kib: int
    """Memory at most, beyond what it was before the first batch."""


def cost_alone(day: OfflineDay, place: Place) -> Cost:
    command = [sys.executable, "-m", "bench.offline_day", "drain"]
    arguments = [day.directory, str(day.ratings), str(day.records), place.address, place.authority]
    run = subprocess.run([*command, *arguments], check=True, stdout=subprocess.PIPE, text=True)
    return Cost(**json.loads(run.stdout))


@contextmanager
def running_hub(directory: Path) -> Iterator[Place]:
    """A hub behind TLS, in a process of its own."""
    from tests.sync.certificates import Authority

    directory.mkdir()
    authority = Authority(directory, "authority")
    signed = authority.sign("127.0.0.1")
    config = directory / "hub.toml"
    token = hashlib.sha256(TOKEN.encode()).hexdigest()
    config.write_text(
        f'listen = "127.0.0.1:0"\n[tls]\ncertificate = "{signed.certificate}"\nkey = "{signed.key}"\n'
        f'[[token]]\nname = "bench"\nrole = "device"\nsha256 = "{token}"\n'
    )
    command = [sys.executable, "-m", "bench.offline_day", "hub", config]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield Place(process.stdout.readline().strip(), authority.file)
        finally:
            process.terminate()


def _drain_alone(arguments: list[str]) -> int:
    directory, ratings, records, address, authority = arguments
    path = Path(directory)
    day = OfflineDay(path, KeyStore(path / "keys"), int(ratings), int(records))
    __import__("sync.delivery")
    before, cpu = _most_kib(), time.process_time()
    drain(day, Place(address, Path(authority)), 600)
    print(json.dumps({"cpu_s": time.process_time() - cpu, "grown_kib": _most_kib() - before}))
    return 0


def _most_kib() -> int:
    words = Path("/proc/self/status").read_text(encoding="ascii").split()
    return int(words[words.index("VmHWM:") + 1])


if __name__ == "__main__":
    from sync.hub.server import serve

    if sys.argv[1] == "hub":
        raise SystemExit(serve(Path(sys.argv[2]), lambda address: print(address, flush=True)))
    raise SystemExit(_drain_alone(sys.argv[2:]))
