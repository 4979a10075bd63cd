"""Which prompt is heard, and when none is: from how a visit's stage changes, and from the hall's quiet hours.

A prompt never depends on a level. Its caption is the headline of the screen that shows with it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, assert_never

from kiosk.core.stages import (
    Apologising,
    Asking,
    Detailing,
    Rechoosing,
    Recording,
    Rerecording,
    Resting,
    Stage,
    Thanking,
)

Prompt = Literal["asked", "recorded", "not-recorded", "call-noted"]
PROMPTS: Final[tuple[Prompt, ...]] = ("asked", "recorded", "not-recorded", "call-noted")
"""The names of the sound files, too."""

DAY_MIN: Final = 1440


@dataclass(frozen=True, slots=True)
class Span:
    """Minutes since midnight, the first in, the last out. One that ends before it begins lasts over midnight."""

    begins_min: int
    ends_min: int

    def holds(self, minute: int) -> bool:
        if self.begins_min <= self.ends_min:
            return self.begins_min <= minute < self.ends_min
        return minute >= self.begins_min or minute < self.ends_min


def span(text: str) -> Span:
    """Of `12:00-14:00`, as the settings have checked it."""
    begins, _, ends = text.partition("-")
    return Span(_minutes(begins), _minutes(ends))


def is_quiet(spans: Iterable[Span], wall_ms: int, utc_offset_min: int) -> bool:
    """By the wall clock, in the hall's own time."""
    minute = (wall_ms // 60_000 + utc_offset_min) % DAY_MIN
    return any(one.holds(minute) for one in spans)


def prompt(before: Stage, after: Stage) -> Prompt | None:
    """What the change from one stage of a window to the next lets be heard; None for most."""
    match after:
        case Asking():
            return "asked" if _newly_asked(before, after) else None
        case Detailing() | Thanking():
            return _taken_in(before, after)
        case Apologising():
            return "not-recorded" if isinstance(before, Recording) else None
        case Resting() | Recording() | Rechoosing() | Rerecording():
            return None
        case _:
            assert_never(after)


def _newly_asked(before: Stage, after: Asking) -> bool:
    """Not where the faces come back after an apology: that one has said to press again."""
    return isinstance(before, Resting) or before.visit != after.visit


def _taken_in(before: Stage, after: Detailing | Thanking) -> Prompt | None:
    match before, after:
        case Recording(), _:
            return "recorded"
        case Rerecording(), Detailing(change_failed=failed):
            return "not-recorded" if failed else "recorded"
        case Detailing(help_called=False), Detailing(help_called=True):
            return "call-noted"
        case _:
            return None


def _minutes(text: str) -> int:
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)
