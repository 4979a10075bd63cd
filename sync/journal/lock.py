"""One program at a time writes a journal; a second one is told which process holds it."""

import fcntl
import os
from pathlib import Path
from typing import IO

from sync.journal.schema import JournalError


class JournalHeldError(JournalError):
    """Another program has this journal open for writing."""


class JournalLock:
    """Held from construction until `release`. The kernel lets go of it when the process dies, however it dies."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._stream: IO[str] = (directory / "journal.lock").open("a+", encoding="utf-8")
        try:
            fcntl.flock(self._stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as fault:
            self._stream.seek(0)
            holder = self._stream.read().strip() or "an unknown process"
            self._stream.close()
            message = f"the journal in {directory} is held by process {holder}: stop it first"
            raise JournalHeldError(message, "held") from fault
        self._stream.truncate(0)
        self._stream.write(str(os.getpid()))
        self._stream.flush()

    def release(self) -> None:
        self._stream.close()
