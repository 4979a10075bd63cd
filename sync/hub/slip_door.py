"""`POST /v1/later`: a terminal asks whether the visit of a slip can be rated there now."""

import time
from collections.abc import Callable
from functools import partial
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from sync.hub.enrolment_door import ENROL_AGAIN
from sync.hub.intake import TooLarge, read_small
from sync.hub.problems import problem
from sync.hub.readers_door import OnStore
from sync.hub.receipts import Patience
from sync.hub.store import Store
from sync.slip_question import MOST_BYTES, SlipAnswer, SlipAsked
from sync.wire import REPLY_TYPE, UNREADABLE

_NO_DEVICE_OF_ITS_OWN: Final = "a token of hub.toml"
"""Whoever has one can name any device: all of them are one asker."""


class SlipDoor:
    def __init__(self, store: Store, on_store: OnStore, now_ms: Callable[[], int]) -> None:
        self._store = store
        self._on_store = on_store
        self._now_ms = now_ms
        self._patience = Patience(time.monotonic, burst=20, every_s=1.0)

    async def ask(self, request: Request) -> Response:
        own: str = request.state.device
        wait_s = self._patience.wait_s(own or _NO_DEVICE_OF_ITS_OWN)
        if wait_s:
            return problem("too-often", "ask again later", Retry_After=str(wait_s))
        try:
            question = msgspec.json.decode(await read_small(request, MOST_BYTES), type=SlipAsked)
        except (TooLarge, *UNREADABLE):
            return problem("bad-slip", "send a device and a tag, as /openapi.json has them", Connection="close")
        if own and own != question.device:
            return problem("bad-slip", "this token is another device's")
        if self._store.enrolments.is_revoked(question.device):
            return problem("revoked", ENROL_AGAIN)
        answer: SlipAnswer = await self._on_store(partial(self._store.slip_visits.answer, question, self._now_ms()))
        return Response(msgspec.json.encode(answer), headers={"Cache-Control": "no-store"}, media_type=REPLY_TYPE)
