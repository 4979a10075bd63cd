"""An adapter for requests whose connections another thread can cut.

requests has no deadline for a whole exchange, and a thread that waits for an answer cannot be told to stop. It also
gives the connect timeout to the sending of the whole body, which a slow line needs longer for, and again to each
address of a host, of which the first may never answer (`sync.reaching`).
"""

import contextlib
import socket
import threading
import weakref
from typing import Any

import urllib3.exceptions
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.poolmanager import PoolManager

from sync.reaching import reach


class _OpenSockets:
    def __init__(self, send_s: float) -> None:
        self._send_s = send_s
        self._sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self._lock = threading.Lock()
        self._ended = False

    def add(self, opened: socket.socket) -> None:
        with self._lock:
            self._sockets.add(opened)
            ended = self._ended
        if ended:
            _shut(opened)

    def add_connected(self, opened: socket.socket) -> None:
        opened.settimeout(self._send_s)
        self.add(opened)

    def cut(self, for_good: bool) -> None:
        with self._lock:
            opened = list(self._sockets)
            self._ended = self._ended or for_good
        for one in opened:
            _shut(one)


class InterruptibleAdapter(HTTPAdapter):
    def __init__(self, send_s: float) -> None:
        self._open = _OpenSockets(send_s)
        super().__init__(pool_connections=1, pool_maxsize=1)

    def cut(self, *, for_good: bool = False) -> None:
        """The exchange under way fails at once; `for_good`: so does every later one."""
        self._open.cut(for_good)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        _teach(self.poolmanager, self._open)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **kwargs)
        _teach(manager, self._open)
        return manager


def _teach(manager: PoolManager, opened: _OpenSockets) -> None:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _reached(self, opened)

        def connect(self) -> None:
            super().connect()
            if self.sock is not None:
                opened.add_connected(self.sock)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _reached(self, opened)

        def connect(self) -> None:
            super().connect()
            if self.sock is not None:
                opened.add_connected(self.sock)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    manager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}


def _reached(line: HTTPConnection, opened: _OpenSockets) -> socket.socket:
    """In urllib3's own words where it fails."""
    connect_s = line.timeout
    if not isinstance(connect_s, int | float):
        raise urllib3.exceptions.ConnectTimeoutError(line, "a connection is made with a deadline only")
    try:
        fresh = reach(line._dns_host, line.port, connect_s, opened.add)  # noqa: SLF001 - as urllib3 itself
    except socket.gaierror as fault:
        raise urllib3.exceptions.NameResolutionError(line.host, line, fault) from fault
    except TimeoutError as fault:
        raise urllib3.exceptions.ConnectTimeoutError(line, str(fault)) from fault
    except OSError as fault:
        raise urllib3.exceptions.NewConnectionError(line, str(fault)) from fault
    fresh.settimeout(connect_s)
    return fresh


def _shut(opened: socket.socket) -> None:
    # not the method of SSLSocket: that one takes the session away from a thread that reads with it
    with contextlib.suppress(OSError):
        socket.socket.shutdown(opened, socket.SHUT_RDWR)
