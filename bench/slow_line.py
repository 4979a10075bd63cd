"""A day of 300 ratings over a line such as 2G gives: 1 kB a second each way, 3 s there and back. With TLS."""

import tempfile
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from bench.offline_day import Place, drain, record_day, running_hub
from tests.sync.fault_proxy import FaultProxy, Relay

RATINGS = 300
LINE = Relay(piece=128, bytes_a_second=1000, one_way_s=1.5)


def figures() -> list[tuple[str, str, str]]:
    with tempfile.TemporaryDirectory(prefix="bench-slow-line-") as folder:
        key = X25519PrivateKey.generate().public_key().public_bytes_raw()
        plain, sealed = _sent(Path(folder, "plain"), b""), _sent(Path(folder, "sealed"), key)
    return [
        ("300 ratings at 1 kB/s and 3 s round trip", "< 180 s", f"{plain:.0f} s"),
        ("the same, each with a case sealed to the hub", "", f"{sealed:.0f} s"),
    ]


def _sent(folder: Path, recipient: bytes) -> float:
    day = record_day(folder / "kiosk", RATINGS, recipient)
    with running_hub(folder / "hub") as hub:
        host, _, port = hub.address.removeprefix("https://").rpartition(":")
        proxy = FaultProxy((host, int(port)))
        proxy.always = LINE
        try:
            return drain(day, Place(f"https://127.0.0.1:{proxy.place[1]}", hub.authority), 900)
        finally:
            proxy.close()
