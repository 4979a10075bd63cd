"""The public keys that a kiosk pins when it is enrolled: read from the hub's folder and settings."""

from base64 import b64decode
from pathlib import Path

from sync.enrolment import Pinned
from sync.hub.release_key import load_release_key
from sync.hub.schema import HubError
from sync.hub.settings import HubSettings
from sync.hub.setup import SEAL_KEY_FILE
from sync.seal_keys import SealOwner


def pinned_keys(settings: HubSettings) -> Pinned:
    """Raises `HubError` where nobody can say what citizens' words are to be sealed to."""
    directory = Path(settings.directory)
    release = load_release_key(directory)
    seal, change = settings.seal_key, settings.seal_change_key
    if not (seal and change):
        seal, change = _public_halves(directory / SEAL_KEY_FILE)
    return Pinned(
        seal_key=b64decode(seal),
        seal_change_key=b64decode(change),
        release_key=release.public if release else b"",
        publisher_key=b64decode(settings.publisher_key),
    )


def _public_halves(path: Path) -> tuple[str, str]:
    """Of a hub that was set up before its settings had them."""
    try:
        owner = SealOwner.read(path)
    except (OSError, ValueError) as fault:
        raise HubError(
            f"{path} cannot be read ({fault}): write seal_key and seal_change_key into hub.toml; "
            "`kiosk hub seal-keys FILE` prints both where the private key is kept"
        ) from fault
    return owner.seal_key, owner.change_key
