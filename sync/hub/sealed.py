"""Sealed texts: kept as they come, where a record of the same batch commits to them. Nothing here can open one."""

import hashlib
import sqlite3
from base64 import b64encode
from collections.abc import Sequence

from sync.hub.alarms import Alarms
from sync.hub.verify import Checked
from sync.records import Asked, Record
from sync.wire import SealedLine

Commitment = tuple[bytes, str, str, bytes]
"""Visit, part, recipient, SHA-256 of the cipher text."""


def keep_sealed(db: sqlite3.Connection, device: str, checked: Checked, alarms: Alarms) -> tuple[int, int]:
    """How many lines were kept (or had been), and how many refused. Within the transaction of the batch."""
    committed = _commitments(checked.records)
    rows = [(line, hashlib.sha256(line.cipher).digest()) for line in checked.batch.sealed]
    good = [(line, digest) for line, digest in rows if _is_committed(line, digest, committed, checked)]
    db.executemany(
        "INSERT OR IGNORE INTO sealed (device, visit, part, recipient, digest, cipher) VALUES (?, ?, ?, ?, ?, ?)",
        ((device, line.visit, line.part, line.recipient, digest, line.cipher) for line, digest in good),
    )
    if len(good) < len(rows):
        alarms.raise_alarm("sealed-refused", f"{len(rows) - len(good)} sealed texts without a commitment")
    return len(good), len(rows) - len(good)


def _commitments(records: Sequence[Record | None]) -> set[Commitment]:
    return {
        (record.visit, f"case:{number}", recipient, digest)
        for record in records
        if isinstance(record, Asked)
        for number, case in enumerate(record.cases)
        for recipient, digest in case.sealed
    }


def _is_committed(line: SealedLine, digest: bytes, committed: set[Commitment], checked: Checked) -> bool:
    """A record of a kind that this version does not know commits by holding the digest in base64."""
    if (line.visit, line.part, line.recipient, digest) in committed:
        return True
    text = b64encode(digest)
    unknown = (body for record, body in zip(checked.records, checked.batch.bodies, strict=True) if record is None)
    return any(text in body for body in unknown)
