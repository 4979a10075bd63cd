"""`kiosk pin set` and `kiosk token …`: secrets go in by standard input and into `secrets.toml`, never by an argument.

Changing one is an event that an auditor wants to know of: it becomes a record, through the running kiosk's control
socket, or in the journal itself where no kiosk runs.
"""

import getpass
import sys
from collections.abc import Callable
from pathlib import Path

from kiosk.commands import OK, WRONG_INPUT
from kiosk.control import ControlError, tell
from kiosk.pin import PinError, hash_pin, validate_pin
from kiosk.secrets import FILE_NAME, Secrets, SecretsError, new_token
from kiosk.settings import Settings, SettingsError, load_settings
from sync.journal.schema import JournalError


def set_pin(config: Path) -> int:
    """Asks twice on a terminal; takes one line from a pipe."""

    def change(_: Settings, secrets: Secrets) -> tuple[Secrets, str]:
        pin = ask_secretly("new PIN (six digits or more): ")
        validate_pin(pin)
        if sys.stdin.isatty() and ask_secretly("once more: ") != pin:
            raise PinError("the two do not agree: nothing was changed")
        return secrets.with_pin(hash_pin(pin)), "PIN set"

    return _change(config, "pin-set", change)


def make_window_token(config: Path, window: str) -> int:
    def change(settings: Settings, secrets: Secrets) -> tuple[Secrets, str]:
        if window not in {place.id for place in settings.windows}:
            raise SecretsError(config, f"there is no window {window}", "name one of the windows in the settings")
        token = new_token()
        return secrets.with_window_token(window, token), token

    return _change(config, "window-token-made", change)


def set_hub_token(config: Path) -> int:
    def change(_: Settings, secrets: Secrets) -> tuple[Secrets, str]:
        return secrets.with_hub_token(
            ask_secretly("device token of the hub: ").strip()
        ), "hub token set; restart the kiosk"

    return _change(config, "hub-token-set", change)


def set_proxy_password(config: Path) -> int:
    def change(_: Settings, secrets: Secrets) -> tuple[Secrets, str]:
        password = ask_secretly("password of the proxy's user: ")
        if not password.isprintable():
            raise SecretsError(config, "the password holds what cannot be typed", "give one line, without tabs")
        return secrets.with_proxy_password(password), "proxy password set; restart the kiosk"

    return _change(config, "proxy-password-set", change)


def _change(config: Path, what: str, change: Callable[[Settings, Secrets], tuple[Secrets, str]]) -> int:
    path = config.absolute().parent / FILE_NAME
    try:
        settings = load_settings(config)
        changed, answer = change(settings, Secrets.load(path))
        changed.save(path)
        tell(settings, what)
    except (SettingsError, SecretsError, PinError, ControlError, JournalError, OSError) as fault:
        print(fault, file=sys.stderr)
        return WRONG_INPUT
    print(answer)
    return OK


def ask_secretly(prompt: str) -> str:
    """Without an echo on a terminal; else the next line of standard input."""
    return getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
