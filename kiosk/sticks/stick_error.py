"""What can be wrong with a stick, or with this kiosk when a stick is there."""

import errno
from typing import Final

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NO_WRITING: Final = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


class StickError(Exception):
    """Nothing more was done. `code` is for translation, the message is plain English.

    `no-hub`, `no-line`, `no-seal-key`, `no-token`, `no-journal`, `stick-full`, `stick-read-only`, `stick-gone`,
    `stick-unsafe`, or the code of a `JournalError`.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def from_system(fault: OSError) -> StickError:
    if fault.errno in _FULL:
        return StickError("stick-full", "the stick is full: make room on it and begin again; nothing is lost")
    if fault.errno in _NO_WRITING:
        return StickError("stick-read-only", "the stick cannot be written: is it locked, or mounted for another user?")
    return StickError("stick-gone", f"the stick cannot be used ({fault.strerror or fault}): plug it in and begin again")
