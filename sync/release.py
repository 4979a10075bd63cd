"""The hub's word that sealed texts are no longer needed: the one thing that lets a device destroy any.

A release is a text and the hub's signature over its exact bytes (suite `intl`: Ed25519). It names device, generation,
the sequence below which the boxes of every ask are settled, and the hash of the record before it: a hub that holds
another chain releases nothing here. `docs/sync-protocol.md` says the same for other programs.
"""

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct, field

from sync.chain import SUITE

MOST_EXCEPTIONS: Final = 100
"""Asks below `next` that a release may leave out; where more wait, `next` is lowered."""

_Count = Annotated[int, Meta(ge=0, le=1 << 53)]


class ReleaseText(Struct, frozen=True, omit_defaults=True, kw_only=True, tag_field="kind", tag="release"):
    """What a release says. Its encoded bytes are signed as they are; a reader never encodes them anew."""

    suite: Literal["intl"] = field(default=SUITE)
    device: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    generation: Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
    next: _Count
    """The sealed boxes of every ask below this sequence are settled, except those of `unsettled`."""
    hash: Annotated[bytes, Meta(min_length=32, max_length=32)]
    """Of the record `next` - 1."""
    unsettled: Annotated[list[_Count], Meta(max_length=MOST_EXCEPTIONS)] = field(name="except", default_factory=list)
    time_ms: _Count
    """The hub's wall clock when the last visit in it was settled."""

    def covers(self, asked: int) -> bool:
        return asked < self.next and asked not in self.unsettled


class Release(Struct, frozen=True):
    """A text and the hub's signature over its bytes."""

    text: str
    signature: bytes


class ReleaseError(Exception):
    """Not a release of the hub that is trusted, or not one for this journal. `code` is for programs."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class ReleaseKey:
    """The hub's private key (32 bytes, Ed25519). Signs releases, and acknowledgements of parcels: texts that name their
    kind.
    """

    def __init__(self, private: bytes) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self._key = Ed25519PrivateKey.from_private_bytes(private)

    @property
    def public(self) -> bytes:
        return self._key.public_key().public_bytes_raw()

    def sign(self, text: ReleaseText) -> Release:
        encoded = msgspec.json.encode(text)
        return Release(encoded.decode(), self.signature(encoded))

    def signature(self, encoded: bytes) -> bytes:
        return self._key.sign(encoded)


def read_release(release: Release, hub_key: bytes) -> ReleaseText:
    """`hub_key` is the public key (32 bytes) that the settings pin. Raises `ReleaseError`."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(hub_key).verify(release.signature, release.text.encode())
    except (InvalidSignature, ValueError) as fault:
        raise ReleaseError("bad-signature", "not signed by the hub key of the settings") from fault
    try:
        return msgspec.json.decode(release.text, type=ReleaseText)
    except (msgspec.MsgspecError, RecursionError) as fault:
        raise ReleaseError("unreadable", f"signed by the hub, and not a release: {fault}") from fault
