"""`kiosk enrol URL CODE`: the hub lets this device in and says which keys it believes from then on.

Two files are written beside `kiosk.toml`: `kiosk.enrolled.toml` and `secrets.toml`. `kiosk.toml` is not touched.
"""

import sys
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.commands import OK, WRONG_INPUT
from kiosk.control import ControlError, tell
from kiosk.new_device import erase_former_keys, set_keys_aside, unsent
from kiosk.secrets import FILE_NAME, Secrets, SecretsError
from kiosk.settings import Settings, SettingsError, load_settings
from kiosk.settings.document import read_document
from kiosk.settings.enrolled import as_keys, write_enrolled
from kiosk.storage import open_journal
from sync.clock import SystemClock
from sync.courier import HubAddress
from sync.enrolment import Code, EnrolmentError, read_code
from sync.enrolment_client import enrol as ask_hub
from sync.journal.lock import JournalHeldError, JournalLock
from sync.journal.schema import JournalError
from sync.keys import KeyStore, KeyStoreError

_STAND_IN = b64encode(bytes(32)).decode()
"""For the checks before the hub has said its key; nothing is ever sealed to it."""


@dataclass(frozen=True, slots=True)
class Choices:
    config: Path
    url: str
    code: str
    """Empty: it stands behind a # in `url`, as a QR code brings it."""
    ca_file: Path | None = None
    new_device: bool = False
    leave_unsent: bool = False


def enrol(chosen: Choices) -> int:
    try:
        device = _enrol(chosen)
    except (EnrolmentError, SettingsError, SecretsError, ControlError, JournalError, KeyStoreError, OSError) as fault:
        print(fault, file=sys.stderr)
        return WRONG_INPUT
    print(f"device {device}\nenrolled: start the kiosk, or restart it")
    return OK


def _enrol(chosen: Choices) -> str:
    url, code = _address(chosen)
    ca_file = chosen.ca_file.absolute() if chosen.ca_file else None
    trial = {"url": url, "seal_key": _STAND_IN} | ({"ca_file": str(ca_file)} if ca_file else {})
    _agrees(chosen.config, {"url": url})
    settings = load_settings(chosen.config, trial)
    secrets = chosen.config.absolute().parent / FILE_NAME
    kept = Secrets.load(secrets)
    keys = _device_keys(settings, chosen)
    enrolled = ask_hub(_reached(settings, kept.proxy_password), code, keys, lambda: SystemClock().now().wall_ms)
    pins = as_keys(url, enrolled.pinned, ca_file)
    _agrees(chosen.config, pins)
    settings = load_settings(chosen.config, pins)
    write_enrolled(chosen.config, pins)
    kept.with_hub_token(enrolled.token).save(secrets)
    if chosen.new_device:
        erase_former_keys(settings.storage.directory)
    tell(settings, "enrolled")
    return enrolled.device


def _address(chosen: Choices) -> tuple[str, Code]:
    text = chosen.url or _asked()
    url, _, behind = text.partition("#")
    return url.strip().rstrip("/"), read_code(chosen.code or behind)


def _asked() -> str:
    if sys.stdin.isatty():
        print("scan the code of the hub, or type address#code: ", end="", flush=True)
    return sys.stdin.readline().strip()


def _agrees(config: Path, pins: dict[str, Any]) -> None:
    """Raises `EnrolmentError` where `kiosk.toml` itself names something else: it would count before what was pinned."""
    own = read_document(config, "name a settings file with --config", SettingsError).values.get("hub", {})
    own = own if isinstance(own, dict) else {}
    other = [f"hub.{key}" for key in pins if key != "ca_file" and key in own and str(own[key]).rstrip("/") != pins[key]]
    if other:
        raise EnrolmentError(
            f"{config.name} says otherwise in {', '.join(other)}: remove that, then enrol; nothing was changed"
        )


def _reached(settings: Settings, proxy_password: str) -> HubAddress:
    hub = settings.hub
    if hub is None:
        raise EnrolmentError("no hub is named")
    return HubAddress(hub.url, "", hub.ca_file, hub.proxy, proxy_password, hub.timeout_seconds)


def _device_keys(settings: Settings, chosen: Choices) -> KeyStore:
    """Of the running kiosk, or made now where none has run here yet. Raises `EnrolmentError`."""
    directory = settings.storage.directory
    try:
        lock = JournalLock(directory)
    except JournalHeldError as fault:
        if chosen.new_device:
            raise EnrolmentError("stop the kiosk first: a running one cannot become another device") from fault
        if not (directory / "keys" / "first.pub").exists():
            raise EnrolmentError("the kiosk is only just starting: try again in a moment") from fault
        return KeyStore(directory / "keys")
    try:
        if chosen.new_device:
            _leave_the_former(settings, leave_unsent=chosen.leave_unsent)
        journal, keys = open_journal(settings, SystemClock().now())
        journal.close()
        return keys
    finally:
        lock.release()


def _leave_the_former(settings: Settings, *, leave_unsent: bool) -> None:
    directory = settings.storage.directory
    count = unsent(directory, settings.hub.name if settings.hub else "")
    if count and not leave_unsent:
        raise EnrolmentError(
            f"{count} records stand on this disk alone: let the kiosk send them first, or carry them out; with "
            "--leave-unsent they stay here, in the folder kept, and no hub counts them"
        )
    set_keys_aside(directory)
