"""One message to a platform, and what came back."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """`path` is added to the platform's address."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    def __repr__(self) -> str:
        return f"Message({self.path!r}, {len(self.body)} bytes)"


@dataclass(frozen=True, slots=True)
class Reply:
    """`whole` is False where the body was too long, cut off, or packed in a way that cannot be unpacked."""

    status: int
    body: bytes = b""
    whole: bool = True
    retry_after: str | None = None
    date: str | None = None

    def __repr__(self) -> str:
        return f"Reply({self.status}, {len(self.body)} bytes)"


@dataclass(frozen=True, slots=True)
class NoReply:
    """`sent`: the platform may have got the message."""

    words: str
    sent: bool
