"""What a wrong profile of a box on a bus is told: keys, keypads, commands."""

import pytest

from tests.devices.wrong_profiles import Wrong, check_refused

WRONG = {
    "usb": Wrong(
        "rs485-ft12",
        'wiring = "rs485"',
        'wiring = "rs485"\nusb = ["CH340"]',
        "usb",
        "link.usb: ['CH340'] will not do; write each as VID:PID",
    ),
    "link": Wrong(
        "rs485-ft12", 'wiring = "rs485"', 'kind = "usb"\nwiring = "rs485"', "kind", "link.kind: 'usb' will not do"
    ),
    "checksum over": Wrong(
        "rs485-ft12",
        'checksum = "sum8"',
        'checksum = "sum8"\nchecksum_over = "all"',
        "checksum_over",
        "checksum_over: 'all'",
    ),
    "a key of a keyboard": Wrong(
        "rs485-ft12",
        '[framing]\nkind = "length-prefixed"',
        '[framing]\nkind = "keystrokes"',
        'kind = "key',
        "framing.kind: keystrokes come from a keyboard",
    ),
    "a level that is lacked": Wrong(
        "rs485-ft12",
        "guard_ms = 300",
        "guard_ms = 300\nlacks = [1]",
        "lacks",
        "press.lacks: [keys] has a key for level 1",
    ),
    "no level": Wrong(
        "rs485-ft12", "guard_ms = 300", "guard_ms = 300\nlacks = [0]", "lacks", "press.lacks: [0] will not do"
    ),
    "a level lacked twice": Wrong(
        "rs485-ft12", "guard_ms = 300", "guard_ms = 300\nlacks = [1, 1]", "lacks", "press.lacks: [1, 1] will not do"
    ),
    "nobody pressed": Wrong(
        "rs485-ft12",
        "guard_ms = 300",
        'guard_ms = 300\ntimeout_keys = ["04"]',
        '"04"',
        "keys.04: press.timeout_keys says",
    ),
    "timeout key": Wrong(
        "rs485-ft12",
        "guard_ms = 300",
        'guard_ms = 300\ntimeout_keys = ["0405"]',
        "timeout_keys",
        "press.timeout_keys: ['0405'] will",
    ),
    "timeout keys": Wrong(
        "rs485-ft12",
        "guard_ms = 300",
        'guard_ms = 300\ntimeout_keys = "04"',
        "timeout_keys",
        "press.timeout_keys: '04' will not do",
    ),
    "announces": Wrong(
        "rs485-ft12",
        "guard_ms = 300",
        'guard_ms = 300\nannounces = "song"',
        "announces",
        "press.announces: 'song' will not do",
    ),
    "no address": Wrong("rs485-ft12", "address = 0\n", "", "[addresses]", "addresses: the frames have no address"),
    "keypad without address": Wrong(
        "rs485-ft12", "address = 0\n", "", "[keypad.orders]", "keypad: the frames have no address"
    ),
    "no command": Wrong(
        "rs485-ft12", "command = 1\n", "", 'command = "11"', "press.command: the frames have no command byte"
    ),
    "no command to say": Wrong(
        "rs485-ft12", "command = 1\n", "", 'command = "02"', "commands.show_stars.command: the frames have no command"
    ),
    "no keypads": Wrong(
        "rs485-ft12", 'keypads = ["01", "7F"]', "", "[keypad.orders]", "keypad: no address is a keypad's"
    ),
    "keypad order": Wrong(
        "rs485-ft12", '"0D" = "recall"', '"0D" = "repeat"', '"0D"', "keypad.orders.0D: 'repeat' will not do"
    ),
    "keypad digits": Wrong(
        "rs485-ft12",
        '"05 0F" = "pass"',
        '"15 0F" = "pass"',
        '"15 0F"',
        "keypad.orders.15 0F: this is not a function key",
    ),
    "keypad digit alone": Wrong(
        "rs485-ft12", '"0D" = "recall"', '"09" = "recall"', '"09"', "keypad.orders.09: this is not a function key"
    ),
    "keypad stars": Wrong(
        "rs485-ft12", '"** 0F"', '"**0F"', '"**0F"', "keypad.orders.**0F: this is not a function key"
    ),
    "keypad twice": Wrong(
        "rs485-ft12",
        '"0D" = "recall"',
        '"0D" = "recall"\n"0d" = "call"',
        '"0d"',
        "keypad.orders.0d: these keys have an order",
    ),
    "keypad stars twice": Wrong(
        "rs485-ft12", '"** 0F"', '"* 0F" = "pass"\n"** 0F"', '"** 0F"', "keypad.orders.** 0F: these keys have an order"
    ),
    "reply as press": Wrong(
        "rs485-ft12",
        "[commands.show_stars]",
        '[commands.show_stars]\nreply = "11"',
        "reply",
        "commands.show_stars.reply: the box says a press",
    ),
    "reply as echo": Wrong(
        "rs485-ft12",
        "[commands.show_stars]",
        '[commands.show_stars]\nreply = "01"',
        "reply",
        "commands.show_stars.reply: the host says a command",
    ),
    "reply without": Wrong(
        "rs485-ft12",
        "[commands.show_stars]",
        "[commands.show_stars]\nreply_ms = 100",
        "reply_ms",
        "commands.show_stars.reply_ms: there is no reply",
    ),
    "delay": Wrong(
        "rs485-ft12",
        "[commands.show_stars]",
        "[commands.show_stars]\ndelay_ms = 9999",
        "delay_ms",
        "commands.show_stars.delay_ms: 9999 will not do",
    ),
    "probe": Wrong(
        "rs485-ft12",
        "[commands.show_stars]",
        "[commands.probe]",
        "[commands.probe]",
        "commands.probe.reply: a probe that nobody answers",
    ),
    "every": Wrong(
        "rs485-ft12",
        "[commands.show_stars]",
        "[commands.show_stars]\nevery_s = 9",
        "every_s",
        "commands.show_stars.every_s: this key is not known",
    ),
    "long command": Wrong(
        "rs485-ft12",
        "[commands.show_stars]",
        '[commands.show_stars]\ndata = "00000000000000000000000000000000000000000000000000000000000000"',
        'data = "0000',
        "commands.show_stars.data: the body of this command has 33 bytes; the framing takes 2 to 32",
    ),
    "long digits": Wrong(
        "rs485-ft12",
        "[commands.show_stars]",
        "[commands.show_stars]\nclerk_digits = 17",
        "clerk_digits",
        "commands.show_stars.clerk_digits: 17 will not do",
    ),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_file_is_refused_with_its_line(tmp_path, wrong):
    check_refused(wrong, tmp_path / "box.toml")
