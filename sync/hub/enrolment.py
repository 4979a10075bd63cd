"""Codes that are used once, the tokens that devices got for them, and who was revoked: see `docs/enrolment.md`.

Belongs to the store's thread, but for `token_of` and `is_revoked`, which read what stands in memory. A code and a token
are kept as hashes. The tables are added to any store; a hub from before them passes them over.
"""

import hashlib
import logging
import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from msgspec import Meta, Struct

from sync.enrolment import (
    Code,
    Enrolled,
    EnrolmentAsked,
    EnrolmentError,
    Pinned,
    Proven,
    check_proof,
    fresh_code,
    secret_digest,
)
from sync.transaction import transaction

log = logging.getLogger(__name__)

SHORTEST_MINUTES: Final = 5
LONGEST_MINUTES: Final = 7 * 24 * 60
_TABLES: Final = (
    """CREATE TABLE IF NOT EXISTS enrolment_code (
        digest TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        made_ms INTEGER NOT NULL,
        expires_ms INTEGER NOT NULL,
        device TEXT
    ) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS device_token (
        digest TEXT PRIMARY KEY,
        device TEXT NOT NULL,
        name TEXT NOT NULL,
        made_ms INTEGER NOT NULL,
        ended_ms INTEGER
    ) WITHOUT ROWID""",
    "CREATE TABLE IF NOT EXISTS revoked_device (device TEXT PRIMARY KEY, revoked_ms INTEGER NOT NULL) WITHOUT ROWID",
)


class EnrolAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """What an operator asks for: one code, for one device."""

    name: Annotated[str, Meta(min_length=1, max_length=60)]
    """Of the window or the place, as people know it."""
    minutes: Annotated[int, Meta(ge=SHORTEST_MINUTES, le=LONGEST_MINUTES)] = 60


class KnownDevice(Struct, frozen=True):
    """One device, as the hub's operator sees it."""

    device: str
    name: str
    """Empty where it was never enrolled: it came with a token of hub.toml."""
    enrolled_ms: int | None
    contact_ms: int | None
    """When it last sent something new."""
    revoked: bool


@dataclass(frozen=True, slots=True)
class DeviceToken:
    device: str
    ended: bool
    """Replaced by a later enrolment, or revoked."""


class Enrolments:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        for table in _TABLES:
            db.execute(table)
        self._tokens: Mapping[str, DeviceToken] = {}
        self._revoked: frozenset[str] = frozenset()
        self._refresh()

    def token_of(self, token_digest: str) -> DeviceToken | None:
        """From any thread; SHA-256 of the token, hex."""
        return self._tokens.get(token_digest)

    def is_revoked(self, device: str) -> bool:
        """From any thread."""
        return device in self._revoked

    def make_code(self, asked: EnrolAsked, pinned: Pinned, now_ms: int) -> tuple[Code, int]:
        """The code and when it ends, wall clock. Durable when it returns."""
        code, expires_ms = fresh_code(pinned), now_ms + asked.minutes * 60_000
        with transaction(self._db):
            self._db.execute("DELETE FROM enrolment_code WHERE expires_ms < ?", (now_ms,))
            self._db.execute(
                "INSERT INTO enrolment_code (digest, name, made_ms, expires_ms) VALUES (?, ?, ?, ?)",
                (code.digest, asked.name, now_ms, expires_ms),
            )
        return code, expires_ms

    def enrol(self, asked: EnrolmentAsked, pinned: Pinned, now_ms: int) -> Enrolled:
        """Durable when it returns. The same device may ask again with the same code, should the answer have been lost:
        it gets another token, and the one before ends. Raises `EnrolmentError`.
        """
        proven = check_proof(asked)
        self._refuse_old_copy(proven)
        digest, token = secret_digest(asked.secret), secrets.token_urlsafe(32)
        with transaction(self._db):
            row = self._db.execute(
                "SELECT name, expires_ms, device FROM enrolment_code WHERE digest = ?", (digest,)
            ).fetchone()
            if row is None or row[1] <= now_ms or row[2] not in {None, proven.device}:
                raise EnrolmentError("this code is not known here, is too old or was used: make another on the hub")
            self._db.execute("UPDATE enrolment_code SET device = ? WHERE digest = ?", (proven.device, digest))
            self._end_tokens(proven.device, now_ms)
            self._db.execute("DELETE FROM revoked_device WHERE device = ?", (proven.device,))
            self._db.execute(
                "INSERT INTO device_token (digest, device, name, made_ms) VALUES (?, ?, ?, ?)",
                (hashlib.sha256(token.encode()).hexdigest(), proven.device, row[0], now_ms),
            )
        self._refresh()
        log.info("device %.12s is enrolled", proven.device)
        return Enrolled(proven.device, token, pinned, now_ms)

    def revoke(self, device: str, now_ms: int) -> None:
        """Durable when it returns. Raises `EnrolmentError` where no one device is meant."""
        named = [one.device for one in self.devices() if device and one.device.startswith(device)]
        if len(named) != 1:
            problem = "several devices are named so" if named else "no device is named so"
            raise EnrolmentError(f"{device!r}: {problem}: take the name from `kiosk hub devices`")
        with transaction(self._db):
            self._end_tokens(named[0], now_ms)
            self._db.execute("INSERT OR IGNORE INTO revoked_device VALUES (?, ?)", (named[0], now_ms))
        self._refresh()
        log.info("device %.12s is revoked", named[0])

    def devices(self) -> list[KnownDevice]:
        """In the order in which they became known."""
        rows = self._db.execute(
            "WITH one AS (SELECT device FROM device UNION SELECT device FROM device_token), "
            "newest AS (SELECT device, name, max(made_ms) AS made_ms FROM device_token GROUP BY device) "
            "SELECT one.device, coalesce(name, ''), made_ms, contact_ms, revoked_ms IS NOT NULL FROM one "
            "LEFT JOIN newest USING (device) LEFT JOIN device USING (device) LEFT JOIN revoked_device USING (device) "
            "ORDER BY coalesce(made_ms, 0), one.device"
        )
        return [
            KnownDevice(device, name, enrolled_ms, contact_ms, bool(revoked))
            for device, name, enrolled_ms, contact_ms, revoked in rows
        ]

    def _refuse_old_copy(self, proven: Proven) -> None:
        known = self._db.execute(
            "SELECT epoch, key FROM signing_key WHERE device = ? "
            "AND epoch = (SELECT max(epoch) FROM signing_key WHERE device = ?)",
            (proven.device, proven.device),
        ).fetchall()
        if known and proven.keys.get(known[0][0]) not in {key for _, key in known}:
            raise EnrolmentError(
                "this device has signed here with a later key than it has now: it is a copy. "
                "Let it begin as a device of its own: kiosk enrol --new-device"
            )

    def _end_tokens(self, device: str, now_ms: int) -> None:
        self._db.execute("UPDATE device_token SET ended_ms = ? WHERE device = ? AND ended_ms IS NULL", (now_ms, device))

    def _refresh(self) -> None:
        rows = self._db.execute("SELECT digest, device, ended_ms IS NOT NULL FROM device_token")
        self._tokens = {digest: DeviceToken(device, bool(ended)) for digest, device, ended in rows}
        self._revoked = frozenset(device for (device,) in self._db.execute("SELECT device FROM revoked_device"))
