"""What finds a case again by the code of its slip: a tag that nobody can make or undo without the code.

    K   = scrypt(code, this device's slip key; N 2¹³, r 8, p 1), 32 bytes
    tag = first 16 bytes of HMAC-SHA-256(K, case number)

The code itself is stored nowhere. Case numbers are few and can be guessed; here each guess needs the code as well: a
thief with the disk and the key has 2⁴⁰ codes to try at some 25 ms each, for one visit's case number.
"""

import hashlib
import hmac
import secrets
import threading
import unicodedata
from pathlib import Path
from typing import Final

from sync.files import write_durably

FILE_NAME: Final = "slip.key"
KEY_BYTES: Final = 32
TAG_BYTES: Final = 16
_COST: Final = 1 << 13
_MEMORY: Final = 16 << 20


class SlipKey:
    """`directory` is the journal's. Read, or made (0600), when first needed; any thread may ask."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / FILE_NAME
        self._lock = threading.Lock()
        self._key = b""

    def tags(self, code: bytes, case_numbers: tuple[str, ...]) -> tuple[bytes, ...]:
        """One a case number. Takes some 25 ms of a processor, whatever they are. Raises `OSError`."""
        slow = hashlib.scrypt(code, salt=self._secret(), n=_COST, r=8, p=1, maxmem=_MEMORY, dklen=KEY_BYTES)
        return tuple(hmac.digest(slow, plain_number(number).encode(), "sha256")[:TAG_BYTES] for number in case_numbers)

    def _secret(self) -> bytes:
        with self._lock:
            self._key = self._key or self._read() or self._made()
            return self._key

    def _read(self) -> bytes:
        try:
            key = self._path.read_bytes()
        except FileNotFoundError:
            return b""
        if len(key) != KEY_BYTES:
            raise OSError(f"{self._path} is damaged: delete it; slips that were given before can then not be used")
        return key

    def _made(self) -> bytes:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = secrets.token_bytes(KEY_BYTES)
        write_durably(self._path, key)
        return key


def plain_number(number: str) -> str:
    """A case number as it is compared: in capitals of half width, without spaces and control signs."""
    signs = unicodedata.normalize("NFKC", number).upper()
    return "".join(sign for sign in signs if unicodedata.category(sign)[0] not in "ZC")
