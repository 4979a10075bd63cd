"""A folder on a stick, or the carry box: regular files of one name and bounded size, and nothing else.

Opened once: whatever is mounted over its path meanwhile, it stays the one that was looked at. No link is followed, no
device or pipe is opened for long enough to wait for it.
"""

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from sync.parcels.naming import Paper, Stretch, stretch_of
from sync.parcels.parcel import MAX_PARCEL, ParcelError

MOST_ENTRIES: Final = 10_000
"""Entries of a folder that are looked at: somebody else fills it."""
MOST_FILES: Final = 1_000
MAX_NOTE: Final = 64 * 1024
"""Bytes of a file that is no parcel."""
_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_WRITE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class Folder:
    """Raises `OSError` where the stick is full, pulled out or read-only."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        os.close(self._descriptor)

    @property
    def volume(self) -> int:
        """Number of the file system, as a mount table has it."""
        return os.fstat(self._descriptor).st_dev

    def stretches(self, paper: Paper) -> list[Stretch]:
        """In order; what has another name is not there."""
        found = (stretch_of(name, paper) for name in self._names())
        return sorted(stretch for stretch in found if stretch is not None)[:MOST_FILES]

    def read(self, stretch: Stretch, paper: Paper) -> bytes:
        """Raises `ParcelError` for what is no regular file, or is too large; `FileNotFoundError`."""
        most = MAX_PARCEL if paper == "parcel" else MAX_NOTE
        name = stretch.named(paper)
        try:
            descriptor = os.open(name, _READ, dir_fd=self._descriptor)
        except OSError as fault:
            if stat.S_ISLNK(os.stat(name, dir_fd=self._descriptor, follow_symlinks=False).st_mode):
                raise ParcelError("no-file", f"{name} is a link: links are not followed") from fault
            raise
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise ParcelError("no-file", f"{name} is no regular file")
        with os.fdopen(descriptor, "rb") as stream:
            content = stream.read(most + 1)
        if len(content) > most:
            raise ParcelError("too-large", f"{name} has more than {most} bytes")
        return content

    def write(self, stretch: Stretch, paper: Paper, content: bytes) -> None:
        """On the stick when it returns. Whoever pulls the stick earlier has the whole file, or a `.part`, which nobody
        reads.
        """
        name = stretch.named(paper)
        part = f"{name}.part"
        self._unlink(part)
        try:
            with os.fdopen(os.open(part, _WRITE, 0o600, dir_fd=self._descriptor), "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            os.rename(part, name, src_dir_fd=self._descriptor, dst_dir_fd=self._descriptor)
        except OSError:
            with contextlib.suppress(OSError):
                self._unlink(part)
            raise
        os.fsync(self._descriptor)

    def remove(self, stretch: Stretch, paper: Paper) -> None:
        """Does nothing where it is not there."""
        self._unlink(stretch.named(paper))

    def _unlink(self, name: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name, dir_fd=self._descriptor)

    def _names(self) -> Iterator[str]:
        with os.scandir(self._descriptor) as entries:
            for _, entry in zip(range(MOST_ENTRIES), entries, strict=False):
                yield entry.name
