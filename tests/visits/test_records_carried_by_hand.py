"""A kiosk that no line leads to: its records go out on a stick behind the PIN, and the hub's word comes back on it."""

import json
import os
from base64 import b64decode
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.commands.hub import import_parcels
from kiosk.commands.parcels import export, take_and_carry
from kiosk.demo.hall import PIN
from kiosk.secrets import Secrets
from kiosk.settings import load_settings
from sync.journal.reader import JournalReader
from sync.parcels.acknowledgement import check_acknowledgement, read_acknowledgement
from tests.sync.parcels.conftest import Post
from tests.visits.conftest import Morning


@pytest.fixture
def media(tmp_path: Path) -> Path:
    stick = tmp_path / "media" / "HALL-1"
    stick.mkdir(parents=True)
    return stick


def open_with_stick(closed_morning: Morning, media: Path) -> Morning:
    hall, volume = closed_morning.hall, media.stat().st_dev
    with hall.config.open("a", encoding="utf-8") as settings:
        settings.write(f'\n[sticks]\nfolder = "{media.parent}"\n')
    table = media.parent.parent / "mountinfo"
    device = f"{os.major(volume)}:{os.minor(volume)}"
    table.write_text(f"36 35 {device} / {media} rw,nosuid,nodev,noexec - vfat /dev/sdb1 rw\n", encoding="utf-8")
    closed_morning.open(mount_table=table)
    return closed_morning


@pytest.fixture
def cut_off(closed_morning: Morning, media: Path) -> Morning:
    """With a stick in it; the line to the hub is cut."""
    closed_morning.hall.relay.cut()
    return open_with_stick(closed_morning, media)


@pytest.fixture
def connected(closed_morning: Morning, media: Path) -> Morning:
    return open_with_stick(closed_morning, media)


def open_sticks(morning: Morning) -> None:
    morning.shows("standby")
    morning.hold_corner()
    morning.shows("pinPad")
    for digit in PIN:
        morning.touch(f"pinKey{digit}")
    morning.touch("pinEnter")
    morning.shows("deskSticks")
    morning.touch("deskSticks")
    morning.shows("write-HALL-1")


def cursor(morning: Morning) -> tuple[str, int] | None:
    with closing(JournalReader(morning.hall.state)) as reader:
        return reader.settled("hub")


def at_the_hub(morning: Morning, media: Path) -> None:
    """Somebody walks to the hub with the stick."""
    config = morning.hall.config.parent / "hub/hub.toml"
    assert import_parcels(config, sorted(media.glob("*.parcel")), as_json=True) == 0


def test_a_press_reaches_the_hub_by_hand_and_counts_once(cut_off: Morning, media: Path) -> None:
    cut_off.press_box("door", 4)
    cut_off.until(lambda: cut_off.stored() == {4: 1})
    open_sticks(cut_off)
    assert list(media.iterdir()) == []

    cut_off.touch("write-HALL-1")
    cut_off.until(lambda: "可以拔出" in cut_off.text_of("stickNotice"))
    assert cursor(cut_off) is None
    at_the_hub(cut_off, media)
    cut_off.touch("take-HALL-1")
    cut_off.until(lambda: "已取回 1 个确认" in cut_off.text_of("stickNotice"))

    assert cursor(cut_off) is not None
    assert list(media.iterdir()) == []
    assert cut_off.at_hub() == {4: 1}
    cut_off.hall.relay.mend()
    cut_off.touch("deskBack")
    cut_off.until(lambda: cut_off.text_of("state-hub") == "连接正常")
    assert cut_off.at_hub() == {4: 1}


def test_a_kiosk_with_a_network_carries_what_another_wrote(connected: Morning, media: Path, tmp_path: Path) -> None:
    settings = load_settings(connected.hall.config)
    far = Post(tmp_path / "far")
    far.rate_many(4)
    token = Secrets.load(connected.hall.config.parent / "secrets.toml").hub_token
    assert settings.hub is not None
    far.export(media, token=token, seal_key=b64decode(settings.hub.seal_key))
    open_sticks(connected)

    connected.touch("carry-HALL-1")
    connected.until(lambda: "已代收 1 个数据包" in connected.text_of("stickNotice"))
    connected.until(lambda: list((connected.hall.state / "carry").glob("*.ack")) != [])
    connected.touch("carry-HALL-1")
    connected.until(lambda: "写入确认 1 个" in connected.text_of("stickNotice"))

    [path] = media.glob("*.ack")
    with closing(JournalReader(far.directory)) as reader:
        acknowledgement = read_acknowledgement(path.read_bytes())
        said = check_acknowledgement(acknowledgement, b64decode(settings.hub.release_key), far.device, reader)
    far.journal.close()
    assert said.last == connected.hall.hub_has(far.device)[said.generation] - 1


def test_the_commands_work_beside_the_running_kiosk(
    cut_off: Morning, media: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cut_off.press_box("door", 5)
    cut_off.until(lambda: cut_off.stored() == {5: 1})
    config = cut_off.hall.config

    assert export(config, media, everything=False, as_json=True) == 0
    at_the_hub(cut_off, media)
    assert take_and_carry(config, media, as_json=True) == 0

    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [one["outcome"] for one in said["acknowledgements"]] == ["moved"]
    assert cursor(cut_off) is not None
    assert cut_off.at_hub() == {5: 1}
