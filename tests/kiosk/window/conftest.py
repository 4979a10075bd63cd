import http.client
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from kiosk.core.visit import Effect, Event, Rules, Window, advance
from kiosk.secrets import token_hash
from kiosk.window.ports import WindowInfo, WindowPorts, WindowStatus
from kiosk.window.server import WindowServer
from sync.records import At

TOKENS = {"3": "token-of-3", "4": "token-of-4", "door": "token-of-door", "t": "token-of-t"}
WINDOWS = {
    "3": WindowInfo("3号窗口", "window", 60, "Window 3"),
    "4": WindowInfo("4号<窗口>&", "window", 15),
    "door": WindowInfo("大厅出口", "walk-up", 30),
    "t": WindowInfo("自助终端", "terminal", 30),
}


class Clock:
    """Moves only when told to."""

    def __init__(self) -> None:
        self.boot_ms = 1_000_000

    def __call__(self) -> At:
        return At(wall_ms=1_800_000_000_000 + self.boot_ms, boot_ms=self.boot_ms, boot="0123456789abcdef")

    def forward(self, seconds: float) -> None:
        self.boot_ms += round(seconds * 1000)


class Hall:
    """The real core of every window, driven by hand."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.windows = {
            window: Window(Rules(window, info.place, info.stays_open_seconds * 1000))
            for window, info in WINDOWS.items()
        }
        self.events: list[tuple[str, Event]] = []
        self.effects: list[Effect] = []

    def dispatch(self, window: str, event: Event) -> None:
        with self._lock:
            step = advance(self.windows[window], event)
            self.windows[window] = step.window
            self.events.append((window, event))
            self.effects += step.effects

    def status(self, window: str) -> WindowStatus:
        state = self.windows[window]
        return WindowStatus(state.clerk, state.pause)

    def of_kind(self, kind: type) -> list[Any]:
        return [event for _, event in self.events if isinstance(event, kind)]


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    content: bytes

    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def text(self) -> str:
        return self.content.decode()


class Counting:
    """Bytes that repeat from run to run, and never within one."""

    def __init__(self) -> None:
        self._next = 0

    def __call__(self, size: int) -> bytes:
        self._next += 1
        return self._next.to_bytes(size, "big")


class Kiosk:
    """A running server with what stands behind it, and a client."""

    def __init__(self, hosts: tuple[str, ...] = (), listen: str = "127.0.0.1:0", **ports: Any) -> None:
        self.clock, self.hall = Clock(), Hall()
        self.tokens = {window: token_hash(token) for window, token in TOKENS.items()}
        doors = WindowPorts(self.hall.dispatch, self.hall.status, **ports)
        self.server = WindowServer(listen, WINDOWS, self.tokens.get, hosts, doors, self.clock, Counting())

    @property
    def address(self) -> tuple[str, int]:
        host, _, port = self.server.address.rpartition(":")
        return host.strip("[]"), int(port)

    def call(
        self, method: str, path: str, body: Any = None, *, token: str | None = "token-of-3", **headers: str
    ) -> Answer:
        """A body that is no bytes goes as JSON; header names are written with `_`."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            sent.setdefault("Authorization", f"Bearer {token}")
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection(*self.address, timeout=20)
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def ask(self, body: Any = None, **headers: str) -> Answer:
        return self.call("POST", "/v1/windows/3/visits", {} if body is None else body, **headers)


@pytest.fixture
def new_kiosk() -> type[Kiosk]:
    """Makes one that is not started."""
    return Kiosk


@pytest.fixture
def start_kiosk() -> Iterator[Callable[..., Kiosk]]:
    started = []

    def start(*hosts: str, **ports: Any) -> Kiosk:
        kiosk = Kiosk(hosts, **ports)
        kiosk.server.start()
        started.append(kiosk)
        return kiosk

    yield start
    for kiosk in started:
        kiosk.server.stop()
    assert not [thread for thread in threading.enumerate() if thread.name == "window"]


@pytest.fixture
def kiosk(start_kiosk: Callable[..., Kiosk]) -> Kiosk:
    return start_kiosk("kiosk.hall.example", "proxy.example:8443")
