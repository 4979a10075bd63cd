"""Checks a journal from its own bytes: chain, sequence, signatures, counts, seals, cursors. Changes nothing.

Says the first thing that is wrong with each generation, by sequence. What no file can prove by itself (that its tail
was not cut off since the last head that somebody else has seen) is checked against the hub, not here.
"""

import sqlite3
from collections import Counter
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path

from sync.fold import TallyKey
from sync.journal.reader import JournalReader
from sync.journal.schema import translated
from sync.journal.verify_sealed import without_a_reason
from sync.journal.walk import Finding, Walk


@dataclass(frozen=True, slots=True)
class Verdict:
    device: str
    records: int
    heads: int
    unsigned: int
    """Records after the last head: their order is chained, but nobody has signed them yet."""
    head_hash: str
    totals: dict[str, int]
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        return not self.findings


@translated("read")
def verify_journal(directory: Path) -> Verdict:
    """Raises `JournalError` where the file cannot be read at all."""
    reader = JournalReader(directory)
    try:
        reader.connection.execute("BEGIN")
        walks = [Walk(reader.connection, one) for one in reader.generations()]
        for walk in walks:
            walk.run()
        findings = [finding for walk in walks for finding in walk.findings]
        findings += _check_strays(reader.connection, walks)
        findings += check_destroyed(walks)
        findings += check_boxes(reader.connection, walks)
        findings += check_joints(walks)
        findings += check_tally(reader.connection, walks)
        findings += check_cursors(reader.connection, walks)
        last = walks[-1] if walks else None
        return Verdict(
            last.device if last else "",
            sum(walk.records for walk in walks),
            sum(walk.heads for walk in walks),
            last.unsigned if last else 0,
            last.hash.hex() if last else "",
            dict(sum((Counter(walk.totals) for walk in walks), Counter())),
            tuple(findings),
        )
    finally:
        reader.close()


def _check_strays(connection: sqlite3.Connection, walks: list[Walk]) -> list[Finding]:
    """What belongs to no generation, or to another device."""
    first = min((walk.generation.first_position for walk in walks), default=None)
    before = "1" if first is None else "position < ?"
    stray = connection.execute(f"SELECT count(*) FROM record WHERE {before}", () if first is None else (first,))  # noqa: S608
    count = int(stray.fetchone()[0])
    findings = [Finding("", None, f"{count} records belong to no generation: its row was removed")] if count else []
    devices = {walk.device for walk in walks if walk.device}
    if len(devices) > 1:
        findings.append(Finding("", None, f"generations of {len(devices)} devices stand in one file"))
    return findings


def check_destroyed(walks: list[Walk]) -> list[Finding]:
    """Only where all the rest holds: the record that says why may stand behind a fault."""
    if any(walk.findings for walk in walks):
        return []
    gone = islice(without_a_reason([walk.sealed for walk in walks]), 10)
    return [Finding(generation, seq, "its sealed text is gone and no record says why") for generation, seq in gone]


def check_boxes(connection: sqlite3.Connection, walks: list[Walk], first: int = -(1 << 63)) -> list[Finding]:
    """Boxes that belong to no ask, from a position on."""
    if any(walk.findings for walk in walks):
        return []
    asks = {walk.generation.first_position + seq for walk in walks for seq in walk.sealed.holders}
    rows = connection.execute("SELECT DISTINCT position FROM sealed WHERE position >= ?", (first,))
    return [
        Finding("", None, f"a sealed box stands at position {position}, where nobody asked")
        for position in sorted({row[0] for row in rows} - asks)[:10]
    ]


def check_joints(walks: list[Walk]) -> list[Finding]:
    """A generation that names the one before it names its end."""
    return [
        Finding(
            before.generation.id,
            before.records,
            f"is missing: the generation after this one begins behind record {after.previous.seq}",
        )
        for before, after in pairwise(walks)
        if after.previous is not None
        and after.previous.generation == before.generation.id
        and (after.previous.seq, after.previous.hash) != (before.records - 1, before.hash)
    ]


def check_tally(connection: sqlite3.Connection, walks: list[Walk], since: str = "") -> list[Finding]:
    """The counts of a day (`yyyy-MM-dd`) and all later ones; every day if left out."""
    if not walks or any(walk.findings for walk in walks):
        return []
    cells: Counter[TallyKey] = Counter()
    for walk in walks:
        cells.update({cell: visits for cell, visits in walk.cells.items() if cell.day >= since})
    kept = {TallyKey(*row[:7]): row[7] for row in connection.execute("SELECT * FROM tally WHERE day >= ?", (since,))}
    differing = sorted(
        (cell for cell in cells.keys() | kept.keys() if cells.get(cell, 0) != kept.get(cell, 0)),
        key=lambda cell: [str(part) for part in cell],
    )
    return [
        Finding(
            walks[-1].generation.id,
            None,
            f"the counts of {cell.day} {cell.hour}h, window {cell.window}, outcome {cell.outcome} say "
            f"{kept.get(cell, 0)}, the records give {cells.get(cell, 0)}",
        )
        for cell in differing[:10]
    ]


def check_cursors(connection: sqlite3.Connection, walks: list[Walk]) -> list[Finding]:
    ends = {walk.generation.id: walk.generation.next_seq for walk in walks}
    return [
        Finding(
            generation,
            None,
            f"destination {name} is said to have {next_seq} records, there are {ends.get(generation, 0)}",
        )
        for name, generation, next_seq in connection.execute("SELECT name, generation, next_seq FROM destination")
        if next_seq > ends.get(generation, 0)
    ]
