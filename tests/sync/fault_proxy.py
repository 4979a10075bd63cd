"""Networks as they are, on real sockets: a proxy that does to each connection what the next fault of a list says.

It knows bytes and turns, not HTTP: what passes may be TLS. A turn is a question and its answer. Without TLS the first
turn is the question where the hub stands, the second the first batch; with it the handshake comes before.
"""

import contextlib
import random
import select
import socket
import ssl
import struct
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

PAGE = b"<!doctype html><title>Free WLAN</title><script>top.self.location.href='http://login.invalid/'</script>"
JOIN_S = 10
_RESET = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class Cut:
    """The line ends `after` bytes into the question or the answer of that turn, counted from 1."""

    within: Literal["question", "answer"]
    turn: int
    after: int = 0
    then: Literal["reset", "close", "silence"] = "reset"


@dataclass(frozen=True)
class Relay:
    """Passes bytes on, some of them, at a pace."""

    cut: Cut | None = None
    piece: int = 65536
    bytes_a_second: float = 0.0
    """0: as fast as it goes. Each way has this for itself."""
    one_way_s: float = 0.0
    """Connecting costs a round trip of it, too."""

    def __call__(self, line: "Line") -> None:
        _Relaying(self, line).run()


def lost_reply(turn: int, after: int = 0) -> Relay:
    """The server has taken it, and its answer does not come."""
    return Relay(Cut("answer", turn, after))


def half_open(turn: int) -> Relay:
    """From that question on nothing passes, and nobody is told."""
    return Relay(Cut("question", turn, then="silence"))


@dataclass(frozen=True)
class Page:
    """What a captive portal says, to whatever it is asked."""

    status: str = "200 OK"
    location: str = ""

    def __call__(self, line: "Line") -> None:
        line.received.extend(line.client.recv(65536))
        where = f"Location: {self.location}\r\n" if self.location else ""
        head = f"HTTP/1.1 {self.status}\r\nContent-Type: text/html\r\n{where}Content-Length: {len(PAGE)}\r\n\r\n"
        line.client.sendall(head.encode() + PAGE)


def hang(line: "Line") -> None:
    """Taken by the kernel, and nobody reads it."""
    line.ended.wait()


def reset(line: "Line") -> None:
    """After the first byte: Python's ssl leaves a socket open that is reset while it is being wrapped."""
    line.client.recv(1)
    line.reset()


@dataclass(frozen=True)
class Intercept:
    """Ends TLS here, with a certificate of its own, and would show its page."""

    certificate: str
    key: str

    def __call__(self, line: "Line") -> None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.certificate, self.key)
        with context.wrap_socket(line.client, server_side=True) as opened:
            Page()(replace(line, client=opened))


Fault = Callable[["Line"], None]


def named(fault: object) -> str:
    """For a test's name: the same in every process."""
    return getattr(fault, "__name__", None) or str(fault)


@dataclass(frozen=True)
class Line:
    client: socket.socket
    hub: tuple[str, int]
    ended: threading.Event
    """The proxy closes."""
    received: bytearray = field(default_factory=bytearray)
    """From the client."""

    def reset(self) -> None:
        self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.client.close()


class FaultProxy:
    """`faults` are met by one connection each, in order; then `always`."""

    def __init__(self, hub: tuple[str, int] = ("127.0.0.1", 9), host: str = "127.0.0.1") -> None:
        self._hub = hub
        self.faults: list[Fault] = []
        self.always: Fault = Relay()
        self.lines: list[Line] = []
        self._ended = threading.Event()
        self._threads: list[threading.Thread] = []
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, 0), family=family)
        self.place = self._listener.getsockname()[:2]
        self._accepting = threading.Thread(target=self._accept, name="fault-proxy")
        self._accepting.start()

    @property
    def received(self) -> bytes:
        return b"".join(bytes(line.received) for line in self.lines)

    def close(self) -> None:
        self._ended.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join(JOIN_S)
        for line in self.lines:
            _end(line.client)
        for thread in self._threads:
            thread.join(JOIN_S)
            assert not thread.is_alive()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            line = Line(client, self._hub, self._ended)
            self.lines.append(line)
            fault = self.faults.pop(0) if self.faults else self.always
            thread = threading.Thread(target=self._serve, args=(fault, line), name="fault-line")
            self._threads.append(thread)
            thread.start()

    def _serve(self, fault: Fault, line: Line) -> None:
        with contextlib.suppress(OSError), line.client:  # one of the two has cut the line, as most faults want
            fault(line)


