"""A crash of this program leaves no memory on a disk: a core file would hold an applicant's name as it was typed."""

import ctypes
import faulthandler
import logging
import resource
import sys

log = logging.getLogger(__name__)

_PR_SET_DUMPABLE = 4


def leave_no_core_dump() -> None:
    """For the whole process, and for good. Threads' stacks still go to standard error where it crashes: function names
    and lines, no values.

    Not dumpable holds where the kernel pipes cores to a collector, which the limit does not; nor can another program of
    this user read the memory then. The swap is the system's: `docs/journal.md`.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        log.warning("the kernel keeps this program dumpable: error %d", ctypes.get_errno())
    if sys.stderr is not None and not faulthandler.is_enabled():
        faulthandler.enable()
