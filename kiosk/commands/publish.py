"""`kiosk publish key | make`, at the publisher's; `kiosk hub publish`, on the hub."""

import sys
from base64 import b64decode, b64encode
from pathlib import Path

from kiosk.commands import OK, WRONG_INPUT
from sync.publication.manifest import PublicationError
from sync.publication.package import Publisher, make_package


def make_key(private: Path) -> int:
    """Prints the line for hub.toml."""
    try:
        publisher = Publisher.make(private)
    except OSError as fault:
        print(fault, file=sys.stderr)
        return WRONG_INPUT
    print(f'For hub.toml, before kiosks are enrolled:\npublisher_key = "{b64encode(publisher.public).decode()}"')
    print(f"{private} signs what comes down: it belongs on no hub and no kiosk. Keep a copy in a safe.")
    return OK


def make(key: Path, kind: str, version: int, folder: Path, out: Path) -> int:
    """What a kiosk would refuse for its form is not made; what its files say, each kiosk checks against itself."""
    from sync.clock import SystemClock

    try:
        publisher = Publisher.read(key)
    except (OSError, ValueError) as fault:
        print(f"{key} holds no publisher's key: {fault}", file=sys.stderr)
        return WRONG_INPUT
    try:
        manifest = make_package(publisher, folder, out, kind=kind, version=version, made_ms=SystemClock().now().wall_ms)
    except (PublicationError, OSError) as fault:
        print(fault, file=sys.stderr)
        return WRONG_INPUT
    print(f"{out}: {manifest.kind} {manifest.version}, {len(manifest.files)} files, {manifest.bytes} bytes")
    return OK


def put_on_hub(config: Path, package: Path) -> int:
    """A running hub offers it from the next question on."""
    from sync.hub.publications import Publications
    from sync.hub.schema import HubError
    from sync.hub.settings import load_settings

    try:
        settings = load_settings(config)
        manifest = Publications(Path(settings.directory), b64decode(settings.publisher_key)).put(package)
    except HubError as fault:
        print(fault, file=sys.stderr)
        return WRONG_INPUT
    print(f"{manifest.kind} {manifest.version} is offered to kiosks")
    return OK
