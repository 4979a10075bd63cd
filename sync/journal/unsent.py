"""What a destination does not have yet, level by level."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator

from sync.fold import counts_of
from sync.records import At, Changed, Pressed, Salvaged, understood


def unsent_outcomes(
    connection: sqlite3.Connection, settled: tuple[str, int] | None, is_wanted: Callable[[At], bool]
) -> dict[int, int]:
    """Outcome to visits that count beyond a destination's cursor (generation and next sequence), pressed at a time that
    is wanted. Costs as much as there is unsent.
    """
    start = 1
    if settled is not None:
        row = connection.execute("SELECT first_position FROM generation WHERE id = ?", (settled[0],)).fetchone()
        start = row[0] + settled[1] if row else 1
    found: Counter[int] = Counter()
    for record in _presses(connection, start):
        if is_wanted(_counted_at(record)):
            for outcome, visits in counts_of(record):
                found[outcome] += visits
    return {outcome: visits for outcome, visits in found.items() if visits}


def _presses(connection: sqlite3.Connection, start: int) -> Iterator[Pressed | Changed | Salvaged]:
    for (body,) in connection.execute("SELECT body FROM record WHERE position >= ? ORDER BY position", (start,)):
        text = bytes(body)
        if b'"pressed"' in text or b'"changed"' in text or b'"salvaged"' in text:
            record = understood(text)
            if isinstance(record, Pressed | Changed | Salvaged):
                yield record


def _counted_at(record: Pressed | Changed | Salvaged) -> At:
    match record:
        case Pressed(at=at):
            return at
        case Changed(pressed_at=at):
            return at
        case Salvaged(counted_at=at):
            return at
