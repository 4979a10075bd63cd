"""Connects to a host of which some addresses never answer: IPv6 that a network announces and does not carry.

The addresses are tried one after the other without waiting for the end of the one before, kinds in turn (RFC 8305).
"""

import errno
import os
import selectors
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator
from itertools import chain, zip_longest
from typing import Any, Final, NamedTuple, Self

HEAD_START_S: Final = 0.25
"""What an address has before the next one is tried beside it (RFC 8305, section 5)."""


class _Place(NamedTuple):
    family: socket.AddressFamily
    address: Any


def reach(host: str, port: int, deadline_s: float, opened: Callable[[socket.socket], None]) -> socket.socket:
    """A connected socket; the deadline is for all addresses together, looking up the name aside.

    `opened` is told each socket that is tried: whoever shuts one ends that try. Raises `socket.gaierror`,
    `TimeoutError`, or the `OSError` of the last address that refused.
    """
    waiting = deque(_in_turn(host, port))
    end = time.monotonic() + deadline_s
    with _Tries(opened) as tries:
        while True:
            if waiting and tries.may_begin():
                tries.begin(waiting.popleft())
            if not tries.open and not waiting:
                raise tries.fault
            connected = tries.wait(end, more=bool(waiting))
            if connected is not None:
                connected.setblocking(True)
                return connected
            if time.monotonic() >= end:
                raise TimeoutError("no address answered in time")


def _in_turn(host: str, port: int) -> Iterator[_Place]:
    """The resolver's order, with the two kinds of address taken in turn."""
    found = [(kind, place) for kind, _, _, _, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    first = [_Place(kind, place) for kind, place in found if kind == found[0][0]]
    others = [_Place(kind, place) for kind, place in found if kind != found[0][0]]
    return (place for place in chain.from_iterable(zip_longest(first, others)) if place is not None)


class _Tries:
    """Connections under way; all but the one that is given away are closed at the end."""

    def __init__(self, opened: Callable[[socket.socket], None]) -> None:
        self._opened = opened
        self._selector = selectors.DefaultSelector()
        self._next_at = 0.0
        self.open: set[socket.socket] = set()
        self.fault: OSError = OSError("the host has no address")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._selector.close()
        for one in self.open:
            one.close()

    def may_begin(self) -> bool:
        return not self.open or time.monotonic() >= self._next_at

    def begin(self, place: _Place) -> None:
        self._next_at = time.monotonic() + HEAD_START_S
        try:
            fresh = socket.socket(place.family, socket.SOCK_STREAM)
        except OSError as fault:  # a machine without IPv6
            self.fault = fault
            return
        self.open.add(fresh)
        fresh.setblocking(False)
        fresh.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        error = fresh.connect_ex(place.address)
        self._opened(fresh)
        if error in {0, errno.EINPROGRESS}:
            self._selector.register(fresh, selectors.EVENT_WRITE, fresh)
        else:
            self._give_up(fresh, error)

    def wait(self, end: float, *, more: bool) -> socket.socket | None:
        """The first that is connected; None when there is something else to do."""
        until = min(end, self._next_at) if more else end
        for key, _ in self._selector.select(max(0.0, until - time.monotonic())):
            tried: socket.socket = key.data
            self._selector.unregister(tried)
            error = tried.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if error == 0:
                self.open.remove(tried)
                return tried
            self._give_up(tried, error)
        return None

    def _give_up(self, tried: socket.socket, error: int) -> None:
        self.fault = OSError(error, os.strerror(error))
        self._next_at = 0.0
        self.open.remove(tried)
        tried.close()
