"""The device's signing keys: one epoch at a time, the key before erased.

In `keys/` (0700): `first.pub`, `epoch-N.key` (32 bytes, 0600), `epochs.jsonl` (every change, signed by the key before),
`pseudonym.key`. Whoever takes the disk can sign from now on, never the past again. What flash cells keep of an erased
file is beyond software.
"""

import logging
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from threading import Lock

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from sync.chain import EpochText, device_id
from sync.files import sync_directory, write_durably
from sync.records import Signed

log = logging.getLogger(__name__)


class KeyStoreError(Exception):
    """The keys folder does not hold what it should."""


class KeyStore:
    """Signs with the key of the current epoch. Any thread may sign; one at a time changes the epoch."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock = Lock()
        if not directory.exists():
            directory.mkdir(mode=0o700, parents=True)
            sync_directory(directory.parent)
        self.fresh = not (directory / "first.pub").exists()
        """The keys were made just now: this device has never recorded anything."""
        if self.fresh:
            self._create()
        self.first_key = (directory / "first.pub").read_bytes()
        self.device = device_id(self.first_key)
        self.pseudonym_key = (directory / "pseudonym.key").read_bytes()
        self._changes = self._read_changes()
        self._epoch = len(self._changes)
        self._key = self._load(self._epoch)

    @property
    def epoch(self) -> int:
        return self._epoch

    @property
    def changes(self) -> list[Signed]:
        """Every change of key so far, oldest first."""
        with self._lock:
            return list(self._changes)

    def sign(self, text: str) -> Signed:
        with self._lock:
            return Signed(text, self._epoch, self._key.sign(text.encode()))

    @property
    def changed_ms(self) -> int | None:
        """Wall clock of the last change of key; None while the first is in use."""
        with self._lock:
            return msgspec.json.decode(self._changes[-1].text, type=EpochText).wall_ms if self._changes else None

    def next_epoch(self, wall_ms: int, publish: Callable[[Signed], None]) -> None:
        """Replaces the signing key. `publish` makes the change durable elsewhere; the old key is erased after it."""
        with self._lock:
            old, key = self._epoch, Ed25519PrivateKey.generate()
            text = msgspec.json.encode(EpochText(self.device, old + 1, _public(key), wall_ms)).decode()
            change = Signed(text, old, self._key.sign(text.encode()))
            self._write_key(old + 1, key)
            changes = [*self._changes, change]
            # as a whole, never appended: a torn append can leave a line with a hole in it
            lines = b"".join(msgspec.json.encode(one) + b"\n" for one in changes)
            write_durably(self._directory / "epochs.jsonl", lines)
            self._changes = changes
            self._epoch, self._key = old + 1, key
        publish(change)
        self.erase_past()

    def erase_past(self) -> None:
        """Erases every private key but the current one; called again at start, should the power have gone before."""
        current = f"epoch-{self._epoch}.key"
        for path in self._directory.glob("epoch-*.key"):
            if path.name != current:
                with path.open("r+b") as stream:
                    stream.write(bytes(32))
                    stream.flush()
                    os.fsync(stream.fileno())
                path.unlink()
        sync_directory(self._directory)

    def _create(self) -> None:
        key = Ed25519PrivateKey.generate()
        self._write_key(0, key)
        write_durably(self._directory / "pseudonym.key", secrets.token_bytes(32))
        write_durably(self._directory / "first.pub", _public(key))
        log.info("a new device key was made")

    def _write_key(self, epoch: int, key: Ed25519PrivateKey) -> None:
        raw = key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        write_durably(self._directory / f"epoch-{epoch}.key", raw)

    def _read_changes(self) -> list[Signed]:
        path = self._directory / "epochs.jsonl"
        if not path.exists():
            return []
        try:
            return [msgspec.json.decode(line, type=Signed) for line in path.read_bytes().splitlines()]
        except msgspec.DecodeError as fault:
            raise KeyStoreError(f"{path} is damaged: move {self._directory} aside to start as a new device") from fault

    def _load(self, epoch: int) -> Ed25519PrivateKey:
        path = self._directory / f"epoch-{epoch}.key"
        try:
            return Ed25519PrivateKey.from_private_bytes(path.read_bytes())
        except (OSError, ValueError) as fault:
            raise KeyStoreError(
                f"{path} is missing or damaged: move {self._directory} aside to start as a new device"
            ) from fault


def _public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
