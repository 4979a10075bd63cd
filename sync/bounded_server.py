"""What uvicorn lacks where anybody may connect: an end to waiting for a client, and an end of its own without delay."""

import asyncio
import socket

import h11
from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol


class BoundedConnection(H11Protocol):
    """Drops a client that does not say what it wants in time; uvicorn would wait for ever.

    That is a head that does not come to its end, nothing at all, or a body that was answered before its end.
    """

    head_s = 10.0
    """From the connection, or from the first byte after an answer, to the end of the next head."""

    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._time_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._time_head()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.conn.trailing_data[0] or self.conn.their_state is h11.SEND_BODY:
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
            self._head_timer = self.loop.call_later(self.head_s, self._head_is_late)

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


class BoundedServer(Server):
    """To be given `BoundedConnection`, or a subclass, as its `http`."""

    def __init__(self, config: Config, answering_s: float) -> None:
        """`answering_s`: how long answers that are under way at the end may still take."""
        super().__init__(config)
        self._answering_s = answering_s

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
            await asyncio.wait(self.server_state.tasks, timeout=self._answering_s)
        await asyncio.sleep(0)  # closed transports say so on the next turn
        for connection in self._connections():
            connection.transport.abort()
        await asyncio.sleep(0)

    def _connections(self) -> list[BoundedConnection]:
        return [one for one in self.server_state.connections if isinstance(one, BoundedConnection)]
