"""The demonstration: the real kiosk, hub and serial line, with an emulated box, a hall in a temporary folder.

Where there is a display it opens the kiosk's window and a box to click on. Where there is none it plays one morning by
itself and ends with a table that must agree in every row. Nothing of the product is replaced by a stand-in.
"""

import os
from pathlib import Path

__all__ = ["play"]


def play(output: Path, *, headless: bool) -> int:
    """Exit code 0, or 1 if pressed, stored, sent, acknowledged and counted differ anywhere."""
    if headless or not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        os.environ.setdefault("QT_QUICK_BACKEND", "software")
        from kiosk.demo.morning import play_morning

        return play_morning(output)
    from kiosk.demo.by_hand import play_by_hand

    return play_by_hand()
