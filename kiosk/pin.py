"""The manager's PIN: what may be one, its hash, and the check. Slow on purpose: never call it on the GUI thread.

How often it may be tried is `kiosk.core.lockout`.
"""

from itertools import pairwise
from typing import Final

SHORTEST: Final = 6
LONGEST: Final = 20


class PinError(Exception):
    """This cannot be the PIN; `str()` says what to do. Never holds the PIN itself."""


def validate_pin(pin: str) -> None:
    """Raises `PinError` for one that is too short, or that anybody would try first."""
    if not (pin.isascii() and pin.isdigit()):
        raise PinError("a PIN is digits only: the pad has no other keys")
    if not SHORTEST <= len(pin) <= LONGEST:
        raise PinError(f"this PIN has {len(pin)} digits: choose {SHORTEST} to {LONGEST}")
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if steps == {0}:
        raise PinError("all digits are the same: choose a PIN that nobody would try first")
    if steps in ({1}, {9}):
        raise PinError("the digits run in order: choose a PIN that nobody would try first")


def hash_pin(pin: str) -> str:
    """Argon2id with the parameters of RFC 9106 for small memory (64 MiB). Raises `PinError`."""
    from argon2 import PasswordHasher

    validate_pin(pin)
    return PasswordHasher().hash(pin)


def verify_pin(pin_hash: str, pin: str) -> bool:
    """Raises `PinError` where the hash is none, so that a damaged file is not taken for a wrong PIN."""
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

    try:
        return PasswordHasher().verify(pin_hash, pin)
    except VerifyMismatchError:
        return False
    except (InvalidHashError, VerificationError) as error:
        raise PinError("the stored PIN is damaged: set it again with `kiosk pin set`") from error
