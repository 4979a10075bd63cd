"""[link]: how the box is connected."""

from typing import cast

from devices.checked_toml import TomlTable
from devices.profile_parts import KeyboardLink, Link, Parity, SerialLink, Wiring

_BAUDS = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)


def read_link(table: TomlTable) -> Link:
    if table.word("kind", ("serial", "keyboard"), "serial") == "keyboard":
        table.only("kind", "usb", "gap_ms")
        return KeyboardLink(gap_ms=table.integer("gap_ms", range(10, 2001), 50))
    table.only("kind", "usb", "wiring", "baud", "data_bits", "parity", "stop_bits", "inter_byte_ms")
    return SerialLink(
        wiring=cast("Wiring", table.word("wiring", ("rs485", "rs232"))),
        baud=table.one_of("baud", _BAUDS),
        data_bits=table.one_of("data_bits", (7, 8), 8),
        parity=cast("Parity", table.word("parity", ("none", "even", "odd", "mark", "space"), "none")),
        stop_bits=table.one_of("stop_bits", (1, 2), 1),
        inter_byte_ms=table.integer("inter_byte_ms", range(20, 2001), 100),
    )


def read_usb(table: TomlTable) -> tuple[str, ...]:
    wanted = 'write each as VID:PID in hex, as ["1a86:7523"]'
    return tuple(usb.lower() for usb in table.texts("usb", "[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}", wanted))
