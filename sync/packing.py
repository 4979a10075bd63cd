"""A stretch of the journal as the batch that a hub takes, signed and in gzip: what the courier and parcels send."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from sync.chain import SUITE, HeadText
from sync.courier import Signing
from sync.wire import MAX_COMPRESSED, MAX_INFLATED, PROTOCOL, Envelope, SealedLine, compress, encode_batch

if TYPE_CHECKING:
    from sync.journal.reader import Slice


@dataclass(frozen=True, slots=True)
class Packed:
    piece: "Slice"
    content: bytes
    too_large: bool
    """Larger than a hub takes, and it can be made smaller."""


def pack(device: str, piece: "Slice", signing: Signing, wall_ms: int, hub_epoch: int) -> Packed:
    """`hub_epoch`: the newest change of key that the hub is known to have; 0 where nothing is known."""
    text = HeadText(device, piece.generation, piece.next_seq - 1, piece.head_hash, piece.totals, wall_ms)
    envelope = Envelope(
        protocol=PROTOCOL,
        suite=SUITE,
        generation=piece.generation,
        first=piece.from_seq,
        records=len(piece.bodies),
        sealed=len(piece.sealed),
        previous=piece.previous_hash,
        head=signing.sign(msgspec.json.encode(text).decode()),
        epochs=[change for change in signing.epochs() if change.epoch >= hub_epoch],
    )
    sealed = [SealedLine(one.visit, one.part, one.recipient, one.cipher) for one in piece.sealed]
    batch = encode_batch(envelope, piece.bodies, sealed)
    content = compress(batch)
    fits = len(batch) <= MAX_INFLATED and len(content) <= MAX_COMPRESSED
    return Packed(piece, content, too_large=not fits and len(piece.bodies) > 1)
