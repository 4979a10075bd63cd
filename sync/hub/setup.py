"""`kiosk hub init DIRECTORY`: settings, the first two tokens, and the key pair that citizens' words are sealed to."""

import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path

from sync.files import write_durably
from sync.hub.release_key import RELEASE_KEY_FILE, make_release_key
from sync.hub.schema import HubError
from sync.hub.settings import FILE_NAME
from sync.seal_keys import SealOwner

SEAL_KEY_FILE = "seal.key"


@dataclass(frozen=True, slots=True)
class Created:
    """The tokens exist here and nowhere on the disk: they are shown once."""

    config: Path
    device_token: str
    reader_token: str
    seal_key: str
    """Public X25519 key, base64: `hub.seal_key` in kiosk.toml."""
    release_key: str
    """Public Ed25519 key, base64: `hub.release_key` in kiosk.toml."""

    def __repr__(self) -> str:
        return f"Created(config={self.config})"

    def instructions(self) -> str:
        return (
            f"Written: {self.config}\n"
            f"Start it: kiosk hub --config {self.config}\n\n"
            f"To let a kiosk in: kiosk hub enrol --config {self.config} --window-name NAME\n"
            "Nothing below is needed for that; it is for kiosks that are set up by hand.\n\n"
            "Shown once, kept nowhere:\n"
            f"  device token (kiosk token hub):    {self.device_token}\n"
            f"  reader token (counts and alarms):  {self.reader_token}\n\n"
            "For kiosk.toml, section [hub]:\n"
            f'  seal_key = "{self.seal_key}"\n'
            f'  release_key = "{self.release_key}"\n\n'
            f"{self.config.with_name(SEAL_KEY_FILE)} opens what citizens wrote: keep a copy in a safe, "
            "and move it off this machine if nobody reads such texts here and no parcels come in.\n"
            f"{self.config.with_name(RELEASE_KEY_FILE)} lets kiosks destroy their copies of settled texts: "
            "nobody but the hub may have it.\n"
        )


def init(directory: Path, listen: str = "127.0.0.1:8640") -> Created:
    """Raises `HubError` where a hub is set up already: its tokens and key are never overwritten."""
    config, seal = directory / FILE_NAME, directory / SEAL_KEY_FILE
    for path in (config, seal, directory / RELEASE_KEY_FILE):
        if path.exists():
            raise HubError(f"{path} exists: choose an empty folder, or keep this one")
    device_token, reader_token = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner, release = SealOwner.fresh(), make_release_key(directory)
        owner.write(seal)
        write_durably(config, _settings(listen, device_token, reader_token, owner).encode())
    except OSError as fault:
        raise HubError(f"{directory} cannot be written: {fault}") from fault
    return Created(config, device_token, reader_token, owner.seal_key, release)


def _settings(listen: str, device_token: str, reader_token: str, owner: SealOwner) -> str:
    return f"""\
listen = "{listen}"
directory = "."
utc_offset = "+08:00"
seal_key = "{owner.seal_key}"
seal_change_key = "{owner.change_key}"

[[token]]
name = "kiosks"
role = "device"
sha256 = "{hashlib.sha256(device_token.encode()).hexdigest()}"

[[token]]
name = "desk"
role = "reader"
sha256 = "{hashlib.sha256(reader_token.encode()).hexdigest()}"
"""
