"""The hub's HTTP interface. `openapi.py` describes it for other programs; a test holds the two together."""

import asyncio
import logging
import re
import sqlite3
import time
from base64 import b64decode
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal, Protocol, TypeVar, assert_never

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from sync.hub import openapi
from sync.hub.enrolment_door import ENROL_AGAIN, EnrolmentDoor
from sync.hub.intake import NotTaken, read_body, read_parcel_body
from sync.hub.parcels import ParcelIntake
from sync.hub.problems import problem
from sync.hub.publications import PublicationDoor, Publications
from sync.hub.readers_door import ReadersDoor
from sync.hub.receipts import Patience, Receipts
from sync.hub.roles import device_of, role_of
from sync.hub.schema import HubError
from sync.hub.settings import HubSettings, Role
from sync.hub.slip_door import SlipDoor
from sync.hub.store import NotNext, Store
from sync.hub.verify import Refused
from sync.parcels.acknowledgement import Acknowledgement
from sync.parcels.parcel import ParcelError
from sync.receipts import ReceiptError, parse_code
from sync.wire import REPLY_TYPE, Batch, Reply, WireError, read_batch

log = logging.getLogger(__name__)
T = TypeVar("T")
Endpoint = Callable[[Request], Awaitable[Response]]

BUSY_DEVICE: Final = 2
"""Batches of one device that may be on their way at once."""
BUSY_HUB: Final = 32
"""Batches of all devices."""
BUSY_PARCELS: Final = 2
"""Parcels of all devices: each may take seconds."""
MOST_STEPS: Final = 20
"""Steps by which one question about a receipt may catch up with new records."""
_DISK_PAUSE_S: Final = "60"
_DEVICE: Final = re.compile("[0-9a-f]{64}")


class Clock(Protocol):
    def __call__(self) -> int:
        """Wall clock, milliseconds since 1970-01-01 UTC."""


def wall_ms() -> int:
    return time.time_ns() // 1_000_000


