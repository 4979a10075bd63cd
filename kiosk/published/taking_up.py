"""What has arrived is put into use: at the start of the program, and never while it runs."""

import logging

from kiosk.settings import Settings
from sync.journal.lock import JournalHeldError, JournalLock

log = logging.getLogger(__name__)


def take_up(settings: Settings) -> None:
    """Before the settings are read that count: puts into use what has arrived. Another program that runs keeps what it
    has. A disk that does not allow it leaves everything as it was.
    """
    storage = settings.storage.directory
    if not (storage / "published").is_dir():
        return
    try:
        lock = JournalLock(storage)
    except JournalHeldError:
        return
    from sync.publication.shelf import Shelf

    try:
        Shelf(storage).turn()
    except OSError as fault:
        log.warning("what has come down cannot be taken up: %s", fault)
    finally:
        lock.release()
