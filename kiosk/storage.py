"""Opens the journal that the settings name: the same way for the running kiosk and for a command beside it."""

import sqlite3

from kiosk.published.seal_choice import seal_key
from kiosk.settings import Settings
from sync.clock import offset_minutes
from sync.journal import salvage
from sync.journal.schema import JournalError, code_of
from sync.journal.writer import Journal
from sync.keys import KeyStore, KeyStoreError
from sync.records import At
from sync.sealing import Recipient, Sealer


def open_journal(
    settings: Settings, at: At, lost_by: str = "", keys: KeyStore | None = None
) -> tuple[Journal, KeyStore]:
    """Whoever calls it holds the journal's lock. Raises `JournalError`.

    A file that is damaged, that a newer program wrote, or that was found to be so while in use (`lost_by`), is kept
    aside, and a new generation goes on with what can be read of it. One that another device wrote is kept aside whole.
    """
    directory, hub = settings.storage.directory, settings.hub
    recipients = [Recipient(hub.name, seal_key(hub, directory))] if hub and hub.seal_key else []
    try:
        keys = keys or KeyStore(directory / "keys")
    except (KeyStoreError, OSError) as fault:
        raise JournalError(f"the keys cannot be used: {fault}", code_of(fault)) from fault
    sealer, offset = Sealer(recipients), offset_minutes(settings.hall.utc_offset)
    salvage.finish(directory)
    if not lost_by:
        try:
            return Journal(directory, keys, sealer, offset, at), keys
        except JournalError as fault:
            if fault.code not in {"damaged", "newer", "other-device"}:
                raise
            lost_by = fault.code
    try:
        salvage.salvage(directory, lost_by, at)
    except (OSError, sqlite3.Error) as fault:
        raise JournalError(f"the damaged journal cannot be kept aside: {fault}", code_of(fault)) from fault
    return Journal(directory, keys, sealer, offset, at), keys
