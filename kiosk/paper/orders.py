"""What `kiosk paper` wants done with the journal, and what is answered. Travels over the control socket as JSON."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from kiosk.pin_entry import PinRefusal

MOST_FORMS = 500
MOST_WORDS = 500
Fingerprint = Annotated[bytes, Meta(min_length=32, max_length=32)]


class Issue(Struct, frozen=True, tag="issue"):
    batch: Annotated[str, Meta(pattern="^[0-9a-f]{8}$")]
    point: Annotated[str, Meta(min_length=1, max_length=32)]
    serials: Annotated[list[Fingerprint], Meta(min_length=1, max_length=MOST_FORMS)]


class Enter(Struct, frozen=True, tag="enter"):
    serial: Fingerprint
    level: Annotated[int, Meta(ge=1, le=5)]
    words: Annotated[str, Meta(max_length=MOST_WORDS)] = ""

    def __repr__(self) -> str:
        return "Enter()"


class Spoil(Struct, frozen=True, tag="spoil"):
    serial: Fingerprint


Order = Issue | Enter | Spoil
Done = Literal["issued", "entered", "spoilt"]
Refusal = Literal["never-issued", "returned-before", "spoilt-before", "no-place-for-words", "not-recorded"] | PinRefusal
Answer = Done | Refusal
