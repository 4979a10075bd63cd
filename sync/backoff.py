"""How long to wait before the hub is tried again. Pure: chance and time come in from outside."""

from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final

SHORTEST_ASKED_S: Final = 1.0
LONGEST_ASKED_S: Final = 6 * 3600.0


@dataclass(frozen=True, slots=True)
class Backoff:
    """Full jitter: any wait between nothing and a ceiling that doubles with each failure in a row."""

    first_s: float = 5.0
    longest_s: float = 900.0

    def delay_s(self, failures: int, chance: float) -> float:
        """`failures` in a row so far, 1 or more; `chance` in [0, 1)."""
        doublings = min(failures - 1, 62)
        return chance * min(self.longest_s, self.first_s * 2.0**doublings)

    def slow_s(self, chance: float) -> float:
        """Where a person has to put something right first: half of the longest wait up to all of it."""
        return self.longest_s * (1 + chance) / 2


def asked_to_wait_s(retry_after: str | None, date: str | None, wall_ms: int) -> float | None:
    """Seconds that a Retry-After header asks for, 1 s to 6 h; None where it says nothing that can be read.

    An HTTP date is measured against the answer's own Date header: the clock of this device may be wrong.
    """
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return _clamped(float(text[:12]))
    until = _seconds(text)
    if until is None:
        return None
    now = _seconds(date) if date else None
    return _clamped(until - (wall_ms / 1000 if now is None else now))


def _seconds(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        return None


def _clamped(seconds: float) -> float:
    return min(LONGEST_ASKED_S, max(SHORTEST_ASKED_S, seconds))
