"""The small disk itself: what the other tests stand on."""

import errno
import subprocess
from pathlib import Path

import pytest

from tests.durability.disk.small_disk import NoSmallDiskError, SmallDisk


def test_it_is_as_small_as_it_says_and_full_to_the_last_byte(disk: SmallDisk) -> None:
    assert disk.free_bytes <= 6 << 20

    disk.fill()

    assert disk.free_bytes == 0
    with pytest.raises(OSError, match="No space left") as fault, disk.inside("one").open("wb", buffering=0) as stream:
        stream.write(b"x")
    assert fault.value.errno == errno.ENOSPC
    disk.free()
    disk.inside("one").write_bytes(b"x")


def test_nobody_else_sees_it(disk: SmallDisk) -> None:
    disk.inside("one").write_bytes(b"x")

    seen = subprocess.run(disk.command("ls", str(disk.path)), check=True, capture_output=True, text=True).stdout

    assert seen == "one\n"
    assert list(disk.path.iterdir()) == []


def test_it_can_be_read_only_and_writable_again(disk: SmallDisk) -> None:
    disk.make_read_only()
    with pytest.raises(OSError, match="Read-only") as fault:
        disk.inside("one").write_bytes(b"x")
    assert fault.value.errno == errno.EROFS

    disk.make_writable()

    disk.inside("one").write_bytes(b"x")


def test_where_none_can_be_made_it_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(NoSmallDiskError, match="missing: unshare, nsenter, mount"):
        SmallDisk(tmp_path / "disk", 1 << 20)


def test_its_end_takes_it_away(tmp_path: Path) -> None:
    with SmallDisk(tmp_path / "disk", 1 << 20) as disk:
        holder = disk.inside().parts[2]
        assert Path("/proc", holder).exists()

    assert not Path("/proc", holder).exists()
    (tmp_path / "disk").rmdir()
