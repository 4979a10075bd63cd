"""When a PIN or a slip's code may be tried: five wrong ones cost 30 s, each further one twice as long, at most an hour
for a PIN.

An attempt is counted before it is checked, so that pulling the plug between the two saves nothing; the caller stores
the lockout between `attempt` and the check. The wall clock plays no part. A reboot begins the period anew: how much of
it had passed cannot be known.
"""

from dataclasses import dataclass, replace
from typing import Final

import msgspec

from sync.records import At

FREE_TRIES: Final = 5
FIRST_LOCK_S: Final = 30
LONGEST_LOCK_S: Final = 3600


@dataclass(frozen=True, slots=True)
class Lockout:
    failures: int = 0
    """Attempts since the last right one, the one under way included."""
    locked_until_ms: int | None = None
    """On the clock since boot, of the boot named by `boot`."""
    boot: str = ""
    longest_s: int = LONGEST_LOCK_S

    @property
    def tries_left(self) -> int:
        """How many wrong ones until a lock; 0 once every further one costs a wait."""
        return max(0, FREE_TRIES - self.failures)


def attempt(lockout: Lockout, at: At) -> tuple[Lockout, bool]:
    """The lockout to store before the PIN is checked, and whether it may be checked at all."""
    lockout = carried_over(lockout, at)
    if seconds_left(lockout, at) > 0:
        return lockout, False
    failures = lockout.failures + 1
    if failures < FREE_TRIES:
        return replace(lockout, failures=failures, locked_until_ms=None, boot=""), True
    return _locked(lockout, failures, at), True


def succeeded(lockout: Lockout) -> Lockout:
    """The PIN was right: nothing is held against anybody any more."""
    return replace(lockout, failures=0, locked_until_ms=None, boot="")


def carried_over(lockout: Lockout, at: At) -> Lockout:
    """The lockout in this boot: one that was locked in another begins its whole period anew. Store it at start."""
    if lockout.locked_until_ms is None or lockout.boot == at.boot:
        return lockout
    return _locked(lockout, lockout.failures, at)


def seconds_left(lockout: Lockout, at: At) -> int:
    """Whole seconds, rounded up, until the next attempt; 0 when one is allowed now."""
    until_ms = carried_over(lockout, at).locked_until_ms
    return 0 if until_ms is None else max(0, -((at.boot_ms - until_ms) // 1000))


def to_json(lockout: Lockout) -> str:
    return msgspec.json.encode(lockout).decode()


def from_json(text: str) -> Lockout:
    """Raises `ValueError` where the text is none of `to_json`."""
    return msgspec.json.decode(text, type=Lockout)


def _locked(lockout: Lockout, failures: int, at: At) -> Lockout:
    doublings = min(max(0, failures - FREE_TRIES), 16)
    seconds = min(lockout.longest_s, FIRST_LOCK_S * 2**doublings)
    return Lockout(failures, at.boot_ms + seconds * 1000, at.boot, lockout.longest_s)
