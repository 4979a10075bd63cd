"""The hub's own signing key, `release.key` beside the store: without it no kiosk destroys anything."""

from base64 import b64decode, b64encode
from pathlib import Path
from typing import Final

from sync.files import write_durably
from sync.hub.schema import HubError
from sync.release import ReleaseKey

RELEASE_KEY_FILE: Final = "release.key"


def load_release_key(directory: Path) -> ReleaseKey | None:
    """None where there is none: a hub that was set up before there were releases. Raises `HubError`."""
    path = directory / RELEASE_KEY_FILE
    try:
        return ReleaseKey(b64decode(path.read_bytes(), validate=False)) if path.exists() else None
    except (OSError, ValueError) as fault:
        raise HubError(
            f"{path} cannot be used ({fault}): put its copy back, or move it aside to make another"
        ) from fault


def make_release_key(directory: Path) -> str:
    """The public half in base64; of the key that is there, where there is one. Raises `HubError` and `OSError`."""
    key = load_release_key(directory)
    if key is None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        private = Ed25519PrivateKey.generate().private_bytes_raw()
        write_durably(directory / RELEASE_KEY_FILE, b64encode(private) + b"\n")
        key = ReleaseKey(private)
    return b64encode(key.public).decode()
