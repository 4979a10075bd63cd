"""Reads what strace wrote: the operations on the files below one folder, and the lines said on standard output."""

import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.durability.power_cut.operations import (
    Create,
    MakeFolder,
    Operation,
    Rename,
    SyncFile,
    SyncFolder,
    Truncate,
    Unlink,
    Write,
)

CALLS: Final = (
    "open,openat,openat2,creat,close,write,writev,pwrite64,pwritev,pwritev2,lseek,truncate,ftruncate,fallocate,"
    "copy_file_range,sendfile,fsync,fdatasync,sync,syncfs,sync_file_range,rename,renameat,renameat2,link,linkat,"
    "symlink,symlinkat,unlink,unlinkat,mkdir,mkdirat,rmdir,dup,dup2,dup3"
)
INSTALL: Final = "strace is missing: install it (Debian: apt-get install strace)"

_CALL: Final = re.compile(r"^\d+\s+(\w+)\((.*)\)\s+= (-?\d+|\?)(.*)$")
_UNFINISHED: Final = re.compile(r"^(\d+)\s+(.*?)\s*<unfinished \.\.\.>$")
_RESUMED: Final = re.compile(r"^(\d+)\s+<\.\.\. \w+ resumed>(.*)$")
_STRING: Final = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_DESCRIPTOR: Final = re.compile(r"^(-?\d+|AT_FDCWD)<((?:\\x[0-9a-f]{2}|[^>\\])*)>(\(deleted\))?")


class TraceError(Exception):
    """A call that touches the folder and that the replay does not know, or a trace that cannot be read."""


@dataclass(frozen=True, slots=True)
class Said:
    """A line on standard output."""

    line: str


def strace_command(trace: Path) -> list[str]:
    """What to put before a command so that its calls are written to `trace`. Raises `TraceError` without strace."""
    program = shutil.which("strace")
    if program is None:
        raise TraceError(INSTALL)
    return [
        program,
        "-f",
        "--seccomp-bpf",
        "-qq",
        "-y",
        "-xx",
        "-s",
        "4194304",
        "-e",
        f"trace={CALLS}",
        "-o",
        str(trace),
    ]


