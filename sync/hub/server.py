"""Runs the hub: for good in a process of its own (`serve`), or on a thread (`Hub`).

uvicorn's own loop looks around ten times a second. Here it waits until it is told to stop, and each answer gets its
Date when it is sent.
"""

import asyncio
import contextlib
import fcntl
import logging
import os
import random
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Final

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync.bounded_server import BoundedConnection, BoundedServer
from sync.hub.app import Clock, HubApp, wall_ms
from sync.hub.control import Control
from sync.hub.parcels import ParcelIntake
from sync.hub.schema import HubError
from sync.hub.settings import HubSettings, load_settings
from sync.hub.store import Store

if TYPE_CHECKING:
    from sync.hub.reporting import Reporting

log = logging.getLogger(__name__)

ANSWERING_S: Final = 5.0
"""How long a batch that has arrived may still take when the hub ends."""


class _Connection(BoundedConnection):
    head_s = 30.0
    """A slow line, and a round trip or two that were lost."""


class WaitingServer(BoundedServer):
    """Sleeps until a request or `ask_to_stop` comes."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config, ANSWERING_S)
        self._on_ready = on_ready
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None

    def ask_to_stop(self) -> None:
        """From any thread, any number of times."""
        self.should_exit = True
        with contextlib.suppress(RuntimeError):  # the loop has ended already
            if self._loop is not None and self._stopping is not None:
                self._loop.call_soon_threadsafe(self._stopping.set)

    async def main_loop(self) -> None:
        self._stopping = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._on_ready()
        if not self.should_exit:
            await self._stopping.wait()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        del frame
        log.info("the hub ends: signal %d", sig)
        self.ask_to_stop()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """uvicorn raises the signal again when it has ended; a service that was told to end ends well."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


class Hub:
    """A hub with its store. `start` returns when it listens; `stop` when all of it has ended."""

    def __init__(self, settings: HubSettings, now_ms: Clock = wall_ms) -> None:
        self._settings = settings
        self._now_ms = now_ms
        self._thread = threading.Thread(target=self._run_logged, name="hub", daemon=True)
        self._ready = threading.Event()
        self._server: WaitingServer | None = None
        self._fault: Exception | None = None
        self.address = ""
        """`http://host:port` once it listens."""

    def start(self, deadline_s: float = 15.0) -> None:
        """Raises `HubError` where it cannot listen or its folder is not usable."""
        self._thread.start()
        if not self._ready.wait(deadline_s):
            raise HubError(f"the hub did not start within {deadline_s:.0f} s")
        if self._fault is not None:
            raise self._fault

    def stop(self, deadline_s: float = 10.0) -> None:
        if self._server is not None:
            self._server.ask_to_stop()
        self._thread.join(deadline_s)

    def run(self, ready: Callable[[str], None] | None = None) -> None:
        """On the calling thread, until SIGTERM, SIGINT or `stop`. Raises `HubError`."""
        directory = Path(self._settings.directory)
        with only_one(directory), _listening(self._settings) as listener, _store_thread() as executor:
            store = executor.submit(Store, directory, self._settings.utc_offset_minutes).result()
            try:
                with self._reporting(directory, store, executor) as reporting:
                    control = self._control(directory, store, executor, reporting)
                    try:
                        self._serve(listener, HubApp(self._settings, store, executor, self._now_ms).asgi, ready)
                    finally:
                        control.stop()
            finally:
                executor.submit(store.close).result()

    @contextlib.contextmanager
    def _reporting(self, directory: Path, store: Store, executor: ThreadPoolExecutor) -> "Iterator[Reporting | None]":
        """None where the settings name no province."""
        if self._settings.province is None:
            yield None
            return
        from sync.hub.province_settings import open_clock, open_platform
        from sync.hub.reporting import Reporting

        clock = open_clock(self._settings.province)
        platform = open_platform(self._settings.province)
        offset = self._settings.utc_offset_minutes
        reporting = Reporting(platform, directory, store, executor, self._now_ms, random.random, offset, clock)
        reporting.start()
        try:
            yield reporting
        finally:
            reporting.stop()

    def _control(
        self, directory: Path, store: Store, executor: ThreadPoolExecutor, reporting: "Reporting | None"
    ) -> Control:
        parcels = ParcelIntake(self._settings, store, lambda work: executor.submit(work).result())
        control = Control(directory, store, executor, self._now_ms, parcels, reporting)
        try:
            control.start()
        except OSError as fault:
            log.warning("no command can reach this hub: %s", fault)
        return control

    def _serve(self, listener: socket.socket, app: ASGIApp, ready: Callable[[str], None] | None) -> None:
        scheme = "https" if self._settings.tls else "http"
        host, port = listener.getsockname()[:2]
        self.address = f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"

        def on_ready() -> None:
            log.info("the hub listens at %s", self.address)
            self._ready.set()
            if ready is not None:
                ready(self.address)

        self._server = WaitingServer(_config(self._settings, app), on_ready)
        self._server.run(sockets=[listener])

    def _run_logged(self) -> None:
        try:
            self.run()
        except HubError as fault:
            self._fault = fault
        finally:
            self._ready.set()


def serve(config: Path, ready: Callable[[str], None] | None = None) -> int:
    """Blocks until SIGTERM or SIGINT, then returns 0. `ready` gets the address. Raises `HubError`."""
    Hub(load_settings(config)).run(ready)
    return 0


def _config(settings: HubSettings, app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        _dated(app),
        loop="asyncio",
        http=_Connection,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=75,
        ssl_certfile=settings.tls.certificate if settings.tls else None,
        ssl_keyfile=settings.tls.key if settings.tls else None,
    )


def _dated(app: ASGIApp) -> ASGIApp:
    async def dated(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                date = (b"date", formatdate(usegmt=True).encode())
                message = {**message, "headers": [*message.get("headers", ()), date]}
            await send(message)

        await app(scope, receive, send_dated)

    return dated


@contextlib.contextmanager
def _store_thread() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1, thread_name_prefix="hub-store") as executor:
        yield executor


@contextlib.contextmanager
def _listening(settings: HubSettings) -> Iterator[socket.socket]:
    host, port = settings.address
    # asyncio turns Nagle's algorithm off where `proto` says TCP only; socket.create_server leaves it 0, and each answer
    # then waits 40 ms for the other side's delayed acknowledgement
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host, port))
            listener.listen(128)
        except OSError as fault:
            raise HubError(f"cannot listen on {settings.listen}: {fault.strerror or fault}") from fault
        yield listener


@contextlib.contextmanager
def only_one(directory: Path) -> Iterator[None]:
    """Two hubs on one store would be two writers."""
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(directory / "hub.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as fault:
        raise HubError(f"the folder {directory} cannot be used: {fault}") from fault
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as fault:
        raise HubError(f"another hub runs on {directory}: stop it first") from fault
    finally:
        os.close(descriptor)
