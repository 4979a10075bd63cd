"""What a learning session can be at, what can happen to it, and what it wants done."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from devices.facts import Cause
from devices.learning.findings import CannotTell, Learnt
from devices.learning.presses import Burst
from devices.profile_parts import KeyboardLink, Parity, SerialLink

BURST_ENDS_MS: Final = 250
"""A silence this long ends what one press of a key sends."""
KEYBOARD: Final = KeyboardLink(gap_ms=100)
_INTER_BYTE_MS: Final = 100


def _line(baud: int, parity: Parity = "none") -> SerialLink:
    return SerialLink("rs232", baud, 8, parity, 1, _INTER_BYTE_MS)


LINES: Final = (
    *map(_line, (9600, 19200, 115200, 4800, 2400, 38400, 57600, 1200)),
    _line(9600, "even"),
    _line(9600, "odd"),
    _line(19200, "even"),
)


@dataclass(frozen=True, slots=True)
class Port:
    """A place where a box may be plugged in. `usb`: VID:PID, where it is known ("1a86:7523"); `serial` and `location`
    tell apart two that have the same.
    """

    path: str
    title: str
    kind: Literal["serial", "keyboard"] = "serial"
    usb: str = ""
    serial: str = ""
    location: str = ""


@dataclass(frozen=True, slots=True)
class FindPort:
    """`fresh` came since the first listing: one of them is taken when it is still there a listing later."""

    seen: tuple[Port, ...] | None = None
    fresh: tuple[Port, ...] = ()


@dataclass(frozen=True, slots=True)
class TryLine:
    line: int
    bursts: tuple[Burst, ...] = ()
    anything: bool = False
    """Whether bytes were heard, with this setting or one before."""


@dataclass(frozen=True, slots=True)
class PressKey:
    level: int


@dataclass(frozen=True, slots=True)
class WaitTimeOut:
    """The box is left alone. `waited_ms` without the silence that is still going on."""

    waited_ms: int = 0
    silent_ms: int = 0


@dataclass(frozen=True, slots=True)
class Review:
    learnt: Learnt


@dataclass(frozen=True, slots=True)
class CheckKeys:
    learnt: Learnt
    asked: tuple[int, ...]
    """Levels whose keys are still to be pressed; the first is asked for now."""
    misses: int = 0


@dataclass(frozen=True, slots=True)
class Done:
    learnt: Learnt


@dataclass(frozen=True, slots=True)
class Failed:
    cannot: CannotTell


@dataclass(frozen=True, slots=True)
class Cancelled:
    pass


Step: TypeAlias = FindPort | TryLine | PressKey | WaitTimeOut | Review | CheckKeys | Done | Failed | Cancelled


@dataclass(frozen=True, slots=True)
class PortsSeen:
    ports: tuple[Port, ...]


@dataclass(frozen=True, slots=True)
class PortChosen:
    port: Port


@dataclass(frozen=True, slots=True)
class PortOpened:
    """From now on the box is heard."""


@dataclass(frozen=True, slots=True)
class PortLost:
    """It cannot be opened or read; `reason` is for an engineer, `cause` a code that the screens have words for."""

    reason: str
    cause: Cause


@dataclass(frozen=True, slots=True)
class BytesHeard:
    data: bytes
    at_ms: int


@dataclass(frozen=True, slots=True)
class Silence:
    """The line has been silent for so long, since the last byte or since it was opened. Told after `BURST_ENDS_MS`,
    and again every second.
    """

    for_ms: int


Wish: TypeAlias = Literal["next", "back", "skip", "cancel"]
"""What the engineer chooses. TryLine: next is the next setting. PressKey: skip means that there is no such key, back
is the key before. WaitTimeOut: next and skip end it. Review: next tests. Review and Failed: back asks for all keys
again, skip tries the next line setting.
"""
Event: TypeAlias = PortsSeen | PortChosen | PortOpened | PortLost | BytesHeard | Silence | Wish


@dataclass(frozen=True, slots=True)
class OpenPort:
    port: Port
    link: SerialLink | KeyboardLink


@dataclass(frozen=True, slots=True)
class ClosePort:
    pass


@dataclass(frozen=True, slots=True)
class WriteProfile:
    text: str


Effect: TypeAlias = OpenPort | ClosePort | WriteProfile
