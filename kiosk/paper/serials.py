"""The serial of a printed form: 75 random bits, fifteen signs and a sixteenth that checks them. Pure.

The journal holds its fingerprint alone: who reads the journal can make no form, and whoever has a form can show that it
was issued. 75 bits are too many to try.
"""

import hashlib
from typing import Final

from kiosk.check_signs import checked, read_checked

_SIGNS: Final = 15
_BITS: Final = 5 * _SIGNS
RANDOM_BYTES: Final = 10


def serial_from(random: bytes) -> str:
    """Sixteen signs, four at a time, from `RANDOM_BYTES` random bytes."""
    return checked(int.from_bytes(random) >> 8 * RANDOM_BYTES - _BITS, _SIGNS, 4)


def fingerprint(serial: str) -> bytes:
    """32 bytes. Of a serial as it is typed or scanned. Raises `CodeError`."""
    return hashlib.sha256(read_checked(serial, _SIGNS).to_bytes(RANDOM_BYTES)).digest()
