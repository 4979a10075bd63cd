"""The hash rule and the signatures of the journal, by suite. `docs/journal.md` says the same for other programs.

    genesis  = H(suite ‖ 0x00 ‖ first public key ‖ generation id ‖ last hash known of the generation before)
    hash     = H(hash of the record before ‖ body), body = the exact bytes stored and sent
    receipt  = first 80 bits of H("receipt" ‖ hash)

Suite `intl`: H = SHA-256, signatures Ed25519. A further suite (`gm`: SM3, SM2) adds a branch here, no column anywhere.
"""

import hashlib
from dataclasses import dataclass
from typing import Final, Literal

import msgspec

from sync.records import Signed

Suite = Literal["intl"]
SUITE: Final[Suite] = "intl"
NO_HASH: Final = bytes(32)
"""Stands for "nothing is known of a generation before"."""

_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS: Final = tuple(first + second for first in _CROCKFORD for second in _CROCKFORD)


class HeadText(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a head says. Its encoded bytes are signed as they are; a reader never encodes them anew."""

    device: str
    generation: str
    seq: int
    hash: bytes
    totals: dict[str, int]
    """Outcome ("5".."1", "0" not rated, "-5".."-1" apologised) to its absolute count in this generation."""
    wall_ms: int
    open: dict[str, bool] = {}
    """In a head of the journal: the visits that have not ended, sequence of the ask to whether it has been pressed."""


class EpochText(msgspec.Struct, frozen=True):
    """What a change of the signing key says; signed by the key of `epoch` - 1."""

    device: str
    epoch: int
    key: bytes
    wall_ms: int


@dataclass(frozen=True, slots=True)
class SignatureError(Exception):
    """A signature that does not hold."""

    reason: str

    def __str__(self) -> str:
        return self.reason


def device_id(first_key: bytes) -> str:
    """64 hex digits: SHA-256 of the device's first public key (32 bytes)."""
    return hashlib.sha256(first_key).hexdigest()


def genesis(first_key: bytes, generation: str, previous_hash: bytes = NO_HASH) -> bytes:
    """`generation` is 32 hex digits; gives the 32 bytes that stand before the record with sequence 0."""
    return hashlib.sha256(b"intl\x00" + first_key + bytes.fromhex(generation) + previous_hash).digest()


def link(previous_hash: bytes, body: bytes) -> bytes:
    return hashlib.sha256(previous_hash + body).digest()


def receipt_code(record_hash: bytes) -> str:
    """16 characters in four groups (Crockford's base 32: no I, L, O, U). Commits to the record, tells no level."""
    n = int.from_bytes(hashlib.sha256(b"receipt" + record_hash).digest()[:10])
    p = _PAIRS  # ten bits at a time: this stands between a press and its thanks
    return (
        f"{p[n >> 70]}{p[n >> 60 & 1023]}-{p[n >> 50 & 1023]}{p[n >> 40 & 1023]}"
        f"-{p[n >> 30 & 1023]}{p[n >> 20 & 1023]}-{p[n >> 10 & 1023]}{p[n & 1023]}"
    )


def verify(public_key: bytes, signed: Signed) -> None:
    """Raises `SignatureError` unless the text was signed by this key (32 bytes, Ed25519)."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signed.signature, signed.text.encode())
    except (InvalidSignature, ValueError) as fault:
        raise SignatureError(f"the signature of epoch {signed.epoch} does not hold") from fault


def epoch_keys(device: str, first_key: bytes, changes: list[Signed]) -> dict[int, bytes]:
    """Epoch number to public key, each change checked under the key before it. Raises `SignatureError`."""
    keys = {0: first_key}
    for change in changes:
        text = msgspec.json.decode(change.text, type=EpochText)
        if text.epoch in keys and keys[text.epoch] == text.key:
            continue
        if text.device != device or text.epoch - 1 not in keys or text.epoch in keys:
            raise SignatureError(f"epoch {text.epoch} does not follow on what is known")
        verify(keys[text.epoch - 1], change)
        keys[text.epoch] = text.key
    return keys
