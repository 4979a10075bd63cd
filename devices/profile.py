"""Evaluator profiles by name or by path. The file format is described in docs/evaluator-profiles.md."""

import hashlib
import re
from pathlib import Path

from devices.checked_toml import Fault
from devices.profile_file.root import read_profile
from devices.profile_parts import Profile

__all__ = ["Fault", "Profile", "ProfileError", "load_profile", "shipped_profiles"]

_SHIPPED = Path(__file__).parent / "profiles"


class ProfileError(Exception):
    """A profile cannot be used. `faults` names all that is wrong with it; the message has one line for each."""

    def __init__(self, profile: str, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(f"{profile}: {fault}" for fault in faults))
        self.profile = profile
        self.faults = faults


def shipped_profiles() -> list[str]:
    """The names of the profiles that come with this software."""
    return sorted(path.stem for path in _SHIPPED.glob("*.toml"))


def load_profile(name_or_path: str) -> Profile:
    """A shipped profile by its name, or the one in a TOML file by its path. ProfileError names every fault."""
    path = Path(name_or_path)
    if re.fullmatch(r"[a-z0-9-]+", name_or_path):
        if name_or_path not in shipped_profiles():
            raise ProfileError(name_or_path, (_unknown_name(),))
        path = _SHIPPED / f"{name_or_path}.toml"
    content = _content(name_or_path, path)
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        fault = Fault(line, "", "this is not UTF-8 text", "save the file as UTF-8")
        raise ProfileError(name_or_path, (fault,)) from error
    profile = read_profile(text, hashlib.sha256(content).hexdigest()[:16])
    if isinstance(profile, list):
        raise ProfileError(name_or_path, tuple(profile))
    return profile


def _unknown_name() -> Fault:
    shipped = ", ".join(shipped_profiles())
    return Fault(
        0, "", "no shipped profile has this name", f"use one of: {shipped}, or the path of a file, as ./box.toml"
    )


def _content(name_or_path: str, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        fault = Fault(0, "", f"the file cannot be read: {error.strerror}", "correct the path or the rights of the file")
        raise ProfileError(name_or_path, (fault,)) from error
