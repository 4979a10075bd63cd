"""uvicorn, without its ticking: idle, the thread sleeps until a connection comes or it is asked to stop."""

import asyncio
import socket
from concurrent.futures import Future

from starlette.types import ASGIApp
from uvicorn import Config

from sync.bounded_server import BoundedConnection, BoundedServer

KEEP_ALIVE_S = 5
ANSWERING_S = 1
"""How long an answer that is under way at the end may still take."""


def serve(bound: socket.socket, app: ASGIApp, stop_asked: "Future[None]") -> None:
    """Returns once `stop_asked` is set and what was being answered has been. Closes the socket."""
    config = Config(
        app,
        http=BoundedConnection,
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


class _Server(BoundedServer):
    def __init__(self, config: Config, stop_asked: "Future[None]") -> None:
        super().__init__(config, ANSWERING_S)
        self._stop_asked = stop_asked

    async def main_loop(self) -> None:
        await asyncio.wrap_future(self._stop_asked)
