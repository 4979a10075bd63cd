"""The file as a whole, and what stands above its tables."""

import tomllib
from typing import cast

from devices.checked_toml import Fault, Faults, TomlTable
from devices.profile_file.commands import read_commands
from devices.profile_file.framing import read_body, read_framing
from devices.profile_file.hearing import check_keys_are_heard
from devices.profile_file.keys import read_addresses, read_keys, read_press
from devices.profile_file.link import read_link, read_usb
from devices.profile_file.sizes import check_press_fits
from devices.profile_parts import Announces, Profile

_TABLES = ("link", "framing", "body", "addresses", "press", "keys", "commands", "keypad")


def read_profile(text: str, digest: str) -> Profile | list[Fault]:
    """The profile that `text` describes, or all that is wrong with it, in the order of its lines."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return [_syntax_fault(str(error))]
    faults = Faults(text)
    profile = _profile(TomlTable("", values, faults), digest)
    if not faults.found:
        check_keys_are_heard(faults, profile)
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
    link = read_link(root.table("link"))
    framing = read_framing(root, link)
    body = read_body(root, framing)
    addresses, keypad = read_addresses(root, body)
    press = read_press(root.table("press"), framing, body)
    keys, lacks = read_keys(root, press)
    check_press_fits(root.faults, framing, body, press)
    return Profile(
        name=root.text("name", r"[a-z0-9]+(-[a-z0-9]+)*", 'write small letters, digits and hyphens, as "rs485-ft12"'),
        title=root.text("title", r".*\S.*", "write a few words that tell an engineer which box this is"),
        digest=digest,
        unverified=_unverified(root),
        link=link,
        usb=read_usb(root.table("link")),
        framing=framing,
        body=body,
        addresses=addresses,
        press=press,
        keys=keys,
        lacks=lacks,
        announces=_announces(root.table("press")),
        commands=read_commands(root, link, framing, body, press, keys),
        keypad=keypad,
    )


def _announces(table: TomlTable) -> Announces:
    return cast("Announces", table.word("announces", ("nothing", "voice", "lights", "both"), "nothing"))


def _unverified(root: TomlTable) -> tuple[str, ...]:
    paths = root.texts("unverified", ".*", 'write it as ["press", "keys.04"]')
    for path in paths:
        if not _exists(root.values, path):
            root.faults.add("unverified", f"{path!r} is not in this file", "name a table or a key that is")
    return paths


def _exists(values: object, path: str) -> bool:
    for part in path.split("."):
        if not isinstance(values, dict) or part not in values:
            return False
        values = values[part]
    return True
