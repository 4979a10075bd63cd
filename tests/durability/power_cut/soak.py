"""`python -m tests.durability.power_cut.soak --images 10000`: cuts after each operation, and again while recovering.

Prints how many images were tried and what was lost; exit code 1 if anything was, or if an image was corrupt.
"""

import argparse
import os
import random
import sqlite3
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import count
from pathlib import Path
from typing import Final

from tests.durability.power_cut.cuts import OneCut, Tally, cuts, every, sampled, try_cuts
from tests.durability.power_cut.stream import History, record_visits

VISITS: Final = 130
"""Enough for the write-ahead log to be checkpointed and begun anew under way."""
VISITS_AFTER: Final = 8
SECOND_CUTS: Final = 6
SECOND_POINTS: Final = 100
PARTS: Final = 16
MEMORY: Final = Path("/dev/shm")  # an image lives for milliseconds and stands for a disk already


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.durability.power_cut.soak")
    parser.add_argument("--images", type=int, default=10_000, help="at least so many; a round is always finished")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.monotonic()
    tally = Tally()
    print(f"power cut: SQLite {sqlite3.sqlite_version}, seed {options.seed}", flush=True)
    where = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=where) as folder, ProcessPoolExecutor() as pool:
        for number in count(options.seed):
            tally.add(_round(Path(folder) / str(number), number, pool))
            print(f"{time.monotonic() - began:6.0f} s  {tally}", flush=True)
            if tally.images >= options.images:
                break
    return 1 if tally.lost or tally.corrupt else 0


def _round(folder: Path, seed: int, pool: ProcessPoolExecutor) -> Tally:
    live = folder / "live"
    live.mkdir(parents=True)
    history = record_visits(live, VISITS)
    parts = [pool.submit(_part, history, seed, part, folder / f"part-{part}") for part in range(PARTS)]
    parts += [
        pool.submit(_second_cut, cut, seed, folder / f"second-{number}")
        for number, cut in enumerate(_first_cuts(history, seed))
    ]
    tally = Tally()
    for done in as_completed(parts):
        tally.add(done.result())
    return tally


def _part(history: History, seed: int, part: int, folder: Path) -> Tally:
    plan = every(history.operations, seed, part, PARTS)
    return try_cuts(history.operations, history.hashes, plan, folder)


def _first_cuts(history: History, seed: int) -> list[OneCut]:
    made = list(cuts(history.operations, sampled(history.operations, SECOND_CUTS, seed)))
    return random.Random(seed).sample(made, min(SECOND_CUTS, len(made)))


def _second_cut(cut: OneCut, seed: int, folder: Path) -> Tally:
    """The power comes back, the kiosk starts, and is cut again."""
    live = folder / "live"
    cut.image.write_to(live)
    history = record_visits(live, VISITS_AFTER, cut.promise)
    plan = sampled(history.operations, SECOND_POINTS, seed)
    return try_cuts(history.operations, history.hashes, plan, folder / "image")


if __name__ == "__main__":
    sys.exit(main())
