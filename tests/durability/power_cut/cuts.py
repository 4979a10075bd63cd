"""Cuts the power at chosen points of a history, in every way that matters, and counts what came of it."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, assert_never

from tests.durability.power_cut.disk import Disk, Fate, Image, fates, points_that_matter
from tests.durability.power_cut.inspection import Corrupt, Lost, Sound, inspect
from tests.durability.power_cut.operations import Operation, Promise

_MOST_EXAMPLES: Final = 5


@dataclass(slots=True)
class Tally:
    """What became of the images. Each differs from every other in its bytes or in what was promised."""

    images: int = 0
    lost: int = 0
    corrupt: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        self.images += other.images
        self.lost += other.lost
        self.corrupt += other.corrupt
        self.examples = (self.examples + other.examples)[:_MOST_EXAMPLES]

    def __str__(self) -> str:
        lines = [f"{self.images} images, {self.lost} lost something promised, {self.corrupt} corrupt", *self.examples]
        return "\n  ".join(lines)


@dataclass(frozen=True, slots=True)
class OneCut:
    point: int
    fate: Fate
    image: Image
    promise: Promise


Plan = Callable[[int], Sequence[Fate]]
"""Which fates to try after the operation with this number; none where it gives an empty sequence."""


def cuts(operations: Sequence[Operation], plan: Plan) -> Iterator[OneCut]:
    """The images of a cut after each planned operation; one that was seen before is left out."""
    disk = Disk()
    seen: set[tuple[object, ...]] = set()
    for point, operation in enumerate(operations):
        disk.play(operation)
        for fate in plan(point):
            cut = disk.cut(fate)
            if cut.identity not in seen:
                seen.add(cut.identity)
                yield OneCut(point, fate, cut.build(), disk.promise)


def sampled(operations: Sequence[Operation], points: int, seed: int) -> Plan:
    """Every fate at `points` of the operations that change what is safe, and a torn one at as many of all."""
    chance = random.Random(seed)
    matter = sorted(set(points_that_matter(operations)))
    thorough = set(chance.sample(matter, min(points, len(matter))))
    others = set(chance.sample(range(len(operations)), min(points, len(operations))))

    def plan(point: int) -> Sequence[Fate]:
        if point in thorough:
            return fates(1, seed)
        return (Fate("some", "some", seed),) if point in others else ()

    return plan


def every(operations: Sequence[Operation], seed: int, part: int = 0, parts: int = 1) -> Plan:
    """A cut after each operation, in every way where what is safe changes; or one of several parts of that."""
    matter = set(points_that_matter(operations))
    first, last = len(operations) * part // parts, len(operations) * (part + 1) // parts

    def plan(point: int) -> Sequence[Fate]:
        if not first <= point < last:
            return ()
        if point in matter:
            return fates(2, seed)
        return (Fate("all", "all") if point % 2 else Fate("some", "some", seed),)

    return plan


def try_cuts(
    operations: Sequence[Operation],
    hashes: Mapping[int, bytes],
    plan: Plan,
    folder: Path,
) -> Tally:
    """Builds the images one after the other in `folder`, which is theirs alone."""
    tally = Tally()
    for cut in cuts(operations, plan):
        cut.image.write_to(folder)
        tally.images += 1
        verdict = inspect(folder, cut.promise, hashes)
        match verdict:
            case Sound():
                continue
            case Lost(what):
                tally.lost += 1
            case Corrupt(what):
                tally.corrupt += 1
            case _:
                assert_never(verdict)
        if len(tally.examples) < _MOST_EXAMPLES:
            tally.examples.append(f"cut after operation {cut.point} of {len(operations)}, {cut.fate}: {what}")
    return tally
