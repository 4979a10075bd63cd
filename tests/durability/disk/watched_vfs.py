"""SQLite's own way to the disk, with an ear on it: the library that `sqlite3` uses, no other, no compiler.

A copy of the default VFS whose files call a hook before they read, write, truncate, sync or map. The hook may wait (a
slow card) or give an SQLite error code (a bad one). In force for connections opened inside the `with` block.
"""

import ctypes
import sqlite3
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal, Self

Operation = Literal["read", "write", "truncate", "sync", "map"]
Kind = Literal["journal", "log", "other"]
Hook = Callable[[Operation, Kind], int]
"""Gives 0 to let the operation through, else the error that SQLite gets instead of it."""

_MAIN_DB: Final = 0x100
_WAL: Final = 0x80000
_METHODS: Final = (
    *("xClose", "xRead", "xWrite", "xTruncate", "xSync", "xFileSize", "xLock", "xUnlock", "xCheckReservedLock"),
    *("xFileControl", "xSectorSize", "xDeviceCharacteristics", "xShmMap", "xShmLock", "xShmBarrier", "xShmUnmap"),
    *("xFetch", "xUnfetch"),
)
_P: Final = ctypes.c_void_p
_INT: Final = ctypes.c_int
_I64: Final = ctypes.c_int64
_SIGNATURES: Final[dict[str, tuple[Operation, list[Any]]]] = {
    "xRead": ("read", [_P, _P, _INT, _I64]),
    "xWrite": ("write", [_P, _P, _INT, _I64]),
    "xTruncate": ("truncate", [_P, _I64]),
    "xSync": ("sync", [_P, _INT]),
    "xShmMap": ("map", [_P, _INT, _INT, _INT, _P]),
}
_OPEN: Final = ctypes.CFUNCTYPE(_INT, _P, _P, _P, _INT, _P)


class _IoMethods(ctypes.Structure):
    _fields_ = [("iVersion", _INT), *((name, _P) for name in _METHODS)]


class _File(ctypes.Structure):
    _fields_ = [("pMethods", ctypes.POINTER(_IoMethods))]


class _Vfs(ctypes.Structure):
    _fields_ = [
        ("iVersion", _INT),
        ("szOsFile", _INT),
        ("mxPathname", _INT),
        ("pNext", _P),
        ("zName", ctypes.c_char_p),
        ("pAppData", _P),
        ("xOpen", _P),
        *((f"more{number}", _P) for number in range(15)),
    ]


class WatchedVfs:
    """One at a time. `calls` counts the operations that reached the hook."""

    def __init__(self, hook: Hook) -> None:
        self._hook = hook
        self._library = _loaded_library()
        self._library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
        self._default = self._library.sqlite3_vfs_find(None)
        self._ours = _Vfs.from_buffer_copy(self._default.contents)
        self._ours.pNext, self._ours.zName = None, b"watched"
        self._open_file = _OPEN(self._default.contents.xOpen)
        self._opened = _OPEN(self._open)
        self._ours.xOpen = ctypes.cast(self._opened, _P)
        self._tables: dict[tuple[int, Kind], _IoMethods] = {}
        self._callbacks: list[Any] = []  # SQLite calls them; Python must not let them go

    def __enter__(self) -> Self:
        assert self._library.sqlite3_vfs_register(ctypes.byref(self._ours), 1) == 0
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """A connection that was opened inside and is not closed yet still calls us: so this object never goes."""
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(self))
        assert self._library.sqlite3_vfs_unregister(ctypes.byref(self._ours)) == 0

    def _open(self, _: int, name: int, file: int, flags: int, out_flags: int) -> int:
        code: int = self._open_file(ctypes.addressof(self._default.contents), name, file, flags, out_flags)
        opened = _File.from_address(file)
        if opened.pMethods:
            kind: Kind = "journal" if flags & _MAIN_DB else "log" if flags & _WAL else "other"
            opened.pMethods = ctypes.pointer(self._table(opened.pMethods, kind))
        return code

    def _table(self, original: Any, kind: Kind) -> _IoMethods:
        key = (ctypes.addressof(original.contents), kind)
        if key not in self._tables:
            table = _IoMethods.from_buffer_copy(original.contents)
            for name, (operation, arguments) in _SIGNATURES.items():
                original_method = getattr(table, name)
                if original_method:  # a log has no shared memory of its own
                    setattr(table, name, self._watched(original_method, operation, kind, arguments))
            self._tables[key] = table
        return self._tables[key]

    def _watched(self, original: int, operation: Operation, kind: Kind, arguments: list[Any]) -> Any:
        signature = ctypes.CFUNCTYPE(_INT, *arguments)
        go_on = signature(original)

        def watch(*values: Any) -> int:
            return self._hook(operation, kind) or go_on(*values)

        callback = signature(watch)
        self._callbacks.append(callback)
        return ctypes.cast(callback, _P)


def _loaded_library() -> ctypes.CDLL:
    """The very library that `sqlite3` has loaded; a second copy would be another world."""
    maps = Path("/proc/self/maps").read_text(encoding="utf-8")
    paths = sorted({line.split()[-1] for line in maps.splitlines() if "/libsqlite3.so" in line})
    if len(paths) != 1:
        raise OSError(f"sqlite3 must use one shared libsqlite3 (Debian: libsqlite3-0); loaded: {paths or 'none'}")
    library = ctypes.CDLL(paths[0])
    library.sqlite3_libversion.restype = ctypes.c_char_p
    assert library.sqlite3_libversion().decode() == sqlite3.sqlite_version
    return library
