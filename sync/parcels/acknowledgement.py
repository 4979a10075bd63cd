"""The hub's signed word that it has a parcel's records: what moves the cursor of a kiosk without network.

A text and the signature of the hub's release key over its exact bytes. `kind` tells it from a release, which the same
key signs. A release may lie beside it; it is judged by itself (`sync.release`).
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct, field

from sync.chain import SUITE, SignatureError, verify
from sync.records import Signed
from sync.release import Release
from sync.wire import UNREADABLE, DeviceId, GenerationId, Hash

if TYPE_CHECKING:
    from sync.journal.reader import JournalReader

_LATEST: Final = 1 << 53


class AcknowledgementText(Struct, frozen=True, kw_only=True, tag_field="kind", tag="acknowledgement"):
    """What it says. Its encoded bytes are signed as they are; a reader never encodes them anew."""

    suite: Literal["intl"] = field(default=SUITE)
    device: DeviceId
    generation: GenerationId
    last: Annotated[int, Meta(ge=0, le=_LATEST)]
    """The hub has every record of the generation up to and with this one, durably."""
    head: Hash
    """Hash of that record."""
    time_ms: Annotated[int, Meta(ge=0, le=_LATEST)]
    """The hub's wall clock when it took them."""


class Acknowledgement(Struct, frozen=True, omit_defaults=True):
    text: str
    signature: bytes
    release: Release | None = None
    """Which sealed texts of the generation the device may destroy, signed by itself."""

    def unchecked(self) -> AcknowledgementText:
        """What it claims, for whoever carries it. Raises `AcknowledgementError`."""
        try:
            return msgspec.json.decode(self.text, type=AcknowledgementText)
        except UNREADABLE as fault:
            raise AcknowledgementError("malformed", f"this is no acknowledgement: {fault}") from fault


class AcknowledgementError(Exception):
    """It moves nothing. `code` is for programs."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def acknowledge(text: AcknowledgementText, release: Release | None, sign: Callable[[bytes], bytes]) -> Acknowledgement:
    """`sign` is the hub's release key."""
    encoded = msgspec.json.encode(text)
    return Acknowledgement(encoded.decode(), sign(encoded), release)


def read_acknowledgement(content: bytes) -> Acknowledgement:
    """Raises `AcknowledgementError`."""
    try:
        return msgspec.json.decode(content, type=Acknowledgement)
    except UNREADABLE as fault:
        raise AcknowledgementError("malformed", f"this is no acknowledgement: {fault}") from fault


def check_acknowledgement(
    acknowledgement: Acknowledgement, hub_key: bytes, device: str, reader: "JournalReader"
) -> AcknowledgementText:
    """That the hub of the settings (32 bytes, Ed25519) signed it, for this device and this very chain. Raises
    `AcknowledgementError`, `JournalError`.
    """
    try:
        verify(hub_key, Signed(acknowledgement.text, 0, acknowledgement.signature))
    except SignatureError as fault:
        raise AcknowledgementError("bad-signature", "not signed by the hub key of the settings") from fault
    said = acknowledgement.unchecked()
    if said.device != device:
        raise AcknowledgementError("other-device", "it is for another kiosk")
    found = next((one for one in reader.generations() if one.id == said.generation), None)
    if found is None or said.last >= found.next_seq or reader.hash_at(found, said.last) != said.head:
        raise AcknowledgementError("other-chain", f"record {said.last} has another hash here, or is not here")
    return said


def reaches(
    reader: "JournalReader", said: AcknowledgementText, cursor: tuple[str, int] | None
) -> Literal["further", "no-further", "early"]:
    """Against the cursor, below which everything is settled. `early`: a generation before it is not settled to its end,
    and its acknowledgement has to come first. One that was taken, or is older, moves nothing back.
    """
    generations = reader.generations()
    names = [one.id for one in generations]
    known, next_seq = (names.index(cursor[0]), cursor[1]) if cursor and cursor[0] in names else (0, 0)
    here = names.index(said.generation)
    if (here, said.last + 1) <= (known, next_seq):
        return "no-further"
    ends = [next_seq if at == known else 0 for at in range(known, here)]
    settled = all(end >= one.next_seq for end, one in zip(ends, generations[known:here], strict=True))
    return "further" if settled else "early"
