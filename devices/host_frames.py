"""What a host says to a box, as the box understands it by its profile."""

from devices.fixed_frame import FixedFrame
from devices.frames import Frame
from devices.framing import encode, parser_for
from devices.profile_parts import Command, Profile


def commands_in(profile: Profile, body: bytes) -> tuple[str, ...]:
    """The commands that these bytes may stand for: several where a profile gives them the same bytes."""
    data, command = body[profile.body.data :], profile.command_in(body)
    return tuple(name for name, one in profile.commands.items() if one.command == command and _holds(one, data))


def reply_to(profile: Profile, body: bytes) -> bytes:
    """The box's answer as it goes onto the line; empty where the profile names none."""
    for name in commands_in(profile, body):
        reply = profile.commands[name].reply
        if reply is not None:
            answer = profile.body_with(profile.address_in(body), reply, b"")
            if isinstance(profile.framing, FixedFrame):
                answer = answer.ljust(profile.framing.body_length, b"\0")
            return encode(profile.framing, answer, preamble=True)
    return b""


def described(profile: Profile, raw: bytes) -> str:
    """One frame of the host by name: `acknowledge or ask, box 81`."""
    parser = parser_for(profile.framing)
    for event in parser.feed(raw) + parser.flush():
        if isinstance(event, Frame):
            names = " or ".join(commands_in(profile, event.body)) or "no command of this profile"
            return names if profile.body.address is None else f"{names}, box {profile.address_in(event.body):02X}"
    return ""


def _holds(command: Command, data: bytes) -> bool:
    digits = data[len(command.data) :]
    if not data.startswith(command.data) or len(digits) != command.clerk_digits:
        return False
    return not digits or digits.isdigit()
