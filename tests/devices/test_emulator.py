"""The emulated box: a real host must not be able to tell it from the line of a real one."""

import io
import os
import threading
from pathlib import Path

import pytest
import serial

from devices.emulator import EmulatedEvaluator, serve

PRESS_5 = bytes.fromhex("FF 68 03 03 68 81 11 04 96 16")
REPLY = bytes.fromhex("68 02 02 68 81 01 82 16")


def talk(*lines: str, **options) -> tuple[int, list[str]]:
    out = io.StringIO()
    code = serve("rs485-ft12", io.StringIO("\n".join(lines) + "\n"), out, **options)
    return code, out.getvalue().splitlines()


def test_a_host_reads_the_bytes_of_a_press_unchanged(box):
    with serial.Serial(box.path, timeout=5) as host:
        assert box.press(0x81, 5) == PRESS_5
        assert host.read(len(PRESS_5)) == PRESS_5


def test_the_line_is_raw_in_both_directions(box):
    every_byte = bytes(range(256))
    with serial.Serial(box.path, timeout=5) as host:
        assert box.send(every_byte) == 256
        assert host.read(256) == every_byte
        host.write(every_byte + REPLY)
        assert box.wait_received(1, 5.0) == (REPLY,)


def test_the_link_leads_to_the_line_while_it_is_plugged_in(profile, tmp_path):
    link = tmp_path / "by-id"
    with EmulatedEvaluator(profile, link) as box:
        assert box.port == str(link)
        assert link.readlink() == Path(box.path)
        box.unplug()
        assert not os.path.lexists(link)
        assert not box.plugged
        box.plug()
        assert link.readlink() == Path(box.path)
    assert not os.path.lexists(link)


def test_a_stale_link_is_replaced_and_a_file_is_not(profile, tmp_path):
    link, file = tmp_path / "stale", tmp_path / "file"
    link.symlink_to("/dev/pts/nowhere")
    file.write_text("kept", encoding="utf-8")
    with EmulatedEvaluator(profile, link) as box:
        assert link.readlink() == Path(box.path)
    with pytest.raises(FileExistsError, match="is not a link"):
        EmulatedEvaluator(profile, file)
    assert file.read_text(encoding="utf-8") == "kept"


def test_unplugging_hangs_up_on_the_host(profile):
    with EmulatedEvaluator(profile) as box, serial.Serial(box.path, timeout=5) as host:
        box.unplug()
        with pytest.raises(serial.SerialException):
            host.read(1)
        assert box.send(b"x") == 0


def test_plugging_in_what_is_plugged_in_changes_nothing(box):
    path = box.path
    box.plug()
    assert box.path == path


def test_closing_twice_is_harmless_and_ends_the_thread(profile):
    box = EmulatedEvaluator(profile)
    box.close()
    box.close()
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("pty-")] == []


@pytest.mark.parametrize(("address", "level"), [(0x01, 5), (0x80, 5), (0x81, 0), (0x81, 6)])
def test_a_press_that_no_box_could_send_is_refused(box, address, level):
    with pytest.raises(ValueError, match=r"address lies|a level is"):
        box.press(address, level)


def test_a_flood_that_nobody_reads_does_not_block(box):
    for _ in range(200):
        box.send(b"\x55" * 4096)
    assert box.send(b"\x55" * 4096) < 4096


def test_the_typed_lines_are_obeyed_and_answered(tmp_path):
    code, lines = talk(
        "press 81 5", "press 0x82 1", "raw 68 02", "noise 3", "noise 500", "", "help", "quit", "raw 00",
        link=tmp_path / "box", noise=lambda count: b"\xaa" * count,
    )  # fmt: skip
    assert code == 0
    assert lines[:6] == [
        str(tmp_path / "box"),
        "sent FF 68 03 03 68 81 11 04 96 16",
        "sent FF 68 03 03 68 82 11 00 93 16",
        "sent 68 02",
        "sent AA AA AA",
        "sent 500 bytes",
    ]
    assert lines[6].startswith("press ADDRESS LEVEL")
    assert lines[-1].startswith("quit")


@pytest.mark.parametrize(
    "line", ["bark", "press", "press 81", "press 81 five", "press 1 5", "press 81 6", "press 01 5", "raw", "raw 6",
             "raw zz", "noise", "noise -1", "noise 0", "noise 99999999", "quit now", "x" * 5000],
)  # fmt: skip
def test_what_cannot_be_obeyed_gets_one_line_and_the_box_goes_on(line):
    code, lines = talk(line, "press 81 5")
    assert code == 0
    assert len(lines) == 3
    assert len(lines[1]) < 120
    assert lines[2].startswith("sent FF")


def test_unplug_and_plug_by_hand_keep_the_path():
    code, lines = talk("unplug", "press 81 5", "plug", "press 81 5")
    assert code == 0
    assert lines[1:3] == ["unplugged", "the box is unplugged: type plug first"]
    assert lines[3] == f"plugged in at {lines[0]}"
    assert lines[4].startswith("sent FF")


def test_a_wrong_profile_or_link_is_told_and_exits_2(tmp_path):
    out = io.StringIO()
    assert serve("no-such-box", io.StringIO(""), out) == 2
    assert "no shipped profile has this name" in out.getvalue()
    (tmp_path / "file").write_text("", encoding="utf-8")
    code, lines = talk("quit", link=tmp_path / "file")
    assert code == 2
    assert lines == [f"no port can be offered: {tmp_path / 'file'} is there already and is not a link"]


def test_frames_of_the_host_are_printed():
    commands, typing = os.pipe()
    printed, printing = os.pipe()
    with os.fdopen(commands) as stdin, os.fdopen(printing, "w") as stdout, os.fdopen(printed) as shown:
        thread = threading.Thread(target=serve, args=("rs485-ft12", stdin, stdout))
        thread.start()
        with serial.Serial(shown.readline().strip()) as host:
            host.write(REPLY)
            assert shown.readline() == "received 68 02 02 68 81 01 82 16  acknowledge or ask, box 81\n"
        os.close(typing)
        thread.join(5)
        assert not thread.is_alive()
