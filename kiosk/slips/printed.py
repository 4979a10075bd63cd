"""What stands on every slip of a device, whoever gets it. Data."""

from dataclasses import dataclass

from kiosk.core.province import Supplement


@dataclass(frozen=True, slots=True)
class SlipPaper:
    hall: str
    hall_en: str
    utc_offset_minutes: int
    supplement: Supplement | None
    """For how long a code is good; None: no code is given."""
    rate_later_page: str = ""
    """The platform's address for rating later, without personal data. Empty: there is none."""
