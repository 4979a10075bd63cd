"""The one-time code of a slip: eight letters and digits for 40 random bits, and a ninth that checks them. Pure."""

from typing import Final

from kiosk.check_signs import CodeError, checked, read_checked

__all__ = ["RANDOM_BYTES", "CodeError", "code_from", "read_code"]

RANDOM_BYTES: Final = 5
_SIGNS: Final = 8


def code_from(random: bytes) -> str:
    """Nine signs in three groups, from `RANDOM_BYTES` random bytes."""
    return checked(int.from_bytes(random), _SIGNS, 3)


def read_code(text: str) -> bytes:
    """The five bytes of a code as people type it. Raises `CodeError`, which says nothing about any visit."""
    return read_checked(text, _SIGNS).to_bytes(RANDOM_BYTES)
