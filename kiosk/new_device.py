"""A cloned disk begins as a device of its own: new keys, the former ones set aside and their private half erased.

The journal is not touched here: when it is opened next, it is another device's, and is kept aside whole.
"""

import os
from pathlib import Path

from sync.files import sync_directory
from sync.journal.reader import JournalReader, waiting
from sync.journal.schema import JournalError


def unsent(directory: Path, destination: str) -> int:
    """Records that stand here alone. Nothing is known where no journal can be read."""
    try:
        reader = JournalReader(directory)
    except JournalError:
        return 0
    try:
        return waiting(reader.connection, reader.settled(destination)).records
    finally:
        reader.close()


def set_keys_aside(directory: Path) -> None:
    """Whoever calls it holds the journal's lock. Raises `OSError`."""
    keys = directory / "keys"
    if keys.exists():
        number = len(list(directory.glob("keys-*"))) + 1
        keys.rename(directory / f"keys-{number}")
        sync_directory(directory)


def erase_former_keys(directory: Path) -> None:
    """Nobody signs as the former device from here again; what flash cells keep is beyond software."""
    for path in directory.glob("keys-*/epoch-*.key"):
        with path.open("r+b") as stream:
            stream.write(bytes(path.stat().st_size))
            stream.flush()
            os.fsync(stream.fileno())
        path.unlink()
        sync_directory(path.parent)
