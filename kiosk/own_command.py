"""How this program starts itself anew."""

import sys


def own_command(*arguments: str) -> list[str]:
    """This very program, frozen or not, with other arguments."""
    if getattr(sys, "frozen", False):
        return [sys.executable, *arguments]
    return [sys.executable, "-m", "kiosk", *arguments]
