"""The fold of one visit for a report: what it came to and what was said, beside `sync.fold`, which counts."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sync.records import NOT_RATED, Asked, At, Changed, Details, Ended, Pressed, Record


@dataclass(frozen=True, slots=True)
class Said:
    """What was said after the press that counts."""

    table: str = ""
    tags: tuple[str, ...] = ()
    answers: tuple[tuple[str, int], ...] = ()
    help: bool = False
    sealed: tuple[tuple[str, str, bytes], ...] = ()
    """Part (`words`, `contact`), recipient, SHA-256 of the cipher text."""

    def with_more(self, details: Details) -> "Said":
        """Each part that is there stands in place of the same part before."""
        fresh = {part.part for part in details.sealed}
        kept = tuple(one for one in self.sealed if one[0] not in fresh)
        added = tuple((part.part, name, digest) for part in details.sealed for name, digest in part.boxes)
        return Said(
            details.table or self.table,
            tuple(details.tags) or self.tags,
            tuple(details.answers.items()) or self.answers,
            details.help or self.help,
            kept + added,
        )


@dataclass(frozen=True, slots=True)
class EndedVisit:
    seq: int
    """Of the ask, in its generation."""
    asked: Asked
    level: int
    """`NOT_RATED` where nobody pressed."""
    pressed: At | None
    """Of the first press: a change of the level does not move it."""
    said: Said


@dataclass(slots=True)
class VisitRun:
    """Feed it the records of one generation in order; those of other visits are passed over."""

    seq: int
    asked: Asked
    _level: int = NOT_RATED
    _pressed: At | None = None
    _said: Said = field(default_factory=Said)

    @property
    def as_it_stands(self) -> EndedVisit:
        """Also of one whose end was lost with the storage that it stood on."""
        return EndedVisit(self.seq, self.asked, self._level, self._pressed, self._said)

    def take(self, record: Record) -> EndedVisit | None:
        """The visit, once this record has ended it."""
        match record:
            case Pressed(asked=self.seq) if self._pressed is None:
                self._level, self._pressed = record.level, record.at
            case Changed(asked=self.seq) if self._pressed is not None:
                self._level, self._said = record.level, Said()
            case Details(asked=self.seq):
                self._said = self._said.with_more(record)
            case Ended(asked=self.seq):
                return self.as_it_stands
            case _:
                pass
        return None


def ended_visits(records: Iterable[tuple[int, Record | None]]) -> Iterable[EndedVisit]:
    """Of one generation, from the beginning or anywhere in it, in the order in which they ended."""
    runs: dict[int, VisitRun] = {}
    for seq, record in records:
        if isinstance(record, Asked):
            runs[seq] = VisitRun(seq, record)
        elif isinstance(record, Pressed | Changed | Details | Ended) and (run := runs.get(record.asked)):
            visit = run.take(record)
            if visit is not None:
                del runs[record.asked]
                yield visit
