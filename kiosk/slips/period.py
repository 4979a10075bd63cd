"""Until when a rating can be given later, by the profile's `[supplement]`. Pure."""

import datetime as dt
from typing import Final

from kiosk.core.province import Supplement

HOLIDAYS: Final = 6
"""Working days that public holidays may take out of each twenty begun. Which they are stands in no file here, so a
period in working days ends late rather than early."""

SATURDAY: Final = 5


def last_day(asked: dt.date, supplement: Supplement) -> dt.date:
    """The last day, inclusive, on which it can be given; the day of the ask itself is not counted."""
    if supplement.unit == "calendar":
        return asked + dt.timedelta(days=supplement.days)
    left = supplement.days + HOLIDAYS * -(-supplement.days // 20)
    day = asked
    while left:
        day += dt.timedelta(days=1)
        left -= day.weekday() < SATURDAY
    return day
