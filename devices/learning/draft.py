"""A profile that has been worked out, and the text of the file that says it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import assert_never

from devices.framing import Delimited, FixedFrame, Framing, Keystrokes, LengthPrefixed, SingleByte
from devices.profile_parts import KeyboardLink, SerialLink

_HEAD = """\
# 由按键学得。Learnt from presses of the keys; each key's bytes as they were heard:
#
{heard}
#
# 使用前请逐键核对。Press every key once more wherever such a box is put up, and compare.

format = 1
name = "{name}"
title = "{title}"
{more}
"""


@dataclass(frozen=True, slots=True)
class Draft:
    """Places in the body are in bytes from its first. `evaluators`: first and last address that a box can have."""

    link: SerialLink | KeyboardLink
    usb: str
    framing: Framing
    address: int | None
    command: int | None
    command_value: int
    data: int
    data_length: int
    key: int
    key_length: int
    guard_ms: int
    keys: Mapping[bytes, int]
    timeout_keys: tuple[bytes, ...]
    lacks: tuple[int, ...]
    evaluators: tuple[int, int] | None
    unverified: tuple[str, ...]
    examples: Mapping[int, bytes]
    """A burst of each level, for the reader of the file."""

    @property
    def shared_line(self) -> bool:
        """Whether boxes on one line can be told apart by it."""
        return self.evaluators is not None and self.evaluators[0] != self.evaluators[1]

    def text(self, name: str, title: str) -> str:
        heard = "\n".join(f"#   {level}: {_hex(data)}" for level, data in sorted(self.examples.items(), reverse=True))
        more = f"unverified = {_strings(self.unverified)}\n" if self.unverified else ""
        head = _HEAD.format(heard=heard, name=name, title=_plain(title), more=more)
        tables = {
            "link": _link(self.link, self.usb),
            "framing": _framing(self.framing),
            "body": _body(self),
            "addresses": {"evaluators": _strings(f"{end:02X}" for end in self.evaluators)} if self.evaluators else {},
            "press": _press(self),
            "keys": {f'"{_hex(key)}"': str(level) for key, level in self.keys.items()},
        }
        return head + "\n".join(_table(title, values) for title, values in tables.items() if values)


def _table(title: str, values: Mapping[str, str]) -> str:
    return f"[{title}]\n" + "".join(f"{key} = {value}\n" for key, value in values.items())


def _link(link: SerialLink | KeyboardLink, usb: str) -> dict[str, str]:
    hints = {"usb": _strings([usb])} if usb else {}
    match link:
        case KeyboardLink():
            return {"kind": '"keyboard"', "gap_ms": str(link.gap_ms)} | hints
        case SerialLink():
            return {
                "wiring": f'"{link.wiring}"',
                "baud": str(link.baud),
                "data_bits": str(link.data_bits),
                "parity": f'"{link.parity}"',
                "stop_bits": str(link.stop_bits),
                "inter_byte_ms": str(link.inter_byte_ms),
            } | hints
        case _:
            assert_never(link)


def _framing(framing: Framing) -> dict[str, str]:
    match framing:
        case SingleByte():
            return {"kind": '"single-byte"'}
        case Keystrokes(end, max_codes):
            return {"kind": '"keystrokes"'} | _octets(end=end) | ({"max_codes": str(max_codes)} if end else {})
        case Delimited():
            sizes = {"min_length": str(framing.min_length), "max_length": str(framing.max_length)}
            return {"kind": '"delimited"'} | _octets(start=framing.start, end=framing.end) | sizes | _check(framing)
        case FixedFrame():
            return (
                {"kind": '"fixed-frame"'}
                | _octets(preamble=framing.preamble, start=framing.start)
                | {"body_length": str(framing.body_length)}
                | _check(framing)
                | _octets(end=framing.end)
            )
        case LengthPrefixed():
            return (
                {"kind": '"length-prefixed"'}
                | _octets(preamble=framing.preamble, start=framing.start)
                | {"length_copies": str(framing.length_copies)}
                | _octets(after_length=framing.after_length)
                | {"max_length": str(framing.max_length)}
                | _check(framing)
                | _octets(end=framing.end)
            )
        case _:
            assert_never(framing)


def _check(framing: LengthPrefixed | FixedFrame | Delimited) -> dict[str, str]:
    if framing.checksum == "none":
        return {"checksum": '"none"'}
    return {"checksum": f'"{framing.checksum}"', "checksum_over": f'"{framing.checksum_over}"'}


def _body(draft: Draft) -> dict[str, str]:
    if isinstance(draft.framing, SingleByte | Keystrokes):
        return {}
    places = {"address": draft.address, "command": draft.command, "data": draft.data}
    return {key: str(place) for key, place in places.items() if place is not None}


def _press(draft: Draft) -> dict[str, str]:
    command = {} if draft.command is None else {"command": f'"{draft.command_value:02X}"'}
    keys = {
        "data_length": str(draft.data_length),
        "key": str(draft.key),
        "key_length": str(draft.key_length),
        "guard_ms": str(draft.guard_ms),
    }
    time_out = {"timeout_keys": _strings(map(_hex, draft.timeout_keys))} if draft.timeout_keys else {}
    return command | keys | time_out | ({"lacks": str(list(draft.lacks))} if draft.lacks else {})


def _octets(**values: bytes) -> dict[str, str]:
    return {key: f'"{_hex(value)}"' for key, value in values.items() if value}


def _hex(data: bytes) -> str:
    return data.hex(" ").upper()


def _strings(texts: Iterable[str]) -> str:
    return "[" + ", ".join(f'"{text}"' for text in texts) + "]"


def _plain(title: str) -> str:
    """Without what would end a TOML string."""
    return "".join(char for char in title if char.isprintable() and char not in '"\\')
