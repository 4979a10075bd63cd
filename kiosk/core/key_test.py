"""The press-each-key test of one box: an engineer presses the keys in turn, best level first. No rating comes of it.

A key that brings another level than the one asked for is *swapped*; one that the engineer gives up on is *missing*.
"""

from dataclasses import dataclass, replace
from typing import Final, Literal

TEST_MS: Final = 120_000
"""A test that nobody ends is over after this long: the box belongs to the citizens."""

Finding = Literal["right", "swapped", "missing"]
Refusal = Literal["no-such-box", "visit-open", "not-connected", "not-adopted", "under-way"]
"""Why no test begins."""


@dataclass(frozen=True, slots=True)
class KeyTest:
    evaluator: str
    address: int
    """As on the line."""
    levels: tuple[int, ...]
    """The levels that the box has a key for, in the order in which they are asked for."""
    ends_ms: int
    """On the clock since boot."""
    heard: tuple[int | None, ...] = ()
    """For each level asked for so far, the one that came; None where the key was given up."""

    @property
    def wanted(self) -> int | None:
        """The level whose key is to be pressed now; None once all have been."""
        return self.levels[len(self.heard)] if len(self.heard) < len(self.levels) else None

    @property
    def findings(self) -> dict[int, Finding]:
        return {level: _finding(level, heard) for level, heard in zip(self.levels, self.heard, strict=False)}

    @property
    def passed(self) -> bool:
        """Every key was pressed and brought its own level."""
        return self.heard == self.levels


def begin(evaluator: str, address: int, levels: tuple[int, ...], boot_ms: int) -> KeyTest:
    return KeyTest(evaluator, address, tuple(sorted(levels, reverse=True)), boot_ms + TEST_MS)


def pressed(test: KeyTest, level: int) -> KeyTest:
    return test if test.wanted is None else replace(test, heard=(*test.heard, level))


def skipped(test: KeyTest) -> KeyTest:
    """The key that is asked for does nothing."""
    return test if test.wanted is None else replace(test, heard=(*test.heard, None))


def _finding(level: int, heard: int | None) -> Finding:
    if heard is None:
        return "missing"
    return "right" if heard == level else "swapped"
