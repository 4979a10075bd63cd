"""`kiosk hub` and `kiosk hub init`."""

import logging
import sys
from pathlib import Path

from kiosk.commands import OK, WRONG_INPUT
from sync.hub.schema import HubError


def init(directory: Path, listen: str) -> int:
    from sync.hub.setup import init as init_hub

    try:
        print(init_hub(directory, listen).instructions())
    except HubError as fault:
        print(fault, file=sys.stderr)
        return WRONG_INPUT
    return OK


def serve(config: Path) -> int:
    from sync.hub.server import serve as serve_hub

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s")
    try:
        return serve_hub(config, lambda address: print(f"hub on {address}", flush=True))
    except HubError as fault:
        print(fault, file=sys.stderr)
        return WRONG_INPUT
