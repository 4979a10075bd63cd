"""`python -m tests.durability.kills.soak --kills 500`: kills the real kiosk so often, and says what was lost.

Exit code 1 if anything was.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.durability.kills.campaign import AIMS, Aim, Result, play

PER_HALL = 50


def main() -> int:
    parser = argparse.ArgumentParser(description="kill the real kiosk under a stream of presses, and reckon")
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=None, help="default: a new one, printed")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)), help="halls at once")
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("QT_QUICK_BACKEND", "software")
    seed = random.SystemRandom().randrange(1_000_000) if options.seed is None else options.seed
    began = time.monotonic()
    results = list(_soak(options.kills, seed, options.jobs))
    took = time.monotonic() - began
    kills, thanked = (sum(getattr(result, name) for result in results) for name in ("kills", "thanked"))
    lost = [fault for result in results for fault in result.faults]
    print(f"{kills} kills in {took:.0f} s ({kills / took:.1f}/s), {thanked} thanked for, {len(lost)} differences")
    return 1 if lost or kills < options.kills else 0


def aims_for(kills: int, chance: random.Random) -> list[Aim]:
    """The first two lives of a hall are killed while its keys and its journal are being made."""
    first: list[Aim] = ["starting"] * min(2, kills)
    return [*first, *chance.choices(AIMS, (4, 3, 2, 1), k=max(0, kills - 2))]


def _soak(kills: int, seed: int, jobs: int) -> Iterator[Result]:
    """Halls of their own, a few at once: one in fifty lives begins with nothing on the disk."""
    sizes = [min(PER_HALL, kills - done) for done in range(0, kills, PER_HALL)]
    with tempfile.TemporaryDirectory(prefix="kills-") as folder, ThreadPoolExecutor(jobs) as pool:
        halls = [
            pool.submit(_hall, Path(folder) / str(number), seed + number, size) for number, size in enumerate(sizes)
        ]
        for number, hall in enumerate(halls):
            result = hall.result()
            print(f"seed {seed + number}: {result}", flush=True)
            for fault in result.faults:
                print(f"  DOES NOT HOLD: {fault}", flush=True)
            yield result


def _hall(folder: Path, seed: int, kills: int) -> Result:
    return play(folder, seed, aims_for(kills, random.Random(seed)))


if __name__ == "__main__":
    sys.exit(main())
