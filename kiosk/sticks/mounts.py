"""Which sticks are mounted, from the system's mount table. Nothing is mounted here, and nothing is run.

A stick is what is mounted below one folder of the settings, with `nosuid`, `nodev` and `noexec`: on it no program gains
rights, no device is opened and nothing is executed.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.sticks.stick_error import StickError, from_system

if TYPE_CHECKING:  # brings the cryptography in, which is loaded after the first frame
    from sync.parcels.folder import Folder

MOUNT_TABLE: Final = Path("/proc/self/mountinfo")
DEMANDED: Final = ("nosuid", "nodev", "noexec")
MOST_STICKS: Final = 8
_ESCAPED: Final = re.compile(rb"\\([0-7]{3})")


@dataclass(frozen=True, slots=True)
class Mount:
    place: Path
    volume: int
    """Number of the file system, as `st_dev` has it."""
    missing: tuple[str, ...]
    """Of the options that are demanded."""


def sticks(below: Path, table: Path = MOUNT_TABLE) -> list[Mount]:
    """In the order of their folders; of two mounts on one folder the upper one. Raises `OSError`."""
    lines = table.read_bytes().splitlines()
    found = {mount.place: mount for mount in map(_mount, lines) if mount is not None and below in mount.place.parents}
    return [found[place] for place in sorted(found)][:MOST_STICKS]


def opened(mount: Mount) -> "Folder":
    """The folder that the table speaks of and no other: a stick may have been pulled meanwhile. Raises `StickError`."""
    from sync.parcels.folder import Folder

    if mount.missing:
        raise StickError("stick-unsafe", f"{mount.place} is mounted without {', '.join(mount.missing)}")
    try:
        folder = Folder(mount.place)
    except OSError as fault:
        raise from_system(fault) from fault
    if folder.volume != mount.volume:
        folder.close()
        raise StickError("stick-gone", f"another volume is at {mount.place} than the mount table says")
    return folder


def _mount(line: bytes) -> Mount | None:
    """`36 35 98:0 /root /mount/point options optional… - type source options`; see proc(5)."""
    fields = line.split(b" ")
    try:
        major, minor = map(int, fields[2].split(b":"))
        place = Path(os.fsdecode(_ESCAPED.sub(lambda found: bytes([int(found[1], 8)]), fields[4])))
        options = fields[5].decode("ascii").split(",")
    except (IndexError, ValueError):
        return None
    return Mount(place, os.makedev(major, minor), tuple(option for option in DEMANDED if option not in options))
