"""Which sticks there are: from real and made-up mount tables, and from a real mount where the system allows one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.sticks.mounts import Mount, opened, sticks
from kiosk.sticks.stick_error import StickError
from tests.kiosk.test_parcels_command import far, place, said, site, stick

__all__ = ["far", "place", "said", "site", "stick"]

GOOD = "rw,nosuid,nodev,noexec,relatime"
NAMESPACE = ["unshare", "--user", "--map-root-user", "--mount"]


def line(place: Path | str, options: str = GOOD, volume: int = 0) -> str:
    escaped = str(place).replace("\\", "\\134").replace(" ", "\\040")
    return f"36 35 {os.major(volume)}:{os.minor(volume)} / {escaped} {options} shared:1 - vfat /dev/sdb1 rw\n"


@pytest.fixture
def table(tmp_path):
    def write(*lines):
        path = tmp_path / "mountinfo"
        path.write_text("".join(lines), encoding="utf-8")
        return path

    return write


def test_only_what_is_mounted_below_the_folder_is_a_stick(table):
    found = sticks(
        Path("/media"),
        table(
            line("/"),
            line("/media"),
            line("/mediaeval"),
            line("/media/大厅 1"),
            line("/media/b\\c"),
            "36 35 nonsense\n",
            "\n",
        ),
    )

    assert [str(mount.place) for mount in found] == ["/media/b\\c", "/media/大厅 1"]


@pytest.mark.parametrize(
    ("options", "missing"),
    [
        (GOOD, ()),
        ("rw,relatime", ("nosuid", "nodev", "noexec")),
        ("rw,nosuid,nodev,exec", ("noexec",)),
        ("rw,nosuidx,nodev,noexec", ("nosuid",)),
    ],
)
def test_a_stick_that_could_bring_programs_or_devices_is_told_apart(table, options, missing):
    [mount] = sticks(Path("/media"), table(line("/media/a", options)))

    assert mount.missing == missing


def test_of_two_mounts_on_a_folder_the_upper_one_counts(table):
    [mount] = sticks(Path("/media"), table(line("/media/a"), line("/media/a", "rw")))

    assert mount.missing != ()


@pytest.mark.parametrize(
    ("missing", "volume", "code"),
    [(("noexec",), 0, "stick-unsafe"), ((), 1, "stick-gone")],
)
def test_a_stick_is_opened_only_while_the_table_speaks_of_it(stick, missing, volume, code):
    with pytest.raises(StickError) as raised:
        opened(Mount(stick, stick.stat().st_dev + volume, missing))

    assert raised.value.code == code


def test_a_stick_that_was_pulled_out_is_gone(tmp_path):
    with pytest.raises(StickError) as raised:
        opened(Mount(tmp_path / "nothing", 1, ()))

    assert raised.value.code == "stick-gone"


def test_a_folder_that_was_put_in_place_of_a_stick_by_a_link_is_not_followed(tmp_path, stick):
    (tmp_path / "media").symlink_to(stick)

    with pytest.raises(StickError):
        opened(Mount(tmp_path / "media", stick.stat().st_dev, ()))


@pytest.fixture(scope="session")
def namespace():
    """Runs a script where it may mount; skips where the system does not let it."""
    if subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no unprivileged namespaces here")

    def run(script, *arguments):
        return subprocess.run(
            [*NAMESPACE, "sh", "-ec", script, "sh", *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            cwd=Path(__file__).parents[2],
        )

    return run


def test_a_real_mount_is_found_with_what_it_lacks(namespace, tmp_path):
    for name in ("good", "bad", "none"):
        (tmp_path / name).mkdir()
    look = (
        "import json, sys; from pathlib import Path; from kiosk.sticks.mounts import sticks, opened; "
        "found = sticks(Path(sys.argv[1])); opened(found[1]).close(); "
        "print(json.dumps([[mount.place.name, list(mount.missing)] for mount in found]))"
    )

    ended = namespace(
        'mount -t tmpfs -o nosuid,nodev,noexec tmpfs "$1/good"; mount -t tmpfs -o nosuid tmpfs "$1/bad"; '
        'exec "$2" -c "$3" "$1"',
        tmp_path,
        sys.executable,
        look,
    )

    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout) == [["bad", ["nodev", "noexec"]], ["good", []]]


def test_a_full_stick_keeps_no_half_parcel(namespace, far, stick):
    """What fits is whole; what does not fit leaves nothing behind."""
    far.kiosk.rate_many(300)
    ended = namespace(
        'mount -t tmpfs -o nosuid,nodev,noexec,size=4k tmpfs "$1"; '
        '"$2" -m kiosk journal export --config "$3" --to "$1" || echo "ended $?"; ls -A "$1"',
        stick,
        sys.executable,
        far.config,
    )

    assert "the stick is full" in ended.stderr
    assert ended.stdout.split() == ["ended", "2"]
    assert far.cursor() is None
