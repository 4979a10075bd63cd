"""Looking back through a journal for the few records that hold a text: the chain itself is the only index.

Newest first, in short reads that hold up no checkpoint; some two million records a second where the file is in memory.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from sync.journal.reader import Generation, JournalReader
from sync.journal.schema import translated
from sync.records import Record, understood

_CHUNK: Final = 8192
_A_REAL_CLOCK_MS: Final = 1_577_836_800_000
"""2020-01-01: a wall clock from before says nothing."""


class Found(NamedTuple):
    generation: Generation
    seq: int
    record: Record


def records_with(reader: JournalReader, text: bytes, since_ms: int | None = None) -> Iterator[Found]:
    """Records whose bytes hold `text`, the newest first, salvaged ones too; those of unknown kinds are passed over.

    `since_ms` (wall clock): what is older need not be found. Raises `JournalError`.
    """
    for generation in reversed(reader.generations()):
        end = generation.first_position + generation.next_seq
        while end > generation.first_position:
            start = max(generation.first_position, end - _CHUNK)
            with translated("read"):
                rows = reader.connection.execute(
                    "SELECT position, body FROM record WHERE position >= ? AND position < ? AND instr(body, ?) "
                    "ORDER BY position DESC",
                    (start, end, text),
                ).fetchall()
            for position, body in rows:
                if (record := understood(bytes(body))) is not None:
                    yield Found(generation, position - generation.first_position, record)
            if since_ms is not None and _is_older(reader, start, since_ms):
                return
            end = start


def records_after(reader: JournalReader, generation: Generation, seq: int) -> Iterator[Record]:
    """What follows a record in its generation, in order. Raises `JournalError`."""
    start, last = generation.first_position + seq + 1, generation.first_position + generation.next_seq - 1
    while start <= last:
        with translated("read"):
            rows = reader.connection.execute(
                "SELECT body FROM record WHERE position BETWEEN ? AND ? ORDER BY position",
                (start, min(last, start + 255)),
            ).fetchall()
        for (body,) in rows:
            if (record := understood(bytes(body))) is not None:
                yield record
        start += 256


def _is_older(reader: JournalReader, position: int, since_ms: int) -> bool:
    with translated("read"):
        row = reader.connection.execute("SELECT body FROM record WHERE position = ?", (position,)).fetchone()
    record = understood(bytes(row[0])) if row else None
    return record is not None and _A_REAL_CLOCK_MS <= record.at.wall_ms < since_ms
