"""`kiosk sound` where there is nothing to play on: it says what is wrong with the files all the same."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def no_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path / 'nobody'}")


def test_refused_files_and_silence_are_said_in_words(
    config: Path, run_kiosk: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    (config.parent / "voices").mkdir()
    (config.parent / "voices" / "recorded.wav").write_bytes(b"RIFF")
    with config.open("a", encoding="utf-8") as file:
        file.write('\n[sound]\nfolder = "voices"\n')
    ended = run_kiosk("sound", "--config", str(config))
    assert ended.returncode == 1
    assert ended.stdout == "recorded.wav 不能播放：文件已损坏\n没有声音：没有音频设备\n"
    assert ended.stderr == ""


def test_wrong_settings_are_told(config: Path, run_kiosk: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    with config.open("a", encoding="utf-8") as file:
        file.write("\n[sound]\nvolume = 200\n")
    ended = run_kiosk("sound", "--config", str(config))
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "sound.volume: 200 is above 100" in ended.stderr
