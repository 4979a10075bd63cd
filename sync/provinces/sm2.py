"""SM2 (GB/T 32918): signing, encrypting and opening.

The points come from gmssl, SM3 from `cryptography`, and every random number from the system. gmssl's own way is not
used: it draws from `random`, so a signature would give the private key away; it takes leading digits off some public
keys; and what it decrypts it does not check. A signature takes some 10 ms: never on a thread that somebody waits for.
"""

import hmac
import secrets
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SM3, Hash
from gmssl.sm2 import CryptSM2, default_ecc_table

USER_ID: Final = b"1234567812345678"
"""GM/T 0009 gives it where two sides have agreed on none."""
_HEX: Final = 64
_N, _P, _A, _B = (int(default_ecc_table[name], 16) for name in ("n", "p", "a", "b"))
_G: Final[str] = default_ecc_table["g"]


class Sm2Error(Exception):
    """A key that cannot be one, or a text that was not sealed to this key."""


class _Curve(CryptSM2):  # type: ignore[misc]  # gmssl has no types
    def __init__(self) -> None:
        super().__init__(private_key="", public_key="")

    def times(self, factor: int, point: str) -> str:
        """x and y of the product, 128 hex digits together."""
        product: str | None = self._kg(factor, point)
        if product is None:
            raise Sm2Error("the point at infinity")
        return product

    def signature(self, private: int, digest: bytes) -> tuple[int, int]:
        self.private_key = f"{private:064x}"
        while True:
            found: str | None = self.sign(digest, f"{_random():064x}")
            if found is not None:
                return int(found[:_HEX], 16), int(found[_HEX:], 16)


@dataclass(frozen=True, slots=True)
class PublicKey:
    point: str
    """x and y, 128 hex digits."""

    def __post_init__(self) -> None:
        x, y = int(self.point[:_HEX], 16), int(self.point[_HEX:], 16)
        if not (0 <= x < _P and 0 <= y < _P) or (y * y - (x * x * x + _A * x + _B)) % _P:
            raise Sm2Error("the public key is no point of the SM2 curve")

    def seal(self, plain: bytes) -> bytes:
        """04 ‖ C1 ‖ C3 ‖ C2, the order of GB/T 32918.4-2016."""
        while True:
            factor = _random()
            sender = bytes.fromhex(_Curve().times(factor, _G))
            shared = bytes.fromhex(_Curve().times(factor, self.point))
            mask = _kdf(shared, len(plain))
            if any(mask) or not plain:
                return b"\x04" + sender + _tag(shared, plain) + _xor(plain, mask)


@dataclass(frozen=True, slots=True, repr=False)
class PrivateKey:
    number: int

    def __post_init__(self) -> None:
        if not 0 < self.number < _N - 1:
            raise Sm2Error("the private key is no number of the SM2 curve")

    @property
    def public(self) -> PublicKey:
        return PublicKey(_Curve().times(self.number, _G))

    def sign(self, text: bytes) -> bytes:
        """SM3 with SM2, DER."""
        who = len(USER_ID * 8).to_bytes(2) + USER_ID + b"".join(part.to_bytes(32) for part in (_A, _B))
        identity = _sm3(who + bytes.fromhex(_G) + bytes.fromhex(self.public.point))
        return encode_dss_signature(*_Curve().signature(self.number, _sm3(identity + text)))

    def open(self, sealed: bytes) -> bytes:
        """Raises `Sm2Error`."""
        if len(sealed) < 97 or sealed[0] != 4:
            raise Sm2Error("this is no SM2 cipher text")
        sender, tag, masked = PublicKey(sealed[1:65].hex()), sealed[65:97], sealed[97:]
        shared = bytes.fromhex(_Curve().times(self.number, sender.point))
        plain = _xor(masked, _kdf(shared, len(masked)))
        if not hmac.compare_digest(tag, _tag(shared, plain)):
            raise Sm2Error("this was not sealed to this key, or was changed")
        return plain


def private_key(digits: str) -> PrivateKey:
    """Of 64 hex digits. Raises `Sm2Error`."""
    return PrivateKey(int(_digits(digits, _HEX), 16))


def public_key(digits: str) -> PublicKey:
    """Of 128 hex digits, or 130 that begin with 04. Raises `Sm2Error`."""
    digits = digits.strip()
    return PublicKey(_digits(digits[2:] if len(digits) == 130 and digits.startswith("04") else digits, 2 * _HEX))


def _digits(digits: str, count: int) -> str:
    digits = digits.strip().lower()
    if len(digits) != count or set(digits) - set("0123456789abcdef"):
        raise Sm2Error(f"the key is not {count} hex digits")
    return digits


def _random() -> int:
    return secrets.randbelow(_N - 1) + 1


def _sm3(data: bytes) -> bytes:
    digest = Hash(SM3())
    digest.update(data)
    return digest.finalize()


def _kdf(shared: bytes, length: int) -> bytes:
    blocks = (_sm3(shared + number.to_bytes(4)) for number in range(1, length // 32 + 2))
    return b"".join(blocks)[:length]


def _tag(shared: bytes, plain: bytes) -> bytes:
    return _sm3(shared[:32] + plain + shared[32:])


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(left, right, strict=True))
