"""Lays the fingers' ledger beside the journal and the hub, press by press. Every difference is one line of text."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sync.chain import receipt_code
from sync.clock import hall_day
from sync.fold import counts_of
from sync.journal.reader import JournalReader
from sync.journal.schema import FILE_NAME, JournalError
from sync.journal.verify import verify_journal
from sync.records import Asked, Audit, Opened, Pressed, Record, decode
from tests.durability.kills.ledger import Ledger, Life, Press
from tests.durability.kills.place import GLASS, UTC_OFFSET_MINUTES, Place


@dataclass(frozen=True, slots=True)
class Kept:
    """A press in the journal."""

    window: str
    level: int
    source: str
    at_ms: int
    receipt: str


def reckon(ledger: Ledger, place: Place) -> list[str]:
    """What does not hold: nothing, if the promise was kept. The hub is to have everything by now."""
    verdict = verify_journal(place.state)
    return [
        *(f"the journal does not verify: {finding}" for finding in verdict.findings),
        *against_journal(ledger, presses_in(place.state)),
        *_against_hub(place),
    ]


def against_journal(ledger: Ledger, kept: list[Kept]) -> Iterator[str]:
    """Each kept press has one finger, each finger at most one press, each thank-you exactly one."""
    by_receipt = {press.receipt: press for press in kept}
    found: defaultdict[int, list[Kept]] = defaultdict(list)
    for press in kept:
        fingers = [finger for life in ledger.lives for finger in life.presses if _may_be(finger, life, press)]
        if len(fingers) != 1:
            yield f"{len(fingers)} fingers for the kept press {press}"
        for finger in fingers:
            found[id(finger)].append(press)
    for number, life in enumerate(ledger.lives):
        for fault in (*_of_fingers(life, found), *_of_receipts(life, by_receipt)):
            yield f"life {number} ({life.aim}): {fault}"


def _of_fingers(life: Life, found: Mapping[int, list[Kept]]) -> Iterator[str]:
    for finger in life.presses:
        records = found.get(id(finger), [])
        if len(records) > 1:
            yield f"counted {len(records)} times: {finger}"
        if finger.acknowledged and finger.window != GLASS and not records:
            yield f"its box was thanked, and it is lost: {finger}"


def _of_receipts(life: Life, by_receipt: Mapping[str, Kept]) -> Iterator[str]:
    for receipt in life.receipts:
        shown = by_receipt.get(receipt)
        if shown is None:
            yield f"the glass thanked with {receipt}, and it is lost"
        elif not any(_may_be(finger, life, shown) for finger in life.presses):
            yield f"{receipt} is the receipt of another press: {shown}"


def presses_in(state: Path) -> list[Kept]:
    reader = JournalReader(state)
    kept = []
    for generation in reader.generations():
        asked: dict[int, str] = {}
        for seq, body in enumerate(reader.slice(generation.id, 0, generation.next_seq).bodies):
            record = decode(body)
            if isinstance(record, Asked):
                asked[seq] = record.window
            if isinstance(record, Pressed):
                receipt = receipt_code(reader.hash_at(generation, seq))
                kept.append(Kept(asked[record.asked], record.level, record.source, record.at.boot_ms, receipt))
    reader.close()
    return kept


def records_in(state: Path) -> list[Record]:
    """None where there is no journal that can be read yet."""
    try:
        reader = JournalReader(state)
    except JournalError:
        return []
    bodies = [body for one in reader.generations() for body in reader.slice(one.id, 0, one.next_seq).bodies]
    reader.close()
    return list(map(decode, bodies))


def starts_in(records: list[Record]) -> int:
    """How many starts have written all that a start writes by itself, its evaluator's port included."""
    finished, under_way = 0, False
    for record in records:
        if isinstance(record, Audit) and record.what == "started":
            under_way = True
        if isinstance(record, Audit) and record.what == "evaluator-found" and under_way:
            finished, under_way = finished + 1, False
    return finished


def generation_ends(records: list[Record]) -> tuple[str, dict[str, int]]:
    """The device, and generation to the sequence that its next record will have."""
    opened = [(at, record) for at, record in enumerate(records) if isinstance(record, Opened)]
    starts = [at for at, _ in opened] + [len(records)]
    sizes = {one.generation: starts[number + 1] - at for number, (at, one) in enumerate(opened)}
    return (opened[-1][1].device if opened else ""), sizes


def _may_be(finger: Press, life: Life, press: Kept) -> bool:
    """The kiosk stamps a press while that finger's life lasts: no other life's press can be taken for it."""
    return (finger.window, finger.level, finger.source) == (press.window, press.level, press.source) and (
        finger.sent_ms <= press.at_ms <= life.ended_ms
    )


def _against_hub(place: Place) -> Iterator[str]:
    """A kill between the first key and the first record looks like a lost journal, and the hub is told so."""
    ours, theirs = _bodies(place.state), place.hub_bodies()
    if ours.keys() != theirs.keys():
        yield f"the hub has generations {sorted(theirs)}, the journal {sorted(ours)}"
    for generation, bodies in ours.items():
        if theirs.get(generation) != bodies:
            yield f"the hub's {len(theirs.get(generation, []))} records differ from the journal's {len(bodies)}"
    records = [decode(body) for bodies in ours.values() for _, body in bodies]
    counted: Counter[int] = Counter()
    for record in records:
        counted.update(dict(counts_of(record)))
    days = {hall_day(record.at.wall_ms, UTC_OFFSET_MINUTES)[0] for record in records}
    if place.hub_counts(*days) != counted:
        yield f"the hub counts {place.hub_counts(*days)}, the journal's records give {counted}"
    begun_anew = any(isinstance(record, Audit) and record.what == "journal-missing" for record in records)
    if alarms := [alarm for alarm in place.hub_alarms() if not (begun_anew and "after-salvage" in str(alarm))]:
        yield f"the hub is alarmed: {alarms}"


def _bodies(state: Path) -> dict[str, list[tuple[int, bytes]]]:
    """By a connection of its own, not by the reader that the courier sends with."""
    connection = sqlite3.connect(f"{(state / FILE_NAME).as_uri()}?mode=ro", uri=True)
    rows = connection.execute(
        "SELECT id, position - first_position, body FROM record JOIN generation ON first_position = "
        "(SELECT max(first_position) FROM generation WHERE first_position <= position) ORDER BY position"
    ).fetchall()
    connection.close()
    kept: dict[str, list[tuple[int, bytes]]] = {}
    for generation, seq, body in rows:
        kept.setdefault(generation, []).append((seq, bytes(body)))
    return kept
