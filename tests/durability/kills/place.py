"""A hall whose every point is walk-up: one on the glass, the others on the box, so that presses come in a stream."""

import contextlib
import json
import sqlite3
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from devices.emulated_evaluator import EmulatedEvaluator
from devices.profile import Profile, load_profile
from kiosk.demo.hall import _hub_process as hub_process
from kiosk.demo.relay import Relay
from kiosk.secrets import FILE_NAME as SECRETS
from kiosk.secrets import Secrets
from sync.clock import SystemClock, hall_day
from sync.hub.schema import FILE_NAME as HUB_FILE
from sync.hub.setup import init as init_hub

PROFILE: Final = "rs485-ft12"
GLASS: Final = "glass"
BOXES: Final = tuple(f"box{number}" for number in range(2, 14))
UTC_OFFSET_MINUTES: Final = 480

_SETTINGS: Final = """\
[hall]
name = "示范县政务服务中心"

[storage]
directory = {state}

[screen]
window = "glass"
full_screen = false

[[evaluator]]
name = "rs485"
profile = "{profile}"
port = "{port}"
addresses = {{ {addresses} }}
acknowledge = true

[hub]
url = "http://127.0.0.1:{hub_port}"
seal_key = "{seal_key}"

"""
_WINDOW: Final = '[[window]]\nid = "{id}"\nname = "{id}"\nplace = "walk-up"\nstays_open_seconds = 15\n\n'


@dataclass(frozen=True, slots=True)
class Place:
    config: Path
    state: Path
    log: Path
    box: EmulatedEvaluator
    profile: Profile
    relay: Relay
    hub: Path
    hub_address: str
    reader_token: str

    def press_box(self, window: str, level: int) -> None:
        self.box.press(address_of(window), level)

    def hub_next(self, device: str) -> dict[str, int]:
        """Generation to the sequence that the hub wants next; empty for a device it never heard of."""
        generations = self._get(f"/v1/devices/{device}")["generations"]
        assert isinstance(generations, list)
        return {one["generation"]: int(one["next"]) for one in generations}

    def hub_counts(self, *days: str) -> Counter[int]:
        counted: Counter[int] = Counter()
        for day in days:
            outcomes = self._get(f"/v1/counts?day={day}")["outcomes"]
            assert isinstance(outcomes, dict)
            counted.update({int(outcome): int(visits) for outcome, visits in outcomes.items()})
        return counted

    def hub_alarms(self) -> object:
        return self._get("/v1/alarms")["alarms"]

    def hub_bodies(self) -> dict[str, list[tuple[int, bytes]]]:
        """Generation to sequence and body of each record that the hub keeps, from its own file."""
        connection = sqlite3.connect(f"{(self.hub / HUB_FILE).as_uri()}?mode=ro", uri=True)
        try:
            rows = connection.execute(
                "SELECT generation, seq, body FROM record JOIN branch ON id = record.branch ORDER BY generation, seq"
            ).fetchall()
        finally:
            connection.close()
        kept: dict[str, list[tuple[int, bytes]]] = {}
        for generation, seq, body in rows:
            kept.setdefault(generation, []).append((seq, bytes(body)))
        return kept

    def _get(self, path: str) -> dict[str, object]:
        request = urllib.request.Request(
            f"http://{self.hub_address}{path}", headers={"Authorization": f"Bearer {self.reader_token}"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return dict(json.load(answer))


def address_of(window: str) -> int:
    """On the serial line; the glass has a box too."""
    return 0x80 + (1 if window == GLASS else int(window.removeprefix("box")))


def window_of(address: int) -> str:
    return GLASS if address == 0x81 else f"box{address - 0x80}"


def today() -> str:
    return hall_day(SystemClock().now().wall_ms, UTC_OFFSET_MINUTES)[0]


@contextlib.contextmanager
def open_place(
    folder: Path, *, state: Path | None = None, on_acknowledged: Callable[[str], None] = lambda _: None
) -> Iterator[Place]:
    """Hub process, line to it and box run until the block ends. `on_acknowledged` is told the window, on a thread."""
    profile = load_profile(PROFILE)
    folder.mkdir(exist_ok=True)
    where = state or folder / "state"
    with contextlib.ExitStack() as stack:
        hub = init_hub(folder / "hub", "127.0.0.1:0")
        address = stack.enter_context(hub_process(hub.config, folder / "hub.log"))
        relay = stack.enter_context(Relay(address))
        line = EmulatedEvaluator(
            profile, folder / "ttyEVALUATOR", on_received=lambda frame: _hear(profile, frame, on_acknowledged)
        )
        box = stack.enter_context(line)
        config = folder / "kiosk.toml"
        text = _SETTINGS.format(
            state=json.dumps(str(where)),
            profile=PROFILE,
            port=box.port,
            addresses=", ".join(f'{address_of(window) - 0x80} = "{window}"' for window in (GLASS, *BOXES)),
            hub_port=relay.port,
            seal_key=hub.seal_key,
        )
        config.write_text(text + "".join(_WINDOW.format(id=window) for window in (GLASS, *BOXES)), encoding="utf-8")
        Secrets().with_hub_token(hub.device_token).save(folder / SECRETS)
        yield Place(config, where, folder / "kiosk.log", box, profile, relay, folder / "hub", address, hub.reader_token)


def _hear(profile: Profile, frame: bytes, on_acknowledged: Callable[[str], None]) -> None:
    for window in (GLASS, *BOXES):
        if profile.command_frame("acknowledge", address_of(window)) == frame:
            on_acknowledged(window)
