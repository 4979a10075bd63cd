"""What the hub has for its kiosks: one file a kind in `publications/`, put there by `kiosk hub publish`.

The hub carries them and cannot make one: the publisher's private key is elsewhere. A kiosk checks all of it anew.
"""

import asyncio
import hashlib
import logging
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from sync.files import sync_directory
from sync.hub.problems import problem
from sync.hub.schema import HubError
from sync.hub.seal_changes import read_changes
from sync.publication.manifest import KINDS, Manifest, PublicationError
from sync.publication.offers import Offer, Offers
from sync.publication.package import check_package, open_package
from sync.wire import REPLY_TYPE

log = logging.getLogger(__name__)

FOLDER: Final = "publications"
PACKAGE_TYPE: Final = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class _Read:
    stamp: tuple[int, int]
    offer: Offer


class Publications:
    """Of one hub's folder; `publisher_key` is the one that hub.toml names, 32 bytes or none."""

    def __init__(self, directory: Path, publisher_key: bytes) -> None:
        self._directory = directory / FOLDER
        self._storage = directory
        self._publisher_key = publisher_key
        self._known: dict[str, _Read] = {}

    def put(self, package: Path) -> Manifest:
        """Raises `HubError` where the package is none that this hub's kiosks would take, or is not newer."""
        if not self._publisher_key:
            raise HubError("hub.toml names no publisher_key: write the line there that `kiosk publish key` printed")
        try:
            manifest = check_package(package, self._publisher_key)
            before = self._manifest(manifest.kind)
            if before is not None and manifest.version <= before.version:
                raise HubError(f"version {before.version} of {manifest.kind} is here: publish {before.version + 1}")
            self._directory.mkdir(mode=0o700, exist_ok=True)
            part = self._path(manifest.kind).with_suffix(".part")
            part.touch(mode=0o600)
            shutil.copyfile(package, part)
            check_package(part, self._publisher_key)
            part.replace(self._path(manifest.kind))
            sync_directory(self._directory)
        except (PublicationError, OSError) as fault:
            raise HubError(f"{package}: {fault}") from fault
        return manifest

    def offers(self) -> Offers:
        """Raises `OSError`. What cannot be read any more is left out, and the log says so."""
        found = [offer for kind in KINDS if (offer := self._offer(kind)) is not None]
        return Offers(found, read_changes(self._storage))

    def path(self, kind: str, version: int) -> Path | None:
        """None where this hub has another version now, or none."""
        offer = self._offer(kind) if kind in KINDS else None
        return self._path(kind) if offer is not None and offer.version == version else None

    def _path(self, kind: str) -> Path:
        return self._directory / f"{kind}.publication"

    def _offer(self, kind: str) -> Offer | None:
        path = self._path(kind)
        if not path.exists():
            return None
        stat = path.stat()
        stamp = (stat.st_mtime_ns, stat.st_ino)
        known = self._known.get(kind)
        if known is None or known.stamp != stamp:
            manifest = self._manifest(kind)
            if manifest is None:
                return None
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            known = self._known[kind] = _Read(stamp, Offer(kind, manifest.version, stat.st_size, digest))
        return known.offer

    def _manifest(self, kind: str) -> Manifest | None:
        try:
            with self._path(kind).open("rb") as stream:
                return open_package(stream, self._publisher_key)
        except FileNotFoundError:
            return None
        except PublicationError as fault:
            log.warning("%s is not offered: %s", self._path(kind), fault)
            return None


class PublicationDoor:
    """The two questions that a kiosk asks. Files are read beside the store's thread."""

    def __init__(self, publications: Publications) -> None:
        self._publications = publications

    async def offers(self, _request: Request) -> Response:
        offers = await asyncio.to_thread(self._publications.offers)
        return Response(msgspec.json.encode(offers), headers={"Cache-Control": "no-store"}, media_type=REPLY_TYPE)

    async def one(self, request: Request) -> Response:
        kind, version = request.path_params["kind"], request.path_params["version"]
        wanted = int(version) if version.isdecimal() and len(version) < 18 else 0
        path = await asyncio.to_thread(self._publications.path, kind, wanted)
        if path is None:
            return problem("unknown-publication", "ask again what there is")
        return FileResponse(path, headers={"Cache-Control": "no-store"}, media_type=PACKAGE_TYPE)
