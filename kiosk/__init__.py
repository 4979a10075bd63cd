"""The hall kiosk: the citizen's visit, the clerk's window, the manager's desk, and everything Qt.

`kiosk.app` is the one place that knows every room. `kiosk.core` holds the rules, `kiosk.ui` the screens,
`kiosk.window` what the window's computer calls.
"""

from typing import Final

VERSION: Final = "0.1.0"
