"""Python's own SQLite, watched: a copy of its default VFS that tells of every write, truncation, deletion and sync.

Nothing is replaced: each call goes on to the real one and is told of after it succeeded. The shared memory beside a
write-ahead log is not told of; SQLite builds it anew at every start.
"""

import ctypes
import sqlite3
from collections.abc import Callable
from ctypes import CFUNCTYPE, POINTER, Structure, byref, c_char_p, c_int, c_int64, c_void_p, cast, py_object
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from tests.durability.power_cut.operations import Create, Operation, SyncFile, SyncFolder, Truncate, Unlink, Write

INSTALL: Final = (
    "this Python's SQLite cannot be watched: it is not a shared library. Install libsqlite3-0 (Debian: apt-get install "
    "libsqlite3-0) and a Python that is linked to it: Debian's own python3.11, or one built with libsqlite3-dev present"
)

_OK: Final = 0
_NAME: Final = b"watched"
_METHODS: Final = """
    xClose xRead xWrite xTruncate xSync xFileSize xLock xUnlock xCheckReservedLock xFileControl xSectorSize
    xDeviceCharacteristics xShmMap xShmLock xShmBarrier xShmUnmap xFetch xUnfetch
"""
_CALLS: Final = """
    xOpen xDelete xAccess xFullPathname xDlOpen xDlError xDlSym xDlClose xRandomness xSleep xCurrentTime
    xGetLastError xCurrentTimeInt64 xSetSystemCall xGetSystemCall xNextSystemCall
"""


class _Methods(Structure):
    _fields_ = [("iVersion", c_int), *((name, c_void_p) for name in _METHODS.split())]


class _Vfs(Structure):
    _fields_ = [
        ("iVersion", c_int),
        ("szOsFile", c_int),
        ("mxPathname", c_int),
        ("pNext", c_void_p),
        ("zName", c_char_p),
        ("pAppData", c_void_p),
        *((name, c_void_p) for name in _CALLS.split()),
    ]


class _File(Structure):
    _fields_ = [("pMethods", POINTER(_Methods))]


_Open = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
_Delete = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int)
_Close = CFUNCTYPE(c_int, c_void_p)
_Write = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_Truncate = CFUNCTYPE(c_int, c_void_p, c_int64)
_Sync = CFUNCTYPE(c_int, c_void_p, c_int)
_OpenFolder = CFUNCTYPE(c_int, c_char_p, c_void_p)
_SetSystemCall = CFUNCTYPE(c_int, c_void_p, c_char_p, c_void_p)
_GetSystemCall = CFUNCTYPE(c_void_p, c_void_p, c_char_p)


class LibraryError(Exception):
    """The library that Python's `sqlite3` uses cannot be reached. The message says what to install."""


def shared_library() -> ctypes.CDLL:
    """The very library that `sqlite3` of this process is linked to, not another copy. Raises `LibraryError`."""
    for line in Path("/proc/self/maps").read_text(encoding="utf-8").splitlines():
        path = line.partition("/")[1] + line.partition("/")[2]
        if Path(path).name.startswith("libsqlite3.so"):
            library = ctypes.CDLL(path)
            library.sqlite3_libversion.restype = c_char_p
            if library.sqlite3_libversion().decode() == sqlite3.sqlite_version:
                return library
    raise LibraryError(INSTALL)


