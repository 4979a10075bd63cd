"""One program at a time writes a journal; a second one is told which process holds it."""

import contextlib
import fcntl
import os
from pathlib import Path

from sync.files import sync_directory
from sync.journal.schema import JournalError, code_of


class JournalHeldError(JournalError):
    """Another program has this journal open for writing."""


class JournalLock:
    """Held from construction until `release`. The kernel lets go of it when the process dies, however it dies.

    The lock is on the folder itself, which needs neither space nor the right to write: on a full or read-only disk the
    kiosk starts all the same. The file beside the journal only names the holder.
    """

    def __init__(self, directory: Path) -> None:
        self._descriptor = _opened(directory)
        name = directory / "journal.lock"
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as fault:
            os.close(self._descriptor)
            holder = name.read_text(encoding="utf-8").strip() if name.exists() else ""
            message = f"the journal in {directory} is held by process {holder or 'unknown'}: stop it first"
            raise JournalHeldError(message, "held") from fault
        with contextlib.suppress(OSError):
            name.write_text(str(os.getpid()), encoding="utf-8")

    def release(self) -> None:
        os.close(self._descriptor)


def _opened(directory: Path) -> int:
    """Raises `JournalError` where there is no such folder and none can be made."""
    try:
        if not directory.exists():
            directory.mkdir(mode=0o700, parents=True)
            sync_directory(directory.parent)
        return os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as fault:
        raise JournalError(f"the folder {directory} cannot be used: {fault}", code_of(fault)) from fault
