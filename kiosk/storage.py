"""Opens the journal that the settings name: the same way for the running kiosk and for a command beside it."""

from base64 import b64decode

from kiosk.settings import Settings
from sync.clock import offset_minutes
from sync.journal.schema import JournalError, code_of
from sync.journal.writer import Journal
from sync.keys import KeyStore, KeyStoreError
from sync.records import At
from sync.sealing import Recipient, Sealer


def open_journal(settings: Settings, at: At) -> tuple[Journal, KeyStore]:
    """Whoever calls it holds the journal's lock. Raises `JournalError`."""
    directory, hub = settings.storage.directory, settings.hub
    recipients = [Recipient(hub.name, b64decode(hub.seal_key))] if hub and hub.seal_key else []
    try:
        keys = KeyStore(directory / "keys")
    except (KeyStoreError, OSError) as fault:
        raise JournalError(f"the keys cannot be used: {fault}", code_of(fault)) from fault
    return Journal(directory, keys, Sealer(recipients), offset_minutes(settings.hall.utc_offset), at), keys