class WatchedSqlite:
    """As long as the block runs, connections opened in this process tell of what they do to files below `folder`.

    `tell` is called on the thread that does it, after it was done. Close every connection before the block ends.
    """

    def __init__(self, folder: Path, tell: Callable[[Operation], None]) -> None:
        self._folder = folder.resolve()
        self._tell = tell
        self._inodes: dict[str, int] = {}
        self._open_files: dict[int, int] = {}
        self._next_inode = 1
        self._folder_was_synced = False
        self._tables: dict[int, _Methods] = {}
        self._kept: list[Any] = []
        self._library = shared_library()
        self._library.sqlite3_vfs_find.restype = POINTER(_Vfs)

    def __enter__(self) -> Self:
        self._default = self._library.sqlite3_vfs_find(None)
        real = self._default.contents
        self._real_open, self._real_delete = _Open(real.xOpen), _Delete(real.xDelete)
        self._real_open_folder = _OpenFolder(_GetSystemCall(real.xGetSystemCall)(self._default, b"openDirectory"))
        self._vfs = _Vfs.from_buffer_copy(real)
        self._vfs.zName, self._vfs.pNext = _NAME, None
        self._vfs.xOpen, self._vfs.xDelete = self._keep(_Open(self._open)), self._keep(_Delete(self._delete))
        self._set_open_folder(self._keep(_OpenFolder(self._open_folder)))
        if self._library.sqlite3_vfs_register(byref(self._vfs), 1) != _OK:
            raise LibraryError("SQLite did not take the watching VFS")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._library.sqlite3_vfs_unregister(byref(self._vfs))
        self._library.sqlite3_vfs_register(self._default, 1)
        self._set_open_folder(None)
        if self._open_files:  # a connection that outlives the block still calls into this object
            ctypes.pythonapi.Py_IncRef(py_object(self))

    def know(self, path: str) -> int:
        """The inode by which a file that is there already will be told of."""
        if path not in self._inodes:
            self._inodes[path] = self._next_inode
            self._next_inode += 1
        return self._inodes[path]

    # -- what SQLite calls ---------------------------------------------------------------------------------------------

    def _open(self, _: int, name: int | None, file: int, flags: int, flags_out: int | None) -> int:
        path = self._watched(name)
        result = int(self._real_open(cast(self._default, c_void_p), name, file, flags, flags_out))
        if result == _OK and path is not None:
            new = path not in self._inodes
            self._open_files[file] = self.know(path)
            if new:
                self._tell(Create(path, self._inodes[path]))
            self._watch(_File.from_address(file))
        return result

    def _delete(self, _: int, name: int, sync_folder: int) -> int:
        path = self._watched(name)
        self._folder_was_synced = False
        result = int(self._real_delete(cast(self._default, c_void_p), name, sync_folder))
        if result == _OK and path is not None:
            del self._inodes[path]
            self._tell(Unlink(path))
            self._tell_of_folder(path)
        return result

    def _open_folder(self, name: bytes, descriptor: int) -> int:
        """SQLite opens a folder for one reason: to sync it."""
        self._folder_was_synced = True
        return int(self._real_open_folder(name, descriptor))

    def _close(self, real: Any, file: int) -> int:
        self._open_files.pop(file, None)
        return int(real(file))

    def _write(self, real: Any, file: int, data: int, amount: int, offset: int) -> int:
        result = int(real(file, data, amount, offset))
        if result == _OK:
            self._tell(Write(self._open_files[file], offset, ctypes.string_at(data, amount)))
        return result

    def _truncate(self, real: Any, file: int, size: int) -> int:
        result = int(real(file, size))
        if result == _OK:
            self._tell(Truncate(self._open_files[file], size))
        return result

    def _sync(self, real: Any, file: int, flags: int) -> int:
        self._folder_was_synced = False
        result = int(real(file, flags))
        if result == _OK:
            self._tell(SyncFile(self._open_files[file]))
            self._tell_of_folder(next(path for path, one in self._inodes.items() if one == self._open_files[file]))
        return result

    # ------------------------------------------------------------------------------------------------------------------

    def _watch(self, file: _File) -> None:
        """Gives an open file a table of methods of which some tell."""
        address = ctypes.addressof(file.pMethods.contents)
        if address not in self._tables:
            table = _Methods.from_buffer_copy(file.pMethods.contents)
            write, truncate, sync = _Write(table.xWrite), _Truncate(table.xTruncate), _Sync(table.xSync)
            close = _Close(table.xClose)
            table.xClose = self._keep(_Close(lambda file: self._close(close, file)))
            table.xWrite = self._keep(_Write(lambda *given: self._write(write, *given)))
            table.xTruncate = self._keep(_Truncate(lambda *given: self._truncate(truncate, *given)))
            table.xSync = self._keep(_Sync(lambda *given: self._sync(sync, *given)))
            self._tables[address] = table
        file.pMethods = ctypes.pointer(self._tables[address])

    def _watched(self, name: int | None) -> str | None:
        """Path below the folder; None for a temporary file without a name, and for files elsewhere."""
        if name is None:
            return None
        path = Path(ctypes.string_at(name).decode()).resolve()
        return str(path.relative_to(self._folder)) if path.is_relative_to(self._folder) else None

    def _tell_of_folder(self, path: str) -> None:
        if self._folder_was_synced:
            self._tell(SyncFolder(str(Path(path).parent)))

    def _set_open_folder(self, function: int | None) -> None:
        real = self._default.contents
        if _SetSystemCall(real.xSetSystemCall)(self._default, b"openDirectory", function) != _OK:
            raise LibraryError("this SQLite does not let its folder syncs be watched")

    def _keep(self, callback: Any) -> int | None:
        """SQLite holds no reference of ours."""
        self._kept.append(callback)
        return cast(callback, c_void_p).value
