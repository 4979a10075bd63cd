"""[commands]: what the host says to a box."""

from collections.abc import Mapping
from types import MappingProxyType

from devices.checked_toml import TomlTable
from devices.framing import Framing
from devices.profile_file.sizes import body_sizes
from devices.profile_parts import COMMAND_NAMES, Body, Command, KeyboardLink, Link, Press, SerialLink


def read_commands(
    root: TomlTable, link: Link, framing: Framing, body: Body, press: Press, keys: Mapping[bytes, int]
) -> Mapping[str, Command]:
    if isinstance(link, KeyboardLink):
        root.absent("nothing can be said to a keyboard", "commands")
        return MappingProxyType({})
    table = root.table("commands")
    table.only(*COMMAND_NAMES)
    commands = {name: _command(table.table(name), name, body) for name in COMMAND_NAMES if name in table.values}
    for name, command in commands.items():
        one = table.table(name)
        _check_is_no_press(one, command, press, keys)
        _check_reply(one, command, press, link, commands)
        _check_fits(one, command, framing, body)
    return MappingProxyType(commands)


def _command(table: TomlTable, name: str, body: Body) -> Command:
    table.only(
        "command",
        "data",
        "preamble",
        "may_start",
        "delay_ms",
        "clerk_digits",
        "reply",
        "reply_ms",
        *(["every_s"] if name == "probe" else []),
    )
    if body.command is None:
        table.absent("the frames have no command byte ([body] names none)", "command", "reply")
    if "reply" not in table.values:
        table.absent("there is no reply to wait for", "reply_ms")
        if name == "probe":
            table.faults.add(
                table.at("reply"), "a probe that nobody answers tells nothing", "write the command byte of the answer"
            )
    has_reply = body.command is not None and "reply" in table.values
    return Command(
        command=table.octet("command") if body.command is not None else None,
        data=table.octets("data", range(65), None if body.command is None else b""),
        preamble=table.flag("preamble", default=False),
        may_start=table.flag("may_start", default=False),
        delay_ms=table.integer("delay_ms", range(5001), 0),
        clerk_digits=table.integer("clerk_digits", range(17), 0),
        reply=table.octet("reply") if has_reply else None,
        reply_ms=table.integer("reply_ms", range(10, 5001), 500),
        every_s=table.integer("every_s", range(5, 3601), 30),
    )


def _check_is_no_press(table: TomlTable, command: Command, press: Press, keys: Mapping[bytes, int]) -> None:
    path = table.at("data" if command.command is None else "command")
    if not table.faults.sound(path, "press", "press.command", "press.data_length", "press.key"):
        return
    if command.command is not None:
        same = command.command == press.command
    elif command.clerk_digits:
        same = len(command.data) + command.clerk_digits == press.data_length
    else:
        key = press.key_of(command.data)
        same = key in keys or key in press.timeout_keys
    if same:
        table.faults.add(
            path, "the box says a press with these bytes", "an echo would pass for a press: correct one of them"
        )


def _check_reply(table: TomlTable, command: Command, press: Press, link: Link, commands: Mapping[str, Command]) -> None:
    if command.reply is None or not table.faults.sound(table.at("reply")):
        return
    if command.reply == press.command:
        table.faults.add(table.at("reply"), "the box says a press with this byte", "correct one of them")
    on_bus = isinstance(link, SerialLink) and link.wiring == "rs485"
    if on_bus and any(command.reply == other.command for other in commands.values()):
        table.faults.add(
            table.at("reply"),
            "the host says a command with this byte",
            "on RS-485 the host hears itself and would take that for an answer: leave the reply out",
        )


def _check_fits(table: TomlTable, command: Command, framing: Framing, body: Body) -> None:
    allowed = body_sizes(framing)
    size = body.data + len(command.data) + command.clerk_digits
    if table.faults.sound("framing", "framing.kind", "body", table.at("data")) and size not in allowed:
        several = "" if len(allowed) == 1 else f"{allowed.start} to "
        table.faults.add(
            table.at("data"),
            f"the body of this command has {size} bytes",
            f"the framing takes {several}{allowed[-1] if allowed else 0}",
        )
