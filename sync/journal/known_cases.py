"""Was this device asked about a case before? Told by the pseudonyms in its own journal, which holds no case number."""

import sqlite3
from typing import Final

from sync.journal.schema import translated
from sync.pseudonym import pseudonym
from sync.records import Asked, understood

NEWEST: Final = 300_000
"""So many records are looked at, the newest: a month of a busy hall, and a bound for whoever waits."""
_ASKS: Final = (
    "SELECT body FROM record WHERE position > (SELECT coalesce(max(position), 0) FROM record) - ? "
    'AND substr(body, 1, 15) = CAST(\'{"kind":"asked"\' AS BLOB)'
)


def was_asked_for(connection: sqlite3.Connection, key: bytes, project_no: str) -> bool:
    """Whatever step of the case, whatever became of it: whether it was rated is not told.

    `key` is the device's pseudonym key. Raises `JournalError`.
    """
    known: dict[int, bytes] = {}
    with translated("read"):
        for (body,) in connection.execute(_ASKS, (NEWEST,)):
            asked = understood(bytes(body))
            for case in asked.cases if isinstance(asked, Asked) else ():
                if case.service not in known:
                    known[case.service] = pseudonym(key, project_no, case.service)
                if case.pseudonym == known[case.service]:
                    return True
    return False
