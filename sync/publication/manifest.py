"""What a publication says of itself, and what it may be at most. Pure."""

import re
from collections.abc import Sequence
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct, field

from sync.chain import SUITE, SignatureError, verify
from sync.records import Signed
from sync.wire import UNREADABLE

MIB: Final = 1024 * 1024
MOST_BYTES: Final = {
    "tags": MIB,
    "catalogue": 16 * MIB,
    "clerks": 48 * MIB,
    "slides": 64 * MIB,
    "settings": 64 * 1024,
    "notices": 64 * 1024,
}
"""Each kind that there is, and how much all its files may hold."""
KINDS: Final = tuple(MOST_BYTES)
MOST_FILES: Final = 2000
MOST_MANIFEST: Final = 512 * 1024
_PART: Final = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
_NAME: Final = re.compile(rf"{_PART}(?:/{_PART})?")
"""A file, or a file in one folder. No name begins with a dot, so none leads upwards."""


class PublicationError(Exception):
    """It is not taken. `code` is one that the screens have words for, the message is for people who can mend it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class File(Struct, frozen=True):
    name: str
    bytes: Annotated[int, Meta(ge=0)]
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class Manifest(Struct, frozen=True, tag_field="what", tag="publication", kw_only=True):
    """Its encoded bytes are signed as they are; a reader never encodes them anew."""

    format: Literal[1] = 1
    suite: Literal["intl"] = field(default=SUITE)
    kind: str
    version: Annotated[int, Meta(ge=1, le=1 << 53)]
    made_ms: Annotated[int, Meta(ge=0, le=1 << 53)]
    files: Annotated[list[File], Meta(min_length=1, max_length=MOST_FILES)]

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files)


def signed_bytes(manifest: bytes) -> str:
    """What the publisher's key signs: no other text of this program begins so."""
    return f"publication\n{manifest.decode()}"


def read_manifest(manifest: bytes, signature: bytes, publisher_key: bytes) -> Manifest:
    """The signature comes first: nothing of an unsigned text is looked at. Raises `PublicationError`."""
    if not publisher_key:
        raise PublicationError("no-publisher", "no publisher's key is pinned here: enrol again once the hub has one")
    try:
        verify(publisher_key, Signed(signed_bytes(manifest), 0, signature))
    except (SignatureError, UnicodeDecodeError) as fault:
        raise PublicationError("unsigned", "not signed with the publisher's key that is pinned") from fault
    try:
        read = msgspec.json.decode(manifest, type=Manifest)
    except UNREADABLE as fault:
        raise PublicationError("altered", f"signed, and not a manifest that this version reads: {fault}") from fault
    check_manifest(read)
    return read


def check_manifest(manifest: Manifest) -> None:
    """Raises `PublicationError` for what a publisher may not publish."""
    most = MOST_BYTES.get(manifest.kind)
    if most is None:
        raise PublicationError("unknown-kind", f'"{manifest.kind}" is none of {", ".join(KINDS)}')
    if manifest.bytes > most:
        raise PublicationError("too-large", f"{manifest.kind} may hold {most} bytes, this holds {manifest.bytes}")
    check_names([file.name for file in manifest.files])


def check_names(names: Sequence[str]) -> None:
    """Raises `PublicationError` unless every name is one file of its own on any disk."""
    for name in names:
        if not _NAME.fullmatch(name):
            message = f'"{name}": use letters, digits, "-", "_" and "." in names, and folders one deep'
            raise PublicationError("bad-name", message)
    plain = [name.casefold() for name in names]
    folders = {name.partition("/")[0] for name in plain if "/" in name}
    if len(set(plain)) < len(plain) or folders & set(plain):
        raise PublicationError("bad-name", "two files have the same name, or one has that of a folder")
