"""What lies on the glass: a finger, or a palm, a sleeve, water."""

from collections.abc import Sequence

PALM_MM = 30
"""A contact as wide as this is no fingertip. Judged, not measured: an adult's thumb laid flat covers some 20 mm."""


def is_palm(contacts_px: Sequence[float], dpi: int) -> bool:
    """`contacts_px`: the widest diameter of each contact on the glass now; 0 where the panel does not tell it.

    Several at once are a hand or water, and mean no choice: nobody needs two fingers here.
    """
    return len(contacts_px) > 1 or any(width * 25.4 > PALM_MM * dpi for width in contacts_px)
