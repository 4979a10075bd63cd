"""A citizen's receipt: whether the press that it was given for stands in a journal, unchanged.

The code commits to one `pressed` record and tells nobody its level. Neither does the answer: no level, no sequence
(details of a bad rating would show as a gap between two receipts) and no time finer than a day and a full hour.
`docs/receipts.md` says what a receipt proves and what not.
"""

import hashlib
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Annotated, Final, TypeGuard

import msgspec
from msgspec import Meta, Struct

from sync.chain import HeadText, SignatureError, epoch_keys, link, verify
from sync.clock import hall_day
from sync.journal.reader import Generation, JournalReader
from sync.journal.schema import JournalError, translated
from sync.records import (
    LEVELS,
    At,
    Audit,
    Changed,
    Epoch,
    Head,
    Opened,
    Pressed,
    Record,
    Salvaged,
    Signed,
    understood,
)

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS: Final = str.maketrans("OIL", "011")
_CHUNK: Final = 8192
"""Records looked through at once: no read holds up a checkpoint for longer than this takes."""
_EPOCH: Final = b'{"kind":"epoch",'


class ReceiptError(Exception):
    """What was given is not a receipt's code. The message says what to do."""


class ReceiptAnswer(Struct, frozen=True):
    """The same in form for every level. A code that was never given gets no answer at all."""

    device: str
    generation: str
    day: Annotated[str, Meta(description="The hall's own day of the press, yyyy-MM-dd; empty where it was changed.")]
    unchanged: Annotated[
        bool | None,
        Meta(description="What stands here is what the code commits to; null: salvaged, and no longer to be computed."),
    ]
    salvaged: Annotated[
        bool, Meta(description="Read from behind the damage of a journal; stands in the generation after it.")
    ]
    signed: Annotated[bool, Meta(description="The device has signed the chain over it.")]
    signed_since: Annotated[str | None, Meta(description="The hall's own time, to the full hour: yyyy-MM-dd HH:00.")]
    acknowledged: Annotated[bool | None, Meta(description="The hub has it; null: there is no hub.")]


class _When(Struct):
    at: At


def parse_code(text: str) -> bytes:
    """The 10 bytes of a code as people type it: any case and width, any spaces and dashes. Raises `ReceiptError`."""
    signs = unicodedata.normalize("NFKC", text).upper()
    plain = "".join(sign for sign in signs if unicodedata.category(sign)[0] not in "ZCP").translate(_READ_AS)
    strange = sorted(set(plain) - set(_ALPHABET))
    if strange:
        hint = " (a U may be a V)" if "U" in strange else ""
        raise ReceiptError(f"a receipt has no {', '.join(strange)}{hint}: write its letters and digits as they stand")
    if len(plain) != 16:
        raise ReceiptError(f"a receipt has 16 letters and digits, these are {len(plain)}: write all four groups")
    number = 0
    for sign in plain:
        number = number << 5 | _ALPHABET.index(sign)
    return number.to_bytes(10)


def code_of(record_hash: bytes) -> bytes:
    """The 10 bytes of the code that is given for a record."""
    return hashlib.sha256(b"receipt" + record_hash).digest()[:10]


def find_receipt(
    reader: JournalReader, code: bytes, *, hub: str | None = None, day: str | None = None
) -> ReceiptAnswer | None:
    """None: no press in this journal has this code (10 bytes).

    Looks at every hash, newest first, some 0.6 million a second. `day` (yyyy-MM-dd) says where to look first and never
    what is found: a clock may have been wrong. `hub` names the destination that may have it. Raises `JournalError`.
    """
    generations = reader.generations()
    destination = None if hub is None else _reached(generations, reader.settled(hub))
    for chunk in _in_order(reader, generations, day):
        position = _position_of(reader, code, chunk)
        if position is not None:
            at = bisect_right(generations, position, key=lambda one: one.first_position) - 1
            place = (at, position - generations[at].first_position)
            return _answer(reader, generations[at], position, None if destination is None else place < destination)
    for at, generation in reversed(list(enumerate(generations))):
        position = _salvaged_position(reader, generation, code)
        if position is not None:
            place = (at, position - generation.first_position)
            return _answer(reader, generation, position, None if destination is None else place < destination)
    return None


