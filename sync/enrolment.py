"""How a device becomes known to a hub by a code that is used once: the code, what is sent, what is pinned. Pure.

A code is 20 signs: 8 are a secret that the hub keeps as a hash, 12 are a fingerprint of the keys that the kiosk will
pin. So whoever answers in the hub's place can name no other keys. `docs/enrolment.md` says the same for people.
"""

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct, field

from sync.chain import SUITE, SignatureError, device_id, epoch_keys, verify
from sync.records import Signed

MOST_BYTES: Final = 64 * 1024
"""Of a request or an answer."""
ENROLMENT_TYPE: Final = "application/json"
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS: Final = str.maketrans("OIL", "011")
_SECRET_SIGNS: Final = 8
_FINGERPRINT_SIGNS: Final = 12
SIGNS: Final = _SECRET_SIGNS + _FINGERPRINT_SIGNS

Key = Annotated[bytes, Meta(min_length=32, max_length=32)]
OptionalKey = Annotated[bytes, Meta(max_length=32)]
Device = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Digest = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class EnrolmentError(Exception):
    """The code, the proof or the answer does not hold. The message says what to do."""


class Pinned(Struct, frozen=True):
    """Public keys that a kiosk takes from its hub once, and believes from then on. Empty: the hub has none."""

    seal_key: Key
    """X25519: what citizens write is sealed to it."""
    seal_change_key: OptionalKey = b""
    """Ed25519: its signature names the next seal key."""
    release_key: OptionalKey = b""
    """Ed25519: its signature lets sealed texts be destroyed."""
    publisher_key: OptionalKey = b""
    """Ed25519: its signature is on what may come down."""

    @property
    def fingerprint(self) -> str:
        """The first 60 bits of SHA-256 over the four keys, each after its length."""
        keys = (self.seal_key, self.seal_change_key, self.release_key, self.publisher_key)
        digest = hashlib.sha256(b"pinned\x00" + b"".join(bytes([len(key)]) + key for key in keys)).digest()
        return _signs(int.from_bytes(digest[:8]) >> 4, _FINGERPRINT_SIGNS)


@dataclass(frozen=True, slots=True)
class Code:
    secret: str
    fingerprint: str

    def __str__(self) -> str:
        """As it is shown: five groups of four."""
        signs = self.secret + self.fingerprint
        return "-".join(signs[at : at + 4] for at in range(0, SIGNS, 4))

    def __repr__(self) -> str:
        return "Code()"

    @property
    def digest(self) -> str:
        """What the hub keeps, and what the device signs."""
        return secret_digest(self.secret)


def fresh_code(pinned: Pinned) -> Code:
    return Code(_signs(secrets.randbits(5 * _SECRET_SIGNS), _SECRET_SIGNS), pinned.fingerprint)


def secret_digest(secret: str) -> str:
    return hashlib.sha256(b"enrolment\x00" + secret.encode()).hexdigest()


def read_code(text: str) -> Code:
    """Any case and width, any spaces and dashes. Raises `EnrolmentError`."""
    plain = "".join(
        sign for sign in unicodedata.normalize("NFKC", text).upper() if unicodedata.category(sign)[0] not in "ZCP"
    ).translate(_READ_AS)
    strange = sorted(set(plain) - set(_ALPHABET))
    if strange:
        raise EnrolmentError(f"a code has no {', '.join(strange)}: type its letters and digits as the hub shows them")
    if len(plain) != SIGNS:
        raise EnrolmentError(f"a code has {SIGNS} letters and digits, these are {len(plain)}: type all five groups")
    return Code(plain[:_SECRET_SIGNS], plain[_SECRET_SIGNS:])


class ProofText(Struct, frozen=True, tag_field="kind", tag="enrolment", kw_only=True):
    """What the device signs with the key in use. Its encoded bytes are signed as they are."""

    suite: Literal["intl"] = field(default=SUITE)
    device: Device
    code: Digest
    wall_ms: int


class EnrolmentAsked(Struct, frozen=True):
    """`POST /v1/enrolments`. The proof shows that the device has its key; the secret, that somebody let it in."""

    protocol: Literal[1]
    secret: Annotated[str, Meta(pattern=f"^[0-9A-Z]{{{_SECRET_SIGNS}}}$")]
    first_key: Key
    epochs: Annotated[list[Signed], Meta(max_length=5000, description="Every change of the signing key, oldest first.")]
    proof: Annotated[Signed, Meta(description="A `ProofText`, signed with the key of its epoch.")]


class Enrolled(Struct, frozen=True):
    """The token exists here and on the device alone; the hub keeps its hash."""

    device: Device
    token: Annotated[str, Meta(min_length=16, max_length=200)]
    pinned: Pinned
    time_ms: int

    def __repr__(self) -> str:
        return f"Enrolled(device={self.device!r})"


@dataclass(frozen=True, slots=True)
class Proven:
    """Who asks: a proof that holds."""

    device: str
    epoch: int
    keys: dict[int, bytes]
    """Epoch to public key."""


def proof_text(device: str, code: Code, wall_ms: int) -> str:
    return msgspec.json.encode(ProofText(device=device, code=code.digest, wall_ms=wall_ms)).decode()


def check_proof(asked: EnrolmentAsked) -> Proven:
    """Raises `EnrolmentError`."""
    device = device_id(asked.first_key)
    try:
        keys = epoch_keys(device, asked.first_key, asked.epochs)
        text = msgspec.json.decode(asked.proof.text, type=ProofText)
        if asked.proof.epoch != max(keys):
            raise EnrolmentError("the proof is not signed with the key in use")
        verify(keys[asked.proof.epoch], asked.proof)
    except (SignatureError, msgspec.MsgspecError, UnicodeError, RecursionError) as fault:
        raise EnrolmentError(f"the device's proof does not hold: {fault}") from fault
    if (text.device, text.code) != (device, secret_digest(asked.secret)):
        raise EnrolmentError("the proof is of another device or another code")
    return Proven(device, asked.proof.epoch, keys)


def _signs(number: int, count: int) -> str:
    return "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(count)))
