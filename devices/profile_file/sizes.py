"""How long a body may be in each framing, and whether the frame of a press fits."""

from typing import assert_never

from devices.checked_toml import Faults
from devices.framing import Delimited, FixedFrame, Framing, Keystrokes, LengthPrefixed, SingleByte
from devices.keystrokes import CODE_BYTES
from devices.profile_parts import Body, Press


def body_sizes(framing: Framing) -> range:
    """The lengths in bytes that a body may have."""
    match framing:
        case LengthPrefixed() | Delimited():
            return range(framing.min_length, framing.max_length + 1)
        case FixedFrame():
            return range(framing.body_length, framing.body_length + 1)
        case SingleByte():
            return range(1, 2)
        case Keystrokes():
            return range(CODE_BYTES, framing.max_codes * CODE_BYTES + 1, CODE_BYTES)
        case _:
            assert_never(framing)


def check_press_fits(faults: Faults, framing: Framing, body: Body, press: Press) -> None:
    """A press whose frame can never come would be a box that nobody can rate with."""
    size = body.data + press.data_length
    if not faults.sound("framing.kind", "body.data", "press.data_length", "press.key", "press.key_length"):
        return
    match framing:
        case LengthPrefixed() if size > framing.max_length and faults.sound("framing.max_length"):
            faults.add("framing.max_length", f"the frame of a press has {size} bytes", "allow at least so many")
        case Delimited() if size > framing.max_length and faults.sound("framing.max_length"):
            faults.add("framing.max_length", f"the frame of a press has {size} bytes", "allow at least so many")
        case Delimited() if size < framing.min_length and faults.sound("framing.min_length"):
            faults.add("framing.min_length", f"the frame of a press has {size} bytes", "ask for no more than that")
        case FixedFrame() if size != framing.body_length and faults.sound("framing.body_length"):
            faults.add(
                "framing.body_length", f"the frame of a press has {size} bytes", "write that, or correct [press]"
            )
        case SingleByte() | Keystrokes() if size not in body_sizes(framing):
            fits = ", ".join(map(str, body_sizes(framing)))
            faults.add("press.data_length", f"a press of {size} bytes does not fit this framing", f"it takes {fits}")
        case _:
            return
