"""What is inside a parcel, for the hub alone: the batches as the courier would send them, and the device's token.

HPKE as in `sync.sealing`. `info` binds the cipher text to the device and stretch that the header names, so that nobody
can put another's contents under a header of their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import Annotated, Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from msgspec import Meta, Struct

from sync.parcels.naming import Stretch
from sync.wire import UNREADABLE

OVERHEAD: Final = 48
"""Bytes by which the sealed part is longer than what is in it."""
_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


@dataclass(frozen=True, slots=True)
class SealedContents:
    token: str = field(repr=False)
    """The token that would open this device's connection: where there is no connection, it tells a stranger."""
    batches: Sequence[bytes]
    """In gzip, in order; the next begins where the one before ends."""

    def encoded(self) -> bytes:
        index = msgspec.json.encode(_Index(self.token, [len(batch) for batch in self.batches]))
        return b"\n".join([index, b"".join(self.batches)])


class UnopenedError(Exception):
    """Not sealed to this key, or what is inside cannot be read."""


class _Index(Struct, frozen=True, forbid_unknown_fields=True):
    token: str
    batches: Annotated[list[Annotated[int, Meta(ge=1)]], Meta(min_length=1)]
    """The bytes of each."""


def seal(public_key: bytes, device: str, stretch: Stretch, contents: SealedContents) -> bytes:
    key = X25519PublicKey.from_public_bytes(public_key)
    return _SUITE.encrypt(contents.encoded(), key, _info(device, stretch))


def unseal(private_key: bytes, device: str, stretch: Stretch, sealed: bytes) -> SealedContents:
    """Raises `UnopenedError`."""
    try:
        key = X25519PrivateKey.from_private_bytes(private_key)
        plain = _SUITE.decrypt(sealed, key, _info(device, stretch))
    except (InvalidTag, ValueError) as fault:
        raise UnopenedError("the parcel is sealed to the key of another hub") from fault
    line, _, rest = plain.partition(b"\n")
    try:
        index = msgspec.json.decode(line, type=_Index)
    except UNREADABLE as fault:
        raise UnopenedError(f"what is in the parcel cannot be read: {fault}") from fault
    ends = list(accumulate(index.batches, initial=0))
    if ends[-1] != len(rest):
        raise UnopenedError("the batches in the parcel are not as long as it says")
    return SealedContents(index.token, [rest[start:end] for start, end in pairwise(ends)])


def _info(device: str, stretch: Stretch) -> bytes:
    place = f"{device}\x00{stretch.generation}\x00{stretch.first}\x00{stretch.last}"
    return b"hall-parcel/1\x00" + place.encode()
