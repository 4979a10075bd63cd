"""What the holder of a reader's token asks: counts, alarms, what balances, what the province said; and the page."""

import re
from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial
from typing import Any, Final, Protocol, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from sync.clock import hall_day
from sync.hub import questions
from sync.hub.page import day_page
from sync.hub.problems import problem
from sync.hub.reconciliation import Reconciliation, reconcile, visit_reports
from sync.hub.settings import HubSettings
from sync.hub.store import Store
from sync.wire import REPLY_TYPE

T = TypeVar("T")
_DEVICE: Final = re.compile("[0-9a-f]{64}")
_GENERATION: Final = re.compile("[0-9a-f]{32}")
_SEQ: Final = re.compile("[0-9]{1,15}")


class OnStore(Protocol):
    def __call__(self, work: Callable[[], T], /) -> Awaitable[T]: ...


class ReadersDoor:
    def __init__(self, settings: HubSettings, store: Store, on_store: OnStore, now_ms: Callable[[], int]) -> None:
        self._settings = settings
        self._store = store
        self._on_store = on_store
        self._now_ms = now_ms

    async def counts(self, request: Request) -> Response:
        day = request.query_params.get("day", self._today())
        if not _is_day(day):
            return problem("bad-day", "give the day as day=yyyy-MM-dd")
        return _json(await self._on_store(partial(self._day, day)))

    async def reconciliation(self, request: Request) -> Response:
        day = request.query_params.get("day", self._today())
        if not _is_day(day):
            return problem("bad-day", "give the day as day=yyyy-MM-dd")
        return _json(await self._on_store(partial(self._reconcile, day)))

    async def reports(self, request: Request) -> Response:
        device, generation = request.path_params["device"], request.query_params.get("generation", "")
        first = request.query_params.get("from", "0")
        if not (_DEVICE.fullmatch(device) and _GENERATION.fullmatch(generation) and _SEQ.fullmatch(first)):
            return problem("unknown-path", "name a device, generation=32 hex digits, and from=a sequence")
        upstreams = self._store.upstreams
        return _json(await self._on_store(lambda: visit_reports(upstreams, device, generation, int(first))))

    async def alarms(self, _request: Request) -> Response:
        return _json(await self._on_store(self._told))

    async def page(self) -> str:
        """Today's, for people."""
        counts = await self._on_store(partial(self._day, self._today()))
        alarms = await self._on_store(self._told)
        return day_page(counts, alarms, await self._on_store(partial(self._reconcile, self._today())))

    def _day(self, day: str) -> questions.DayCounts:
        return questions.day_counts(self._store.connection, day, self._settings.utc_offset)

    def _told(self) -> questions.AlarmList:
        return questions.alarms(self._store.connection, self._store.help_calls.newest())

    def _reconcile(self, day: str) -> Reconciliation:
        offset = self._settings.utc_offset
        return reconcile(self._store.connection, self._store.upstreams, day, offset, self._now_ms())

    def _today(self) -> str:
        return hall_day(self._now_ms(), self._settings.utc_offset_minutes)[0]


def _json(content: Any) -> Response:
    return Response(msgspec.json.encode(content), headers={"Cache-Control": "no-store"}, media_type=REPLY_TYPE)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
