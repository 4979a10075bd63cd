"""The gesture that opens the manager's pad: five taps in a corner, the last one held."""

from dataclasses import dataclass
from typing import Final

TAPS: Final = 5
WITHIN_MS: Final = 4_000
"""From the first touch to the last."""
HOLD_MS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Corner:
    """Times of the touches so far, on the clock since boot."""

    touches: tuple[int, ...] = ()


def touched(corner: Corner, at_ms: int) -> Corner:
    """A finger went down in the corner."""
    return Corner((*corner.touches, at_ms)[-TAPS:])


def released(corner: Corner, at_ms: int) -> tuple[Corner, bool]:
    """A finger went up in the corner. True when this completes the gesture.

    A tap held before its turn starts it anew, so that leaning on the corner never opens anything.
    """
    if not corner.touches or at_ms - corner.touches[-1] < HOLD_MS:
        return corner, False
    complete = len(corner.touches) == TAPS and corner.touches[-1] - corner.touches[0] <= WITHIN_MS
    return Corner(), complete
