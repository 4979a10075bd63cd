"""Profile files: what the shipped one says, and what a wrong one is told."""

import hashlib
from pathlib import Path

import pytest

from devices.profile import ProfileError, load_profile

SHIPPED = Path(__file__).parents[2] / "devices" / "profiles" / "rs485-ft12.toml"


@pytest.fixture
def changed(tmp_path):
    """The shipped file with one piece of text replaced; returns the path."""

    def change(old: str, new: str) -> str:
        text = SHIPPED.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} must stand once in the profile"
        path = tmp_path / "box.toml"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return str(path)

    return change


def faults_of(path: str):
    with pytest.raises(ProfileError) as caught:
        load_profile(path)
    return caught.value.faults


def line_of(path: str, text: str) -> int:
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.startswith(text))


def test_the_rs485_profile_says_what_is_documented(profile):
    assert (profile.link.baud, profile.link.data_bits, profile.link.parity, profile.link.stop_bits) == (
        9600,
        8,
        "none",
        1,
    )
    assert profile.keys == {b"\x04": 5, b"\x03": 4, b"\x02": 3, b"\x01": 2, b"\x00": 1}
    assert (profile.levels, profile.lacks, profile.announces) == ((5, 4, 3, 2, 1), (), "nothing")
    assert profile.press_frame(0x81, 5) == bytes.fromhex("FF 68 03 03 68 81 11 04 96 16")
    assert profile.press_frame(0x81, 1) == bytes.fromhex("FF 68 03 03 68 81 11 00 92 16")
    assert profile.command_frame("acknowledge", 0x81) == bytes.fromhex("68 02 02 68 81 01 82 16")
    assert profile.commands["acknowledge"].may_start
    assert "keys.04" in profile.unverified
    assert "press" in profile.unverified


def test_the_digest_is_that_of_the_files_bytes(profile, changed):
    assert profile.digest == hashlib.sha256(SHIPPED.read_bytes()).hexdigest()[:16]
    assert load_profile(changed("# Not sent;", "# Never sent;")).digest != profile.digest


def test_a_path_loads_like_a_name(profile):
    assert load_profile(str(SHIPPED)) == profile


