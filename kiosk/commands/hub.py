"""`kiosk hub`, and what its operator asks of it: `init`, `release-key`, `unsettled`, `settle`, `import`."""

import json
import logging
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kiosk.commands import DOES_NOT_HOLD, OK, WRONG_INPUT
from sync.hub.schema import HubError

if TYPE_CHECKING:
    from sync.hub.control import Asked, Said


def init(directory: Path, listen: str) -> int:
    from sync.hub.setup import init as init_hub

    try:
        print(init_hub(directory, listen).instructions())
    except HubError as fault:
        print(fault, file=sys.stderr)
        return WRONG_INPUT
    return OK


def serve(config: Path) -> int:
    from kiosk.hardening import leave_no_core_dump
    from sync.hub.server import serve as serve_hub

    leave_no_core_dump()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s")
    try:
        return serve_hub(config, lambda address: print(f"hub on {address}", flush=True))
    except HubError as fault:
        print(fault, file=sys.stderr)
        return WRONG_INPUT


def release_key(config: Path) -> int:
    """Prints the line for kiosk.toml. Makes the key where an older hub has none."""
    from sync.hub.release_key import make_release_key
    from sync.hub.settings import load_settings

    try:
        public = make_release_key(Path(load_settings(config).directory))
    except (HubError, OSError) as fault:
        print(fault, file=sys.stderr)
        return WRONG_INPUT
    print(f'release_key = "{public}"')
    return OK


def unsettled(config: Path, *, as_json: bool) -> int:
    """Prints the visits whose sealed texts are still needed."""
    from sync.hub.control import Asked

    said = ask_hub(config, Asked())
    if said is None:
        return WRONG_INPUT
    for visit in said.unsettled:
        found = {"device": visit.device, "generation": visit.generation, "asked": visit.asked}
        if as_json:
            print(json.dumps({**found, "window": visit.window, "asked_ms": visit.asked_ms}, ensure_ascii=False))
        else:
            print(
                f"--device {visit.device} --generation {visit.generation} --asked {visit.asked}  window {visit.window}"
            )
    return OK


def settle(config: Path, settlement: dict[str, object]) -> int:
    """Keeps the final recipient's receipt for one visit."""
    from sync.hub.control import Asked
    from sync.hub.settlements import SettlementError, settlement_from

    try:
        said = ask_hub(config, Asked(settlement_from(json.dumps(settlement).encode())))
    except SettlementError as fault:
        print(fault, file=sys.stderr)
        return WRONG_INPUT
    if said is not None:
        print("settled: the kiosk may destroy its copy; this hub keeps its own")
    return OK if said is not None else WRONG_INPUT


def import_parcels(config: Path, files: list[Path], *, as_json: bool) -> int:
    """Takes parcels, and writes the hub's acknowledgement beside each. Exit code 1 where one was not taken."""
    from sync.hub.control import Asked
    from sync.parcels.folder import Folder
    from sync.parcels.naming import stretch_of
    from sync.parcels.parcel import ParcelError

    ended = OK
    for path in files:
        stretch = stretch_of(path.name, "parcel")
        try:
            if stretch is None:
                raise ParcelError("no-file", "not the name of a parcel: leave it as the kiosk wrote it")  # noqa: TRY301
            with Folder(path.absolute().parent) as folder:
                said = _asked(config, Asked(parcel=folder.read(stretch, "parcel")))
                if said.acknowledgement is not None:
                    folder.write(stretch, "ack", msgspec.json.encode(said.acknowledgement))
        except (HubError, ParcelError, OSError) as fault:
            problem = str(fault)
        else:
            problem = said.error
        if as_json:
            print(json.dumps({"file": str(path), "taken": not problem, "problem": problem}, ensure_ascii=False))
        elif problem:
            print(f"{path}: {problem}", file=sys.stderr)
        else:
            print(f"{path}: taken; the acknowledgement for its kiosk lies beside it")
        ended = DOES_NOT_HOLD if problem else ended
    return ended


def ask_hub(config: Path, asked: "Asked") -> "Said | None":
    """None where it was refused, which is told."""
    try:
        said = _asked(config, asked)
    except HubError as fault:
        print(fault, file=sys.stderr)
        return None
    if said.error:
        print(said.error, file=sys.stderr)
        return None
    return said


def _asked(config: Path, asked: "Asked") -> "Said":
    """Of the running hub; else of the store itself. Raises `HubError`."""
    from sync.hub.app import wall_ms
    from sync.hub.control import ask_running_hub, carry_out, take_parcel
    from sync.hub.parcels import ParcelIntake
    from sync.hub.server import only_one
    from sync.hub.settings import load_settings
    from sync.hub.store import Store

    settings = load_settings(config)
    directory = Path(settings.directory)
    said = ask_running_hub(directory, asked)
    if said is not None:
        return said
    with only_one(directory), closing(Store(directory, settings.utc_offset_minutes)) as store:
        if asked.parcel:
            return take_parcel(ParcelIntake(settings, store, lambda work: work()), asked.parcel, wall_ms())
        return carry_out(store, asked, wall_ms())