class _Relaying:
    def __init__(self, relay: Relay, line: Line) -> None:
        self._relay = relay
        self._line = line
        self._hub = socket.create_connection(line.hub)
        self._hub.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._under_way: dict[socket.socket, deque[tuple[float, bytes]]] = {line.client: deque(), self._hub: deque()}
        """What is on its way to this end, and when it arrives; empty bytes are its end."""
        started = time.monotonic() + 2 * relay.one_way_s
        self._free_at = dict.fromkeys(self._under_way, started)
        self._listening = set(self._under_way)
        self._turn, self._asking, self._passed = 0, False, 0

    def run(self) -> None:
        try:
            while self._listening or any(self._under_way.values()):
                waits = [queue[0][0] - time.monotonic() for queue in self._under_way.values() if queue]
                for end in select.select(list(self._listening), [], [], max(0.0, min(waits)) if waits else None)[0]:
                    if not self._take(end):
                        return
                self._deliver()
        finally:
            self._hub.close()

    def _take(self, end: socket.socket) -> bool:
        """False where the line has ended."""
        data = end.recv(self._relay.piece)
        asking = end is self._line.client
        if asking:
            self._line.received.extend(data)
        other = self._hub if asking else self._line.client
        if not data:
            self._listening.discard(end)
            self._under_way[other].append((self._free_at[other] + self._relay.one_way_s, b""))
            return True
        self._count(asking)
        cut = self._relay.cut
        left = self._left(cut, asking) if cut else len(data)
        self._send(other, data[:left])
        self._passed += len(data[:left])
        if cut and left < len(data):
            self._deliver(everything=True)
            self._end(cut)
            return False
        return True

    def _count(self, asking: bool) -> None:
        if asking != self._asking or self._turn == 0:
            self._turn += asking
            self._asking, self._passed = asking, 0

    def _left(self, cut: Cut, asking: bool) -> int:
        here = (self._turn, asking) == (cut.turn, cut.within == "question")
        return max(0, cut.after - self._passed) if here else 1 << 30

    def _send(self, other: socket.socket, data: bytes) -> None:
        now = time.monotonic()
        for start in range(0, len(data), self._relay.piece):
            piece = data[start : start + self._relay.piece]
            takes_s = len(piece) / self._relay.bytes_a_second if self._relay.bytes_a_second else 0.0
            self._free_at[other] = max(now, self._free_at[other]) + takes_s
            self._under_way[other].append((self._free_at[other] + self._relay.one_way_s, piece))

    def _deliver(self, *, everything: bool = False) -> None:
        for end, queue in self._under_way.items():
            while queue and (everything or queue[0][0] <= time.monotonic()):
                _, data = queue.popleft()
                if data:
                    end.sendall(data)
                else:
                    end.shutdown(socket.SHUT_WR)

    def _end(self, cut: Cut) -> None:
        if cut.then == "reset":
            self._line.reset()
        elif cut.then == "silence":
            self._line.ended.wait()


def any_fault(chance: random.Random, pages: bool) -> Fault:
    """One of all that pass in an instant; `pages`: also those that only a plain line can show."""
    turn, after = chance.randrange(1, 6), chance.choice((0, 1, 100, chance.randrange(8000)))
    kinds: list[Fault] = [
        Relay(),
        Relay(piece=chance.randrange(1, 200)),
        lost_reply(turn),
        Relay(Cut("answer", turn, after, chance.choice(("reset", "close")))),
        Relay(Cut("question", turn, after, chance.choice(("reset", "close")))),
        reset,
    ]
    if pages:
        kinds += [Page(), Page("302 Found", "http://login.invalid/"), Page("511 Network Authentication Required")]
    return chance.choice(kinds)


class DeadAddress:
    """An address that never answers: a listener whose queue is full, so that the kernel drops whoever knocks."""

    def __init__(self, host: str) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.socket(family)
        self._listener.bind((host, 0))
        self._listener.listen(0)
        self.place = self._listener.getsockname()[:2]
        self._knocking = []
        for _ in range(4):
            one = socket.socket(family)
            one.setblocking(False)
            one.connect_ex(self.place)
            self._knocking.append(one)

    def close(self) -> None:
        for one in (*self._knocking, self._listener):
            one.close()


def _end(line: socket.socket) -> None:
    with contextlib.suppress(OSError):  # it has ended already
        line.shutdown(socket.SHUT_RDWR)