WRONG = {
    "unknown table": ("[body]", "[bodies]\n[body]", "[bodies]", "bodies: this key is not known"),
    "unknown key": ("baud = 9600", "baud = 9600\nspeed = 1", "speed", "link.speed: this key is not known"),
    "format": ("format = 1", "format = 2", "format", "format: 2 will not do; use one of: 1"),
    "name": ('name = "rs485-ft12"', 'name = "RS 485"', "name", "name: 'RS 485' will not do"),
    "missing": ("baud = 9600\n", "", "[link]", "link.baud: this key is missing; use one of: 1200"),
    "baud": ("baud = 9600", "baud = 9601", "baud", "link.baud: 9601 will not do"),
    "true is no number": ("stop_bits = 1", "stop_bits = true", "stop_bits", "link.stop_bits: True will not do"),
    "parity": ('parity = "none"', 'parity = "None"', "parity", "link.parity: 'None' will not do"),
    "framing": ('kind = "length-prefixed"', 'kind = "xmodem"', "kind", "framing.kind: 'xmodem' will not do"),
    "checksum": ('checksum = "sum8"', 'checksum = "crc"', "checksum", "framing.checksum: 'crc' will not do"),
    "hex": ('start = "68"', "start = 0x68", "start", "framing.start: 104 will not do; write 1 to 16 bytes as hex"),
    "no start": ('start = "68"', 'start = ""', "start", "framing.start: '' will not do"),
    "short frames": ("max_length = 32", "max_length = 2", "max_length", "framing.max_length: the frame of a press"),
    "same place": ("command = 1\n", "command = 0\n", "command = 0", "body.command: the address stands in the same"),
    "data first": ("data = 2", "data = 1", "data = 1", "body.data: the data begin before"),
    "addresses": ('["81", "FF"]', '["FF", "81"]', "evaluators", "addresses.evaluators: ['FF', '81'] will not do"),
    "overlap": ('["01", "7F"]', '["01", "81"]', "keypads", "addresses.keypads: these overlap"),
    "key behind the data": ("key = 0", "key = 1", "key = 1", "press.key: the key stands behind the end"),
    "echo as press": ('command = "11"', 'command = "01"', "[commands.ack", "commands.acknowledge.command: the box"),
    "level 0": ('"00" = 1', '"00" = 0', '"00"', "keys.00: 0 will not do; write a whole number from 1 to 5"),
    "level 6": ('"04" = 5', '"04" = 6', '"04"', "keys.04: 6 will not do"),
    "two keys a level": ('"04" = 5', '"04" = 4', '"03"', "keys.03: level 4 has a key already"),
    "a level without key": ('"00" = 1\n', "", "[keys]", "keys: no key for level 1"),
    "key twice": ('"00" = 1', '"00" = 1\n"0 0" = 1', '"0 0"', "keys.0 0: this is not a key of its own of 1 byte"),
    "two bytes": ('"00" = 1', '"0000" = 1', '"0000"', "keys.0000: this is not a key of its own of 1 byte"),
    "unknown command": ("[commands.show_stars]", "[commands.sing]", "[commands.sing]", "commands.sing: this key"),
    "flag": ("preamble = false", 'preamble = "no"', 'preamble = "no"', "preamble: 'no' will not do; write true"),
    "unverified": ('"press", ', '"pressing", ', "unverified", "unverified: 'pressing' is not in this file"),
    "no table": ("[link]", "[other]", "format", "link.baud: this key is missing"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "message"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_file_is_refused_with_its_line_and_a_remedy(changed, old, new, line, message):
    path = changed(old, new)
    faults = faults_of(path)
    matching = [fault for fault in faults if message in str(fault)]
    assert matching, [str(fault) for fault in faults]
    assert matching[0].remedy
    if message.startswith("commands.acknowledge"):
        assert matching[0].line == line_of(path, line) + 1
    elif message != "link.baud: this key is missing":
        assert matching[0].line == line_of(path, line)


def test_all_faults_are_named_at_once_in_the_order_of_the_lines(changed):
    path = changed("[link]", "surplus = 1\n[link]\nwires = 2")
    text = Path(path).read_text(encoding="utf-8")
    Path(path).write_text(text.replace("baud = 9600", "baud = 1").replace('"02" = 3', '"02" = 9'), encoding="utf-8")
    faults = faults_of(path)
    assert [fault.path for fault in faults] == ["surplus", "link.wires", "link.baud", "keys.02"]
    assert [fault.line for fault in faults] == sorted(fault.line for fault in faults)


def test_text_that_is_no_toml_names_the_line(tmp_path):
    path = tmp_path / "box.toml"
    path.write_text("format = 1\nname = \n", encoding="utf-8")
    [fault] = faults_of(str(path))
    assert fault.line == 2
    assert "not TOML" in fault.problem


def test_a_file_that_is_not_text_names_the_line(tmp_path):
    path = tmp_path / "box.toml"
    path.write_bytes(b'format = 1\ntitle = "\xb0\xa1"\n')
    [fault] = faults_of(str(path))
    assert (fault.line, fault.problem) == (2, "this is not UTF-8 text")


def test_an_unknown_name_is_told_which_there_are():
    [fault] = faults_of("rs485-ft13")
    assert str(fault).startswith("no shipped profile has this name; use one of: ")
    assert "rs485-ft12" in fault.remedy


def test_a_missing_file_is_an_error_of_the_profile(tmp_path):
    [fault] = faults_of(str(tmp_path / "none.toml"))
    assert "cannot be read" in fault.problem


@pytest.mark.parametrize("table", ["link = 1", "keys = []", 'press = "x"', "commands = 3", "unverified = 5"])
def test_a_value_where_a_table_belongs_is_a_fault_and_never_a_crash(tmp_path, table):
    path = tmp_path / "box.toml"
    path.write_text(f"{table}\n", encoding="utf-8")
    assert any(fault.path == table.split(" ")[0] and fault.line == 1 for fault in faults_of(str(path)))
