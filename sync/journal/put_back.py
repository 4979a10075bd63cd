"""At opening: whether journal or keys are older than what is known beside them. Part of the first transaction.

An older journal is not written on: its next record would take the place of one that was there. A new generation names
what is known; everything that is here stays and counts.
"""

import sqlite3
from pathlib import Path

from sync.journal import newest_head
from sync.journal.appending import NOTE, Appender
from sync.journal.chain_state import ChainState
from sync.journal.schema import JournalError, translated
from sync.keys import KeyStore
from sync.records import At, Audit, Opened, understood


def last_generation(connection: sqlite3.Connection) -> str:
    """Its id; empty where there is none. Raises `JournalError`."""
    with translated("read"):
        row = connection.execute("SELECT id FROM generation ORDER BY number DESC").fetchone()
    return "" if row is None else str(row[0])


def refuse_other_device(connection: sqlite3.Connection, state: ChainState, keys: KeyStore) -> None:
    """Two devices never share a file. Raises `JournalError`."""
    row = connection.execute("SELECT body FROM record WHERE position = ?", (state.first_position,)).fetchone()
    opened = understood(row[0]) if row else None
    if isinstance(opened, Opened) and opened.device != keys.device:
        raise JournalError("the journal is of another device than the keys beside it", "other-device")


def go_on_after_loss(
    directory: Path,
    connection: sqlite3.Connection,
    appender: Appender,
    state: ChainState,
    keys: KeyStore,
    before: str,
    at: At,
) -> bool:
    """`before`: the generation that was the last one when the file was opened. Says whether anything was found."""
    missed = newest_head.missed(directory, connection, keys)
    known = connection.execute("SELECT value FROM note WHERE name = ?", (newest_head.MISSED_NOTE,)).fetchone()
    is_news = missed is not None and known != (missed.name,)
    old_keys = keys.epoch < state.epoch
    if not (is_news or old_keys):
        return missed is not None
    last: dict[str, str | int] = {"generation": state.generation, "seq": state.seq, "hash": state.hash.hex()}
    epochs: dict[str, str | int] = {"journal_epoch": state.epoch, "keys_epoch": keys.epoch}
    if state.generation == before:
        appender.open_generation(state, at)
    if missed is not None and is_news:
        appender.add(state, Audit(at=at, what="journal-older-than-known", detail={**last, **missed.detail}))
        connection.execute(NOTE, (newest_head.MISSED_NOTE, missed.name))
    if old_keys:
        appender.add(state, Audit(at=at, what="keys-older-than-journal", detail=epochs))
    return True
