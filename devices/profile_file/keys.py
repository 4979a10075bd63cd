"""[addresses], [keypad], [press] and [keys]: who speaks, and what a key is."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import cast, get_args

from devices.checked_toml import TomlTable, octets_of
from devices.facts import KeypadOrder
from devices.framing import Framing, Keystrokes
from devices.keystrokes import CODE_BYTES
from devices.profile_parts import ONLY_ADDRESS, Addresses, Body, Keypad, Press

_LEVELS = range(1, 6)
_NO_ADDRESS = Addresses(range(ONLY_ADDRESS, ONLY_ADDRESS + 1), range(0))


def read_addresses(root: TomlTable, body: Body) -> tuple[Addresses, Keypad | None]:
    if body.address is None:
        if root.faults.sound("framing.kind", "body"):
            root.absent("the frames have no address ([body] names none)", "addresses", "keypad")
        return _NO_ADDRESS, None
    table = root.table("addresses")
    table.only("evaluators", "keypads")
    evaluators = _address_range(table, "evaluators", required=True)
    keypads = _address_range(table, "keypads", required=False)
    if range(max(evaluators.start, keypads.start), min(evaluators.stop, keypads.stop)):
        table.faults.add("addresses.keypads", "these overlap the evaluators", "give each address to one of them")
    if "keypad" not in root.values:
        return Addresses(evaluators, keypads), None
    if "keypads" not in table.values:
        root.faults.add("keypad", "no address is a keypad's", "write [addresses] keypads, or leave this table out")
    return Addresses(evaluators, keypads), _keypad(root.table("keypad"))


def _address_range(table: TomlTable, key: str, *, required: bool) -> range:
    ends = table.values.get(key)
    if ends is None and not required:
        return range(0)
    octets = [octets_of(end) for end in ends] if isinstance(ends, list) else []
    match octets:
        case [bytes(first), bytes(last)] if len(first) == len(last) == 1 and first <= last:
            return range(first[0], last[0] + 1)
        case _:
            problem = "this key is missing" if ends is None else f"{ends!r} will not do"
            table.faults.add(table.at(key), problem, 'write the first and the last address, as ["81", "FF"]')
            return range(0)


def _keypad(table: TomlTable) -> Keypad:
    table.only("orders")
    words = get_args(KeypadOrder)
    whole: dict[bytes, KeypadOrder] = {}
    numbered: dict[int, tuple[KeypadOrder, int]] = {}
    orders = table.table("orders")
    for text in orders.values:
        order = cast("KeypadOrder", orders.word(text, words))
        any_digits = re.fullmatch(r"(\*+) ([0-9A-Fa-f]{2})", text)
        data = octets_of(any_digits[2] if any_digits else text)
        if not data or data[-1] <= 9 or max(data[:-1], default=0) > 9:
            orders.faults.add(
                orders.at(text),
                "this is not a function key behind digits",
                'write it as "0B", "00 0F", or "** 0F" for two digits or more before the key',
            )
        elif (data[0] in numbered) if any_digits else (data in whole):
            orders.faults.add(orders.at(text), "these keys have an order already", "give them one")
        elif any_digits:
            numbered[data[0]] = (order, len(any_digits[1]))
        else:
            whole[data] = order
    return Keypad(MappingProxyType(whole), MappingProxyType(numbered))


def read_press(table: TomlTable, framing: Framing, body: Body) -> Press:
    table.only("command", "data_length", "key", "key_length", "guard_ms", "timeout_keys", "lacks", "announces")
    if body.command is None and table.faults.sound("framing.kind", "body"):
        table.absent("the frames have no command byte ([body] names none)", "command")
    key_bytes = CODE_BYTES if isinstance(framing, Keystrokes) else 1
    key = table.integer("key", range(64), 0)
    key_length = table.integer("key_length", range(key_bytes, 3), key_bytes)
    press = Press(
        command=table.octet("command") if body.command is not None else None,
        data_length=table.integer("data_length", range(1, 65), min(64, key + key_length)),
        key=key,
        key_length=key_length,
        guard_ms=table.integer("guard_ms", range(5001), 300),
        timeout_keys=frozenset(table.octets_list("timeout_keys", key_length)),
    )
    sound = table.faults.sound("press.key", "press.key_length", "press.data_length")
    if sound and key + key_length > press.data_length:
        table.faults.add("press.key", "the key stands behind the end of the data", "count from 0, below data_length")
    return press


def read_keys(root: TomlTable, press: Press) -> tuple[Mapping[bytes, int], tuple[int, ...]]:
    """The level of each key, and the levels that the box has no key for."""
    table = root.table("keys")
    example = "04" if press.key_length == 1 else "00 02"
    keys: dict[bytes, int] = {}
    for text in table.values:
        octets = octets_of(text)
        if octets is None or len(octets) != press.key_length or octets in keys:
            table.faults.add(
                table.at(text),
                f"this is not a key of its own of {press.key_length} byte(s)",
                f'write each key once, in hex, as "{example}"',
            )
            continue
        if octets in press.timeout_keys:
            table.faults.add(
                table.at(text), "press.timeout_keys says that this means: nobody pressed", "take it out of one of them"
            )
        level = table.integer(text, _LEVELS)
        if not table.faults.sound(table.at(text)):
            continue
        if level in keys.values():
            table.faults.add(table.at(text), f"level {level} has a key already", "give each level one key")
        keys[octets] = level
    return MappingProxyType(keys), _lacks(root, keys)


def _lacks(root: TomlTable, keys: Mapping[bytes, int]) -> tuple[int, ...]:
    lacks = root.table("press").integers("lacks", _LEVELS)
    faults = root.faults
    if not faults.sound("press.lacks") or any(fault.path.startswith("keys") for fault in faults.found):
        return lacks
    if both := _levels(set(lacks) & set(keys.values())):
        faults.add("press.lacks", f"[keys] has a key for level {both}", "name the levels that no key stands for")
    if missing := _levels(set(_LEVELS) - set(keys.values()) - set(lacks)):
        faults.add(
            "keys",
            f"no key for level {missing}",
            "map five keys; where the box has fewer, say so: [press] lacks = [...]",
        )
    if len(keys) < 2 and faults.sound("keys", "press.lacks"):
        faults.add("keys", "a box with fewer than two keys leaves no choice", "do not rate with it")
    return tuple(sorted(lacks))


def _levels(levels: set[int]) -> str:
    return ", ".join(map(str, sorted(levels)))
