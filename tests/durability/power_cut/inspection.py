"""Opens what a cut has left with the journal's real code, and judges it."""

import contextlib
import json
import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sync.journal.reader import JournalReader
from sync.journal.verify import verify_journal
from sync.journal.writer import Journal
from sync.keys import KeyStore
from sync.records import At
from tests.durability.power_cut.operations import Promise
from tests.durability.power_cut.stream import SEALER, UTC_OFFSET_MINUTES
from tests.sync.conftest import Hours, Visits

YEAR_HOURS = 8760


@dataclass(frozen=True, slots=True)
class Sound:
    records: int


@dataclass(frozen=True, slots=True)
class Lost:
    """Something that was promised is not there."""

    what: str


@dataclass(frozen=True, slots=True)
class Corrupt:
    """The real code cannot use it, or what is there does not hold together."""

    why: str


Verdict = Sound | Lost | Corrupt


class _LostError(Exception):
    pass


class _CorruptError(Exception):
    pass


def inspect(folder: Path, promise: Promise, hashes: Mapping[int, bytes]) -> Verdict:
    """Changes the image: opening recovers it, and a further visit is recorded in it."""
    try:
        return Sound(_inspect(folder, promise, hashes))
    except _LostError as fault:
        return Lost(str(fault))
    except Exception as fault:  # noqa: BLE001 - whatever the real code raises on an image is a finding about it
        return Corrupt(f"{type(fault).__name__}: {fault}")


def _inspect(folder: Path, promise: Promise, hashes: Mapping[int, bytes]) -> int:
    clock = Hours()
    clock.pass_hours(YEAR_HOURS)
    keys = KeyStore(folder / "keys")
    with contextlib.closing(_open(folder, keys, clock.now())) as journal:
        _check_file(journal.connection)
        _check_promise(journal, promise, hashes)
        _check_generations(journal.connection)
        _record_one_more(journal, clock)
        _check_counts(journal.connection)
        journal.sign_head(clock.now(), leaving=True)
    return _check_chain(folder)


def _open(folder: Path, keys: KeyStore, at: At) -> Journal:
    return Journal(folder, keys, SEALER, UTC_OFFSET_MINUTES, at)


def _check_file(connection: sqlite3.Connection) -> None:
    found = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        raise _CorruptError(f"integrity check: {found}")


def _check_generations(connection: sqlite3.Connection) -> None:
    """A cut is no loss: the file is not given up, and not taken for an older one either."""
    generations = connection.execute("SELECT count(*) FROM generation").fetchone()[0]
    if generations != 1:
        raise _CorruptError(f"the file was given up: {generations} generations")


def _check_promise(journal: Journal, promise: Promise, hashes: Mapping[int, bytes]) -> None:
    connection = journal.connection
    rows = connection.execute("SELECT position, hash FROM record WHERE position <= ?", (promise.records,))
    found: dict[int, bytes] = dict(rows.fetchall())
    for position in range(1, promise.records + 1):
        if found.get(position) != hashes[position]:
            state = "changed" if position in found else "missing"
            raise _LostError(f"record {position} of {promise.records} that were promised is {state}")
    for name, next_seq in promise.cursors.items():
        row = connection.execute("SELECT next_seq FROM destination WHERE name = ?", (name,)).fetchone()
        if row is None or row[0] < next_seq:
            raise _LostError(f"the cursor of {name} is {row}, promised was {next_seq}")
    for name, value in promise.notes.items():
        kept = journal.read_note(name)
        if kept is None or int(kept) < value:
            raise _LostError(f"the note {name} is {kept}, promised was {value}")


def _record_one_more(journal: Journal, clock: Hours) -> None:
    visits = Visits(clock)
    asked = visits.asked()
    before = _last_position(journal.connection)
    journal.append([asked])
    receipts = journal.append([visits.pressed(asked, 5)])
    journal.append([visits.ended(asked)])
    if asked.visit not in receipts or _last_position(journal.connection) < before + 3:
        raise _CorruptError("a further press was not recorded")


def _last_position(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT coalesce(max(position), 0) FROM record").fetchone()[0])


def _check_counts(connection: sqlite3.Connection) -> None:
    """Counted a second time, from the bytes and by no code of the product."""
    counted: Counter[int] = Counter()
    rated: set[int] = set()
    for (body,) in connection.execute("SELECT body FROM record ORDER BY position"):
        record = json.loads(body)
        if record["kind"] == "pressed" and record["asked"] not in rated:
            rated.add(record["asked"])
            counted[record["level"]] += 1
        elif record["kind"] == "apologised":
            counted[-record["level"]] += 1
        elif record["kind"] == "ended" and record["outcome"] == "not-rated":
            counted[0] += 1
    kept = Counter(dict(connection.execute("SELECT outcome, sum(visits) FROM tally GROUP BY outcome").fetchall()))
    if kept != counted:
        raise _CorruptError(f"the counts say {dict(kept)}, the records {dict(counted)}")


def _check_chain(folder: Path) -> int:
    verdict = verify_journal(folder)
    if not verdict.sound:
        raise _CorruptError("; ".join(map(str, verdict.findings)))
    with contextlib.closing(JournalReader(folder)) as reader:
        settled = reader.settled("hub")
        ends = {one.id: one.next_seq for one in reader.generations()}
    if settled is not None and settled[1] > ends.get(settled[0], 0):
        raise _CorruptError(f"the cursor is ahead of the records: {settled}")
    return verdict.records
