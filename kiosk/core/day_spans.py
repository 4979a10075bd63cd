"""Spans of the hall's day, such as quiet hours or the hours for sending, as `12:00-14:00` in the settings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

DAY_MIN: Final = 1440
_MINUTE_MS: Final = 60_000
_DAY_MS: Final = DAY_MIN * _MINUTE_MS


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


def is_within(spans: Sequence[Span], wall_ms: int, utc_offset_min: int) -> bool:
    """By the wall clock, in the hall's own time."""
    minute = (wall_ms // _MINUTE_MS + utc_offset_min) % DAY_MIN
    return any(one.holds(minute) for one in spans)


def until_next_ms(spans: Sequence[Span], wall_ms: int, utc_offset_min: int) -> int:
    """Milliseconds until the first of them begins; 0 within one, and where there are none."""
    if not spans or is_within(spans, wall_ms, utc_offset_min):
        return 0
    of_day = (wall_ms + utc_offset_min * _MINUTE_MS) % _DAY_MS
    return min((one.begins_min * _MINUTE_MS - of_day) % _DAY_MS for one in spans)


def _minutes(text: str) -> int:
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)
