"""The pair that citizens' words are sealed to, and how its owner names the next one.

The private half (X25519) opens and cannot sign. The key that signs a change (Ed25519) is derived from it, so that one
secret in one safe does both: whoever can open may say to whom is sealed next, and nobody else.
"""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct, field

from sync.chain import SUITE, SignatureError, verify
from sync.files import write_durably
from sync.records import Signed

MOST_CHANGES: Final = 100
_INFO: Final = b"hall-kiosk/1\x00seal-change"

Key = Annotated[bytes, Meta(min_length=32, max_length=32)]


class SealChangeText(Struct, frozen=True, tag_field="kind", tag="seal-change", kw_only=True):
    """What the owner of the key before signs. Its encoded bytes are signed as they are."""

    suite: Literal["intl"] = field(default=SUITE)
    before: Key
    seal_key: Key
    seal_change_key: Key
    wall_ms: int


class SealChange(Struct, frozen=True):
    """A text, and its signature under the change key that goes with `before`."""

    text: str
    signature: bytes


class SealPair(Struct, frozen=True):
    """Public halves: what is sealed to, and what signs the change to the next."""

    seal_key: bytes
    change_key: bytes


class SealOwner:
    """Whoever holds the private half (32 bytes, X25519)."""

    def __init__(self, private: bytes) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        self.private = private
        self._signing = Ed25519PrivateKey.from_private_bytes(HKDF(SHA256(), 32, None, _INFO).derive(private))
        self.pair = SealPair(
            X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw(),
            self._signing.public_key().public_bytes_raw(),
        )

    @staticmethod
    def fresh() -> "SealOwner":
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

        return SealOwner(X25519PrivateKey.generate().private_bytes_raw())

    @staticmethod
    def read(path: Path) -> "SealOwner":
        """Raises `OSError`, or `ValueError` for a file that holds no key."""
        return SealOwner(b64decode(path.read_bytes(), validate=False))

    def write(self, path: Path) -> None:
        write_durably(path, b64encode(self.private) + b"\n")

    @property
    def seal_key(self) -> str:
        """Public, base64."""
        return b64encode(self.pair.seal_key).decode()

    @property
    def change_key(self) -> str:
        """Public, base64."""
        return b64encode(self.pair.change_key).decode()

    def hand_over(self, to: "SealOwner", wall_ms: int) -> SealChange:
        text = msgspec.json.encode(
            SealChangeText(
                before=self.pair.seal_key,
                seal_key=to.pair.seal_key,
                seal_change_key=to.pair.change_key,
                wall_ms=wall_ms,
            )
        )
        return SealChange(text.decode(), self._signing.sign(text))


def follow(pinned: SealPair, changes: Sequence[SealChange]) -> SealPair:
    """The pair that holds after every change that leads on from the pinned one; others are passed over.

    A change that names the pair before and is not signed by its owner leads nowhere.
    """
    current = pinned
    for change in changes[:MOST_CHANGES]:
        current = _next(current, change) or current
    return current


def _next(current: SealPair, change: SealChange) -> SealPair | None:
    try:
        verify(current.change_key, Signed(change.text, 0, change.signature))
        text = msgspec.json.decode(change.text, type=SealChangeText)
    except (SignatureError, msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    return SealPair(text.seal_key, text.seal_change_key) if text.before == current.seal_key else None
