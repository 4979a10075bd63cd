"""The morning's last page: for each level what was pressed, stored, sent, acknowledged and counted by the hub.

Each column has a source of its own: the fingers' own ledger, the journal file, the courier's cursors in it, the hub.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sync.fold import counts_of
from sync.journal.reader import JournalReader
from sync.journal.schema import JournalError
from sync.records import LEVELS, NOT_RATED, OFFICIAL_ENGLISH, OFFICIAL_WORDS, Audit, decode

COLUMNS: Final = ("pressed", "stored", "sent", "acknowledged", "hub")
HUB: Final = "hub"


@dataclass(frozen=True, slots=True)
class Reckoning:
    """Column to outcome to number of visits."""

    columns: dict[str, Counter[int]]

    @property
    def agrees(self) -> bool:
        first = self.columns[COLUMNS[0]]
        return all(column == first for column in self.columns.values())

    def lines(self) -> list[str]:
        heads = "".join(f"{name:>14}" for name in COLUMNS)
        rows = [f"{'':<34}{heads}"]
        for outcome in (*LEVELS, NOT_RATED):
            words, english = OFFICIAL_WORDS.get(outcome, "未评价"), OFFICIAL_ENGLISH.get(outcome, "Not rated")
            label = _padded(f"  {words} {english}", 34)
            rows.append(label + "".join(f"{self.columns[name][outcome]:>14}" for name in COLUMNS))
        return rows


def counted_in(journal: Path, below: dict[str, int] | None = None) -> Counter[int]:
    """Outcomes of the records in the journal; with `below` (generation to sequence), of those before it alone."""
    reader = JournalReader(journal)
    counted: Counter[int] = Counter()
    for generation in reader.generations():
        limit = generation.next_seq if below is None else below.get(generation.id, 0)
        for body in reader.slice(generation.id, 0, limit).bodies if limit else []:
            for outcome, visits in counts_of(decode(body)):
                counted[outcome] += visits
    reader.close()
    return counted


def acknowledged_in(journal: Path) -> dict[str, int]:
    """Generation to the sequence below which the hub has confirmed everything."""
    reader = JournalReader(journal)
    settled = reader.settled(HUB)
    reader.close()
    return dict([settled]) if settled else {}


def found_evaluators(journal: Path) -> int:
    """How often an evaluator's port has been found, by the journal."""
    try:
        reader = JournalReader(journal)
    except JournalError:
        return 0
    bodies = [body for one in reader.generations() for body in reader.slice(one.id, 0, one.next_seq).bodies]
    reader.close()
    records = [decode(body) for body in bodies]
    return sum(isinstance(record, Audit) and record.what == "evaluator-found" for record in records)


def _padded(text: str, width: int) -> str:
    """A Chinese character takes two columns."""
    taken = sum(2 if ord(character) > 0x2E7F else 1 for character in text)
    return text + " " * max(0, width - taken)
