"""`kiosk hub enrol | devices | revoke`: which devices a hub lets in; `seal-keys | change-seal-key`: what they pin."""

import datetime as dt
import json
import sys
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.commands import OK, WRONG_INPUT
from kiosk.commands.hub import ask_hub
from sync.hub.schema import HubError

if TYPE_CHECKING:
    from sync.hub.enrolment import KnownDevice


def enrol(config: Path, name: str, minutes: int) -> int:
    """Prints a code that lets one device in, once."""
    from msgspec import ValidationError, convert

    from sync.hub.control import Asked
    from sync.hub.enrolment import LONGEST_MINUTES, SHORTEST_MINUTES, EnrolAsked
    from sync.hub.pinning import pinned_keys
    from sync.hub.settings import load_settings

    try:
        settings = load_settings(config)
        asked = convert({"name": name, "minutes": minutes}, EnrolAsked)
        pinned = pinned_keys(settings)
    except HubError as fault:
        print(fault, file=sys.stderr)
        return WRONG_INPUT
    except ValidationError:
        remedy = f"--window-name has 1 to 60 characters, --minutes is {SHORTEST_MINUTES} to {LONGEST_MINUTES}"
        print(remedy, file=sys.stderr)
        return WRONG_INPUT
    said = ask_hub(config, Asked(enrol=asked, pinned=pinned))
    if said is None:
        return WRONG_INPUT
    print(_told(name, settings.reached_at, said.code, said.expires_ms))
    if not pinned.publisher_key:
        print("hub.toml names no publisher_key: nothing can come down to this kiosk until it is enrolled again.")
    return OK


def devices(config: Path, *, as_json: bool) -> int:
    from sync.hub.control import DEVICES_A_PAGE, Asked

    known: list[KnownDevice] = []
    while len(known) % DEVICES_A_PAGE == 0:
        said = ask_hub(config, Asked(devices=len(known) // DEVICES_A_PAGE + 1))
        if said is None:
            return WRONG_INPUT
        if not said.devices:
            break
        known += said.devices
    for one in known:
        if as_json:
            found = {"device": one.device, "name": one.name, "revoked": one.revoked}
            times = {"enrolled_ms": one.enrolled_ms, "contact_ms": one.contact_ms}
            print(json.dumps({**found, **times}, ensure_ascii=False))
        else:
            state = "revoked" if one.revoked else "enrolled" if one.enrolled_ms else "by a token of hub.toml"
            print(f"{one.device}  {state:22}  last sent {_local(one.contact_ms)}  {one.name}")
    return OK


def revoke(config: Path, device: str) -> int:
    from sync.hub.control import Asked

    if ask_hub(config, Asked(revoke=device)) is None:
        return WRONG_INPUT
    print("revoked: it goes on taking ratings, and sends nothing until it is enrolled again")
    return OK


def seal_keys(private: Path) -> int:
    """Prints the lines for hub.toml or kiosk.toml, of a private key wherever it is kept."""
    from sync.seal_keys import SealOwner

    try:
        owner = SealOwner.read(private)
    except (OSError, ValueError) as fault:
        print(f"{private} holds no seal key: {fault}", file=sys.stderr)
        return WRONG_INPUT
    print(f'seal_key = "{owner.seal_key}"\nseal_change_key = "{owner.change_key}"')
    return OK


def change_seal(config: Path, private: Path) -> int:
    """Kiosks that have pinned the change key take the new one by themselves."""
    from sync.hub.app import wall_ms
    from sync.hub.seal_changes import change_seal_key
    from sync.hub.settings import load_settings

    try:
        to = change_seal_key(Path(load_settings(config).directory), private, wall_ms())
    except HubError as fault:
        print(fault, file=sys.stderr)
        return WRONG_INPUT
    print(
        "changed: a kiosk that hears of it seals to the new key from its next start. Keep every seal-N.key.\n"
        "For hub.toml, in the place of what stands there:\n"
        f'seal_key = "{to.seal_key}"\nseal_change_key = "{to.change_key}"'
    )
    return OK


def _told(name: str, url: str, code: str, expires_ms: int) -> str:
    return (
        f"{name}: for one device, until {_local(expires_ms)}.\n\n"
        f"On the kiosk:  kiosk enrol {url} {code}\n\n"
        f"With a scanner:  kiosk enrol, and this as its answer\n{_qr(f'{url}#{code}')}"
    )


def _qr(text: str) -> str:
    from qrcode.constants import ERROR_CORRECT_M
    from qrcode.main import QRCode

    code, drawn = QRCode(error_correction=ERROR_CORRECT_M, border=2), StringIO()
    code.add_data(text.encode())
    code.print_ascii(out=drawn, invert=True)
    return drawn.getvalue()


def _local(wall_ms: int | None) -> str:
    """In this machine's own time."""
    if wall_ms is None:
        return "never"
    return dt.datetime.fromtimestamp(wall_ms / 1000, dt.UTC).astimezone().strftime("%Y-%m-%d %H:%M")
