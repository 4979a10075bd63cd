"""A disk that may lose whatever was not synced: files by inode, names in order, sectors of 512 bytes.

What a file holds is safe up to its last sync; each later write or truncation may reach the disk whole, in part (any set
of its sectors) or not at all. Names (create, delete, rename, make a folder) reach it in their order, and surely only
when their folder was synced. Syncing a file does not make its name safe: stricter than ext4, as POSIX has it.
"""

import random
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, assert_never

from tests.durability.power_cut.operations import (
    Acknowledged,
    Beside,
    Create,
    DataOperation,
    Given,
    MakeFolder,
    NameOperation,
    Operation,
    Promise,
    Rename,
    SyncFile,
    SyncFolder,
    Truncate,
    Unlink,
    Write,
)

SECTOR: Final = 512


Share = Literal["all", "none", "some"]


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of everything that was not synced."""

    data: Share
    names: Share
    seed: int = 0

    def __str__(self) -> str:
        return f"data {self.data}, names {self.names}" + (f", seed {self.seed}" if self.data == "some" else "")


WHOLE_FATES: Final = (Fate("none", "none"), Fate("all", "all"), Fate("all", "none"), Fate("none", "all"))


def fates(torn: int, seed: int) -> tuple[Fate, ...]:
    """Everything dropped, everything kept, the two in between, and `torn` random ones."""
    return (*WHOLE_FATES, *(Fate("some", "some", seed + number) for number in range(torn)))


Sectors = tuple[bool, ...]
"""Which sectors that a write touches reached the disk; one entry for a truncation."""


@dataclass(frozen=True, slots=True)
class _Pending:
    number: int
    operation: DataOperation


@dataclass(slots=True)
class _File:
    safe: bytearray = field(default_factory=bytearray)
    safe_number: int = 0
    pending: list[_Pending] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Left:
    """What a cut leaves of one file: everything up to `number`, then parts of later operations."""

    number: int
    parts: tuple[tuple[int, Sectors], ...]


@dataclass(frozen=True, slots=True)
class Image:
    """A disk after a cut. Equal `identity` means equal bytes and an equal promise."""

    identity: tuple[object, ...]
    names: Mapping[str, int | None]
    files: Mapping[int, bytearray]
    beside: Mapping[str, bytes]

    def write_to(self, folder: Path) -> None:
        """Makes `folder` hold this image and nothing else."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for path, inode in self.names.items():
            if inode is None:
                (folder / path).mkdir(parents=True, exist_ok=True)
            else:
                _write(folder / path, self.files[inode])
        for path, content in self.beside.items():
            _write(folder / path, content)


class Disk:
    """Plays operations one by one; `cut` says what the disk could be now."""

    def __init__(self) -> None:
        self.promise = Promise()
        self._number = 0
        self._names: dict[str, int | None] = {}
        self._waiting_names: list[tuple[int, NameOperation]] = []
        self._safe_names = 0
        self._files: dict[int, _File] = {}
        self._beside: Mapping[str, bytes] = {}

    def play(self, operation: Operation) -> None:
        self._number += 1
        match operation:
            case Write(inode=inode) | Truncate(inode=inode):
                self._files[inode].pending.append(_Pending(self._number, operation))
            case SyncFile(inode=inode):
                self._sync_file(self._files[inode])
            case Create() | MakeFolder() | Unlink() | Rename():
                if isinstance(operation, Create):
                    self._files[operation.inode] = _File(safe_number=self._number)
                self._waiting_names.append((self._number, operation))
            case SyncFolder(path=path):
                self._sync_folder(path)
            case Given(files=given):
                for path, (inode, content) in given.items():
                    self._names[path] = inode
                    self._files[inode] = _File(bytearray(content), self._number)
            case Beside(files=files):
                self._beside = files
            case Acknowledged(promise=promise):
                self.promise = promise
            case _:
                assert_never(operation)

    def cut(self, fate: Fate) -> "Cut":
        chance = random.Random(f"{fate.seed}/{self._number}")
        left = {
            inode: _leave(file, fate.data, chance)
            for inode, file in self._files.items()  # those that no name leads to any more play no part in an image
        }
        waiting = len(self._waiting_names)
        reached = {"all": waiting, "none": 0, "some": chance.randint(0, waiting)}[fate.names]
        names = dict(self._names)
        for _, operation in self._waiting_names[:reached]:
            _rename(names, operation)
        return Cut(self, names, self._safe_names + reached, {inode: left[inode] for inode in names.values() if inode})

    def image(self, cut: "Cut") -> Image:
        files = {inode: self._content(inode, left) for inode, left in cut.left.items()}
        return Image(cut.identity, cut.names, files, self._beside)

    @property
    def beside(self) -> Mapping[str, bytes]:
        return self._beside

    def _sync_file(self, file: _File) -> None:
        for pending in file.pending:
            _apply(file.safe, pending.operation, None)
            file.safe_number = pending.number
        file.pending.clear()

    def _sync_folder(self, path: str) -> None:
        """Names are kept in order: with one of a folder, all before it."""
        last = max((at for at, (_, one) in enumerate(self._waiting_names) if _touches(one, path)), default=-1)
        for _, operation in self._waiting_names[: last + 1]:
            _rename(self._names, operation)
        self._safe_names += last + 1
        del self._waiting_names[: last + 1]

    def _content(self, inode: int, left: _Left) -> bytearray:
        file = self._files[inode]
        content = bytearray(file.safe)
        parts = dict(left.parts)
        for pending in file.pending:
            if pending.number <= left.number:
                _apply(content, pending.operation, None)
            elif pending.number in parts:
                _apply(content, pending.operation, parts[pending.number])
        return content


