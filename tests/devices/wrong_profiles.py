"""Shipped profiles with a fault in them, for the tests of what is said about it."""

from pathlib import Path
from typing import NamedTuple

import pytest

from devices.profile import ProfileError, load_profile

PROFILES = Path(__file__).parents[2] / "devices" / "profiles"


class Wrong(NamedTuple):
    """A shipped profile with a piece of text replaced; the fault stands on the first line that begins with `at`."""

    profile: str
    old: str
    new: str
    at: str
    message: str


def check_refused(wrong: Wrong, path: Path) -> None:
    """Writes the file to `path`, and asserts that its fault is named with its line."""
    text = (PROFILES / f"{wrong.profile}.toml").read_text(encoding="utf-8")
    assert text.count(wrong.old) == 1, f"{wrong.old!r} must stand once in the profile"
    path.write_text(text.replace(wrong.old, wrong.new), encoding="utf-8")
    lines = path.read_text(encoding="utf-8").splitlines()
    line = next(number for number, line in enumerate(lines, 1) if line.startswith(wrong.at))
    told = faults_of(path)
    assert any(fault.startswith(f"line {line}: ") and wrong.message in fault for fault in told), told


def faults_of(path: Path) -> list[str]:
    with pytest.raises(ProfileError) as caught:
        load_profile(str(path))
    assert all(fault.remedy for fault in caught.value.faults)
    return [str(fault) for fault in caught.value.faults]
