"""Asking the hub for the visit of a slip that another device of the hall gave, or may have rated. Waits: on a thread of
its own.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import msgspec

from sync.slip_question import PATH, SlipAnswer, SlipAsked
from sync.wire import REPLY_TYPE, UNREADABLE

if TYPE_CHECKING:
    import requests

    from sync.courier import HubAddress

WAIT_S: Final = 3.0
"""For connecting, and again for the answer: a citizen stands there."""
_MOST_ANSWER: Final = 16 * 1024


class HallNotAskedError(Exception):
    """The hub could not be asked now, or gave no answer that can be read. Nothing is known and nothing is lost."""


class HallSlips:
    """`rest_s`: seconds until something may be sent; 0 within the hours for it. `device`: None before it has keys."""

    def __init__(
        self,
        address: Callable[[], "HubAddress | None"],
        device: Callable[[], str | None],
        rest_s: Callable[[], float],
    ) -> None:
        self._address = address
        self._device = device
        self._rest_s = rest_s

    @property
    def device(self) -> str | None:
        return self._device()

    def ask(self, tag: bytes, *, own: bool) -> SlipAnswer:
        """`own`: this device's journal has the visit, ended and not rated. Raises `HallNotAskedError`."""
        address, device = self._address(), self._device()
        if address is None or device is None:
            raise HallNotAskedError("no network leads to the hub")
        if self._rest_s() > 0:
            raise HallNotAskedError("outside the hours for sending")
        return _asked(address, msgspec.json.encode(SlipAsked(device, tag, own)))


def _asked(address: "HubAddress", question: bytes) -> SlipAnswer:
    import requests
    from urllib3.exceptions import HTTPError

    from sync.hub_client import hub_session
    from sync.interruptible import InterruptibleAdapter

    try:
        with (
            hub_session(address, InterruptibleAdapter(WAIT_S)) as session,
            session.post(
                address.url.rstrip("/") + PATH,
                data=question,
                headers={"Content-Type": REPLY_TYPE},
                timeout=(WAIT_S, WAIT_S),
                allow_redirects=False,
                stream=True,
            ) as response,
        ):
            return _read(response)
    except UNREADABLE as fault:
        raise HallNotAskedError(f"the answer cannot be read: {fault}") from fault
    except (requests.RequestException, HTTPError, OSError) as fault:
        raise HallNotAskedError(f"the hub cannot be asked: {fault}") from fault


def _read(response: "requests.Response") -> SlipAnswer:
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if response.status_code != 200 or kind != REPLY_TYPE:
        raise HallNotAskedError(f"HTTP {response.status_code} {kind} instead of an answer")
    body, end = bytearray(), time.monotonic() + WAIT_S
    while piece := response.raw.read1(4096, decode_content=False):
        body += piece
        if len(body) > _MOST_ANSWER or time.monotonic() > end:
            raise HallNotAskedError("the answer does not come to its end")
    return msgspec.json.decode(body, type=SlipAnswer)
