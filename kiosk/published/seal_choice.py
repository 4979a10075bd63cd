"""To whom citizens' words are sealed: the key of the settings, or the one that its owner has named since."""

import logging
from base64 import b64decode
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from kiosk.settings import Hub
from sync.files import write_durably
from sync.seal_keys import SealChange, SealPair, follow

log = logging.getLogger(__name__)

FILE_NAME: Final = "seal-changes.json"


def seal_key(hub: Hub, storage: Path) -> bytes:
    """32 bytes; empty where nothing can be sealed. A change that does not lead on from the settings' key counts not."""
    pinned = _pinned(hub)
    if pinned is None:
        return b64decode(hub.seal_key)
    return follow(pinned, _kept(storage)).seal_key


def keep_changes(hub: Hub, storage: Path, changes: Sequence[SealChange]) -> bytes | None:
    """The key that is sealed to from the next start, where these changes lead to another one; else None.

    Raises `OSError`.
    """
    pinned = _pinned(hub)
    if pinned is None or not changes:
        return None
    kept = _kept(storage)
    before = follow(pinned, kept)
    after = follow(before, changes)
    if after == before:
        return None
    folder = storage / "published"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_durably(folder / FILE_NAME, msgspec.json.encode([*kept, *changes]))
    return after.seal_key


def _pinned(hub: Hub) -> SealPair | None:
    return SealPair(b64decode(hub.seal_key), b64decode(hub.seal_change_key)) if hub.seal_change_key else None


def _kept(storage: Path) -> list[SealChange]:
    """Their signatures are checked wherever they are followed."""
    try:
        return msgspec.json.decode((storage / "published" / FILE_NAME).read_bytes(), type=list[SealChange])
    except FileNotFoundError:
        return []
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as fault:
        log.warning("the changes of the seal key cannot be read: %s", fault)
        return []
