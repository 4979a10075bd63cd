"""Issued, returned, spoilt, outstanding: what the journal says of each batch of forms."""

from dataclasses import dataclass, field

from sync.journal.reader import JournalReader
from sync.journal.search import records_with
from sync.records import Asked, FormsIssued, FormSpoilt, Salvaged, understood


@dataclass(slots=True)
class Batch:
    batch: str
    point: str = ""
    day_ms: int = 0
    """Wall clock of the issue; 0 where its record is lost."""
    issued: frozenset[bytes] = frozenset()
    returned: set[bytes] = field(default_factory=set)
    spoilt: set[bytes] = field(default_factory=set)

    @property
    def outstanding(self) -> int:
        return len(self.issued - self.returned - self.spoilt)

    @property
    def unknown(self) -> int:
        """Came back or was spoilt, and stands in no record of an issue: that record was lost with a damaged journal."""
        return len((self.returned | self.spoilt) - self.issued)


def batches(reader: JournalReader) -> list[Batch]:
    """Oldest first. Reads the journal three times. Raises `JournalError`."""
    found: dict[str, Batch] = {}
    for issue in records_with(reader, b'"kind":"forms-issued"'):
        if isinstance(record := issue.record, FormsIssued):
            batch = found.setdefault(record.batch, Batch(record.batch))
            batch.point, batch.day_ms, batch.issued = record.point, record.at.wall_ms, frozenset(record.serials)
    for spoil in records_with(reader, b'"kind":"form-spoilt"'):
        if isinstance(record := spoil.record, FormSpoilt):
            found.setdefault(record.batch, Batch(record.batch)).spoilt.add(record.serial)
    for visit in records_with(reader, b'"channel":"paper"'):
        record = visit.record
        bodies = [understood(body.encode()) for body in record.bodies] if isinstance(record, Salvaged) else [record]
        for asked in bodies:
            if isinstance(asked, Asked) and asked.paper is not None:
                found.setdefault(asked.paper.batch, Batch(asked.paper.batch)).returned.add(asked.paper.serial)
    return sorted(found.values(), key=lambda batch: (batch.day_ms, batch.batch))
