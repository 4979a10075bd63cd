"""The note that a kiosk leaves on a stick: it has a parcel in its carry box. For people; nothing is settled by it."""

import hashlib
from collections.abc import Callable

import msgspec
from msgspec import Struct

from sync.records import Signed
from sync.wire import DeviceId, Hash


class CarriedText(Struct, frozen=True, tag_field="kind", tag="carried"):
    """Signed by the device that carries; `sha256` is of the parcel's whole file."""

    device: DeviceId
    sha256: Hash
    wall_ms: int


class Refusal(Struct, frozen=True):
    """Why the hub did not take a parcel: the code of its problem, and its words. Not signed: a hint for people.

    `sha256` is of the parcel's whole file: written anew, it is carried anew.
    """

    code: str
    detail: str
    sha256: Hash


def carried_note(device: str, parcel: bytes, wall_ms: int, sign: Callable[[str], Signed]) -> bytes:
    text = CarriedText(device, hashlib.sha256(parcel).digest(), wall_ms)
    return msgspec.json.encode(sign(msgspec.json.encode(text).decode()))
