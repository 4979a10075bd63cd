"""What stands in the journal: one struct a kind of record. The encoded bytes are what is hashed, stored and sent.

A record never changes. `asked`, `pressed`, `changed`, `details`, `ended` are the run of one visit; what counts and what
is reported is the fold of that run. A reader keeps records of a kind it does not know: their hash holds
without understanding them.
"""

from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct

Level = Annotated[int, Meta(ge=1, le=5)]
Count = Annotated[int, Meta(ge=0)]
Sequence = Annotated[int, Meta(ge=0)]
Place = Literal["window", "walk-up", "terminal"]
ObjectKind = Literal["case", "window", "hall", "terminal", "item"]
Channel = Literal["window-evaluator", "hall-terminal", "later-terminal", "paper"]
Trigger = Literal["window-interface", "clerk-page", "press", "keypad", "scan", "citizen", "slip", "paper"]
Source = Literal["glass", "box", "paper"]
Outcome = Literal["rated", "not-rated"]
EndCause = Literal["thanked", "timed-out", "superseded", "interrupted", "apologised", "left", "taken-in"]
TicketState = Literal["called", "served", "ended"]
"""Of a queue ticket, or of a case where cases are counted instead."""
ClockSource = Literal["hub", "engineer"]
Trust = Literal["high", "low"]
CalendarMs = Annotated[int, Meta(ge=0, lt=253_402_300_800_000)]
"""Milliseconds since 1970-01-01 UTC, before the year 10000."""


class At(Struct, frozen=True, array_like=True):
    """When, by three clocks. Never corrected in place: a correction is a record of its own."""

    wall_ms: int
    """Wall clock, milliseconds since 1970-01-01 UTC: may be wrong."""
    boot_ms: int
    """Clock since boot (CLOCK_BOOTTIME), milliseconds: never jumps, says nothing across a reboot."""
    boot: str
    """First 16 hex digits of the kernel's boot id: which boot `boot_ms` belongs to."""


class Evidence(Struct, frozen=True, omit_defaults=True):
    """What the evaluator's wire said: a map that is changed later cannot change what was pressed."""

    evaluator: str
    address: int
    key: str
    """Key byte or bytes, hex."""
    frame: str
    """The whole raw frame, hex."""
    profile: str
    """First 16 hex digits of the SHA-256 of the profile file in use."""


class CaseCommitment(Struct, frozen=True, omit_defaults=True):
    """One case of a visit, without anything that names it: the sealed bytes stand in a side table."""

    pseudonym: bytes
    """16 bytes, HMAC of project and service number under a key of this device: "rated once" is checked on it."""
    sealed: list[tuple[str, bytes]]
    """For each recipient: name, SHA-256 of the cipher text. The cipher text can be destroyed; this stays."""
    service: int = 1
    """serviceNumber: which step of the case."""
    item: str = ""
    """taskCode."""
    slip: bytes = b""
    """The tag that only whoever has the case's number and the code of its slip can find; empty: no slip was given.
    16 bytes, or 17 of which the first says what made it (`docs/slips.md`).
    """


class Earlier(Struct, frozen=True, omit_defaults=True):
    """The visit that a later rating is for: where its ask stands."""

    generation: str
    asked: Sequence
    device: str = ""
    """64 hex digits; empty: the device of the record itself."""


class PaperForm(Struct, frozen=True):
    """The printed form that a rating was taken in from."""

    batch: str
    """8 hex digits."""
    serial: bytes
    """SHA-256 of the serial's 10 bytes: the form itself stays the only place where the serial can be read."""


class PreviousGeneration(Struct, frozen=True):
    """The last that is known of the generation before."""

    generation: str
    seq: int
    hash: bytes


class Signed(Struct, frozen=True):
    """A text and who signed it: the exact bytes of `text`, under the key of `epoch`."""

    text: str
    epoch: int
    signature: bytes


class _Stored(Struct, frozen=True, tag_field="kind", omit_defaults=True):
    at: At


