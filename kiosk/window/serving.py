"""uvicorn, without its ticking: idle, the thread sleeps until a connection comes or it is asked to stop."""

import asyncio
import socket
from concurrent.futures import Future

from starlette.types import ASGIApp
from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_TIMEOUT_S = 10
"""How long a client may take to say what it wants."""
KEEP_ALIVE_S = 5
ANSWERING_S = 1
"""How long an answer that is under way at the end may still take."""


def serve(bound: socket.socket, app: ASGIApp, stop_asked: "Future[None]") -> None:
    """Returns once `stop_asked` is set and what was being answered has been. Closes the socket."""
    config = Config(
        app,
        http=_Protocol,
        loop="asyncio",
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level="warning",
        access_log=False,  # paths hold window and visit ids
        proxy_headers=False,
        server_header=False,
        date_header=False,  # uvicorn's is made by its tick; the guard has its own
        backlog=64,
        timeout_keep_alive=KEEP_ALIVE_S,
    )
    _Server(config, stop_asked).run(sockets=[bound])


class _Server(Server):
    def __init__(self, config: Config, stop_asked: "Future[None]") -> None:
        super().__init__(config)
        self._stop_asked = stop_asked

    async def main_loop(self) -> None:
        await asyncio.wrap_future(self._stop_asked)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's own, without its looking again ten times a second."""
        for server in self.servers:
            server.close()
        for bound in sockets or []:
            bound.close()
        for connection in self._connections():
            connection.drop_if_sending()
            connection.shutdown()
        if self.server_state.tasks:
            await asyncio.wait(self.server_state.tasks, timeout=ANSWERING_S)
        await asyncio.sleep(0)  # closed transports say so on the next turn
        for connection in self._connections():
            connection.transport.abort()
        await asyncio.sleep(0)

    def _connections(self) -> "list[_Protocol]":
        return [connection for connection in self.server_state.connections if isinstance(connection, _Protocol)]


class _Protocol(H11Protocol):
    """Drops a connection whose request head does not arrive in time: uvicorn would wait for ever."""

    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._time_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._time_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._cancel()
        super().connection_lost(exc)

    def drop_if_sending(self) -> None:
        """Its request is not whole yet: it would hold up the end for as long as it likes."""
        if self.cycle is not None and self.cycle.more_body:
            self.transport.abort()

    def _time_head(self) -> None:
        if not self._between_requests():
            self._cancel()
        elif self._head_timer is None:
            self._head_timer = self.loop.call_later(HEAD_TIMEOUT_S, self._head_is_late)

    def _head_is_late(self) -> None:
        self._head_timer = None
        if self._between_requests():
            self.transport.abort()

    def _between_requests(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _cancel(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