def answer(
    device: str,
    generation: str,
    record: Pressed | Changed | Salvaged,
    signed_ms: int | None,
    utc_offset_minutes: int,
    *,
    acknowledged: bool | None,
) -> ReceiptAnswer:
    """Of a record that stands as it was written. `signed_ms`: wall clock of the first signature over it."""
    salvaged = isinstance(record, Salvaged)
    holds = salvage_holds(record) if isinstance(record, Salvaged) else True
    if holds is False:
        return changed(device, generation, salvaged=True, acknowledged=acknowledged)
    since = None if signed_ms is None else "{} {:02d}:00".format(*hall_day(signed_ms, utc_offset_minutes))
    at = record.counted_at if isinstance(record, Salvaged) else record.at
    day, _ = hall_day(at.wall_ms, utc_offset_minutes)
    return ReceiptAnswer(device, generation, day, holds, salvaged, since is not None, since, acknowledged)


def changed(device: str, generation: str, *, salvaged: bool = False, acknowledged: bool | None) -> ReceiptAnswer:
    """Of a press that is not what it was: nothing that its bytes say can be believed."""
    return ReceiptAnswer(device, generation, "", False, salvaged, False, None, acknowledged)


def salvage_holds(record: Salvaged) -> bool | None:
    """Whether the salvaged bytes give the hash that stood beside them; None: the hash before them is gone."""
    if not record.previous:
        return None
    return any(link(record.previous, body.encode()) == record.hash for body in record.bodies)


def is_salvaged_press(record: Record | None) -> TypeGuard[Salvaged]:
    """Salvaged are also visits that ended without a press, and presses that were apologised for: they have no code."""
    return isinstance(record, Salvaged) and bool(record.bodies) and record.outcome in LEVELS


def signed_at(key: bytes, head: Signed, place: tuple[str, str, int, bytes]) -> int | None:
    """Wall clock (ms) of a head that this key has signed over this device, generation, sequence and hash; else None."""
    try:
        verify(key, head)
        text = msgspec.json.decode(head.text, type=HeadText)
    except (SignatureError, msgspec.DecodeError):
        return None
    return text.wall_ms if (text.device, text.generation, text.seq, text.hash) == place else None


def _in_order(reader: JournalReader, generations: Sequence[Generation], day: str | None) -> Iterator[range]:
    """Positions in chunks, newest first; with a day, those whose ends lie about it before all others."""
    chunks = [
        range(max(start, one.first_position), start + _CHUNK)
        for one in reversed(generations)
        for start in range(one.first_position + one.next_seq - _CHUNK, one.first_position - _CHUNK, -_CHUNK)
    ]
    if day is None:
        return iter(chunks)
    offsets = {one.first_position: _opened(reader, one).utc_offset_minutes for one in generations}
    return iter(sorted(chunks, key=lambda chunk: not _covers(reader, chunk, offsets, day)))


def _covers(reader: JournalReader, chunk: range, offsets: dict[int, int], day: str) -> bool:
    offset = offsets[max(first for first in offsets if first <= chunk[0])]
    bodies = [body for end in (chunk[0], chunk[-1]) for _, body, _ in _rows(reader, end, end)]
    try:
        days = [hall_day(msgspec.json.decode(body, type=_When).at.wall_ms, offset)[0] for body in bodies]
    except (msgspec.DecodeError, ValueError, OverflowError):
        return True
    return not days or min(days) <= day <= max(days)


def _position_of(reader: JournalReader, code: bytes, chunk: range) -> int | None:
    with translated("read"):
        rows = reader.connection.execute(
            "SELECT position, CAST(hash AS BLOB) FROM record WHERE position BETWEEN ? AND ? ORDER BY position DESC",
            (chunk[0], chunk[-1]),
        ).fetchall()
    digest = hashlib.sha256
    return next((position for position, of in rows if digest(b"receipt" + of).digest().startswith(code)), None)