class Opened(_Stored, frozen=True, tag="opened", kw_only=True):
    """Sequence 0 of a generation."""

    suite: Literal["intl"]
    device: str
    first_key: bytes
    generation: str
    epochs: list[Signed]
    """Every change of the signing key so far, each signed by the key before: from `first_key` to the one in use."""
    utc_offset_minutes: int
    """The hall's own time, by which this generation's records are counted into days."""
    previous: PreviousGeneration | None = None
    totals: dict[str, int] = {}
    """The device's outcome totals when this generation began: totals in heads count from here."""


class Asked(_Stored, frozen=True, tag="asked", kw_only=True):
    """A rating was asked for and is bound here to its object and clerk."""

    visit: bytes
    window: str
    place: Place
    object: ObjectKind
    channel: Channel
    trigger: Trigger
    limit_s: int
    clerk: str = ""
    cases: list[CaseCommitment] = []
    flags: list[str] = []
    ticket: bytes = b""
    """Of the service that is rated, as in `Service`; empty where no queue says."""
    later: Earlier | None = None
    """Nobody answered that visit on the spot; this one is its rating, given later."""
    paper: PaperForm | None = None
    item: str = ""
    """taskCode of an `item`, which was chosen without a case. The item of a case stands with the case."""

    @property
    def counted_item(self) -> str:
        """What the visit counts under: one item, or none."""
        return self.cases[0].item if self.cases else self.item


class Pressed(_Stored, frozen=True, tag="pressed", kw_only=True):
    """A level was chosen. `asked` is the sequence of the visit's ask in this generation."""

    asked: Sequence
    level: Level
    source: Source
    nonce: bytes
    """16 random bytes that appear nowhere else: they keep the level secret from whoever holds only the hash."""
    evidence: Evidence | None = None


class Apologised(_Stored, frozen=True, tag="apologised", kw_only=True):
    """A press that could not be recorded when it happened; the citizen was told so. Not a rating."""

    asked: Sequence
    level: Level
    source: Source
    reason: str
    nonce: bytes
    """16 random bytes, as in a press."""
    evidence: Evidence | None = None


class Changed(_Stored, frozen=True, tag="changed", kw_only=True):
    """The citizen had pressed the wrong one and took it back, once, within seconds: `level` counts instead of `was`."""

    asked: Sequence
    was: Level
    level: Level
    pressed_at: At
    """When the level that no longer counts was pressed: the visit stays counted in that hour."""
    source: Source
    nonce: bytes
    """16 random bytes, as in a press."""
    evidence: Evidence | None = None


class SealedPart(Struct, frozen=True):
    """What a citizen wrote, without the words: the sealed bytes stand in a side table."""

    part: Literal["words", "contact"]
    boxes: list[tuple[str, bytes]]
    """For each recipient: name, SHA-256 of the cipher text. The cipher text can be destroyed; this stays."""


class Details(_Stored, frozen=True, tag="details", kw_only=True):
    """Said after the press. Of several, each part that is there stands in place of the same part before."""

    asked: Sequence
    table: str = ""
    """Name and version of the table that the tags are from."""
    tags: list[str] = []
    """Codes of the reasons chosen (evalDetail)."""
    answers: dict[str, int] = {}
    """Second-level questions: code of the question to the answer, 5 to 1."""
    help: bool = False
    """The citizen asked for the person in charge."""
    sealed: list[SealedPart] = []


class LaterCase(Struct, frozen=True):
    """What became known of one case after it was asked for. Fills what was empty, replaces nothing."""

    number: Count
    """Which of the visit's cases, from 0."""
    sealed: list[tuple[str, bytes]]
    """For each recipient: name, SHA-256 of the cipher text. The cipher text can be destroyed; this stays."""


class CaseData(_Stored, frozen=True, tag="case-data", kw_only=True):
    """More about a visit's cases, whether it is open still or has ended. Never another case, and counts for nothing."""

    asked: Sequence
    cases: list[LaterCase]


