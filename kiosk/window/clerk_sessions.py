"""Who has opened the clerk page: a browser that once knew the window's token. In memory, so a restart ends them all."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from sync.records import At

LASTS_S: Final = 12 * 3600
MOST: Final = 100
"""Sessions in all; the oldest makes room."""
FORMS: Final = 200
"""Submitted forms remembered a session."""


@dataclass(slots=True)
class Session:
    window: str
    token_hash: str
    """The token it was opened with: a new token ends it."""
    expires_boot_ms: int
    notice: str = ""
    """Shown once, on the next page."""
    slip: str = ""
    """Visit asked for last, hex, where there is a slip to print for it; empty where there is none."""
    _submitted: OrderedDict[bytes, None] = field(default_factory=OrderedDict)

    def first_time(self, form: tuple[str, ...]) -> bool:
        """Whether this form, of this id and with this content, comes for the first time."""
        digest = _digest(form)
        if digest in self._submitted:
            return False
        self._submitted[digest] = None
        if len(self._submitted) > FORMS:
            self._submitted.popitem(last=False)
        return True

    def forget(self, form: tuple[str, ...]) -> None:
        """Nothing came of it: it may be sent again."""
        self._submitted.pop(_digest(form), None)


def _digest(form: tuple[str, ...]) -> bytes:
    return hashlib.sha256(repr(form).encode()).digest()


class ClerkSessions:
    def __init__(self, now: Callable[[], At], random_bytes: Callable[[int], bytes]) -> None:
        self._now = now
        self._random_bytes = random_bytes
        self._sessions: OrderedDict[str, Session] = OrderedDict()

    def open(self, window: str, token_hash: str) -> str:
        """The secret for the cookie."""
        secret = self._random_bytes(32).hex()
        self._sessions[secret] = Session(window, token_hash, self._now().boot_ms + LASTS_S * 1000)
        if len(self._sessions) > MOST:
            self._sessions.popitem(last=False)
        return secret

    def find(self, secret: str, window: str, token_hash: str | None) -> Session | None:
        session = self._sessions.get(secret)
        if session is None or session.window != window:
            return None
        if session.token_hash != token_hash or self._now().boot_ms >= session.expires_boot_ms:
            self.close(secret)
            return None
        return session

    def close(self, secret: str) -> None:
        self._sessions.pop(secret, None)
