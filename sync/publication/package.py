"""The file of a publication: a line that says so, the manifest, its signature, then the files one after the other.

Read once from beginning to end, never held in memory. Knows no network.
"""

import hashlib
import os
import shutil
from base64 import b64decode, b64encode
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from sync.files import sync_directory, write_durably
from sync.publication.manifest import (
    MOST_MANIFEST,
    File,
    Manifest,
    PublicationError,
    check_manifest,
    check_names,
    read_manifest,
    signed_bytes,
)

MAGIC: Final = b"hall-kiosk publication 1\n"
_PIECE: Final = 256 * 1024


class Publisher:
    """Whoever holds the private key (32 bytes, Ed25519). It never lies on a hub."""

    def __init__(self, private: bytes) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self._key = Ed25519PrivateKey.from_private_bytes(private)

    @staticmethod
    def make(path: Path) -> "Publisher":
        """Writes a new private key, 0600. Raises `FileExistsError`: a key is never overwritten."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        if path.exists():
            raise FileExistsError(f"{path} exists: choose another name, or keep this key")
        private = Ed25519PrivateKey.generate().private_bytes_raw()
        write_durably(path, b64encode(private) + b"\n")
        return Publisher(private)

    @staticmethod
    def read(path: Path) -> "Publisher":
        """Raises `OSError`, or `ValueError` for a file that holds no key."""
        return Publisher(b64decode(path.read_bytes(), validate=False))

    @property
    def public(self) -> bytes:
        return self._key.public_key().public_bytes_raw()

    def sign(self, manifest: bytes) -> bytes:
        return self._key.sign(signed_bytes(manifest).encode())


def make_package(publisher: Publisher, folder: Path, out: Path, *, kind: str, version: int, made_ms: int) -> Manifest:
    """Raises `PublicationError` for what no kiosk would take, and `OSError`."""
    paths = sorted(path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    names = [path.relative_to(folder).as_posix() for path in paths]
    check_names(names)
    if strange := [name for name, path in zip(names, paths, strict=True) if path.is_symlink() or not path.is_file()]:
        raise PublicationError("bad-name", f"{strange[0]} is no plain file: put the file itself there")
    files = [File(name, path.stat().st_size, _sha256(path)) for name, path in zip(names, paths, strict=True)]
    if not files:
        raise PublicationError("altered", f"{folder} holds no file")
    manifest = Manifest(kind=kind, version=version, made_ms=made_ms, files=files)
    check_manifest(manifest)
    encoded = msgspec.json.encode(manifest)
    part = out.with_name(f"{out.name}.part")
    with part.open("wb") as stream:
        stream.write(MAGIC + encoded + b"\n" + b64encode(publisher.sign(encoded)) + b"\n")
        for path in paths:
            with path.open("rb") as source:
                shutil.copyfileobj(source, stream, _PIECE)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(out)
    return manifest


def open_package(stream: BinaryIO, publisher_key: bytes) -> Manifest:
    """Leaves `stream` where the files begin. Raises `PublicationError`."""
    if stream.read(len(MAGIC)) != MAGIC:
        raise PublicationError("altered", "this is not a publication of this format")
    manifest, signature = stream.readline(MOST_MANIFEST + 1), stream.readline(200)
    if not (manifest.endswith(b"\n") and signature.endswith(b"\n")):
        raise PublicationError("cut", "it ends within its manifest, or the manifest is too long")
    try:
        decoded = b64decode(signature[:-1], validate=True)
    except ValueError as fault:
        raise PublicationError("altered", "the signature is not base64") from fault
    if b64encode(decoded) != signature[:-1]:  # bits that base64 leaves over: a second form of the same file
        raise PublicationError("altered", "the signature is not plain base64")
    return read_manifest(manifest[:-1], decoded, publisher_key)


def check_package(path: Path, publisher_key: bytes) -> Manifest:
    """Reads all of it and keeps nothing. Raises `PublicationError` and `OSError`."""
    with path.open("rb") as stream:
        manifest = open_package(stream, publisher_key)
        for file in manifest.files:
            _copy(stream, file, None)
        _at_end(stream)
    return manifest


def unpack(stream: BinaryIO, manifest: Manifest, folder: Path) -> None:
    """Behind `open_package`: writes the files into a new folder, on the disk when it returns.

    Raises `PublicationError`, and `OSError` where the disk does not take them.
    """
    folder.mkdir(mode=0o700)
    for file in manifest.files:
        path = folder / file.name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with path.open("xb") as target:
            _copy(stream, file, target)
            target.flush()
            os.fsync(target.fileno())
    _at_end(stream)
    for inner in {(folder / file.name).parent for file in manifest.files} | {folder}:
        sync_directory(inner)
    sync_directory(folder.parent)


def _copy(stream: BinaryIO, file: File, target: BinaryIO | None) -> None:
    digest, left = hashlib.sha256(), file.bytes
    while left:
        piece = stream.read(min(_PIECE, left))
        if not piece:
            raise PublicationError("cut", f"it ends within {file.name}")
        digest.update(piece)
        if target is not None:
            target.write(piece)
        left -= len(piece)
    if digest.hexdigest() != file.sha256:
        raise PublicationError("altered", f"{file.name} is not what the publisher signed")


def _at_end(stream: BinaryIO) -> None:
    if stream.read(1):
        raise PublicationError("altered", "something follows behind its last file")


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
