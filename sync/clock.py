"""The device's clocks. The wall clock may be wrong; the one since boot never jumps."""

import time
from functools import lru_cache
from pathlib import Path
from typing import Final

from sync.records import At

_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")


class SystemClock:
    def __init__(self) -> None:
        self._boot = _BOOT_ID.read_text().strip().replace("-", "")[:16]

    def now(self) -> At:
        return At(time.time_ns() // 1_000_000, time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000, self._boot)


def hall_day(wall_ms: int, utc_offset_minutes: int) -> tuple[str, int]:
    """The hall's own day (`yyyy-MM-dd`) and hour (0 to 23) of a wall-clock time."""
    return _day_of_hour((wall_ms + utc_offset_minutes * 60_000) // 3_600_000)


@lru_cache(maxsize=8)
def _day_of_hour(hour: int) -> tuple[str, int]:
    local = time.gmtime(hour * 3600)
    return time.strftime("%Y-%m-%d", local), local.tm_hour


def offset_minutes(utc_offset: str) -> int:
    """Of `+08:00`: 480."""
    hours, minutes = utc_offset[1:].split(":")
    return (-1 if utc_offset[0] == "-" else 1) * (int(hours) * 60 + int(minutes))
