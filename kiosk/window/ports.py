"""What the window server is given: its windows, and the ways into the kiosk."""

from collections.abc import Callable
from dataclasses import dataclass

from kiosk.core.visit import Event, PauseReason
from kiosk.slips.issuing import Slip
from kiosk.slips.printed import SlipPaper
from sync.records.stored import Place


@dataclass(frozen=True, slots=True)
class WindowInfo:
    name: str
    place: Place
    stays_open_seconds: int = 60
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class WindowStatus:
    clerk: str
    """Number of the clerk signed in, or empty."""
    pause: PauseReason | None
    """Why the window is paused; None while it is not."""


@dataclass(frozen=True, slots=True)
class WindowPorts:
    """Called on the server's thread. Neither may wait for anything, above all not for a citizen."""

    dispatch: Callable[[str, Event], None]
    """Window id and what happened there."""
    status: Callable[[str], WindowStatus]
    slip: Callable[[tuple[str, ...]], Slip | None] = lambda _: None
    """A slip for these case numbers; None where no rating can be given later. Takes a moment of the processor."""
    slip_paper: SlipPaper | None = None
    """None: nothing here can be rated later, and no slip is printed."""
