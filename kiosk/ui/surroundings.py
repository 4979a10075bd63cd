"""What stands around the visit on the screen: the clerk's card, the slides. Each may be missing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from kiosk.ui.clerk_card_view_model import FindClerk, Found
from kiosk.ui.resting_view_model import Slides


def _nobody(_number: str, answer: Callable[[Found | None], None]) -> None:
    """No list of clerks: the number stands by itself."""
    answer(None)


@dataclass(frozen=True, slots=True)
class Surroundings:
    find_clerk: FindClerk = _nobody
    named: bool = True
    """The card names the clerk; else it gives the number alone."""
    slides: Slides | None = None


NOTHING: Final = Surroundings()