@dataclass(frozen=True, slots=True)
class Cut:
    """What is left, decided but not yet built: cheap enough to be thrown away when it was seen before."""

    disk: Disk
    names: Mapping[str, int | None]
    named: int
    left: Mapping[int, _Left]

    @property
    def identity(self) -> tuple[object, ...]:
        return (self.named, tuple(sorted(self.left.items())), id(self.disk.beside), id(self.disk.promise))

    def build(self) -> Image:
        """Only as long as nothing more was played."""
        return self.disk.image(self)


def points_that_matter(operations: Sequence[Operation]) -> Iterator[int]:
    """Where a promise or the safe state changes: the operation itself and the one before it."""
    for number, operation in enumerate(operations):
        if not isinstance(operation, Write | Truncate):
            yield from (number - 1, number) if number else (number,)


def _leave(file: _File, share: Share, chance: random.Random) -> _Left:
    number, parts = file.safe_number, list[tuple[int, Sectors]]()
    if share == "none" or not file.pending:
        return _Left(number, ())
    if share == "all":
        return _Left(file.pending[-1].number, ())
    bias = chance.random()  # some images keep nearly everything, some nearly nothing
    for pending in file.pending:
        sectors = tuple(chance.random() < bias for _ in range(_sectors(pending.operation)))
        if all(sectors) and not parts:
            number = pending.number
        elif any(sectors) or not parts:  # an operation of which nothing is left ends the unbroken run as well
            parts.append((pending.number, sectors))
    return _Left(number, tuple(parts))


def _sectors(operation: DataOperation) -> int:
    if isinstance(operation, Truncate) or not operation.data:
        return 1
    return (operation.offset + len(operation.data) - 1) // SECTOR - operation.offset // SECTOR + 1


def _apply(content: bytearray, operation: DataOperation, sectors: Sectors | None) -> None:
    """None applies the whole of it."""
    if isinstance(operation, Truncate):
        if sectors is None or sectors[0]:
            _resize(content, operation.size)
    elif sectors is None:
        _put(content, operation.offset, operation.data)
    else:
        first = operation.offset // SECTOR
        for number, kept in enumerate(sectors, first):
            start = max(operation.offset, number * SECTOR)
            end = min(operation.offset + len(operation.data), (number + 1) * SECTOR)
            if kept:
                _put(content, start, operation.data[start - operation.offset : end - operation.offset])


def _put(content: bytearray, offset: int, data: bytes) -> None:
    if len(content) < offset:
        _resize(content, offset)
    content[offset : offset + len(data)] = data


def _resize(content: bytearray, size: int) -> None:
    if size < len(content):
        del content[size:]
    else:
        content.extend(bytes(size - len(content)))


def _touches(operation: NameOperation, folder: str) -> bool:
    paths = (operation.old, operation.new) if isinstance(operation, Rename) else (operation.path,)
    return any(str(Path(path).parent) == folder for path in paths)


def _rename(names: dict[str, int | None], operation: NameOperation) -> None:
    match operation:
        case Create(path, inode):
            names[path] = inode
        case MakeFolder(path):
            names[path] = None
        case Unlink(path):
            del names[path]
        case Rename(old, new):
            names[new] = names.pop(old)
        case _:
            assert_never(operation)


def _write(path: Path, content: bytes | bytearray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
