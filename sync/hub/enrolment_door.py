"""`POST /v1/enrolments`: how a device that has no token yet gets one. Open to whoever has a code, at a bounded rate."""

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Final, Protocol, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from sync.enrolment import MOST_BYTES, Enrolled, EnrolmentAsked, EnrolmentError
from sync.hub.intake import TooLarge, read_small
from sync.hub.pinning import pinned_keys
from sync.hub.problems import problem
from sync.hub.receipts import Patience
from sync.hub.schema import HubError
from sync.hub.settings import HubSettings
from sync.hub.store import Store
from sync.wire import REPLY_TYPE, UNREADABLE

log = logging.getLogger(__name__)
T = TypeVar("T")

ENROL_AGAIN: Final = "ask the hub's operator for a code and enrol this device again"


class OnStore(Protocol):
    def __call__(self, work: Callable[[], T]) -> Awaitable[T]:
        """Carries `work` out on the store's thread."""


class EnrolmentDoor:
    def __init__(self, settings: HubSettings, store: Store, on_store: OnStore, now_ms: Callable[[], int]) -> None:
        self._settings = settings
        self._store = store
        self._on_store = on_store
        self._now_ms = now_ms
        self._patience = Patience(time.monotonic, burst=10, every_s=6.0)

    async def enrol(self, request: Request) -> Response:
        wait_s = self._patience.wait_s(request.client.host if request.client else "")
        if wait_s:
            return problem("too-often", "ask again later", Retry_After=str(wait_s))
        try:
            asked = msgspec.json.decode(await read_small(request, MOST_BYTES), type=EnrolmentAsked)
            enrolled = await self._on_store(lambda: self._let_in(asked))
        except (EnrolmentError, TooLarge, *UNREADABLE) as fault:
            return problem("bad-enrolment", str(fault), Connection="close")
        except HubError as fault:
            log.warning("nobody can be enrolled: %s", fault)
            return problem("fault", "the hub's log says why")
        return Response(msgspec.json.encode(enrolled), headers={"Cache-Control": "no-store"}, media_type=REPLY_TYPE)

    def _let_in(self, asked: EnrolmentAsked) -> Enrolled:
        return self._store.enrolments.enrol(asked, pinned_keys(self._settings), self._now_ms())
