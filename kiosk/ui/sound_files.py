"""The sound files: a hall's own where there are any, else ours; read whole, and refused with a reason."""

import io
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.core.prompts import PROMPTS, Prompt

LONGEST_S: Final = 10
LARGEST_BYTES: Final = 5_000_000
SLOWEST, FASTEST = 8_000, 48_000


class SoundError(Exception):
    """A file that is not played. Carries a code that the screens have words for."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Sound:
    """PCM, signed, 16 bits, little-endian."""

    rate: int
    channels: int
    pcm: bytes


@dataclass(frozen=True, slots=True)
class Sounds:
    by_prompt: dict[Prompt, Sound]
    refused: tuple[tuple[str, str], ...]
    """File name, and why, as a code."""


def load_sounds(shipped: Path, own: Path | None) -> Sounds:
    """One sound a prompt, but for what is missing or refused in both folders."""
    by_prompt: dict[Prompt, Sound] = {}
    refused: list[tuple[str, str]] = []

    if own is not None and not own.is_dir():
        refused.append((own.name, "sound-folder"))
        own = None
    for prompt in PROMPTS:
        file = f"{prompt}.wav"
        places = [own / file] if own is not None and (own / file).exists() else []
        for path in (*places, shipped / file):
            try:
                by_prompt[prompt] = read_sound(path)
                break
            except SoundError as fault:
                refused.append((file, fault.code))
    return Sounds(by_prompt, tuple(refused))


def read_sound(path: Path) -> Sound:
    """Raises `SoundError` where the file cannot be read or may not be played."""
    try:
        if not path.is_file():  # a pipe of that name would keep us waiting
            raise SoundError("sound-unreadable")
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except OSError as fault:
        raise SoundError("sound-unreadable") from fault
    return decode(data)


def decode(data: bytes) -> Sound:
    """Of a whole WAV file. Raises `SoundError`."""
    if len(data) > LARGEST_BYTES:
        raise SoundError("sound-large")
    try:
        with wave.open(io.BytesIO(data)) as file:
            shape = file.getparams()
            _check_shape(shape)
            pcm = file.readframes(shape.nframes)
    except (wave.Error, EOFError, ArithmeticError, RuntimeError) as fault:  # all of which the reader may raise
        # 24 bits are often written as "extensible", which the reader calls an unknown format.
        raise SoundError("sound-format" if "unknown format" in str(fault) else "sound-corrupt") from fault
    if not pcm or len(pcm) != shape.nframes * shape.nchannels * shape.sampwidth:
        raise SoundError("sound-corrupt")
    return Sound(shape.framerate, shape.nchannels, pcm)


def _check_shape(shape: "wave._wave_params") -> None:
    if shape.sampwidth != 2 or shape.nchannels not in {1, 2} or not SLOWEST <= shape.framerate <= FASTEST:
        raise SoundError("sound-format")
    if shape.nframes > LONGEST_S * shape.framerate:
        raise SoundError("sound-long")
