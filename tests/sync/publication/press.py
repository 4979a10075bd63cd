"""A publisher with a key of its own, and what it prints."""

from pathlib import Path

import msgspec

from sync.publication.manifest import File, Manifest
from sync.publication.package import MAGIC, Publisher, make_package

PUBLISHER = Publisher(bytes(range(32)))
STRANGER = Publisher(bytes(range(1, 33)))
MADE_MS = 1_795_147_200_000


def fill(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def package(
    folder: Path,
    files: dict[str, bytes],
    *,
    kind: str = "slides",
    version: int = 1,
    by: Publisher = PUBLISHER,
) -> Path:
    """As `kiosk publish make` makes it."""
    out = folder / f"{kind}-{version}.publication"
    make_package(by, fill(folder / f"{kind}-{version}", files), out, kind=kind, version=version, made_ms=MADE_MS)
    return out


def forged(kind: str, files: list[File], content: bytes, version: int = 1, by: Publisher = PUBLISHER) -> bytes:
    """Signed by the publisher, and nothing that our own command would make."""
    from base64 import b64encode

    manifest = msgspec.json.encode(Manifest(kind=kind, version=version, made_ms=MADE_MS, files=files))
    return MAGIC + manifest + b"\n" + b64encode(by.sign(manifest)) + b"\n" + content
