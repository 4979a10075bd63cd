"""The one-time code of a slip: eight letters and digits that carry 40 random bits, and a ninth that checks them.

Crockford's base 32, without I, L, O and U. The ninth is a sum over GF(32): any single wrong sign and any two that
changed places are noticed before a guess is counted. Pure.
"""

import unicodedata
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_BYTES: Final = 5
SIGNS: Final = 9
_READ_AS: Final = str.maketrans("OIL", "011")
_POLYNOMIAL: Final = 0b100101
"""x⁵ + x² + 1, primitive: the powers of x are all different up to the 31st."""


class CodeError(ValueError):
    """What was typed is no code: a sign is missing, strange or mistyped. Says nothing about any visit."""


def code_from(random: bytes) -> str:
    """Nine signs in three groups, from `RANDOM_BYTES` random bytes."""
    plain = signs_of(int.from_bytes(random), SIGNS - 1)
    whole = plain + check_sign(plain)
    return "-".join(whole[place : place + 3] for place in range(0, SIGNS, 3))


def read_code(text: str) -> bytes:
    """The five bytes of a code as people type it: any case and width, any spaces and dashes. Raises `CodeError`."""
    plain = plain_signs(text)
    if len(plain) != SIGNS or set(plain) - set(ALPHABET):
        raise CodeError(f"a code has {SIGNS} letters and digits, without I, L, O and U")
    if check_sign(plain[:-1]) != plain[-1]:
        raise CodeError("a sign of the code is mistyped: compare it with the slip")
    return number_of(plain[:-1]).to_bytes(RANDOM_BYTES)


def plain_signs(text: str) -> str:
    """What was typed or scanned, in capitals of half width without spaces and dashes; look-alikes as what they mean."""
    signs = unicodedata.normalize("NFKC", text).upper()
    return "".join(sign for sign in signs if unicodedata.category(sign)[0] not in "ZCP").translate(_READ_AS)


def signs_of(number: int, length: int) -> str:
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(length)))


def number_of(signs: str) -> int:
    number = 0
    for sign in signs:
        number = number << 5 | ALPHABET.index(sign)
    return number


def check_sign(signs: str) -> str:
    """Each sign times another power of x, summed up: 30 signs at most."""
    total = 0
    for sign in signs:
        total = _times_x(total ^ ALPHABET.index(sign))
    return ALPHABET[total]


def _times_x(value: int) -> int:
    doubled = value << 1
    return doubled ^ _POLYNOMIAL if doubled & 32 else doubled
