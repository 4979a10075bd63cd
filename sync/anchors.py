"""Which clock to believe: evidence of the true time, the anchor made of it, and the time that it gives to a record.

Raw times never change. An anchor says what the true time was at one reading of the clock since boot, which never jumps;
so it gives the true time of every record of that boot, whatever the wall clock did in between. It says nothing about
another boot.
"""

from dataclasses import dataclass
from typing import Final

from msgspec import Struct

from sync.records import At, ClockSource, Correction, Trust

OFF_MS: Final = 60_000
"""A wall clock is right within this: it costs no record, and its times count as they are."""
LONGEST_EXCHANGE_MS: Final = 30_000
"""An answer that took longer says too little about the time."""
HUB_UNCERTAINTY_MS: Final = 1_000
LAST_MS: Final = 253_402_300_800_000
"""The year 10000."""
_NOISE_MS: Final = 1_000
"""What a wall clock may wander, or be slewed, without being remembered."""


class Anchor(Struct, frozen=True):
    """The true wall clock (ms since 1970-01-01 UTC, give or take `uncertainty_ms`) at `boot_ms` of one boot."""

    boot: str
    boot_ms: int
    true_ms: int
    uncertainty_ms: int
    source: ClockSource
    trust: Trust

    def true_at(self, at: At) -> int:
        """Only for a time of this boot."""
        return self.true_ms + at.boot_ms - self.boot_ms


@dataclass(frozen=True, slots=True)
class ClockEvidence:
    """Somebody says what time it is. `at` is what the device's own clocks said at that moment."""

    at: At
    true_ms: int
    uncertainty_ms: int
    source: ClockSource
    trust: Trust


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question to the hub and its answer, by the device's own clocks."""

    began: At
    ended: At


def hub_evidence(exchange: Exchange, time_ms: int) -> ClockEvidence | None:
    """The hub wrote `time_ms` somewhere within the exchange; taken to be its middle. None for one that took too long.

    The wall clock may have been set meanwhile: what it says at the middle is counted back from the end.
    """
    began, ended = exchange.began, exchange.ended
    took_ms = ended.boot_ms - began.boot_ms
    if began.boot != ended.boot or not 0 <= took_ms <= LONGEST_EXCHANGE_MS or not 0 <= time_ms < LAST_MS:
        return None
    middle = At(ended.wall_ms - took_ms // 2, ended.boot_ms - took_ms // 2, ended.boot)
    return ClockEvidence(middle, time_ms, took_ms // 2 + HUB_UNCERTAINTY_MS, "hub", "high")


class WallOffsets(Struct, frozen=True):
    """How far wall clock and clock since boot stood apart over the records of one boot: wall − boot, ms.

    A clock that was set right before anybody could say the time still has records of the wrong one behind it.
    """

    boot: str
    low: int
    high: int


def believed_ms(at: At, anchor: Anchor | None) -> int:
    """The wall-clock time that counts: the anchor's where it is of this boot and the raw one is off; else the raw."""
    if anchor is None or anchor.boot != at.boot:
        return at.wall_ms
    true_ms = anchor.true_at(at)
    return true_ms if abs(true_ms - at.wall_ms) > OFF_MS else at.wall_ms


def anchor_after(anchor: Anchor | None, correction: Correction) -> Anchor | None:
    """The anchor in force behind a correction. One of low trust never replaces one of high trust.

    A correction speaks of the boot that it was written in; of any other it is no evidence.
    """
    if correction.boot != correction.at.boot:
        return anchor
    if anchor is not None and anchor.boot == correction.boot and (anchor.trust, correction.trust) == ("high", "low"):
        return anchor
    return Anchor(
        correction.boot,
        correction.boot_ms,
        correction.true_ms,
        correction.uncertainty_ms,
        correction.source,
        correction.trust,
    )


def needs_correction(evidence: ClockEvidence, anchor: Anchor | None, offsets: WallOffsets | None) -> bool:
    """Whether records of this boot are, or would be, counted at a time that the evidence shows to be wrong."""
    at = evidence.at
    if anchor is not None and anchor.boot == at.boot:
        if anchor.trust != evidence.trust:
            return evidence.trust == "high"
        return abs(anchor.true_at(at) - evidence.true_ms) > OFF_MS
    true_offset = evidence.true_ms - at.boot_ms
    seen = [at.wall_ms - at.boot_ms]
    if offsets is not None and offsets.boot == at.boot:
        seen += [offsets.low, offsets.high]
    return any(abs(offset - true_offset) > OFF_MS for offset in seen)


def widened(offsets: WallOffsets | None, at: At) -> WallOffsets:
    """With one more record; the same object where that says nothing new."""
    offset = at.wall_ms - at.boot_ms
    if offsets is None or offsets.boot != at.boot:
        return WallOffsets(at.boot, offset, offset)
    if offsets.low - _NOISE_MS <= offset <= offsets.high + _NOISE_MS:
        return offsets
    return WallOffsets(at.boot, min(offsets.low, offset), max(offsets.high, offset))
