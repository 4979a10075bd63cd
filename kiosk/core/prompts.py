"""Which prompt is heard: from how a visit's stage changes.

A prompt never depends on a level. Its caption is the headline of the screen that shows with it.
"""

from typing import Final, Literal, assert_never

from kiosk.core.stages import (
    Apologising,
    Asking,
    Detailing,
    Rechoosing,
    Recording,
    Rerecording,
    Resting,
    Stage,
    Thanking,
)

Prompt = Literal["asked", "recorded", "not-recorded", "call-noted"]
PROMPTS: Final[tuple[Prompt, ...]] = ("asked", "recorded", "not-recorded", "call-noted")
"""The names of the sound files, too."""


def prompt(before: Stage, after: Stage) -> Prompt | None:
    """What the change from one stage of a window to the next lets be heard; None for most."""
    match after:
        case Asking():
            return "asked" if _newly_asked(before, after) else None
        case Detailing() | Thanking():
            return _taken_in(before, after)
        case Apologising():
            return "not-recorded" if isinstance(before, Recording) else None
        case Resting() | Recording() | Rechoosing() | Rerecording():
            return None
        case _:
            assert_never(after)


def _newly_asked(before: Stage, after: Asking) -> bool:
    """Not where the faces come back after an apology: that one has said to press again."""
    return isinstance(before, Resting) or before.visit != after.visit


def _taken_in(before: Stage, after: Detailing | Thanking) -> Prompt | None:
    match before, after:
        case Recording(), _:
            return "recorded"
        case Rerecording(), Detailing(change_failed=failed):
            return "not-recorded" if failed else "recorded"
        case Detailing(help_called=False), Detailing(help_called=True):
            return "call-noted"
        case _:
            return None
