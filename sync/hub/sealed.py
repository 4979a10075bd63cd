"""Sealed texts: kept as they come, where a record of the same batch commits to them. Nothing here can open one."""

import hashlib
import sqlite3
from base64 import b64encode

from sync.commitments import ask_of, commitments
from sync.hub.alarms import Alarms
from sync.hub.verify import Checked, decoded
from sync.records import Asked
from sync.wire import SealedLine

Commitment = tuple[bytes, str, str, bytes]
"""Visit, part, recipient, SHA-256 of the cipher text."""


def keep_sealed(db: sqlite3.Connection, device: str, checked: Checked, alarms: Alarms) -> tuple[int, int]:
    """How many lines were kept (or had been), and how many refused. Within the transaction of the batch."""
    committed = _commitments(db, device, checked)
    rows = [(line, hashlib.sha256(line.cipher).digest()) for line in checked.batch.sealed]
    good = [(line, digest) for line, digest in rows if _is_committed(line, digest, committed, checked)]
    db.executemany(
        "INSERT OR IGNORE INTO sealed (device, visit, part, recipient, digest, cipher) VALUES (?, ?, ?, ?, ?, ?)",
        ((device, line.visit, line.part, line.recipient, digest, line.cipher) for line, digest in good),
    )
    if len(good) < len(rows):
        alarms.raise_alarm("sealed-refused", f"{len(rows) - len(good)} sealed texts without a commitment")
    return len(good), len(rows) - len(good)


def _commitments(db: sqlite3.Connection, device: str, checked: Checked) -> set[Commitment]:
    found: set[Commitment] = set()
    for seq, record in enumerate(checked.records, checked.batch.envelope.first):
        parts, asked = commitments(record), ask_of(seq, record)
        visits = _visits(db, device, checked, asked) if parts and asked is not None else set()
        found |= {(visit, *part, digest) for visit in visits for part, digest in parts.items()}
    return found


def _visits(db: sqlite3.Connection, device: str, checked: Checked, asked: int) -> set[bytes]:
    """Ids of the visit that was asked for at this sequence; of two where the device has forked before it."""
    first, generation = checked.batch.envelope.first, checked.batch.envelope.generation
    asks = list(checked.records[asked - first :][:1]) if asked >= first else []
    if asked < first:
        rows = db.execute(
            "SELECT body FROM record JOIN branch ON branch.id = record.branch "
            "WHERE device = ? AND generation = ? AND seq = ?",
            (device, generation, asked),
        )
        asks = [decoded(row[0]) for row in rows]
    return {ask.visit for ask in asks if isinstance(ask, Asked)}


def _is_committed(line: SealedLine, digest: bytes, committed: set[Commitment], checked: Checked) -> bool:
    """A record of a kind that this version does not know commits by holding the digest in base64."""
    if (line.visit, line.part, line.recipient, digest) in committed:
        return True
    text = b64encode(digest)
    unknown = (body for record, body in zip(checked.records, checked.batch.bodies, strict=True) if record is None)
    return any(text in body for body in unknown)
