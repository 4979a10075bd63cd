"""The newest head that this device signed, in a small file beside the journal: what an older journal does not have.

Written after the commit that has the head, and never while a press waits. So a head that stands here and not in the
journal can only mean that the journal was cut off or an older copy put back. Where both were put back, the hub sees it.
"""

import logging
import sqlite3
from base64 import b64encode
from pathlib import Path
from typing import Final

import msgspec

from sync.chain import HeadText, SignatureError, epoch_keys, verify
from sync.files import sync_directory, write_durably
from sync.keys import KeyStore
from sync.records import Signed

log = logging.getLogger(__name__)

FILE_NAME: Final = "newest-head.json"
MISSED_NOTE: Final = "missed-head"
"""The note that names the last head that was found missing: it is told once, however often the power goes meanwhile."""

_MOST_RECORDS: Final = 1 << 53


class MissedHead(msgspec.Struct, frozen=True):
    """A head that this device signed over records that its journal does not have."""

    signed: Signed
    text: HeadText

    @property
    def name(self) -> str:
        return f"{self.text.generation}:{self.text.seq}"

    @property
    def detail(self) -> dict[str, str | int]:
        """For the audit record: whoever reads it can check the signature."""
        return {
            "known_generation": self.text.generation,
            "known_seq": self.text.seq,
            "known_hash": self.text.hash.hex(),
            "head": self.signed.text,
            "epoch": self.signed.epoch,
            "signature": b64encode(self.signed.signature).decode(),
        }


def write(directory: Path, head: Signed) -> bool:
    """Only for a head that is durable in the journal. Says whether it is on the disk: the next one is the next try."""
    try:
        write_durably(directory / FILE_NAME, msgspec.json.encode(head))
    except OSError as fault:
        log.warning("the newest head cannot be kept beside the journal: %s", fault)
        return False
    return True


def missed(directory: Path, connection: sqlite3.Connection, keys: KeyStore) -> MissedHead | None:
    """None where the journal has the newest head, and where no head that can be believed stands beside it.

    Only one that is missing has its signature checked: that goes through every change of key since the first.
    """
    head = _read(directory / FILE_NAME)
    if head is None or not 0 <= head.text.seq < _MOST_RECORDS:
        return None
    text = head.text
    row = connection.execute(
        "SELECT hash FROM record WHERE position = (SELECT first_position FROM generation WHERE id = ?) + ?",
        (text.generation, text.seq),
    ).fetchone()
    if row is not None and row[0] == text.hash:
        return None
    return head if _is_ours(head, keys) else None


def keep_aside(directory: Path, name: str) -> None:
    """Puts the head where the manager's page and an engineer find it: in a folder of that name. Harmless to repeat;
    where the disk refuses, the next start does it.
    """
    kept = directory / "kept" / name
    try:
        kept.mkdir(mode=0o700, parents=True, exist_ok=True)
        sync_directory(kept.parent)
        if (directory / FILE_NAME).exists():
            (directory / FILE_NAME).rename(kept / FILE_NAME)
            sync_directory(kept)
            sync_directory(directory)
    except OSError as fault:
        log.warning("the head that the journal does not have cannot be kept aside: %s", fault)


def _read(path: Path) -> MissedHead | None:
    try:
        signed = msgspec.json.decode(path.read_bytes(), type=Signed)
        return MissedHead(signed, msgspec.json.decode(signed.text, type=HeadText))
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as fault:
        log.warning("%s tells nothing: %s", path, fault)
        return None


def _is_ours(head: MissedHead, keys: KeyStore) -> bool:
    """A head of an epoch that the keys do not know yet cannot be checked: then the keys were put back as well."""
    if head.text.device != keys.device:
        return False
    if head.signed.epoch > keys.epoch:
        return True
    try:
        verify(epoch_keys(keys.device, keys.first_key, keys.changes)[head.signed.epoch], head.signed)
    except (SignatureError, KeyError, msgspec.DecodeError) as fault:
        log.warning("the newest head beside the journal was not signed by this device: %s", fault)
        return False
    return True