class Replay:
    """Feed it the traces of one or more runs on the same folder, in their order. The folder is empty at first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._inodes: dict[str, int] = {}
        self._folders = {"."}
        self._sizes: dict[int, int] = {}
        self._offsets: dict[int, int] = {}
        self._appending: set[int] = set()
        self._next_inode = 1
        self._heard = b""

    def feed(self, lines: Iterable[str]) -> Iterator[Operation | Said]:
        """In the order in which the calls returned. Descriptors belong to one run."""
        self._offsets, self._appending, self._heard = {}, set(), b""
        for line in _whole(lines):
            called = _CALL.match(line)
            if called is None or called[3] == "?" or int(called[3]) < 0:
                continue
            yield from self._call(called[1], called[2], int(called[3]), called[4])

    def _call(self, name: str, arguments: str, result: int, after: str) -> Iterator[Operation | Said]:
        if name in {"write", "writev"} and arguments.startswith("1<"):
            yield from self._hear(_data(arguments)[:result])
            return
        match name:
            case "open" | "openat" | "openat2" | "creat":
                yield from self._open(name, arguments, result, after)
            case "write" | "writev" | "pwrite64" | "pwritev" | "pwritev2":
                yield from self._write(name, arguments, result)
            case "lseek":
                self._offsets[_number(arguments)] = result
            case "ftruncate":
                yield from self._truncate(self._of(arguments), int(arguments.rpartition(",")[2]))
            case "fsync" | "fdatasync":
                yield from self._sync(arguments)
            case "rename" | "renameat" | "renameat2" | "unlink" | "unlinkat" | "mkdir" | "mkdirat":
                yield from self._name(name, self._paths(arguments), arguments)
            case "close":
                pass
            case _:
                if self._of(arguments) is not None or self._paths(arguments):
                    raise TraceError(f"{name} touches the folder, and the replay does not know it")

    def _open(self, name: str, arguments: str, descriptor: int, after: str) -> Iterator[Operation]:
        path = self._inside(_path_of(f"{descriptor}{after}"))
        self._offsets[descriptor] = 0
        self._appending.discard(descriptor)
        if path is None or path in self._folders:
            return
        if path not in self._inodes:
            if name != "creat" and "O_CREAT" not in arguments:
                raise TraceError(f"{path} was there before anybody made it")
            self._inodes[path] = self._next_inode
            self._next_inode += 1
            yield Create(path, self._inodes[path])
        elif name == "creat" or "O_TRUNC" in arguments:
            yield from self._truncate(path, 0)
        if "O_APPEND" in arguments:
            self._appending.add(descriptor)

    def _write(self, name: str, arguments: str, amount: int) -> Iterator[Operation]:
        path = self._of(arguments)
        if path is None:
            return
        inode, descriptor = self._inodes[path], _number(arguments)
        data = _data(arguments)[:amount]
        if name.startswith("p"):
            offset = int(arguments.rsplit(", ", 2)[-2 if name == "pwritev2" else -1])
        else:
            offset = self._sizes.get(inode, 0) if descriptor in self._appending else self._offsets[descriptor]
            self._offsets[descriptor] = offset + amount
        self._sizes[inode] = max(self._sizes.get(inode, 0), offset + amount)
        yield Write(inode, offset, data)

    def _truncate(self, path: str | None, size: int) -> Iterator[Operation]:
        if path is not None:
            self._sizes[self._inodes[path]] = size
            yield Truncate(self._inodes[path], size)

    def _sync(self, arguments: str) -> Iterator[Operation]:
        path = self._of(arguments)
        if path in self._folders and path is not None:
            yield SyncFolder(path)
        elif path is not None:
            yield SyncFile(self._inodes[path])

    def _name(self, name: str, paths: list[str], arguments: str) -> Iterator[Operation]:
        match name, paths:
            case _, []:
                return
            case (("mkdir" | "mkdirat"), [path]):
                if path not in self._folders:
                    self._folders.add(path)
                    yield MakeFolder(path)
            case (("unlink" | "unlinkat"), [path]) if "AT_REMOVEDIR" not in arguments:
                if self._inodes.pop(path, None) is not None:  # a socket is no file
                    yield Unlink(path)
            case (("rename" | "renameat" | "renameat2"), [old, new]) if old in self._inodes:
                self._inodes[new] = self._inodes.pop(old)
                yield Rename(old, new)
            case _:
                raise TraceError(f"{name} of {paths}: the replay does not know it")

    def _hear(self, data: bytes) -> Iterator[Said]:
        *lines, self._heard = (self._heard + data).split(b"\n")
        for line in lines:
            yield Said(line.decode())

    def _of(self, arguments: str) -> str | None:
        """Path of the descriptor that comes first; None for one elsewhere, and for a file that has no name any more."""
        return self._inside(_path_of(arguments))

    def _paths(self, arguments: str) -> list[str]:
        found = (self._inside(Path(_bytes(text).decode())) for text in _STRING.findall(arguments))
        return [path for path in found if path is not None]

    def _inside(self, path: Path | None) -> str | None:
        if path is None or not path.is_relative_to(self._folder) or path.name.endswith("-shm"):
            return None
        return str(path.relative_to(self._folder))


def _whole(lines: Iterable[str]) -> Iterator[str]:
    """Calls that were interrupted by another thread's, put together again where they ended."""
    begun: dict[str, str] = {}
    for line in lines:
        if unfinished := _UNFINISHED.match(line):
            begun[unfinished[1]] = unfinished[2]
        elif resumed := _RESUMED.match(line):
            yield f"{resumed[1]} {begun.pop(resumed[1])}{resumed[2]}"
        else:
            yield line.rstrip("\n")


def _path_of(text: str) -> Path | None:
    found = _DESCRIPTOR.match(text)
    if found is None or found[3]:
        return None
    return Path(_bytes(found[2]).decode(errors="surrogateescape"))


def _number(arguments: str) -> int:
    return int(arguments.partition("<")[0])


def _data(arguments: str) -> bytes:
    return b"".join(_bytes(text) for text in _STRING.findall(arguments))


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))
