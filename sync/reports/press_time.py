"""When a press was, as a report says it: the raw time and the recorded offset, kept apart. Never altered.

A platform that finds a time too early or too late refuses it. Nobody here shifts a press to please it.
"""

from typing import Final

from msgspec import Struct

from sync.anchors import OFF_MS, Anchor, believed_ms
from sync.records import At

EARLIEST_MS: Final = 1_609_459_200_000
"""2021-01-01 UTC, when GB/T 39734-2020 came into force: no press is older, so such a clock is wrong."""


class PressTime(Struct, frozen=True):
    raw_ms: int
    """What the device's wall clock said, ms since 1970-01-01 UTC."""
    offset_ms: int
    """Added to `raw_ms` in a report: what the corrections on record say. 0 where the raw time counts."""
    doubtful: bool
    """Worth waiting for a trusted clock, for a limited time."""

    @property
    def ms(self) -> int:
        return self.raw_ms + self.offset_ms

    @property
    def corrected(self) -> bool:
        return self.offset_ms != 0


def press_time(at: At, anchor: Anchor | None, now_ms: int) -> PressTime:
    """`anchor` as the last correction of the press's generation left it; `now_ms` is the reporting machine's clock."""
    believed = believed_ms(at, anchor)
    low = anchor is not None and anchor.boot == at.boot and anchor.trust == "low"
    doubtful = low or not EARLIEST_MS <= believed <= now_ms + OFF_MS
    return PressTime(at.wall_ms, believed - at.wall_ms, doubtful)
