"""The thread on which the window interface is served. Imports the web libraries there, not here."""

import logging
import os
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future

from kiosk.settings.checks import split_address
from kiosk.window.ports import WindowInfo, WindowPorts
from sync.records import At

log = logging.getLogger(__name__)

BACKLOG = 64


class WindowServer:
    """Serves from `start()` to `stop()`, once. `tokens` gives the `kiosk.secrets.token_hash` of a window, or None.

    `hosts` are further names under which it may be addressed, `host` or `host:port`. Port 0: the system chooses one.
    """

    def __init__(
        self,
        listen: str,
        windows: Mapping[str, WindowInfo],
        tokens: Callable[[str], str | None],
        hosts: Sequence[str],
        ports: WindowPorts,
        now: Callable[[], At],
        random_bytes: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._listen = listen
        self._windows = windows
        self._tokens = tokens
        self._hosts = hosts
        self._ports = ports
        self._now = now
        self._random_bytes = random_bytes
        self._stop_asked: Future[None] = Future()
        self._socket: socket.socket | None = None
        self._address: tuple[str, int] | None = None
        self._thread = threading.Thread(target=self._serve, name="window", daemon=True)

    @property
    def address(self) -> str:
        """`host:port` that is bound. Only after `start()`."""
        if self._address is None:
            raise RuntimeError("the window server has not been started")
        return _joined(*self._address)

    def start(self) -> None:
        """Connections are taken from here on. Raises `OSError` in plain words where the address cannot be had."""
        self._socket = _bound(self._listen)
        host, port = self._socket.getsockname()[:2]
        self._address = (host, port)
        self._thread.start()
        log.info("window interface on %s, %d windows", self.address, len(self._windows))

    def stop(self, deadline_s: float = 2.0) -> None:
        """Answers what is being answered, drops who is still sending. Does nothing before `start()`."""
        if not self._stop_asked.done():
            self._stop_asked.set_result(None)
        if self._thread.ident is None:
            return
        self._thread.join(deadline_s)
        if self._thread.is_alive():
            log.warning("window interface still running %.1f s after it was asked to stop", deadline_s)

    def _serve(self) -> None:
        from kiosk.window.application import application
        from kiosk.window.hosts import AllowedHosts
        from kiosk.window.service import WindowService
        from kiosk.window.serving import serve

        if self._socket is None or self._address is None:
            raise RuntimeError("the thread runs before the socket is bound")
        service = WindowService(self._windows, self._tokens, self._ports, self._now, self._random_bytes)
        allowed = AllowedHosts.listening_on(*self._address, self._hosts)
        serve(self._socket, application(service, allowed), self._stop_asked)


def _bound(listen: str) -> socket.socket:
    address = split_address(listen)
    if address is None:
        raise OSError(f'the window interface cannot listen on "{listen}": write "127.0.0.1:8650"')
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    try:
        bound = socket.create_server(address, family=family, backlog=BACKLOG)
    except OSError as error:
        reason = f"the window interface cannot listen on {listen}: {error.strerror or error}"
        raise OSError(error.errno, reason) from error
    # asyncio sets this only where the listening socket names its protocol; without it a kept connection waits 40 ms
    bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return bound


def _joined(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
