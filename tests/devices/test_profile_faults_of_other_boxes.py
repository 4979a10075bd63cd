"""What a wrong profile of a box without addresses is told: single bytes, fixed frames, marks, keyboards."""

import pytest

from devices.profile import load_profile
from tests.devices.wrong_profiles import Wrong, check_refused, faults_of

WRONG = {
    "one key": Wrong(
        "ascii-sle300",
        'lacks = [4, 2]\n\n[keys]\n"31" = 5\n"32" = 3\n',
        "lacks = [5, 4, 3, 2]\n\n[keys]\n",
        "[keys]",
        "keys: a box with fewer than two keys leaves no choice",
    ),
    "too few keys": Wrong(
        "ascii-sle300",
        "lacks = [4, 2]",
        "lacks = [4]",
        "[keys]",
        "keys: no key for level 2; map five keys; where the box has fewer",
    ),
    "time-out as a level": Wrong(
        "ascii-sle300", '"33" = 1', '"35" = 1', '"35"', "keys.35: press.timeout_keys says that this means: nobody"
    ),
    "body of a byte": Wrong(
        "ascii-digit",
        "[press]",
        "[body]\ndata = 0\n\n[press]",
        "[body]",
        "body: such a box says its key and nothing else",
    ),
    "address of a byte": Wrong(
        "ascii-digit",
        "[press]",
        '[addresses]\nevaluators = ["01", "02"]\n\n[press]',
        "[addresses]",
        "addresses: the frames have no address",
    ),
    "two bytes": Wrong(
        "ascii-digit",
        "guard_ms = 300",
        "guard_ms = 300\ndata_length = 2",
        "data_length",
        "press.data_length: a press of 2 bytes does not fit this framing; it takes 1",
    ),
    "start of a byte": Wrong(
        "ascii-digit",
        'kind = "single-byte"',
        'kind = "single-byte"\nstart = "02"',
        "start",
        "framing.start: this key is not known",
    ),
    "a command that is a key": Wrong(
        "ascii-digit",
        '"31" = 1',
        '"31" = 1\n[commands.ask]\ndata = "35"',
        'data = "35"',
        "commands.ask.data: the box says a press with these bytes",
    ),
    "a long command to a byte": Wrong(
        "ascii-digit",
        '"31" = 1',
        '"31" = 1\n[commands.ask]\ndata = "4142"',
        "data =",
        "commands.ask.data: the body of this command has 2 bytes; the framing takes 1",
    ),
    "a clerk's number as a key": Wrong(
        "ascii-digit",
        '"31" = 1',
        '"31" = 1\n[commands.show_clerk]\nclerk_digits = 1\ndata = ""',
        "data =",
        "commands.show_clerk.data: the box says a press",
    ),
    "a reply without command bytes": Wrong(
        "ascii-digit",
        '"31" = 1',
        '"31" = 1\n[commands.ask]\ndata = "41"\nreply = "42"',
        "reply",
        "commands.ask.reply: the frames have no command byte",
    ),
    "fixed length": Wrong(
        "framed-xor",
        "body_length = 2",
        "body_length = 3",
        "body_length",
        "framing.body_length: the frame of a press has 2 bytes",
    ),
    "fixed without start": Wrong("framed-xor", 'start = "AA"', "", "[framing]", "framing.start: this key is missing"),
    "command of another length": Wrong(
        "framed-xor",
        'command = "02"\ndata = "05"',
        'command = "02"\ndata = "0505"',
        'data = "0505"',
        "commands.reset.data: the body of this command has 3 bytes; the framing takes 2",
    ),
    "a line speed of a keyboard": Wrong(
        "keyboard-digits", "gap_ms = 50", "gap_ms = 50\nbaud = 9600", "baud", "link.baud: this key is not known"
    ),
    "a keyboard that sends bytes": Wrong(
        "keyboard-digits",
        'kind = "keystrokes"',
        'kind = "single-byte"',
        'kind = "single',
        "framing.kind: keystrokes come from a keyboard",
    ),
    "a code of one byte": Wrong(
        "keyboard-digits", '"00 02" = 1', '"02" = 1', '"02"', "keys.02: this is not a key of its own of 2 byte"
    ),
    "half an Enter": Wrong(
        "keyboard-digits-enter", 'end = "00 1C"', 'end = "1C"', "end", "framing.end: this is not one key's code"
    ),
    "codes without an end": Wrong(
        "keyboard-digits",
        'kind = "keystrokes"',
        'kind = "keystrokes"\nmax_codes = 3',
        "max_codes",
        "framing.max_codes: without an end each keystroke stands alone",
    ),
    "commands of a keyboard": Wrong(
        "keyboard-digits",
        '"00 02" = 1',
        '"00 02" = 1\n[commands.ask]\ndata = "01"',
        "[commands.ask]",
        "commands: nothing can be said to a keyboard",
    ),
    "addresses of a keyboard": Wrong(
        "keyboard-digits",
        "[press]",
        '[addresses]\nevaluators = ["01", "02"]\n\n[press]',
        "[addresses]",
        "addresses: the frames have no address",
    ),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_file_is_refused_with_its_line(tmp_path, wrong):
    check_refused(wrong, tmp_path / "box.toml")


DELIMITED = """\
format = 1
name = "lines"
title = "a box that writes lines"

[link]
wiring = "rs232"
baud = 9600

[framing]
kind = "delimited"
start = "02"
end = "03"
min_length = 2
max_length = 8

[press]
data_length = 2
key = 1

[keys]
"31" = 5
"32" = 4
"33" = 3
"34" = 2
"35" = 1
"""


def test_a_box_that_writes_between_marks(tmp_path):
    path = tmp_path / "box.toml"
    path.write_text(DELIMITED, encoding="utf-8")
    profile = load_profile(str(path))
    assert profile.press_frame(1, 5) == b"\x02\x001\x03"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('end = "03"\n', "", "line 9: framing.end: this key is missing; write 1 to 16 bytes as hex text"),
        ("min_length = 2", "min_length = 3", "line 13: framing.min_length: the frame of a press has 2 bytes"),
        ("max_length = 8", "max_length = 1", "line 14: framing.max_length: this is less than min_length"),
        (
            '"35" = 1',
            '"03" = 1',
            "line 25: keys.03: the frame of key 03 (02 00 03 03) would not be understood; its bytes read",
        ),
        ("data_length = 2", "data_length = 9", "line 14: framing.max_length: the frame of a press has 9 bytes"),
    ],
)
def test_lengths_between_marks_must_fit(tmp_path, old, new, message):
    path = tmp_path / "box.toml"
    path.write_text(DELIMITED.replace(old, new), encoding="utf-8")
    faults = faults_of(path)
    assert any(fault.startswith(message) for fault in faults), faults