class Service(_Stored, frozen=True, tag="service", kw_only=True):
    """How far a queue ticket is at a window. Never closes a visit."""

    window: str
    state: TicketState
    ticket: bytes
    """16 bytes, HMAC of the ticket's number under a key of this device: a ticket can be a case number."""
    clerk: str = ""


class FormsIssued(_Stored, frozen=True, tag="forms-issued", kw_only=True):
    """A batch of printed rating forms, counted: each serial comes back, is spoilt, or is outstanding."""

    batch: str
    """8 hex digits."""
    point: str
    """Where they are for; stands as the window of their ratings."""
    serials: list[bytes]
    """As in `PaperForm`, in no order that the printed ones have."""


class FormSpoilt(_Stored, frozen=True, tag="form-spoilt", kw_only=True):
    """A form that carries no rating and never will."""

    batch: str
    serial: bytes
    """As in `PaperForm`."""


class Ended(_Stored, frozen=True, tag="ended", kw_only=True):
    """The visit is over."""

    asked: Sequence
    outcome: Outcome
    cause: EndCause


class Salvaged(_Stored, frozen=True, tag="salvaged", kw_only=True):
    """A visit that could still be read behind the damage of a journal: it counts here, in the generation after.

    `bodies` are the exact texts of its records, the ask first where that could be read.
    """

    generation: str
    seq: Sequence
    """Of the record that counts, in the damaged generation."""
    outcome: int
    counted_at: At
    window: str
    clerk: str
    item: str
    channel: str
    hash: bytes
    """The hash that stood beside the record that counts: the citizen's receipt is made of it."""
    bodies: list[str]
    previous: bytes = b""
    """The hash of the record before it, where that could be read: with it `hash` can be computed anew."""
    replaces: int | None = None
    """The outcome that this visit counted for in what was taken over: a change of it stood behind the damage."""


class Audit(_Stored, frozen=True, tag="audit", kw_only=True):
    """Something that an auditor wants to know and that is no part of a visit."""

    what: str
    window: str = ""
    detail: dict[str, str | int] = {}


class Epoch(_Stored, frozen=True, tag="epoch", kw_only=True):
    """The signing key was replaced; the new one is signed by the old one, which is erased."""

    change: Signed


class Head(_Stored, frozen=True, tag="head", kw_only=True):
    """The chain up to the record before this one, signed."""

    head: Signed


class Correction(_Stored, frozen=True, tag="correction", kw_only=True):
    """Evidence of the true time: at `boot_ms` of this boot it was `true_ms`, give or take `uncertainty_ms`.

    Raw times stay as they are. What this boot's records count as is judged by it (`docs/records.md`).
    """

    boot: str
    boot_ms: Count
    true_ms: CalendarMs
    uncertainty_ms: Count
    source: ClockSource
    trust: Trust


Record = (
    Opened
    | Asked
    | Pressed
    | Apologised
    | Changed
    | Details
    | CaseData
    | Service
    | FormsIssued
    | FormSpoilt
    | Ended
    | Salvaged
    | Audit
    | Epoch
    | Head
    | Correction
)

_encoder: Final = msgspec.json.Encoder()
_decoder: Final[msgspec.json.Decoder[Record]] = msgspec.json.Decoder(Record)


def encode(record: Struct | dict[str, Any]) -> bytes:
    """The bytes that are hashed, stored and sent: JSON in UTF-8, no spaces, fields in the order declared."""
    return _encoder.encode(record)


def decode(body: bytes) -> Record:
    """Raises `msgspec.ValidationError` for a kind or field that this version does not know."""
    return _decoder.decode(body)


def understood(body: bytes) -> Record | None:
    """None for a record of a later version. Raises `msgspec.DecodeError` where the bytes are no JSON at all."""
    try:
        return _decoder.decode(body)
    except msgspec.ValidationError:
        return None
