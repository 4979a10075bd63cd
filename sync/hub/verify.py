"""Whether a batch is what its device signed. Pure: knows no database and no network.

Nothing of a batch is kept before all of it holds: the chain from `previous` to the last record, the signature of the
head over exactly that, the keys up to the one that signed, and for a generation's first record the device's own name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Literal

import msgspec

from sync.chain import NO_HASH, EpochText, HeadText, SignatureError, device_id, genesis, link, verify
from sync.records import Opened, Record, Signed, decode
from sync.wire import UNREADABLE, Batch

Code = Literal["bad-signature", "broken-chain", "unknown-epoch", "past-epoch", "wrong-device"]


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing of the batch was kept. `code` ends the problem's type, `detail` is for people."""

    code: Code
    detail: str


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """`keys`: epoch to its public keys. More than one in an epoch: copies of a cloned device went different ways."""

    first_key: bytes
    keys: Mapping[int, Sequence[bytes]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewKey:
    epoch: int
    key: bytes
    change: Signed


@dataclass(frozen=True, slots=True)
class Checked:
    """A batch that holds. `records` has None for a kind that this version does not know: kept all the same."""

    batch: Batch
    hashes: Sequence[bytes]
    records: Sequence[Record | None]
    head: HeadText
    first_key: bytes
    new_keys: Sequence[NewKey]


def check(device: str, batch: Batch, known: KnownDevice | None) -> Checked | Refused:
    """`known` is None where the hub has never heard of the device: then the batch must begin with sequence 0."""
    envelope = batch.envelope
    records = [decoded(body) for body in batch.bodies]
    hashes = list(accumulate(batch.bodies, link, initial=envelope.previous))[1:]
    changes = list(envelope.epochs)
    if envelope.first == 0:
        opened = _opening(device, batch, records[0])
        if isinstance(opened, Refused):
            return opened
        changes = [*opened.epochs, *changes]
        known = known or KnownDevice(opened.first_key)
    if known is None:
        return Refused("unknown-epoch", "the first batch of an unknown device begins with sequence 0")
    head = _head(device, batch, hashes[-1])
    if isinstance(head, Refused):
        return head
    new_keys = _new_keys(device, known, changes)
    if isinstance(new_keys, Refused):
        return new_keys
    fault = _signature(known, new_keys, envelope.head)
    return fault or Checked(batch, hashes, records, head, known.first_key, new_keys)


def decoded(body: bytes) -> Record | None:
    """None for what this version does not understand: it is kept all the same, whatever the device wrote."""
    try:
        return decode(body)
    except UNREADABLE:
        return None


def _opening(device: str, batch: Batch, first: Record | None) -> Opened | Refused:
    if not isinstance(first, Opened):
        return Refused("broken-chain", "sequence 0 of a generation is its `opened` record")
    if device_id(first.first_key) != device or first.device != device:
        return Refused("wrong-device", "the device's name is not the SHA-256 of its first key")
    if first.generation != batch.envelope.generation:
        return Refused("broken-chain", "the `opened` record is of another generation")
    before = first.previous.hash if first.previous else NO_HASH
    if genesis(first.first_key, first.generation, before) != batch.envelope.previous:
        return Refused("broken-chain", "`previous` is not the genesis hash of this generation")
    return first


def _head(device: str, batch: Batch, last_hash: bytes) -> HeadText | Refused:
    envelope = batch.envelope
    try:
        head = msgspec.json.decode(envelope.head.text, type=HeadText)
    except UNREADABLE as fault:
        return Refused("bad-signature", f"the head's text cannot be read: {fault}")
    if head.device != device or head.generation != envelope.generation:
        return Refused("wrong-device", "the head is of another device or generation")
    if head.seq != envelope.first + envelope.records - 1:
        return Refused("broken-chain", f"the head is over sequence {head.seq}, which is not the last of the batch")
    if head.hash != last_hash:
        return Refused("broken-chain", "the records do not lead from `previous` to the hash in the head")
    return head


def _new_keys(device: str, known: KnownDevice, changes: Sequence[Signed]) -> list[NewKey] | Refused:
    keys = _all_keys(known, ())
    found: list[NewKey] = []
    for change in changes:
        try:
            text = msgspec.json.decode(change.text, type=EpochText)
        except UNREADABLE as fault:
            return Refused("bad-signature", f"a change of key cannot be read: {fault}")
        if text.key in keys.get(text.epoch, ()):
            continue
        if text.device != device or not _signed_by_one(keys.get(text.epoch - 1, ()), change):
            return Refused("bad-signature", f"the key of epoch {text.epoch} is not signed by the key before")
        keys[text.epoch] = [*keys.get(text.epoch, ()), text.key]
        found.append(NewKey(text.epoch, text.key, change))
    return found


def _signature(known: KnownDevice, new_keys: Sequence[NewKey], head: Signed) -> Refused | None:
    candidates = _all_keys(known, new_keys).get(head.epoch, ())
    if not candidates:
        return Refused("unknown-epoch", f"the key of epoch {head.epoch} is not known: send the changes of key with it")
    if not _signed_by_one(candidates, head):
        return Refused("bad-signature", f"the head was not signed by the key of epoch {head.epoch}")
    return None


def _all_keys(known: KnownDevice, new_keys: Sequence[NewKey]) -> dict[int, Sequence[bytes]]:
    keys: dict[int, Sequence[bytes]] = {**known.keys, 0: [known.first_key]}
    for new in new_keys:
        keys[new.epoch] = [*keys.get(new.epoch, ()), new.key]
    return keys


def _signed_by_one(keys: Sequence[bytes], signed: Signed) -> bool:
    return any(_holds(key, signed) for key in keys)


def _holds(key: bytes, signed: Signed) -> bool:
    try:
        verify(key, signed)
    except SignatureError:
        return False
    return True
