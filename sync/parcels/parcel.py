"""The file that a kiosk writes: a header in the clear, the device's signature, and what only the hub can open.

    hall-parcel 1\\n | length of the header, 4 bytes | header, JSON | epoch, 4 bytes | signature, 64 bytes | sealed

The header has the SHA-256 of the sealed part, and the signature is over the header: nothing of the file can be changed.
It also has what it takes to check that signature, so that whoever carries a parcel knows that its device made it.
`docs/parcels.md` says the same for other programs.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct, field

from sync.chain import SUITE, SignatureError, device_id, epoch_keys, verify
from sync.parcels.naming import Stretch
from sync.parcels.opening import SealedContents, seal
from sync.records import Signed
from sync.wire import UNREADABLE, DeviceId, GenerationId, Hash

MAGIC: Final = b"hall-parcel 1\n"
MAX_PARCEL: Final = 4 * 1024 * 1024
"""Bytes of a file."""
MAX_HEADER: Final = 1024 * 1024
"""Bytes of a header: it grows by some 300 with each change of the signing key."""
_LENGTH: Final = 4
_SIGNATURE: Final = 64
_Seq = Annotated[int, Meta(ge=0, le=10**15 - 1)]


class Header(Struct, frozen=True, kw_only=True, tag_field="kind", tag="parcel"):
    """What stands in the clear. Its encoded bytes are signed as they are; a reader never encodes them anew."""

    protocol: Literal[1] = 1
    suite: Literal["intl"] = SUITE
    device: DeviceId
    generation: GenerationId
    first: _Seq = field(name="from")
    last: _Seq = field(name="to")
    head: Hash
    """Hash of record `to`."""
    first_key: Hash
    """The device's first public key: `device` is its SHA-256."""
    epochs: Sequence[Signed]
    """Every change of the signing key, oldest first."""
    wall_ms: int
    """The device's clock when it wrote the parcel."""
    size: Annotated[int, Meta(ge=0)]
    sha256: Hash
    """Of the sealed part, which has `size` bytes."""

    @property
    def stretch(self) -> Stretch:
        return Stretch(self.device[:8], self.generation, self.first, self.last)


@dataclass(frozen=True, slots=True)
class Parcel:
    """Whole, and signed by the device that it names."""

    header: Header
    sealed: bytes


class ParcelError(Exception):
    """Not a parcel, or not one to take. `code` ends a problem's type, the message is for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Sender:
    """The kiosk that writes: its signature, and whom it seals to."""

    first_key: bytes
    changes: Sequence[Signed]
    sign: Callable[[str], Signed]
    seal_key: bytes
    """The hub's X25519 public key, 32 bytes."""

    @property
    def device(self) -> str:
        return device_id(self.first_key)


def write_parcel(sender: Sender, stretch: Stretch, head: bytes, contents: SealedContents, wall_ms: int) -> bytes:
    sealed = seal(sender.seal_key, sender.device, stretch, contents)
    header = Header(
        device=sender.device,
        generation=stretch.generation,
        first=stretch.first,
        last=stretch.last,
        head=head,
        first_key=sender.first_key,
        epochs=sender.changes,
        wall_ms=wall_ms,
        size=len(sealed),
        sha256=hashlib.sha256(sealed).digest(),
    )
    signed = sender.sign(msgspec.json.encode(header).decode())
    text = signed.text.encode()
    epoch = signed.epoch.to_bytes(_LENGTH)
    return MAGIC + len(text).to_bytes(_LENGTH) + text + epoch + signed.signature + sealed


def read_parcel(content: bytes) -> Parcel:
    """Raises `ParcelError`: `malformed`, `cut-short`, `altered` or `wrong-device`."""
    if len(content) > MAX_PARCEL:
        raise ParcelError("malformed", f"a parcel has at most {MAX_PARCEL} bytes")
    start = len(MAGIC) + _LENGTH
    if not content.startswith(MAGIC[: len(content)]):
        raise ParcelError("malformed", "this file is no parcel")
    end = start + int.from_bytes(content[len(MAGIC) : start])
    sealed_at = end + _LENGTH + _SIGNATURE
    if end - start > MAX_HEADER:
        raise ParcelError("altered", "the parcel was altered: its header cannot be so long")
    if len(content) < sealed_at:
        raise _cut_short()
    epoch = int.from_bytes(content[end : end + _LENGTH])
    header = _signed_header(content[start:end], epoch, content[end + _LENGTH : sealed_at])
    sealed = content[sealed_at:]
    if len(sealed) < header.size:
        raise _cut_short()
    if len(sealed) > header.size or hashlib.sha256(sealed).digest() != header.sha256:
        raise ParcelError("altered", "the parcel was altered: its sealed part is not what the device signed")
    return Parcel(header, sealed)


def _signed_header(text: bytes, epoch: int, signature: bytes) -> Header:
    try:
        header = msgspec.json.decode(text, type=Header)
        keys = epoch_keys(header.device, header.first_key, list(header.epochs))
        verify(keys.get(epoch, b""), Signed(text.decode(), epoch, signature))
    except (*UNREADABLE, SignatureError) as fault:
        raise ParcelError("altered", f"the parcel was altered: {fault}") from fault
    if device_id(header.first_key) != header.device or header.first > header.last:
        raise ParcelError("wrong-device", "the parcel was not made by the device that it names")
    return header


def _cut_short() -> ParcelError:
    return ParcelError("cut-short", "the parcel is cut short: write it anew, and let the stick finish")
