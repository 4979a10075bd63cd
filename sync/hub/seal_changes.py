"""Changes of the key that citizens' words are sealed to: signed by the owner of the key before, carried by the hub."""

from pathlib import Path
from typing import Final

import msgspec

from sync.files import write_durably
from sync.hub.schema import HubError
from sync.hub.setup import SEAL_KEY_FILE
from sync.seal_keys import SealChange, SealChangeText, SealOwner

FILE_NAME: Final = "seal-changes.jsonl"


def read_changes(directory: Path) -> list[SealChange]:
    """Oldest first. Raises `OSError`."""
    path = directory / FILE_NAME
    try:
        lines = path.read_bytes().splitlines() if path.exists() else []
        return [msgspec.json.decode(line, type=SealChange) for line in lines]
    except (msgspec.MsgspecError, UnicodeDecodeError) as fault:
        raise OSError(f"{path} is damaged: put its copy back") from fault


def change_seal_key(directory: Path, private: Path, wall_ms: int) -> SealOwner:
    """Makes the pair after the one in `private`, and the signed change to it. Raises `HubError`.

    Every private key stays, as `seal-N.key`: what was sealed to one is opened with it alone. They are on the disk
    before anybody can hear of the change.
    """
    try:
        owner, changes = SealOwner.read(private), read_changes(directory)
        last = msgspec.json.decode(changes[-1].text, type=SealChangeText).seal_key if changes else owner.pair.seal_key
        if last != owner.pair.seal_key:
            raise HubError(f"{private} is not the key in use: that is seal-{len(changes)}.key")
        owner.write(directory / f"seal-{len(changes)}.key")
        next_file = directory / f"seal-{len(changes) + 1}.key"
        to = SealOwner.read(next_file) if next_file.exists() else SealOwner.fresh()  # of a run that was cut short
        to.write(next_file)
        changes.append(owner.hand_over(to, wall_ms))
        write_durably(directory / FILE_NAME, b"".join(msgspec.json.encode(one) + b"\n" for one in changes))
        to.write(directory / SEAL_KEY_FILE)
    except (OSError, ValueError) as fault:
        raise HubError(f"the seal key was not changed: {fault}") from fault
    return to


def private_keys(directory: Path) -> list[bytes]:
    """Every private key that opens something of this hub, the newest first; empty where all are kept elsewhere.

    Raises `OSError`, or `ValueError` for a file that holds no key.
    """
    numbered = sorted(directory.glob("seal-*.key"), key=lambda path: (len(path.name), path.name), reverse=True)
    paths = [path for path in (directory / SEAL_KEY_FILE, *numbered) if path.exists()]
    return list(dict.fromkeys(SealOwner.read(path).private for path in paths))