def _salvaged_position(reader: JournalReader, generation: Generation, code: bytes) -> int | None:
    """Salvaged visits stand together, behind what opens a generation: no further than that is looked."""
    for position, body, _ in _rows(
        reader, generation.first_position, generation.first_position + generation.next_seq - 1
    ):
        record = _decoded(body)
        if is_salvaged_press(record) and code_of(record.hash) == code:
            return position
        if not isinstance(record, Opened | Audit | Salvaged):
            return None
    return None


def _reached(generations: Sequence[Generation], settled: tuple[str, int] | None) -> tuple[int, int]:
    """How far a destination has everything: number of the generation, next sequence."""
    known = [one.id for one in generations]
    return (known.index(settled[0]), settled[1]) if settled is not None and settled[0] in known else (0, 0)


def _answer(
    reader: JournalReader, generation: Generation, position: int, acknowledged: bool | None
) -> ReceiptAnswer | None:
    opened = _opened(reader, generation)
    rows = list(_rows(reader, max(position - 1, generation.first_position), position))
    previous = generation.genesis if position == generation.first_position else rows[0][2]
    _, body, stored = rows[-1]
    if link(previous, body) != stored:
        return changed(opened.device, generation.id, acknowledged=acknowledged)
    record = _decoded(body)
    if not isinstance(record, Pressed | Changed | Salvaged):
        return None  # a code that was never given to anybody
    signed_ms = _signed_ms(reader, generation, opened, position, previous)
    return answer(opened.device, generation.id, record, signed_ms, opened.utc_offset_minutes, acknowledged=acknowledged)


def _signed_ms(
    reader: JournalReader, generation: Generation, opened: Opened, position: int, running: bytes
) -> int | None:
    """Of the first head behind a position, if the chain leads to it and the signature holds."""
    for place, body, stored in _rows(reader, position, generation.first_position + generation.next_seq - 1):
        record = _decoded(body)
        if isinstance(record, Head):
            key = _keys(reader, generation, opened, place).get(record.head.epoch)
            where = (opened.device, generation.id, place - generation.first_position - 1, running)
            return None if key is None else signed_at(key, record.head, where)
        running = link(running, body)
        if running != stored:
            return None
    return None


def _keys(reader: JournalReader, generation: Generation, opened: Opened, before: int) -> dict[int, bytes]:
    """Epoch to public key, as far as they were known before a position; none where one was not signed as it should."""
    with translated("read"):
        rows = reader.connection.execute(
            "SELECT body FROM record WHERE position > ? AND position < ? AND substr(body, 1, ?) = ? ORDER BY position",
            (generation.first_position, before, len(_EPOCH), _EPOCH),
        ).fetchall()
    records = [_decoded(bytes(body)) for (body,) in rows]
    changes = [record.change for record in records if isinstance(record, Epoch)]
    try:
        return epoch_keys(opened.device, opened.first_key, [*opened.epochs, *changes])
    except (SignatureError, msgspec.DecodeError):
        return {}


def _opened(reader: JournalReader, generation: Generation) -> Opened:
    for _, body, _ in _rows(reader, generation.first_position, generation.first_position):
        if isinstance(record := _decoded(body), Opened):
            return record
    raise JournalError(f"generation {generation.id} has no beginning: `kiosk journal verify` says more", "damaged")


def _rows(reader: JournalReader, first: int, last: int) -> Iterator[tuple[int, bytes, bytes]]:
    """Position, body, hash; read as they are asked for."""
    with translated("read"):
        yield from reader.connection.execute(
            "SELECT position, CAST(body AS BLOB), CAST(hash AS BLOB) FROM record "
            "WHERE position BETWEEN ? AND ? ORDER BY position",
            (first, last),
        )


def _decoded(body: bytes) -> Record | None:
    try:
        return understood(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