class HubApp:
    """`store` belongs to the one thread of `executor`."""

    def __init__(self, settings: HubSettings, store: Store, executor: Executor, now_ms: Clock = wall_ms) -> None:
        self._settings = settings
        self._store = store
        self._executor = executor
        self._now_ms = now_ms
        self._under_way: Counter[str] = Counter()
        self._parcels = ParcelIntake(settings, store, lambda work: executor.submit(work).result())
        self._parcels_under_way = 0
        self._receipts = Receipts(store.connection)
        self._patience = Patience(time.monotonic)
        self._readers = ReadersDoor(settings, store, self._on_store, now_ms)
        slips = SlipDoor(store, self._on_store, now_ms)
        door = EnrolmentDoor(settings, store, self._on_store, now_ms)
        published = PublicationDoor(Publications(Path(settings.directory), b64decode(settings.publisher_key)))
        carrier, reader = self._only("device"), self._only("reader")
        self.asgi = Starlette(
            routes=[
                Route("/v1/devices/{device}/batches", carrier(self._take), methods=["POST"]),
                Route("/v1/devices/{device}", self._only("device", "reader")(self._standing), methods=["GET"]),
                Route("/v1/parcels", carrier(self._take_parcel), methods=["POST"]),
                Route("/v1/later", carrier(slips.ask), methods=["POST"]),
                Route("/v1/publications", carrier(published.offers), methods=["GET"]),
                Route("/v1/publications/{kind}/{version}", carrier(published.one), methods=["GET"]),
                Route("/v1/enrolments", door.enrol, methods=["POST"]),
                Route("/v1/counts", reader(self._readers.counts), methods=["GET"]),
                Route("/v1/alarms", reader(self._readers.alarms), methods=["GET"]),
                Route("/v1/reconciliation", reader(self._readers.reconciliation), methods=["GET"]),
                Route("/v1/devices/{device}/reports", reader(self._readers.reports), methods=["GET"]),
                Route("/v1/receipts/{code}", self._receipt, methods=["GET"]),
                Route("/v1/health", self._health, methods=["GET"]),
                Route("/openapi.json", self._openapi, methods=["GET"]),
                Route("/", self._page, methods=["GET"]),
            ],
            exception_handlers={HTTPException: _refuse, sqlite3.Error: self._not_now, Exception: _fault},
        )

    async def _take(self, request: Request) -> Response:
        device = request.path_params["device"]
        if not _DEVICE.fullmatch(device):
            return problem("unknown-path", "a device's name is 64 hex digits")
        if self._store.enrolments.is_revoked(device):
            return problem("revoked", ENROL_AGAIN)
        if self._under_way[device] >= BUSY_DEVICE:
            return problem("too-many", "send one batch after the other", Retry_After="1")
        if self._under_way.total() >= BUSY_HUB:
            return problem("not-now", "many devices send at once", Retry_After="5")
        self._under_way[device] += 1
        try:
            body = await read_body(request)
            if isinstance(body, NotTaken):
                return problem(body.code, body.detail, Connection="close")
            return _answer(device, await self._on_store(partial(self._read_and_keep, device, body)))
        finally:
            self._under_way[device] -= 1
            self._under_way += Counter()  # forgets devices at 0

    def _read_and_keep(self, device: str, body: bytes) -> Reply | NotNext | Refused | WireError:
        try:
            batch: Batch = read_batch(body)
        except WireError as fault:
            return fault
        return self._store.take(device, batch, self._now_ms())

    async def _take_parcel(self, request: Request) -> Response:
        """Carried by another: whose it is stands in it."""
        if self._parcels_under_way >= BUSY_PARCELS:
            return problem("too-many", "send one parcel after the other", Retry_After="2")
        self._parcels_under_way += 1
        try:
            body = await read_parcel_body(request)
            if isinstance(body, NotTaken):
                return problem(body.code, body.detail, Connection="close")
            return _parcel_answer(await asyncio.to_thread(self._parcels.take, body, self._now_ms()))
        except ParcelError as fault:
            log.warning("a parcel was refused: %s", fault.code)
            return problem(fault.code, str(fault))
        except HubError as fault:
            log.warning("a parcel cannot be taken: %s", fault)
            return problem("no-key", "the hub's log says which", Retry_After=_DISK_PAUSE_S)
        finally:
            self._parcels_under_way -= 1

    async def _standing(self, request: Request) -> Response:
        device = request.path_params["device"]
        if not _DEVICE.fullmatch(device):
            return problem("unknown-path", "a device's name is 64 hex digits")
        if request.state.role == "device" and self._store.enrolments.is_revoked(device):
            return problem("revoked", ENROL_AGAIN)
        return _json(await self._on_store(lambda: self._store.standing(device, self._now_ms())))

    async def _receipt(self, request: Request) -> Response:
        """Open: a citizen has no token, and who has no code learns nothing."""
        wait_s = self._patience.wait_s(request.client.host if request.client else "")
        if wait_s:
            return problem("too-often", "ask again later", Retry_After=str(wait_s))
        try:
            code = parse_code(request.path_params["code"])
        except ReceiptError as fault:
            return problem("bad-receipt", str(fault))
        for _ in range(MOST_STEPS):
            if await self._on_store(self._receipts.catch_up):
                answer = await self._on_store(partial(self._receipts.find, code))
                return _json(answer) if answer else problem("unknown-receipt", "it may not have arrived yet")
        return problem("not-now", "the codes of many new records are being collected", Retry_After="1")

    async def _health(self, _request: Request) -> Response:
        return _json({"status": "ok"})

    async def _openapi(self, _request: Request) -> Response:
        return _json(openapi.document())

    async def _page(self, request: Request) -> Response:
        """Today's counts for people; a browser sends the reader's token as the password of Basic."""
        if self._role(_basic_password(request)) != "reader":
            return problem("no-token", "any name, the reader's token as password", WWW_Authenticate='Basic realm="hub"')
        return HTMLResponse(await self._readers.page(), headers={"Cache-Control": "no-store"})

    async def _on_store(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)

    def _only(self, *roles: Role) -> Callable[[Endpoint], Endpoint]:
        def guard(endpoint: Endpoint) -> Endpoint:
            async def guarded(request: Request) -> Response:
                scheme, _, token = request.headers.get("authorization", "").partition(" ")
                role = self._role(token.strip()) if scheme.lower() == "bearer" else None
                if role == "revoked":
                    return problem("revoked", ENROL_AGAIN)
                if role is None:
                    return problem("no-token", "send Authorization: Bearer <token>", WWW_Authenticate="Bearer")
                if role not in roles:
                    return problem("wrong-role", f"this needs a token of the role {' or '.join(roles)}")
                request.state.role = role
                request.state.device = device_of(self._store.enrolments, token.strip())
                return await endpoint(request)

            return guarded

        return guard

    def _role(self, token: str) -> Role | Literal["revoked"] | None:
        return role_of(self._settings, self._store.enrolments, token)

    async def _not_now(self, _request: Request, fault: Exception) -> Response:
        log.error("the store does not work: %s", fault)
        return problem("not-now", "the hub's disk does not take anything", Retry_After=_DISK_PAUSE_S)


def _answer(device: str, outcome: Reply | NotNext | Refused | WireError) -> Response:
    match outcome:
        case Reply():
            log.info("device %.12s: %d stored, %d repeated", device, outcome.stored, outcome.repeated)
            return _json(outcome)
        case NotNext(wanted, fork):
            code = "fork" if fork else "gap"
            return problem(code, "ask where the hub stands and send from there", wanted)
        case Refused(code, detail):
            log.warning("device %.12s: a batch was refused: %s", device, code)
            return problem(code, detail)
        case WireError():
            return problem("malformed", str(outcome))
        case _:
            assert_never(outcome)


def _parcel_answer(outcome: Acknowledgement | NotNext | Refused) -> Response:
    match outcome:
        case Acknowledgement():
            return _json(outcome)
        case NotNext(wanted, fork):
            code = "fork" if fork else "gap"
            return problem(code, f"a parcel that begins with record {wanted} or before has to come first", wanted)
        case Refused(code, detail):
            log.warning("a parcel was refused: %s", code)
            return problem(code, detail)
        case _:
            assert_never(outcome)


def _json(content: Any) -> Response:
    return Response(msgspec.json.encode(content), headers={"Cache-Control": "no-store"}, media_type=REPLY_TYPE)


async def _refuse(_request: Request, fault: Exception) -> Response:
    wrong_method = isinstance(fault, HTTPException) and fault.status_code == 405
    if wrong_method:
        return problem("wrong-method", "see /openapi.json")
    return problem("unknown-path", "see /openapi.json")


async def _fault(_request: Request, _fault: Exception) -> Response:
    return problem("fault", "the hub's log says why")


def _basic_password(request: Request) -> str:
    scheme, _, coded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return b64decode(coded, validate=True).decode().partition(":")[2]
    except ValueError:
        return ""
