"""A hall for the demonstration: hub, relay, serial line and settings, in one temporary folder."""

import contextlib
import json
import subprocess
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from devices.emulated_evaluator import EmulatedEvaluator
from devices.profile import load_profile
from kiosk.demo.relay import Relay
from kiosk.own_command import own_command
from kiosk.pin import hash_pin
from kiosk.secrets import FILE_NAME as SECRETS
from kiosk.secrets import Secrets, new_token
from sync.hub.setup import init as init_hub

PIN: Final = "271828"
PROFILE: Final = "rs485-ft12"
WINDOWS: Final = ("3", "4")
DOOR: Final = "door"
ADDRESS: Final = {"3": 0x81, "4": 0x82, DOOR: 0x83}

_SETTINGS: Final = """\
[hall]
name = "示范县政务服务中心"
name_en = "Model County Government Service Centre"

[storage]
directory = "state"

[screen]
window = "3"
full_screen = false

[[window]]
id = "3"
name = "3号窗口 综合受理"
name_en = "Window 3 · General services"
place = "window"
stays_open_seconds = {open_seconds}

[[window]]
id = "4"
name = "4号窗口 不动产登记"
name_en = "Window 4 · Real estate"
place = "window"
stays_open_seconds = 15

[[window]]
id = "door"
name = "大厅出口"
name_en = "Hall exit"
place = "walk-up"
stays_open_seconds = 15

[[evaluator]]
name = "rs485"
profile = "{profile}"
port = "{port}"
addresses = {{ 1 = "3", 2 = "4", 3 = "door" }}

[window_interface]
listen = "127.0.0.1:{window_port}"

[hub]
url = "http://127.0.0.1:{hub_port}"
seal_key = "{seal_key}"
release_key = "{release_key}"
"""


@dataclass(frozen=True, slots=True)
class Hall:
    config: Path
    state: Path
    box: EmulatedEvaluator
    relay: Relay
    window_port: int
    tokens: dict[str, str]
    hub_address: str
    reader_token: str

    def hub_counts(self, day: str) -> dict[str, Any]:
        """What the hub says to a reader, past the relay: the line that is cut is the kiosk's."""
        return self._get(f"/v1/counts?day={day}")

    def hub_has(self, device: str) -> dict[str, int]:
        """Generation to the sequence that the hub wants next: everything before it has arrived there."""
        standing = self._get(f"/v1/devices/{device}")
        return {one["generation"]: int(one["next"]) for one in standing["generations"]}

    def hub_alarms(self) -> dict[str, Any]:
        return self._get("/v1/alarms")

    def _get(self, path: str) -> dict[str, Any]:
        request = urllib.request.Request(
            f"http://{self.hub_address}{path}", headers={"Authorization": f"Bearer {self.reader_token}"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return dict(json.load(answer))


@contextlib.contextmanager
def open_hall(folder: Path, window_port: int, *, open_seconds: int = 60) -> Iterator[Hall]:
    """Everything runs when the block begins and is ended with it."""
    with contextlib.ExitStack() as stack:
        hub = init_hub(folder / "hub", "127.0.0.1:0")
        hub_address = stack.enter_context(_hub_process(hub.config, folder / "hub.log"))
        relay = stack.enter_context(Relay(hub_address))
        box = stack.enter_context(EmulatedEvaluator(load_profile(PROFILE), folder / "ttyEVALUATOR"))
        config = folder / "kiosk.toml"
        config.write_text(
            _SETTINGS.format(
                open_seconds=open_seconds,
                profile=PROFILE,
                port=box.port,
                window_port=window_port,
                hub_port=relay.port,
                seal_key=hub.seal_key,
                release_key=hub.release_key,
            ),
            encoding="utf-8",
        )
        tokens = {window: new_token() for window in (*WINDOWS, DOOR)}
        kept = Secrets().with_pin(hash_pin(PIN)).with_hub_token(hub.device_token)
        for window, token in tokens.items():
            kept = kept.with_window_token(window, token)
        kept.save(folder / SECRETS)
        yield Hall(config, folder / "state", box, relay, window_port, tokens, hub_address, hub.reader_token)


@contextlib.contextmanager
def _hub_process(config: Path, log: Path) -> Iterator[str]:
    """`host:port` of a hub in a process of its own."""
    with log.open("wb") as stream:
        process = subprocess.Popen(  # noqa: S603 - this very program
            own_command("hub", "--config", str(config)), stdout=subprocess.PIPE, stderr=stream, text=True
        )
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line.startswith("hub on "):
                raise RuntimeError(f"the hub did not start: see {log}")
            yield line.removeprefix("hub on ").strip().removeprefix("http://")
        finally:
            process.terminate()
            process.wait(10)
            if process.stdout:
                process.stdout.close()
