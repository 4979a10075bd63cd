"""Codes that people type: Crockford's base 32, without I, L, O and U, with a last sign that checks the others.

That sign is a sum over GF(32): any single wrong sign and any two that changed places are noticed. Pure.
"""

import unicodedata
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS: Final = str.maketrans("OIL", "011")
_POLYNOMIAL: Final = 0b100101
"""x⁵ + x² + 1, primitive: the powers of x are all different up to the 31st."""


class CodeError(ValueError):
    """What was typed is no such code: a sign is missing, strange or mistyped."""


def checked(number: int, length: int, group: int) -> str:
    """`length` signs of `number` and the one that checks them, `group` at a time. At most 30 signs."""
    plain = "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(length)))
    whole = plain + check_sign(plain)
    return "-".join(whole[place : place + group] for place in range(0, length + 1, group))


def read_checked(text: str, length: int) -> int:
    """The number of `length` signs and their check, in any case and width, with any spaces and dashes.

    Raises `CodeError`.
    """
    signs = unicodedata.normalize("NFKC", text).upper()
    plain = "".join(sign for sign in signs if unicodedata.category(sign)[0] not in "ZCP").translate(_READ_AS)
    if len(plain) != length + 1 or set(plain) - set(ALPHABET):
        raise CodeError(f"write its {length + 1} letters and digits as they stand; there is no I, L, O or U among them")
    if check_sign(plain[:-1]) != plain[-1]:
        raise CodeError("a sign is mistyped: compare it with the paper")
    number = 0
    for sign in plain[:-1]:
        number = number << 5 | ALPHABET.index(sign)
    return number


def check_sign(signs: str) -> str:
    """Each sign times another power of x, summed up."""
    total = 0
    for sign in signs:
        total = _times_x(total ^ ALPHABET.index(sign))
    return ALPHABET[total]


def _times_x(value: int) -> int:
    doubled = value << 1
    return doubled ^ _POLYNOMIAL if doubled & 32 else doubled
