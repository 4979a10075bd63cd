"""What happens to a disk: the operations that a recorder tells of, and the promises that were made in between."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Write:
    inode: int
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Truncate:
    inode: int
    size: int


@dataclass(frozen=True, slots=True)
class SyncFile:
    inode: int


@dataclass(frozen=True, slots=True)
class Create:
    path: str
    inode: int


@dataclass(frozen=True, slots=True)
class MakeFolder:
    path: str


@dataclass(frozen=True, slots=True)
class Unlink:
    path: str


@dataclass(frozen=True, slots=True)
class Rename:
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class SyncFolder:
    path: str


@dataclass(frozen=True, slots=True)
class Given:
    """Files that are safe on the disk when the history begins: path to inode and content."""

    files: Mapping[str, tuple[int, bytes]]


@dataclass(frozen=True, slots=True)
class Beside:
    """Files of a folder that the recorder cannot see being written, as they stand: taken as safe at once."""

    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Promise:
    """What somebody outside was told is on the disk."""

    records: int = 0
    """Every record up to this position."""
    cursors: Mapping[str, int] = field(default_factory=dict)
    notes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Acknowledged:
    promise: Promise


DataOperation = Write | Truncate
NameOperation = Create | MakeFolder | Unlink | Rename
Operation = DataOperation | NameOperation | SyncFile | SyncFolder | Given | Beside | Acknowledged
