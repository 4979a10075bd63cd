"""What finds a case again by the code of its slip: a tag that nobody can make or undo without the code.

    K   = scrypt(code, a salt; N 2¹³, r 8, p 1), 32 bytes
    tag = first 16 bytes of HMAC-SHA-256(K, case number)

The salt is this device's slip key, or, where slips are taken in the whole hall, the hub's release key, which each of
its devices has pinned. The code itself is stored nowhere. Case numbers are few and can be guessed; here each
guess needs the code as well: a thief with disk and salt has 2⁴⁰ codes to try at some 25 ms each, for one visit's case
number. The salt need not be secret for that.
"""

import hashlib
import hmac
import secrets
import threading
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sync.files import write_durably
from sync.slip_question import HALL_TAG

FILE_NAME: Final = "slip.key"
KEY_BYTES: Final = 32
TAG_BYTES: Final = 16
"""Of a device's tag. A hall's has one byte more, before it: which it is."""
_HALL: Final = b"hall slip\x00"
_COST: Final = 1 << 13
_MEMORY: Final = 16 << 20


@dataclass(frozen=True, slots=True)
class Tags:
    """Under which one case may stand here."""

    device: bytes | None
    """Of slips that are taken at this device alone; None where it never gave one."""
    hall: bytes | None
    """None where slips are not taken in the whole hall."""


class SlipKey:
    """`directory` is the journal's; the device's key is read, or made (0600), when first needed; any thread may ask.
    `hall`: the hub's release key where slips are taken in the whole hall, else empty.
    """

    def __init__(self, directory: Path, hall: bytes = b"") -> None:
        self._path = directory / FILE_NAME
        self._hall = hall
        self._lock = threading.Lock()
        self._key = b""

    def tags(self, code: bytes, case_numbers: tuple[str, ...]) -> tuple[bytes, ...]:
        """For a slip that is given now, one a case number. Takes some 25 ms of a processor, whatever they are. Raises
        `OSError`.
        """
        if self._hall:
            return self._hall_tags(code, case_numbers)
        return _tags(code, self._secret(), case_numbers)

    def tags_to_find(self, code: bytes, case_number: str) -> Tags:
        """For a slip that was given at any time. Raises `OSError`."""
        has_own = not self._hall or self._path.exists()
        device = _tags(code, self._secret(), (case_number,))[0] if has_own else None
        return Tags(device, self._hall_tags(code, (case_number,))[0] if self._hall else None)

    def _hall_tags(self, code: bytes, case_numbers: tuple[str, ...]) -> tuple[bytes, ...]:
        return tuple(bytes([HALL_TAG]) + tag for tag in _tags(code, _HALL + self._hall, case_numbers))

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


def _tags(code: bytes, salt: bytes, case_numbers: tuple[str, ...]) -> tuple[bytes, ...]:
    slow = hashlib.scrypt(code, salt=salt, n=_COST, r=8, p=1, maxmem=_MEMORY, dklen=KEY_BYTES)
    return tuple(hmac.digest(slow, plain_number(number).encode(), "sha256")[:TAG_BYTES] for number in case_numbers)


def plain_number(number: str) -> str:
    """A case number as it is compared: in capitals of half width, without spaces and control signs."""
    signs = unicodedata.normalize("NFKC", number).upper()
    return "".join(sign for sign in signs if unicodedata.category(sign)[0] not in "ZC")
