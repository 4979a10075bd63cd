"""From the text of a profile file to a Profile, with every fault of the file named."""

import tomllib
from collections.abc import Mapping
from types import MappingProxyType
from typing import cast

from devices.checked_toml import Fault, Faults, TomlTable, octets_of
from devices.framing import Framing
from devices.length_prefixed import CHECKSUMS, LengthPrefixed
from devices.profile_parts import Addresses, Body, Command, Link, Parity, Press, Profile, Wiring

_BAUDS = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)
_COMMANDS = ("acknowledge", "show_stars")
_TABLES = ("link", "framing", "body", "addresses", "press", "keys", "commands")
_LEVELS = range(1, 6)


def read_profile(text: str, digest: str) -> Profile | list[Fault]:
    """The profile that `text` describes, or all that is wrong with it, in the order of its lines."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return [_syntax_fault(str(error))]
    faults = Faults(text)
    profile = _profile(TomlTable("", values, faults), digest)
    return sorted(faults.found) or profile


def _syntax_fault(message: str) -> Fault:
    problem, _, place = message.partition(" (at line ")
    line = place.partition(",")[0]
    return Fault(
        int(line) if line.isdigit() else 1, "", f"this is not TOML: {problem}", "correct the line or the one before it"
    )


def _profile(root: TomlTable, digest: str) -> Profile:
    root.only("format", "name", "title", "unverified", *_TABLES)
    root.one_of("format", (1,))
    body = _body(root.table("body"))
    profile = Profile(
        name=root.text("name", r"[a-z0-9]+(-[a-z0-9]+)*", 'write small letters, digits and hyphens, as "rs485-ft12"'),
        title=root.text("title", r".*\S.*", "write a few words that tell an engineer which box this is"),
        digest=digest,
        unverified=_unverified(root),
        link=_link(root.table("link")),
        framing=_framing(root.table("framing"), body),
        body=body,
        addresses=_addresses(root.table("addresses")),
        press=_press(root.table("press")),
        keys=_keys(root.table("keys")),
        commands=_commands(root.table("commands")),
    )
    _check_press_fits(profile, root.faults)
    return profile


def _link(table: TomlTable) -> Link:
    table.only("wiring", "baud", "data_bits", "parity", "stop_bits", "inter_byte_ms")
    return Link(
        wiring=cast("Wiring", table.word("wiring", ("rs485", "rs232"))),
        baud=table.one_of("baud", _BAUDS),
        data_bits=table.one_of("data_bits", (7, 8), 8),
        parity=cast("Parity", table.word("parity", ("none", "even", "odd", "mark", "space"), "none")),
        stop_bits=table.one_of("stop_bits", (1, 2), 1),
        inter_byte_ms=table.integer("inter_byte_ms", range(20, 2001), 100),
    )


def _framing(table: TomlTable, body: Body) -> Framing:
    table.only("kind", "preamble", "start", "length_copies", "after_length", "max_length", "checksum", "end")
    table.word("kind", ("length-prefixed",))
    return LengthPrefixed(
        preamble=table.octets("preamble", range(5), b""),
        start=table.octets("start", range(1, 5)),
        length_copies=table.one_of("length_copies", (1, 2), 1),
        after_length=table.octets("after_length", range(5), b""),
        checksum=table.word("checksum", tuple(CHECKSUMS)),
        end=table.octets("end", range(5), b""),
        min_length=body.data,
        max_length=table.integer("max_length", range(1, 256), 64),
    )


def _body(table: TomlTable) -> Body:
    table.only("address", "command", "data")
    places = range(9)
    body = Body(table.integer("address", places), table.integer("command", places), table.integer("data", range(1, 10)))
    if table.faults.sound("body.address", "body.command") and body.address == body.command:
        table.faults.add("body.command", "the address stands in the same place", "give each its own byte")
    if table.faults.sound("body.address", "body.command", "body.data") and body.data <= max(body.address, body.command):
        table.faults.add(
            "body.data", "the data begin before the address and the command end", "let them begin behind both"
        )
    return body


def _addresses(table: TomlTable) -> Addresses:
    table.only("evaluators", "other_devices")
    evaluators = _address_range(table, "evaluators", required=True)
    others = _address_range(table, "other_devices", required=False)
    if range(max(evaluators.start, others.start), min(evaluators.stop, others.stop)):
        table.faults.add("addresses.other_devices", "these overlap the evaluators", "give each address to one of them")
    return Addresses(evaluators, others)


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


def _press(table: TomlTable) -> Press:
    table.only("command", "data_length", "key", "guard_ms")
    press = Press(
        command=table.octet("command"),
        data_length=table.integer("data_length", range(1, 33)),
        key=table.integer("key", range(32), 0),
        guard_ms=table.integer("guard_ms", range(5001), 300),
    )
    if table.faults.sound("press.key", "press.data_length") and press.key >= press.data_length:
        table.faults.add("press.key", "the key stands behind the end of the data", "count from 0, below data_length")
    return press


def _keys(table: TomlTable) -> Mapping[int, int]:
    keys: dict[int, int] = {}
    for text in table.values:
        octets = octets_of(text)
        if octets is None or len(octets) != 1 or octets[0] in keys:
            table.faults.add(
                table.at(text), "this is not a key byte of its own", 'write each byte once, in hex, as "04"'
            )
            continue
        level = table.integer(text, _LEVELS)
        if not table.faults.sound(table.at(text)):
            continue
        if level in keys.values():
            table.faults.add(table.at(text), f"level {level} has a key already", "give each level one key")
        keys[octets[0]] = level
    missing = sorted(set(_LEVELS) - set(keys.values()))
    if missing and not any(fault.path.startswith("keys.") for fault in table.faults.found):
        absent = ", ".join(map(str, missing))
        table.faults.add("keys", f"no key for level {absent}", "map five keys: nobody may be left without a level")
    return MappingProxyType(keys)


def _commands(table: TomlTable) -> Mapping[str, Command]:
    table.only(*_COMMANDS)
    return MappingProxyType({name: _command(table.table(name)) for name in _COMMANDS if name in table.values})


def _command(table: TomlTable) -> Command:
    table.only("command", "data", "preamble", "may_start")
    return Command(
        command=table.octet("command"),
        data=table.octets("data", range(33), b""),
        preamble=table.flag("preamble", default=False),
        may_start=table.flag("may_start", default=False),
    )


def _unverified(root: TomlTable) -> tuple[str, ...]:
    paths = root.values.get("unverified", [])
    if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
        root.faults.add("unverified", "this is not a list of keys", 'write it as ["press", "keys.04"]')
        return ()
    for path in paths:
        if not _exists(root.values, path):
            root.faults.add("unverified", f"{path!r} is not in this file", "name a table or a key that is")
    return tuple(paths)


def _exists(values: object, path: str) -> bool:
    for part in path.split("."):
        if not isinstance(values, dict) or part not in values:
            return False
        values = values[part]
    return True


def _check_press_fits(profile: Profile, faults: Faults) -> None:
    for name, command in profile.commands.items():
        path = f"commands.{name}.command"
        if faults.sound(path, "press.command") and command.command == profile.press.command:
            faults.add(
                path, "the box says a press with this byte", "an echo would pass for a press: correct one of them"
            )
    longest = profile.body.data + profile.press.data_length
    if faults.sound("framing.max_length", "body.data", "press.data_length") and longest > profile.framing.max_length:
        faults.add("framing.max_length", f"the frame of a press has {longest} bytes", "allow at least so many")
