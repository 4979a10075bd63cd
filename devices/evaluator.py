"""What every evaluator's reader can do, whatever it is plugged into, and which reader a profile needs."""

from collections.abc import Callable
from typing import Protocol

from devices.facts import Fact
from devices.heard import Heard
from devices.port_finding import PortChoice
from devices.profile_parts import KeyboardLink, Profile, SerialLink
from devices.serial_evaluator import SerialEvaluator
from devices.typing_evaluator import TypingEvaluator


class Evaluator(Protocol):
    """All but `start` and `stop` may be called from any thread, and returns at once."""

    @property
    def name(self) -> str: ...

    @property
    def heard(self) -> Heard: ...

    def start(self) -> None:
        """Starts the reader; an evaluator starts once. A port that cannot be opened is a fact, not an error."""
        ...

    def stop(self, deadline_s: float = 2.0) -> None:
        """Ends the reader and closes the port; returns after `deadline_s` at the latest. Not for the listener."""
        ...

    def say(self, command: str, address: int, clerk: str = "") -> None:
        """Sends a command of the profile to the box at `address`; nothing where the profile does not know it or the
        port is lost. ValueError for a foreign address.
        """
        ...

    def acknowledge(self, address: int) -> None:
        """Thanks the box at `address`, with the same bytes for every level, if that is switched on."""
        ...


def evaluator_for(
    name: str,
    place: PortChoice | str,
    profile: Profile,
    addresses: frozenset[int],
    listener: Callable[[Fact], None],
    acknowledge: bool = False,
) -> Evaluator:
    """The reader for a box of this profile. `place` is a serial port, or the path of an event device ("" for the key
    events of the window). ValueError where the two do not go together.
    """
    match profile.link, place:
        case KeyboardLink(), str():
            return TypingEvaluator(name, place, profile, listener)
        case SerialLink(), PortChoice():
            return SerialEvaluator(name, place, profile, addresses, listener, acknowledge)
        case KeyboardLink(), _:
            raise ValueError(f"evaluator {name}: profile {profile.name} is of a box that types: give input, not a port")
        case _:
            raise ValueError(f"evaluator {name}: profile {profile.name} is of a box on a serial line: give port or usb")
