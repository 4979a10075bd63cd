"""Parcels of others on their way: a folder beside the journal, bounded, read by a thread that sends them to the hub.

A parcel lies here until the hub has answered; then its acknowledgement does, or the reason why it was refused. Each
file is whole or not there, so that a command may put parcels in while the kiosk runs.
"""

import hashlib
import logging
from pathlib import Path
from typing import Final

import msgspec

from sync.files import sync_directory
from sync.parcels.acknowledgement import Acknowledgement, AcknowledgementError, read_acknowledgement
from sync.parcels.carried import Refusal
from sync.parcels.folder import Folder
from sync.parcels.naming import Paper, Stretch
from sync.parcels.parcel import Parcel, ParcelError, read_parcel
from sync.wire import UNREADABLE

log = logging.getLogger(__name__)

MOST_PARCELS: Final = 64
MOST_PAPERS: Final = 500
"""Acknowledgements, and reasons of refusals, each: the first of the names makes way."""
_BEFORE_IT: Final[tuple[Paper, ...]] = ("parcel", "refused")


class BoxFullError(Exception):
    """Nothing more is carried until the hub has taken some."""


class CarryBox:
    """`directory` is its own, made when needed. For any thread and process of the kiosk's user. Raises `OSError`."""

    def __init__(self, directory: Path, most: int = MOST_PARCELS) -> None:
        self._path = directory
        self._most = most

    def put(self, parcel: Parcel, content: bytes) -> bool:
        """Durable when it returns; False where these are here or were answered already. Raises `BoxFullError`."""
        stretch = parcel.header.stretch
        with self._folder() as folder:
            if _answered_head(folder, stretch) == parcel.header.head:
                return False
            if _was_refused(folder, stretch, content):
                return False
            waiting = folder.stretches("parcel")
            if stretch in waiting:
                if _waiting_head(folder, stretch) == parcel.header.head:
                    return False
                raise BoxFullError("a parcel of this name with other records waits here: carry it on when that arrived")
            if len(waiting) >= self._most:
                raise BoxFullError(f"{self._most} parcels wait here for the hub: carry it on when some have arrived")
            folder.remove(stretch, "refused")
            folder.write(stretch, "parcel", content)
        return True

    def waiting(self) -> list[Stretch]:
        """In the order in which the hub wants them."""
        with self._folder() as folder:
            return folder.stretches("parcel")

    def read(self, stretch: Stretch) -> bytes | None:
        """None for what is no parcel any more: it is taken away."""
        with self._folder() as folder:
            try:
                return folder.read(stretch, "parcel")
            except (ParcelError, FileNotFoundError):
                folder.remove(stretch, "parcel")
                return None

    def acknowledged(self, stretch: Stretch, acknowledgement: Acknowledgement) -> None:
        with self._folder() as folder:
            folder.write(stretch, "ack", msgspec.json.encode(acknowledgement))
            for paper in _BEFORE_IT:
                folder.remove(stretch, paper)
            _bound(folder, "ack")

    def refused(self, stretch: Stretch, parcel: bytes, code: str, detail: str) -> None:
        refusal = Refusal(code, detail, hashlib.sha256(parcel).digest())
        with self._folder() as folder:
            folder.write(stretch, "refused", msgspec.json.encode(refusal))
            folder.remove(stretch, "parcel")
            _bound(folder, "refused")

    def hand_out(self, stick: Folder) -> int:
        """Copies onto the stick what the hub said about what lies there; gives the acknowledgements that were new."""
        count, there = 0, set(stick.stretches("parcel"))
        of = {stretch.generation for stretch in (*there, *stick.stretches("carried"))}
        with self._folder() as folder:
            for stretch in (one for one in folder.stretches("ack") if one.generation in of):
                content = folder.read(stretch, "ack")
                if _is_acknowledgement(content) and not _is_there(stick, stretch, content):
                    stick.write(stretch, "ack", content)
                    count += 1
            for stretch in there.intersection(folder.stretches("refused")):
                stick.write(stretch, "refused", folder.read(stretch, "refused"))
        return count

    def _folder(self) -> Folder:
        if not self._path.is_dir():
            self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
            sync_directory(self._path.parent)
        return Folder(self._path)


def _answered_head(folder: Folder, stretch: Stretch) -> bytes | None:
    """Hash of the last record that the hub has acknowledged under this name."""
    try:
        return read_acknowledgement(folder.read(stretch, "ack")).unchecked().head
    except (ParcelError, AcknowledgementError, FileNotFoundError):
        return None


def _waiting_head(folder: Folder, stretch: Stretch) -> bytes | None:
    try:
        return read_parcel(folder.read(stretch, "parcel")).header.head
    except (ParcelError, FileNotFoundError):
        return None


def _was_refused(folder: Folder, stretch: Stretch, content: bytes) -> bool:
    try:
        refusal = msgspec.json.decode(folder.read(stretch, "refused"), type=Refusal)
    except (ParcelError, FileNotFoundError, *UNREADABLE):
        return False
    return refusal.sha256 == hashlib.sha256(content).digest()


def _bound(folder: Folder, paper: Paper) -> None:
    for stretch in folder.stretches(paper)[:-MOST_PAPERS]:
        folder.remove(stretch, paper)


def _is_acknowledgement(content: bytes) -> bool:
    try:
        read_acknowledgement(content)
    except AcknowledgementError as fault:
        log.warning("a file of the carry box is damaged: %s", fault)
        return False
    return True


def _is_there(stick: Folder, stretch: Stretch, content: bytes) -> bool:
    try:
        return stick.read(stretch, "ack") == content
    except (ParcelError, FileNotFoundError):
        return False
