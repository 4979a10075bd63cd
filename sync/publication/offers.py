"""What a hub says that it has: `GET /v1/publications`. Nothing of it is believed; it says what to ask for."""

from typing import Annotated

from msgspec import Meta, Struct

from sync.seal_keys import MOST_CHANGES, SealChange

MOST_OFFERS = 50


class Offer(Struct, frozen=True):
    """`GET /v1/publications/{kind}/{version}` gives the file."""

    kind: Annotated[str, Meta(pattern="^[a-z-]{1,32}$")]
    version: Annotated[int, Meta(ge=1, le=1 << 53)]
    bytes: Annotated[int, Meta(ge=0, description="Of the whole file.")]
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$", description="Of the whole file.")]


class Offers(Struct, frozen=True):
    publications: Annotated[list[Offer], Meta(max_length=MOST_OFFERS)]
    seal_changes: Annotated[list[SealChange], Meta(max_length=MOST_CHANGES, description="Oldest first.")] = []
