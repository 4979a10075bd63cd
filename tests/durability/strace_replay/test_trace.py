"""Reading what strace writes, and refusing what the replay would get wrong."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.durability.power_cut.disk import Disk, Fate
from tests.durability.power_cut.operations import (
    Create,
    MakeFolder,
    Operation,
    Rename,
    SyncFile,
    SyncFolder,
    Unlink,
    Write,
)
from tests.durability.strace_replay.trace import Replay, Said, TraceError, strace_command

PROGRAM = """
import os, pathlib, sys
folder = pathlib.Path(sys.argv[1]); folder.mkdir(); (folder / "keys").mkdir()
with open(folder / "a b.new", "wb") as stream:
    stream.write(b"abc"); stream.flush(); stream.write(b"de"); stream.flush(); os.fsync(stream.fileno())
os.rename(folder / "a b.new", folder / "a b")
descriptor = os.open(folder, os.O_RDONLY); os.fsync(descriptor); os.close(descriptor)
with open(folder / "keys" / "log", "ab") as stream: stream.write(b"one ")
with open(folder / "keys" / "log", "ab") as stream: stream.write("二".encode())
descriptor = os.open(folder / "c", os.O_CREAT | os.O_RDWR)
os.pwrite(descriptor, b"later", 1000); os.writev(descriptor, [b"ear", b"lier"]); os.ftruncate(descriptor, 1002)
os.pwritev(descriptor, [b"x", b"y"], 500); os.close(descriptor)
os.unlink(folder / "a b")
print("done", flush=True)
"""


def traced(tmp_path: Path, program: str) -> list[Operation | Said]:
    trace = tmp_path / "trace"
    folder = tmp_path / "folder"
    subprocess.run(
        [*strace_command(trace), sys.executable, "-c", program, str(folder)], check=True, capture_output=True
    )
    return list(Replay(folder).feed(trace.read_text("ascii").splitlines(keepends=True)))


def test_the_replay_of_a_program_gives_its_files_byte_for_byte(tmp_path: Path) -> None:
    disk = Disk()
    for event in traced(tmp_path, PROGRAM):
        if not isinstance(event, Said):
            disk.play(event)

    disk.cut(Fate("all", "all")).build().write_to(tmp_path / "image")
    assert _contents(tmp_path / "image") == _contents(tmp_path / "folder")


def test_the_calls_come_in_their_order_with_what_was_said_in_between(tmp_path: Path) -> None:
    events = traced(tmp_path, PROGRAM)

    assert events[:7] == [
        MakeFolder("keys"),
        Create("a b.new", 1),
        Write(1, 0, b"abc"),
        Write(1, 3, b"de"),
        SyncFile(1),
        Rename("a b.new", "a b"),
        SyncFolder("."),
    ]
    assert events[-2:] == [Unlink("a b"), Said("done")]


def test_a_call_that_another_thread_interrupted_counts_where_it_returned(tmp_path: Path) -> None:
    path = _hex(tmp_path / "a")
    lines = [
        f'11 openat(AT_FDCWD<{_hex(tmp_path)}>, "{path}", O_RDWR|O_CREAT, 0600) = 7<{path}>\n',
        f'11 pwrite64(7<{path}>, "{_hex("first")}", 5, 0 <unfinished ...>\n',
        f'12 write(1<{_hex("pipe:[1]")}>, "{_hex("said")}", 4) = 4\n',
        f'12 write(1<{_hex("pipe:[1]")}>, "\\x0a", 1) = 1\n',
        "11 <... pwrite64 resumed>)          = 5\n",
        f"11 fsync(7<{path}>) = -1 EIO (Input/output error)\n",
    ]

    assert list(Replay(tmp_path).feed(lines)) == [Create("a", 1), Said("said"), Write(1, 0, b"first")]


@pytest.mark.parametrize(
    "call",
    [
        "os.link(folder / 'a', folder / 'b')",
        "os.symlink('a', folder / 'b')",
        "os.posix_fallocate(descriptor, 0, 4096)",
        "os.rmdir(folder / 'sub')",
    ],
)
def test_a_call_that_the_replay_does_not_know_is_refused(tmp_path: Path, call: str) -> None:
    program = (
        "import os, pathlib, sys\n"
        "folder = pathlib.Path(sys.argv[1]); folder.mkdir(); (folder / 'sub').mkdir()\n"
        "descriptor = os.open(folder / 'a', os.O_CREAT | os.O_RDWR)\n" + call
    )

    with pytest.raises(TraceError, match="the replay does not know it"):
        traced(tmp_path, program)


def test_without_strace_the_answer_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)

    with pytest.raises(TraceError, match="apt-get install strace"):
        strace_command(tmp_path / "trace")


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _hex(text: str | Path) -> str:
    return "".join(f"\\x{byte:02x}" for byte in os.fsencode(text))
