"""Whether each key of a profile that is in order would be heard, by the very parser that reads the line."""

from devices.checked_toml import Faults
from devices.frames import Frame
from devices.framing import parser_for
from devices.profile_parts import Profile


def check_keys_are_heard(faults: Faults, profile: Profile) -> None:
    """A constant of the frame that stands in a key too can tear its frame, such as the end of a line in a key."""
    address = profile.addresses.evaluators.start
    for key in [*profile.keys, *sorted(profile.press.timeout_keys)]:
        sent = profile.key_frame(address, key)
        parser = parser_for(profile.framing)
        body = profile.body_with(address, profile.press.command, profile.press.data_with(key))
        if [event.body for event in parser.feed(sent) + parser.flush() if isinstance(event, Frame)] != [body]:
            shown = key.hex(" ").upper()
            faults.add(
                f"keys.{shown}" if key in profile.keys else "press.timeout_keys",
                f"the frame of key {shown} ({sent.hex(' ').upper()}) would not be understood",
                "its bytes read as the start or the end of a frame: correct [framing], or name a checksum",
            )
