"""The model of a disk: what must be there after a cut, what may be, and what cannot be."""

from pathlib import Path

from tests.durability.power_cut.disk import Disk, Fate
from tests.durability.power_cut.operations import (
    Acknowledged,
    Create,
    MakeFolder,
    Operation,
    Promise,
    Rename,
    SyncFile,
    SyncFolder,
    Truncate,
    Unlink,
    Write,
)

NOTHING = Fate("none", "none")
EVERYTHING = Fate("all", "all")


def played(*operations: Operation) -> Disk:
    disk = Disk()
    for operation in operations:
        disk.play(operation)
    return disk


def left(disk: Disk, fate: Fate, folder: Path) -> dict[str, bytes]:
    disk.cut(fate).build().write_to(folder)
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_was_synced_survives_and_what_was_not_may_be_gone(tmp_path: Path) -> None:
    disk = played(Create("a", 1), Write(1, 0, b"safe"), SyncFile(1), SyncFolder("."), Write(1, 4, b"unsafe"))

    assert left(disk, NOTHING, tmp_path / "x") == {"a": b"safe"}
    assert left(disk, EVERYTHING, tmp_path / "x") == {"a": b"safeunsafe"}


def test_syncing_a_file_does_not_make_its_name_safe(tmp_path: Path) -> None:
    disk = played(Create("a", 1), Write(1, 0, b"safe"), SyncFile(1))

    assert left(disk, NOTHING, tmp_path / "x") == {}
    assert left(disk, Fate("none", "all"), tmp_path / "x") == {"a": b"safe"}


def test_a_name_without_its_content_is_an_empty_file(tmp_path: Path) -> None:
    disk = played(Create("a", 1), Write(1, 0, b"content"), SyncFolder("."))

    assert left(disk, NOTHING, tmp_path / "x") == {"a": b""}


def test_a_file_that_took_the_name_of_another_has_its_own_content(tmp_path: Path) -> None:
    disk = played(Create("a", 1), Write(1, 0, b"old"), SyncFile(1), SyncFolder("."))
    for operation in (Create("a.new", 2), Write(2, 0, b"new"), SyncFile(2), Rename("a.new", "a")):
        disk.play(operation)

    assert left(disk, NOTHING, tmp_path / "x") == {"a": b"old"}
    assert left(disk, EVERYTHING, tmp_path / "x") == {"a": b"new"}
    disk.play(SyncFolder("."))
    assert left(disk, NOTHING, tmp_path / "x") == {"a": b"new"}


def test_a_deleted_file_may_come_back_until_its_folder_is_synced(tmp_path: Path) -> None:
    disk = played(Create("a", 1), Write(1, 0, b"old"), SyncFile(1), SyncFolder("."), Unlink("a"))

    assert left(disk, NOTHING, tmp_path / "x") == {"a": b"old"}
    disk.play(SyncFolder("."))
    assert left(disk, NOTHING, tmp_path / "x") == {}


def test_a_name_made_safe_makes_every_name_before_it_safe(tmp_path: Path) -> None:
    disk = played(MakeFolder("keys"), Create("keys/a", 1), Create("b", 2), SyncFolder("keys"))

    assert left(disk, NOTHING, tmp_path / "x") == {"keys/a": b""}


def test_a_write_is_torn_at_sectors_and_nowhere_else(tmp_path: Path) -> None:
    disk = played(Create("a", 1), SyncFolder("."), Write(1, 0, bytes(2048)), SyncFile(1), Write(1, 300, b"x" * 1000))
    seen = set()
    for seed in range(200):
        content = left(disk, Fate("some", "all", seed), tmp_path / "x")["a"]
        kept = [content[start:end] == b"x" * (end - start) for start, end in ((300, 512), (512, 1024), (1024, 1300))]
        assert content.count(b"x") == sum(size for size, there in zip((212, 512, 276), kept, strict=True) if there)
        seen.add(tuple(kept))

    assert len(seen) == 8


def test_a_sector_that_arrives_before_the_one_in_front_of_it_leaves_zeros_there(tmp_path: Path) -> None:
    disk = played(Create("a", 1), SyncFolder("."), Write(1, 0, b"x" * 1024))

    contents = {left(disk, Fate("some", "all", seed), tmp_path / "x")["a"] for seed in range(50)}
    assert bytes(512) + b"x" * 512 in contents


def test_a_truncation_may_be_gone_too(tmp_path: Path) -> None:
    disk = played(Create("a", 1), Write(1, 0, b"long"), SyncFile(1), SyncFolder("."), Truncate(1, 1))

    assert left(disk, NOTHING, tmp_path / "x") == {"a": b"long"}
    assert left(disk, EVERYTHING, tmp_path / "x") == {"a": b"l"}
    contents = {left(disk, Fate("some", "all", seed), tmp_path / "x")["a"] for seed in range(50)}
    assert contents == {b"long", b"l"}


def test_images_that_are_the_same_have_the_same_identity() -> None:
    disk = played(Create("a", 1), SyncFolder("."), Write(1, 0, b"x"))
    everything = disk.cut(EVERYTHING).identity
    disk.play(SyncFile(1))

    assert {disk.cut(fate).identity for fate in (NOTHING, EVERYTHING, Fate("some", "some", 7))} == {everything}
    disk.play(Acknowledged(Promise(1)))
    assert disk.cut(NOTHING).identity != everything
