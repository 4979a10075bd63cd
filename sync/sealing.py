"""Sealing to a recipient's public key, before anything touches the disk. Nothing here can open what it sealed.

Suite `intl`: HPKE (RFC 9180) base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305. The cipher text is
the encapsulated key followed by the box. `info` binds it to its visit and part, so that no box can be moved to another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_BLOCK: Final = 256
"""Plain text is padded with spaces to a multiple of this many bytes: the length tells nobody's name."""


@dataclass(frozen=True, slots=True)
class Recipient:
    name: str
    public_key: bytes
    """X25519, 32 bytes."""


class UnsealError(Exception):
    """The box was not sealed to this key, for this visit and part."""


class Sealer:
    def __init__(self, recipients: Sequence[Recipient]) -> None:
        self._recipients = [(one.name, X25519PublicKey.from_public_bytes(one.public_key)) for one in recipients]

    def seal(self, visit: bytes, part: str, plain: bytes) -> list[tuple[str, bytes]]:
        """For each recipient: name, cipher text."""
        padded = plain + b" " * (-len(plain) % _BLOCK)
        return [(name, _SUITE.encrypt(padded, key, _info(visit, part))) for name, key in self._recipients]


def unseal(private_key: bytes, visit: bytes, part: str, cipher: bytes) -> bytes:
    """For the hub and the inspector, who hold a private key. Raises `UnsealError`."""
    try:
        key = X25519PrivateKey.from_private_bytes(private_key)
        return _SUITE.decrypt(cipher, key, _info(visit, part)).rstrip(b" ")
    except (InvalidTag, ValueError) as fault:
        raise UnsealError(f"the box {part} was not sealed to this key") from fault


def _info(visit: bytes, part: str) -> bytes:
    return b"hall-kiosk/1\x00" + visit + part.encode()
