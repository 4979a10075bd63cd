"""The watching of SQLite: nothing that reaches the disk escapes it."""

import contextlib
import sqlite3
from pathlib import Path

import pytest

from tests.durability.power_cut.disk import Disk, Fate
from tests.durability.power_cut.operations import Operation, SyncFile, SyncFolder, Unlink, Write
from tests.durability.power_cut.stream import record_visits
from tests.durability.power_cut.vfs import WatchedSqlite

EVERYTHING = Fate("all", "all")


def test_the_recorded_operations_give_the_real_files_byte_for_byte(tmp_path: Path) -> None:
    disk, compared = Disk(), 0

    def tell(operation: Operation) -> None:
        nonlocal compared
        disk.play(operation)
        if not isinstance(operation, SyncFile):
            return
        image = disk.cut(EVERYTHING).build()
        for name, inode in image.names.items():
            assert inode is not None
            assert (tmp_path / name).read_bytes() == image.files[inode]
            compared += 1

    with WatchedSqlite(tmp_path, tell), contextlib.closing(sqlite3.connect(tmp_path / "a.db")) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE t (x)")
        for number in range(30):
            with database:
                database.execute("INSERT INTO t VALUES (?)", (b"%d" % number * 500,))
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    assert compared > 30


def test_after_a_whole_stream_the_files_are_what_was_recorded(tmp_path: Path) -> None:
    history = record_visits(tmp_path, 8)

    disk = Disk()
    for operation in history.operations:
        disk.play(operation)
    image = disk.cut(EVERYTHING).build()
    found = {path.name: path.read_bytes() for path in tmp_path.glob("journal.db*")}
    assert {name: bytes(image.files[inode]) for name, inode in image.names.items() if inode is not None} == found


def test_a_folder_is_seen_being_synced_where_sqlite_does_it_and_only_there(tmp_path: Path) -> None:
    syncs = {}
    for synchronous in ("FULL", "EXTRA"):
        told: list[Operation] = []
        path = tmp_path / f"{synchronous}.db"
        with WatchedSqlite(tmp_path, told.append), contextlib.closing(sqlite3.connect(path)) as database:
            database.execute(f"PRAGMA synchronous = {synchronous}")
            database.execute("CREATE TABLE t (x)")
        deleted = next(number for number, one in enumerate(told) if isinstance(one, Unlink))
        syncs[synchronous] = any(isinstance(one, SyncFolder) for one in told[deleted:])

    assert syncs == {"FULL": False, "EXTRA": True}


def test_files_elsewhere_and_connections_afterwards_are_left_alone(tmp_path: Path) -> None:
    watched, elsewhere = tmp_path / "watched", tmp_path / "elsewhere"
    watched.mkdir()
    elsewhere.mkdir()
    told: list[Operation] = []
    with WatchedSqlite(watched, told.append):
        _write_something(elsewhere / "a.db")
    _write_something(watched / "b.db")

    assert told == []


def test_a_write_is_told_of_with_its_place_and_its_bytes(tmp_path: Path) -> None:
    told: list[Operation] = []
    with WatchedSqlite(tmp_path, told.append):
        _write_something(tmp_path / "a.db")

    content = (tmp_path / "a.db").read_bytes()
    written = bytearray(len(content))
    for operation in told:
        if isinstance(operation, Write) and operation.inode == 1:
            written[operation.offset : operation.offset + len(operation.data)] = operation.data
    assert written == content


def test_a_sqlite_that_cannot_be_watched_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.durability.power_cut import vfs

    monkeypatch.setattr(sqlite3, "sqlite_version", "0.0.0")

    with pytest.raises(vfs.LibraryError, match="apt-get install libsqlite3-0"):
        vfs.shared_library()


def _write_something(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE t (x)")
