"""Takes a parcel apart and gives its batches to the store, as if the device had sent them itself.

The same checks, repeats and forks as on the line; instead of the connection's token, the device's token that is sealed
inside. What a parcel brings is kept batch by batch: one that is refused in the middle leaves what came before it, as a
line that is cut would.
"""

import logging
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

from sync.hub.roles import role_of
from sync.hub.schema import HubError
from sync.hub.seal_changes import private_keys
from sync.hub.settings import HubSettings
from sync.hub.setup import SEAL_KEY_FILE
from sync.hub.store import NotNext, Store
from sync.hub.verify import Refused
from sync.parcels.acknowledgement import Acknowledgement, AcknowledgementText
from sync.parcels.opening import SealedContents, UnopenedError, unseal
from sync.parcels.parcel import Header, ParcelError, read_parcel
from sync.wire import MAX_COMPRESSED, MAX_INFLATED, Batch, Reply, WireError, read_batch

log = logging.getLogger(__name__)
T = TypeVar("T")


class OnStore(Protocol):
    """Has a short piece of work done on the store's thread, and waits for it."""

    def __call__(self, work: Callable[[], T], /) -> T: ...


@dataclass(frozen=True, slots=True)
class ParcelIntake:
    settings: HubSettings
    store: Store
    on_store: OnStore

    def take(self, content: bytes, now_ms: int) -> Acknowledgement | NotNext | Refused:
        """On any thread but the store's; others may send meanwhile. Durable when it returns an acknowledgement.

        Raises `ParcelError` for what is no parcel for this hub, `HubError` where the hub lacks a key, `sqlite3.Error`
        where the disk does not allow it.
        """
        parcel = read_parcel(content)
        header = parcel.header
        if self.store.enrolments.is_revoked(header.device):
            raise ParcelError("stranger", "the kiosk that wrote it was shut out of this hub: enrol it, write anew")
        contents = _unsealed(_seal_keys(Path(self.settings.directory)), header, parcel.sealed)
        if role_of(self.settings, self.store.enrolments, contents.token) != "device":
            raise ParcelError("stranger", "the kiosk that wrote it has no token of this hub: set it there, write anew")
        reply: Reply | None = None
        for batch in _batches(contents, header):
            outcome = self.on_store(partial(self.store.take, header.device, batch, now_ms))
            if not isinstance(outcome, Reply):
                return outcome
            reply = outcome
        assert reply is not None  # noqa: S101 - an index of no batches cannot be read
        log.info("device %.12s: a parcel up to sequence %d", header.device, reply.next - 1)
        return self.on_store(partial(self.store.acknowledge, _text(reply, now_ms), reply.release))


def _seal_keys(directory: Path) -> list[bytes]:
    """Those that parcels were ever sealed to, the newest first. Raises `HubError` where all are kept elsewhere."""
    try:
        keys = private_keys(directory)
    except (OSError, ValueError) as fault:
        raise HubError(f"the keys in {directory} cannot be read ({fault}): put their copies back") from fault
    if not keys:
        raise HubError(f"{directory / SEAL_KEY_FILE} is missing: a hub that takes parcels needs it — put its copy back")
    return keys


def _text(reply: Reply, now_ms: int) -> AcknowledgementText:
    """What the device would have been told on the line."""
    return AcknowledgementText(
        device=reply.device, generation=reply.generation, last=reply.next - 1, head=reply.head, time_ms=now_ms
    )


def _unsealed(keys: list[bytes], header: Header, sealed: bytes) -> SealedContents:
    for key in keys:
        try:
            return unseal(key, header.device, header.stretch, sealed)
        except UnopenedError as fault:
            refusal = ParcelError("wrong-hub", str(fault))
    raise refusal


def _batches(contents: SealedContents, header: Header) -> Iterator[Batch]:
    """One after the other: all of them inflated would be hundreds of megabytes. Raises `ParcelError`."""
    first = header.first
    for packed in contents.batches:
        batch = _batch(packed)
        if (batch.envelope.generation, batch.envelope.first) != (header.generation, first):
            raise ParcelError("malformed", "the batches of the parcel are not those that its header names")
        first += batch.envelope.records
        if first > header.last + 1:
            break
        yield batch
    if first != header.last + 1:
        raise ParcelError("malformed", "the parcel does not end with the record that its header names")


def _batch(packed: bytes) -> Batch:
    try:
        return read_batch(_inflated(packed))
    except (WireError, zlib.error) as fault:
        raise ParcelError("malformed", f"a batch of the parcel cannot be read: {fault}") from fault


def _inflated(packed: bytes) -> bytes:
    unpack = zlib.decompressobj(wbits=31)
    body = unpack.decompress(packed, MAX_INFLATED + 1) if len(packed) <= MAX_COMPRESSED else b""
    if not body or len(body) > MAX_INFLATED or not unpack.eof or unpack.unused_data:
        raise WireError("it is larger than a batch may be, or no whole gzip member")
    return body
