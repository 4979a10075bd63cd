"""`kiosk.enrolled.toml`, beside `kiosk.toml`: the hub that let this device in, and the keys that were pinned then.

Written by `kiosk enrol`; the kiosk never writes `kiosk.toml` itself. A key there counts before the one here.
"""

import json
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kiosk.settings.document import Document, read_document
from kiosk.settings.faults import Fault, SettingsError
from sync.files import write_durably

if TYPE_CHECKING:
    from sync.enrolment import Pinned

KEYS: Final = ("url", "seal_key", "seal_change_key", "release_key", "publisher_key", "ca_file")
_HEAD: Final = """\
# 登记时由程序写入，请勿修改；重新登记请用 kiosk enrol。Written by kiosk enrol; to change it, enrol again.
"""


def enrolled_path(config: Path) -> Path:
    return config.with_name(f"{config.stem}.enrolled.toml")


def read_enrolled(config: Path) -> dict[str, Any]:
    """The keys of its `[hub]`; empty where there is no such file. Raises `SettingsError`."""
    path = enrolled_path(config)
    if not path.exists():
        return {}
    document = read_document(path, "correct its rights", SettingsError)
    _check(path, document)
    return dict(document.values.get("hub", {}))


def with_enrolled(values: dict[str, Any], enrolled: dict[str, Any]) -> dict[str, Any]:
    """The document of `kiosk.toml` with them. A hub that is no section is left as it is, for the reading to name."""
    hub = values.get("hub", {})
    return {**values, "hub": {**enrolled, **hub}} if enrolled and isinstance(hub, dict) else values


def as_keys(url: str, pinned: "Pinned", ca_file: Path | None) -> dict[str, Any]:
    """As they are written and merged; what the hub has not is left out."""
    keys = {"url": url, "ca_file": str(ca_file) if ca_file else ""}
    for name in ("seal_key", "seal_change_key", "release_key", "publisher_key"):
        keys[name] = b64encode(getattr(pinned, name)).decode()
    return {name: keys[name] for name in KEYS if keys[name]}


def write_enrolled(config: Path, keys: dict[str, Any]) -> None:
    """After a power cut the file is the old one or the new one. Raises `OSError`."""
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in keys.items()]
    write_durably(enrolled_path(config), "\n".join([_HEAD, "[hub]", *lines, ""]).encode())


def _check(path: Path, document: Document) -> None:
    hub = document.values.get("hub", {})
    strange = [key for key in document.values if key != "hub"]
    strange += [f"hub.{key}" for key in hub if key not in KEYS] if isinstance(hub, dict) else ["hub"]
    faults = [Fault(key, None, "does not belong here", "enrol again: kiosk enrol") for key in strange]
    if faults:
        raise SettingsError(path, document.placed(faults))
