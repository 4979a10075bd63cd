"""What a caller keypad's order means for its window. Calling and passing numbers is for the auditor alone: it never
closes a visit under the citizen's hand.
"""

import re
from typing import Final, Literal

from devices.facts import KeypadUsed
from kiosk.core.visit import (
    PAUSE_REASONS,
    AskedFor,
    Asking,
    Event,
    PauseAsked,
    PauseReason,
    Resumed,
    SignedIn,
    SignedOut,
    Window,
)
from sync.records import Ask, At, VisitId

REPEATS_MS: Final = 2_000
"""A second ask so soon is the same key, held down."""
_CLERK: Final = re.compile(r"[0-9]{1,32}")


def obeyed(used: KeypadUsed, window: Window, at: At, fresh: VisitId) -> Event | Literal["repeated", "noted"]:
    """The window's event. `repeated`: it is so already; `noted`: nothing for the window, a record for the auditor."""
    match used.order:
        case "ask" if window.rules.place == "window":
            return "repeated" if _asked_just_now(window, at) else AskedFor(fresh, keypad_ask(window), at)
        case "pause":
            return PauseAsked(_reason(used.digits), at) if window.pause is None else "repeated"
        case "resume":
            return "repeated" if window.pause is None else Resumed(at)
        case "sign-in" if _CLERK.fullmatch(used.digits):
            return "repeated" if window.clerk == used.digits else SignedIn(used.digits, at)
        case "sign-out":
            return SignedOut(at) if window.clerk else "repeated"
        case _:
            return "noted"


def keypad_ask(window: Window) -> Ask:
    """For the window: a keypad knows no case."""
    return Ask(
        window=window.rules.window,
        place="window",
        object="window",
        channel="window-evaluator",
        trigger="keypad",
        limit_s=window.rules.stays_open_ms // 1000,
    )


def _reason(digits: str) -> PauseReason:
    """The last digit is its number in the list, from 1; with any other, or none, no reason is told."""
    number = int(digits[-1:] or "0")
    return PAUSE_REASONS[number - 1] if 1 <= number <= len(PAUSE_REASONS) else "other"


def _asked_just_now(window: Window, at: At) -> bool:
    match window.stage:
        case Asking(ask=ask, closes_ms=closes_ms) if ask.trigger == "keypad":
            return at.boot_ms - (closes_ms - window.rules.stays_open_ms) < REPEATS_MS
        case _:
            return False
