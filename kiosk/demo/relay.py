"""A line between kiosk and hub that can be cut and mended: real sockets, passed on byte by byte."""

import contextlib
import socket
import threading
from types import TracebackType
from typing import Final, Self

_CHUNK: Final = 65536


class Relay:
    """Listens on loopback; `port` is what the kiosk is told. While cut, connections die and new ones are closed."""

    def __init__(self, target: str) -> None:
        host, port = target.rsplit(":", 1)
        self._target = (host, int(port))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._cut = False
        self._lines: list[threading.Thread] = []
        self._thread = threading.Thread(target=self._accept, name="relay", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cut()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(2)

    def cut(self) -> None:
        with self._lock:
            self._cut = True
            for end in self._open:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        with self._lock:
            self._cut = False

    def _accept(self) -> None:
        while True:
            try:
                caller, _ = self._listener.accept()
            except OSError:
                break
            line = threading.Thread(target=self._serve, args=(caller,), name="relay-line", daemon=True)
            self._lines.append(line)
            line.start()
        for line in self._lines:
            line.join(2)

    def _serve(self, caller: socket.socket) -> None:
        """One connection, both ways, until either end or a cut ends it."""
        with contextlib.ExitStack() as stack:
            stack.enter_context(caller)
            try:
                callee = stack.enter_context(socket.create_connection(self._target, timeout=5))
            except OSError:
                return
            callee.settimeout(None)
            with self._lock:
                if self._cut:
                    return
                self._open |= {caller, callee}
            back = threading.Thread(target=_pass_on, args=(callee, caller), name="relay-back", daemon=True)
            back.start()
            _pass_on(caller, callee)
            back.join()
            with self._lock:
                self._open -= {caller, callee}


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(_CHUNK):
            sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
