"""Makes the tones in assets/sounds anew: `python setup/make_sounds.py [FOLDER]`. The same bytes every time.

Struck notes, soft at both ends: a rising pair asks, a settled chord says that it is recorded, a falling pair that it is
not, three even notes that the call was noted. None of them knows a level.
"""

import array
import math
import sys
import wave
from pathlib import Path
from typing import Final, NamedTuple

RATE: Final = 48_000
PEAK: Final = 0.5
"""Of full scale: the hall's loudspeaker and `sound.volume` do the rest."""
ATTACK_S: Final = 0.015
RELEASE_S: Final = 0.08
PARTIALS: Final = ((1, 1.0), (2, 0.22), (3, 0.06))
"""Multiple of the frequency, share of the loudness; the higher ones die away sooner."""


class Note(NamedTuple):
    begins_s: float
    hertz: float
    lasts_s: float


D4, FS4, A4, D5, E5, FS5, A5 = (440 * 2 ** (step / 12) for step in (-7, -3, 0, 5, 7, 9, 12))

TONES: Final = {
    "asked": (Note(0.0, D5, 0.6), Note(0.18, FS5, 0.9)),
    "recorded": (Note(0.0, A4, 0.9), Note(0.09, D5, 0.9), Note(0.18, FS5, 0.9)),
    "not-recorded": (Note(0.0, FS4, 0.5), Note(0.26, D4, 0.9)),
    "call-noted": (Note(0.0, E5, 0.4), Note(0.2, E5, 0.4), Note(0.4, A5, 0.7)),
}


def make_all(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, notes in TONES.items():
        with wave.open(str(folder / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(_pcm(_mixed(notes)))


def _mixed(notes: tuple[Note, ...]) -> list[float]:
    """Between -1 and 1, the loudest at `PEAK`."""
    frames = math.ceil(max(note.begins_s + note.lasts_s for note in notes) * RATE)
    mixed = [0.0] * frames
    for note in notes:
        first = round(note.begins_s * RATE)
        for frame in range(min(round(note.lasts_s * RATE), frames - first)):
            mixed[first + frame] += _sounding(note, frame / RATE)
    loudest = max(abs(value) for value in mixed)
    return [value * PEAK / loudest for value in mixed]


def _sounding(note: Note, at_s: float) -> float:
    attack = _eased(at_s / ATTACK_S)
    release = _eased((note.lasts_s - at_s) / RELEASE_S)
    partials = sum(
        share * math.exp(-4.5 * multiple**0.5 * at_s) * math.sin(2 * math.pi * note.hertz * multiple * at_s)
        for multiple, share in PARTIALS
    )
    return attack * release * partials


def _eased(share: float) -> float:
    """From 0 at 0 to 1 at 1 without a corner."""
    return 0.5 - 0.5 * math.cos(math.pi * min(1.0, max(0.0, share)))


def _pcm(values: list[float]) -> bytes:
    samples = array.array("h", (round(value * 32_767) for value in values))
    if sys.byteorder == "big":
        samples.byteswap()
    return samples.tobytes()


if __name__ == "__main__":
    make_all(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "assets" / "sounds")
