"""How fast frames are found, and what becomes of them: every shipped profile, one core, no port.

A line at 115,200 baud carries 11,520 bytes a second. The bytes come in pieces of 64, some 6 ms of such a line. Good
frames stand without a gap; they are those of a key held down, for a box without frames tells one key between silences.
"""

import random
import time
from itertools import count

from devices.framing import parser_for
from devices.interpreter import Interpreter
from devices.profile import Profile, load_profile, shipped_profiles

LINE_SPEED = 11_520
BYTES = 115_200
PIECE = 64
ROUNDS = 3
SEED = 20260801


def figures() -> list[tuple[str, str, str]]:
    """A frame's way to the fact it tells is measured with it: there the goal is a twentieth of a core at line speed."""
    rows = []
    for name in shipped_profiles():
        profile = load_profile(name)
        frame = profile.press_frame(profile.addresses.evaluators.start, profile.levels[0])
        chance = random.Random(SEED)
        likely = bytes(chance.choice(frame) for _ in range(BYTES))
        for what, streams in {
            "good frames": [frame * (BYTES // len(frame))],
            "noise": [chance.randbytes(BYTES), likely],
        }.items():
            parsed = min(_speed(profile, stream, tell=False) for stream in streams)
            told = min(_speed(profile, stream, tell=True) for stream in streams)
            rows += [
                (f"{name}: {what}, parsed", ">= 20 x line speed", f"{parsed:.0f} x"),
                (f"{name}: {what}, told", "< 5 % of a core", f"{100 / told:.1f} %"),
            ]
    return rows


def _speed(profile: Profile, stream: bytes, *, tell: bool) -> float:
    """In line speeds; the best of some rounds."""
    pieces = [stream[at : at + PIECE] for at in range(0, len(stream), PIECE)]
    return len(stream) / min(_seconds(profile, pieces, tell=tell) for _ in range(ROUNDS)) / LINE_SPEED


def _seconds(profile: Profile, pieces: list[bytes], *, tell: bool) -> float:
    parser = parser_for(profile.framing)
    ticks = count()
    evaluators = frozenset({profile.addresses.evaluators.start})
    interpreter = Interpreter("bench", profile, evaluators, lambda: next(ticks) / 1000)
    start = time.perf_counter()
    for piece in pieces:
        events = parser.feed(piece)
        if tell:
            for event in events:
                interpreter.interpret(event)
    return time.perf_counter() - start
