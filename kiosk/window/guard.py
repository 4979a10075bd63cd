"""What every request meets first: who it thinks it talks to, where it comes from, how much it sends and how slowly.

The body is read here, whole and bounded, so that nothing behind ever waits for a client.
"""

import asyncio
from collections.abc import Callable
from email.utils import formatdate
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kiosk.window.hosts import AllowedHosts
from kiosk.window.problems import Problem
from sync.records import At

BODY_BYTES: Final = 64 * 1024
BODY_TIMEOUT_S: Final = 10
DRAINED_BYTES: Final = 32 * 1024 * 1024
"""Read and thrown away, so that a client that sends before it listens gets to see why it was refused."""


class ClientLeftError(Exception):
    """Nobody is there to answer."""


class Guard:
    def __init__(
        self,
        app: ASGIApp,
        allowed: AllowedHosts,
        now: Callable[[], At],
        told: Callable[[str, Problem], Response],
        headers: dict[str, str],
    ) -> None:
        self._app = app
        self._allowed = allowed
        self._now = now
        self._told = told
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Date"] = formatdate(self._now().wall_ms / 1000, usegmt=True)
                headers.update(self._headers)
            await send(message)

        try:
            self._check_source(scope)
            body = await _read(scope, receive)
        except Problem as problem:
            await self._told(scope["path"], problem)(scope, receive, send_with_headers)
        except ClientLeftError:
            return
        else:
            await self._app(scope, _replayed(body, receive), send_with_headers)

    def _check_source(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self._allowed.accepts_host(host):
            raise Problem(403, "address the kiosk by a name it knows: see window_interface.hosts in its settings")
        origin = headers.get("origin")
        if origin is not None and not self._allowed.accepts_origin(origin, host):
            raise Problem(403, "a page from elsewhere may not call the kiosk")
        if _is_form(scope) and origin is None and not self._allowed.accepts_origin(headers.get("referer", ""), host):
            raise Problem(403, "the browser does not say which page this comes from: open the clerk page itself")


def _is_form(scope: Scope) -> bool:
    """A browser adds the clerk's cookie by itself: for a form it must also say which page sent it."""
    path: str = scope["path"]
    return scope["method"] == "POST" and path.startswith("/clerk/")


async def _read(scope: Scope, receive: Receive) -> bytes:
    headers = Headers(scope=scope)
    declared = headers.get("content-length", "0")
    if int(declared) > DRAINED_BYTES or (int(declared) > BODY_BYTES and "expect" in headers):
        raise _too_large()
    try:
        async with asyncio.timeout(BODY_TIMEOUT_S):
            return await _collected(receive)
    except TimeoutError as error:
        detail = f"the body did not arrive within {BODY_TIMEOUT_S} s: send it again"
        raise Problem(408, detail, {"Connection": "close"}) from error


async def _collected(receive: Receive) -> bytes:
    """What is beyond the limit is counted, not kept."""
    body, received, more = bytearray(), 0, True
    while more and received <= DRAINED_BYTES:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientLeftError
        chunk, more = message.get("body", b""), message.get("more_body", False)
        received += len(chunk)
        if received <= BODY_BYTES:
            body += chunk
    if received > BODY_BYTES:
        raise _too_large()
    return bytes(body)


def _too_large() -> Problem:
    return Problem(413, "a body is at most 64 KiB: send fewer cases in one request", {"Connection": "close"})


def _replayed(body: bytes, receive: Receive) -> Receive:
    pending = [body]

    async def replay() -> Message:
        if pending:
            return {"type": "http.request", "body": pending.pop(), "more_body": False}
        return await receive()

    return replay
