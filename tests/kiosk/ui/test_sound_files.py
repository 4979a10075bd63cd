"""Sound files as halls bring them: played as they are, or refused with a reason, and the rest goes on."""

import contextlib
import io
import os
import struct
import subprocess
import sys
import wave
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ui_rig import ROOT

from kiosk.core.prompts import PROMPTS
from kiosk.ui.sound_files import LARGEST_BYTES, Sound, SoundError, decode, load_sounds, read_sound

SHIPPED = ROOT / "assets" / "sounds"


def wav(rate: int = 8_000, channels: int = 1, width: int = 2, frames: int = 80) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(channels)
        writer.setsampwidth(width)
        writer.setframerate(rate)
        writer.writeframes(bytes(range(width * channels)) * frames)
    return file.getvalue()


def test_our_own_are_short_soft_and_made_by_the_script_in_the_checkout(tmp_path: Path) -> None:
    subprocess.run([sys.executable, ROOT / "setup" / "make_sounds.py", tmp_path], check=True)
    ours = load_sounds(SHIPPED, None)
    assert ours.refused == ()
    assert set(ours.by_prompt) == set(PROMPTS)
    for prompt, sound in ours.by_prompt.items():
        assert (SHIPPED / f"{prompt}.wav").read_bytes() == (tmp_path / f"{prompt}.wav").read_bytes()
        samples = struct.unpack(f"<{len(sound.pcm) // 2}h", sound.pcm)
        assert (sound.rate, sound.channels) == (48_000, 1)
        assert len(samples) < 2 * sound.rate
        assert max(map(abs, samples)) < 20_000, "no clipping"
        assert max(map(abs, samples[:48] + samples[-48:])) < 200, "begins and ends in silence"


def test_a_halls_own_file_is_played_and_what_it_lacks_is_played_from_ours(tmp_path: Path) -> None:
    (tmp_path / "asked.wav").write_bytes(wav(channels=2))
    sounds = load_sounds(SHIPPED, tmp_path)
    assert sounds.refused == ()
    assert sounds.by_prompt["asked"] == Sound(8_000, 2, bytes(range(4)) * 80)
    assert sounds.by_prompt["recorded"] == read_sound(SHIPPED / "recorded.wav")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "sound-corrupt"),
        (b"ID3\x04 an MP3 file with another name", "sound-corrupt"),
        (wav()[:30], "sound-corrupt"),
        (wav()[:-1], "sound-corrupt"),
        (wav(frames=0), "sound-corrupt"),
        (wav(width=1), "sound-format"),
        (wav(width=3), "sound-format"),
        (wav(channels=3), "sound-format"),
        (wav(rate=7_999), "sound-format"),
        (wav(rate=96_000), "sound-format"),
        (wav().replace(b"fmt \x10\0\0\0\x01\0", b"fmt \x10\0\0\0\x55\0"), "sound-format"),
        (wav(frames=80_001), "sound-long"),
        (bytes(LARGEST_BYTES + 1), "sound-large"),
    ],
)
def test_a_file_that_will_not_do_is_refused_with_a_reason_and_ours_is_played(
    tmp_path: Path, data: bytes, code: str
) -> None:
    (tmp_path / "asked.wav").write_bytes(data)
    sounds = load_sounds(SHIPPED, tmp_path)
    assert sounds.refused == (("asked.wav", code),)
    assert sounds.by_prompt["asked"] == read_sound(SHIPPED / "asked.wav")


def test_ten_seconds_are_not_too_long() -> None:
    assert len(decode(wav(frames=80_000)).pcm) == 160_000


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "asked.wav")
    (tmp_path / "recorded.wav").mkdir()
    refused = load_sounds(SHIPPED, tmp_path).refused
    assert refused == (("asked.wav", "sound-unreadable"), ("recorded.wav", "sound-unreadable"))


def test_a_folder_that_is_not_there_is_told_once(tmp_path: Path) -> None:
    sounds = load_sounds(SHIPPED, tmp_path / "voices")
    assert sounds.refused == (("voices", "sound-folder"),)
    assert set(sounds.by_prompt) == set(PROMPTS)


def test_a_prompt_without_any_file_is_silent(tmp_path: Path) -> None:
    sounds = load_sounds(tmp_path, None)
    assert sounds.by_prompt == {}
    assert sounds.refused == tuple((f"{prompt}.wav", "sound-unreadable") for prompt in PROMPTS)


@given(data=st.binary(max_size=200), place=st.integers(0, 60))
def test_no_bytes_do_more_than_be_refused(data: bytes, place: int) -> None:
    good = wav()
    for bad in (data, good[:place] + data + good[place + len(data) :]):
        with contextlib.suppress(SoundError):
            sound = decode(bad)
            assert len(sound.pcm) % (2 * sound.channels) == 0
