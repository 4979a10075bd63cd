"""[framing] and [body]: what a frame looks like, and where things stand in it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import cast

from devices.checked_toml import TomlTable
from devices.checksums import CHECKSUMS, Over
from devices.framing import Delimited, FixedFrame, Framing, Keystrokes, LengthPrefixed, SingleByte
from devices.keystrokes import CODE_BYTES
from devices.profile_parts import Body, KeyboardLink, Link

_CONSTANT = range(17)


def read_framing(root: TomlTable, link: Link) -> Framing:
    table = root.table("framing")
    kind = table.word("kind", tuple(_KINDS))
    if not table.faults.sound("framing.kind", "link.kind"):
        return SingleByte()
    if (kind == "keystrokes") != isinstance(link, KeyboardLink):
        table.faults.add(
            "framing.kind",
            "keystrokes come from a keyboard, and nothing else does",
            'use "keystrokes" with [link] kind = "keyboard", another kind with a serial line',
        )
        return SingleByte()
    return _KINDS[kind](table, root.table("body"))


def _length_prefixed(table: TomlTable, body: TomlTable) -> Framing:
    table.only(
        "kind",
        "preamble",
        "start",
        "length_copies",
        "after_length",
        "max_length",
        "checksum",
        "checksum_over",
        "end",
    )
    return LengthPrefixed(
        preamble=table.octets("preamble", range(5), b""),
        start=_start(table),
        length_copies=table.one_of("length_copies", (1, 2), 1),
        after_length=table.octets("after_length", _CONSTANT, b""),
        checksum=_checksum(table),
        checksum_over=_over(table),
        end=table.octets("end", _CONSTANT, b""),
        min_length=max(1, _data_at(body)),
        max_length=table.integer("max_length", range(1, 256), 64),
    )


def _fixed_frame(table: TomlTable, _: TomlTable) -> Framing:
    table.only("kind", "preamble", "start", "body_length", "checksum", "checksum_over", "end")
    return FixedFrame(
        preamble=table.octets("preamble", range(5), b""),
        start=_start(table),
        body_length=table.integer("body_length", range(1, 65)),
        checksum=_checksum(table),
        checksum_over=_over(table),
        end=table.octets("end", _CONSTANT, b""),
    )


def _delimited(table: TomlTable, body: TomlTable) -> Framing:
    table.only("kind", "start", "end", "min_length", "max_length", "checksum", "checksum_over")
    shortest = max(1, _data_at(body))
    min_length = table.integer("min_length", range(shortest, 65), shortest)
    max_length = table.integer("max_length", range(1, 256), 64)
    if table.faults.sound("framing.min_length", "framing.max_length") and min_length > max_length:
        table.faults.add("framing.max_length", "this is less than min_length", "allow at least as many bytes")
    return Delimited(
        start=table.octets("start", _CONSTANT, b""),
        end=table.octets("end", _CONSTANT[1:]),
        min_length=min_length,
        max_length=max_length,
        checksum=_checksum(table, "none"),
        checksum_over=_over(table),
    )


def _single_byte(table: TomlTable, _: TomlTable) -> Framing:
    table.only("kind")
    return SingleByte()


def _keystrokes(table: TomlTable, _: TomlTable) -> Framing:
    table.only("kind", "end", "max_codes")
    end = table.octets("end", range(CODE_BYTES + 1), b"")
    if len(end) not in {0, CODE_BYTES}:
        table.faults.add("framing.end", "this is not one key's code", 'write two bytes, as "00 1C" for Enter')
    if not end:
        table.absent("without an end each keystroke stands alone", "max_codes")
    return Keystrokes(end, table.integer("max_codes", range(1, 33), 1))


_KINDS: Mapping[str, Callable[[TomlTable, TomlTable], Framing]] = MappingProxyType(
    {
        "length-prefixed": _length_prefixed,
        "fixed-frame": _fixed_frame,
        "delimited": _delimited,
        "single-byte": _single_byte,
        "keystrokes": _keystrokes,
    }
)


def _start(table: TomlTable) -> bytes:
    return table.octets("start", _CONSTANT[1:]) or b"\0"


def _checksum(table: TomlTable, default: str | None = None) -> str:
    return table.word("checksum", tuple(CHECKSUMS), default)


def _over(table: TomlTable) -> Over:
    return cast("Over", table.word("checksum_over", ("body", "frame"), "body"))


def _data_at(body: TomlTable) -> int:
    """Where the data begin, as far as it can be told before [body] is checked."""
    data = body.values.get("data", 0)
    return data if isinstance(data, int) and 0 <= data < 64 else 0


def read_body(root: TomlTable, framing: Framing) -> Body:
    if isinstance(framing, SingleByte | Keystrokes):
        if root.faults.sound("framing.kind"):
            root.absent("such a box says its key and nothing else", "body")
        return Body(None, None, 0)
    table = root.table("body")
    table.only("address", "command", "data")
    places = range(9)
    address = table.integer("address", places) if "address" in table.values else None
    command = table.integer("command", places) if "command" in table.values else None
    data = table.integer("data", range(10), 0)
    if not table.faults.sound("body.address", "body.command", "body.data"):
        return Body(address, command, data)
    if address is not None and address == command:
        table.faults.add("body.command", "the address stands in the same place", "give each its own byte")
    if data <= max(-1 if address is None else address, -1 if command is None else command):
        table.faults.add(
            "body.data", "the data begin before the address and the command end", "let them begin behind both"
        )
    return Body(address, command, data)
