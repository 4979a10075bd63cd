"""What travels between a device and a hub: batches of records as NDJSON, and the hub's answers.

A batch is an envelope (one line of JSON), then the records (their exact bytes, a line each), then sealed texts (a line
of JSON each). The hashes of the records do not travel: whoever receives a batch computes them, and compares the last
one with the signed head. `docs/sync-protocol.md` says the same for other programs.
"""

import gzip
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct, field

from sync.records import Signed
from sync.release import Release

PROTOCOL: Final = 1
BATCH_TYPE: Final = "application/x-ndjson"
PARCEL_TYPE: Final = "application/octet-stream"
REPLY_TYPE: Final = "application/json"
PROBLEM_TYPE: Final = "application/problem+json"
MAX_COMPRESSED: Final = 2 * 1024 * 1024
"""Bytes of a batch as it travels."""
MAX_INFLATED: Final = 16 * 1024 * 1024
"""Bytes of a batch once inflated."""
MAX_LINES: Final = 50_000
UNREADABLE: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What decoding bytes from outside may raise."""

Count = Annotated[int, Meta(ge=0)]
DeviceId = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
GenerationId = Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
Hash = Annotated[bytes, Meta(min_length=32, max_length=32)]


class Envelope(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The first line of a batch."""

    protocol: Literal[1]
    suite: Literal["intl"]
    generation: GenerationId
    first: Count = field(name="from")
    """Sequence of the first record."""
    records: Annotated[int, Meta(ge=1)]
    sealed: Count = 0
    previous: Hash
    """Hash of the record before the first; the genesis hash where `from` is 0."""
    head: Signed
    """Head text over the last record of the batch; its totals are those up to and with that record."""
    epochs: list[Signed] = []
    """Changes of the signing key that the hub may not know, oldest first."""


class SealedLine(Struct, frozen=True):
    """One text sealed to one recipient. It must match a commitment in a record of the same batch."""

    visit: bytes
    part: str
    recipient: str
    cipher: bytes


@dataclass(frozen=True, slots=True)
class Batch:
    envelope: Envelope
    bodies: Sequence[bytes]
    sealed: Sequence[SealedLine]


class Mismatch(Struct, frozen=True):
    """Outcome totals of one generation that should be equal and are not."""

    head: dict[str, int]
    hub: dict[str, int]


class Reply(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The hub has everything of this branch below `next`, durably: all of the batch, and what is before it."""

    device: DeviceId
    generation: GenerationId
    next: Count
    """The sequence after the batch: send from there."""
    head: Hash
    """Hash of the record `next` - 1."""
    stored: Count
    repeated: Count
    epoch: Count
    """The newest signing epoch that the hub knows of this device."""
    branch: Count
    """0 is the main branch; anything else is a fork, kept beside it."""
    upstream: dict[str, Any]
    """How far the places behind the hub have this device's visits; null: none is connected."""
    time_ms: int
    """The hub's wall clock, milliseconds since 1970-01-01 UTC."""
    sealed_stored: Count = 0
    sealed_refused: Count = 0
    """Sealed lines without a commitment in the batch: not kept. The records stand."""
    mismatch: Mismatch | None = None
    release: Release | None = None
    """Which sealed texts of this generation the device may destroy; the same until more is settled."""


class KnownHash(Struct, frozen=True):
    seq: Count
    hash: Hash


class BranchStanding(Struct, frozen=True):
    branch: Count
    next: Count
    head: Hash
    locator: list[KnownHash]
    """Hashes going back from the head in doubling steps: where a device that forked finds the last common record."""


class GenerationStanding(Struct, frozen=True, omit_defaults=True):
    generation: GenerationId
    next: Count
    """Of the main branch."""
    head: Hash
    branches: list[BranchStanding]
    release: Release | None = None
    """As in `Reply`."""


class Standing(Struct, frozen=True):
    """Which sequence of which generation the hub has: the device sends from there."""

    device: DeviceId
    generations: list[GenerationStanding]
    epoch: Count
    upstream: dict[str, Any]
    time_ms: int


class Problem(Struct, frozen=True, omit_defaults=True):
    """RFC 9457. `type` ends in the code that a program goes by."""

    type: str
    title: str
    status: int
    detail: str = ""
    next: Count | None = None
    """With `gap` and `fork`: the sequence that the hub wants next on the main branch."""

    @property
    def code(self) -> str:
        return self.type.rpartition("/")[2]


class WireError(Exception):
    """The bytes are not a batch."""


_envelope: Final = msgspec.json.Decoder(Envelope)
_sealed: Final = msgspec.json.Decoder(SealedLine)
_encoder: Final = msgspec.json.Encoder()


def encode_batch(envelope: Envelope, bodies: Iterable[bytes], sealed: Iterable[SealedLine]) -> bytes:
    """The batch before compression."""
    return b"\n".join([_encoder.encode(envelope), *bodies, *map(_encoder.encode, sealed)]) + b"\n"


def compress(batch: bytes, level: int = 5) -> bytes:
    return gzip.compress(batch, level, mtime=0)


def read_batch(content: bytes) -> Batch:
    """`content` is inflated. Raises `WireError`."""
    if content.count(b"\n") > MAX_LINES:
        raise WireError(f"the batch has more than {MAX_LINES} lines")
    lines = content.split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    if not lines:
        raise WireError("the batch is empty: the first line is the envelope")
    try:
        envelope = _envelope.decode(lines[0])
    except UNREADABLE as fault:
        raise WireError(f"line 1 is not an envelope of protocol {PROTOCOL}: {fault}") from fault
    end = 1 + envelope.records
    if len(lines) != end + envelope.sealed:
        raise WireError(
            f"the envelope announces {envelope.records} records and {envelope.sealed} sealed lines, "
            f"{len(lines) - 1} lines follow",
        )
    return Batch(envelope, lines[1:end], [_read_sealed(line, end + at) for at, line in enumerate(lines[end:], 1)])


def _read_sealed(line: bytes, number: int) -> SealedLine:
    try:
        return _sealed.decode(line)
    except UNREADABLE as fault:
        raise WireError(f"line {number} is not a sealed line: {fault}") from fault
