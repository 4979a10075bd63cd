"""Reads the body of a request without ever holding more of it than is allowed, inflated or not."""

import asyncio
import zlib
from dataclasses import dataclass
from typing import Final, Literal

from starlette.requests import ClientDisconnect, Request

from sync.parcels.parcel import MAX_PARCEL
from sync.wire import BATCH_TYPE, MAX_COMPRESSED, MAX_INFLATED, PARCEL_TYPE

SLOWEST_S: Final = 120.0
"""A batch that takes longer to arrive is given up."""


@dataclass(frozen=True, slots=True)
class NotTaken:
    code: Literal["wrong-type", "too-large", "too-slow", "malformed"]
    detail: str


_TOO_LARGE: Final = NotTaken(
    "too-large",
    f"send fewer records at once: at most {MAX_COMPRESSED} bytes as sent, {MAX_INFLATED} bytes inflated",
)


class TooLarge(Exception):  # noqa: N818 - what came, not what failed
    """More came than a small request may hold."""


async def read_small(request: Request, most: int) -> bytes:
    """The body of a request that is never long, as it is. Raises `TooLarge`."""
    body = bytearray()
    try:
        async with asyncio.timeout(SLOWEST_S):
            async for chunk in request.stream():
                body += chunk
                if len(body) > most:
                    raise TooLarge(f"at most {most} bytes")
    except (TimeoutError, ClientDisconnect) as fault:
        raise TooLarge("the request did not come to its end") from fault
    return bytes(body)


async def read_body(request: Request) -> bytes | NotTaken:
    """The body, inflated."""
    refusal = _refused_by_header(request)
    if refusal is not None:
        return refusal
    packed = request.headers.get("content-encoding", "identity").strip().lower() == "gzip"
    try:
        async with asyncio.timeout(SLOWEST_S):
            body = await (_inflate(request) if packed else _collect(request, MAX_COMPRESSED))
            return _TOO_LARGE if body is None else body
    except TimeoutError:
        return NotTaken("too-slow", f"the batch did not arrive within {SLOWEST_S:.0f} s: send fewer records at once")
    except ClientDisconnect:
        return NotTaken("malformed", "the connection ended within the batch")
    except zlib.error as fault:
        return NotTaken("malformed", f"the body is not gzip: {fault}")


async def read_parcel_body(request: Request) -> bytes | NotTaken:
    """A parcel, as it is."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != PARCEL_TYPE or request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        return NotTaken("wrong-type", f"send {PARCEL_TYPE}, as it is")
    too_large = NotTaken("too-large", f"a parcel has at most {MAX_PARCEL} bytes")
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length[:15]) > MAX_PARCEL:
        return too_large
    try:
        async with asyncio.timeout(SLOWEST_S):
            body = await _collect(request, MAX_PARCEL)
    except TimeoutError:
        return NotTaken("too-slow", f"the parcel did not arrive within {SLOWEST_S:.0f} s")
    except ClientDisconnect:
        return NotTaken("malformed", "the connection ended within the parcel")
    return too_large if body is None else body


def _refused_by_header(request: Request) -> NotTaken | None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if kind != BATCH_TYPE or encoding not in {"identity", "gzip"}:
        return NotTaken("wrong-type", f"send {BATCH_TYPE}, as it is or with Content-Encoding: gzip")
    length = request.headers.get("content-length", "")
    return _TOO_LARGE if length.isdigit() and int(length[:15]) > MAX_COMPRESSED else None


async def _collect(request: Request, most: int) -> bytes | None:
    """None for more than `most` bytes."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            return None
    return bytes(body)


async def _inflate(request: Request) -> bytes | NotTaken:
    unpack, body, taken = zlib.decompressobj(wbits=31), bytearray(), 0
    async for chunk in request.stream():
        taken += len(chunk)
        body += unpack.decompress(chunk, MAX_INFLATED - len(body) + 1)
        if taken > MAX_COMPRESSED or len(body) > MAX_INFLATED:
            return _TOO_LARGE
    if not unpack.eof or unpack.unused_data:
        return NotTaken("malformed", "the body is not one whole gzip member")
    return bytes(body)
