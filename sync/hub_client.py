"""One question to the hub, one answer, within a deadline.

Environment variables for proxies and certificates are ignored, and no redirect is followed. What an answer means is the
matter of `sync.answers`.
"""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from http.client import HTTPException
from queue import SimpleQueue
from typing import TYPE_CHECKING, Final, TypeVar

import requests
from urllib3.exceptions import HTTPError, NewConnectionError

from sync.anchors import Exchange
from sync.answers import Answer, Failure, Unreachable, judge
from sync.interruptible import InterruptibleAdapter
from sync.parcels.acknowledgement import Acknowledgement
from sync.records import At
from sync.wire import BATCH_TYPE, PARCEL_TYPE, PROBLEM_TYPE, REPLY_TYPE, Reply, Standing

if TYPE_CHECKING:
    from sync.courier import HubAddress

T = TypeVar("T", Reply, Standing, Acknowledgement)
_BATCH: Final = {"Content-Type": BATCH_TYPE, "Content-Encoding": "gzip"}
_PARCEL: Final = {"Content-Type": PARCEL_TYPE}
MAX_REPLY: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Question:
    method: str
    url: str
    body: bytes | None
    headers: Mapping[str, str] = field(default_factory=dict)
    answer: "Future[Answer]" = field(default_factory=Future)


class HubClient:
    """Questions go out on a thread of their own (`courier-line`), so that the next batch can be made meanwhile.

    Used by one thread; `end` may be called from any.
    """

    def __init__(
        self, address: "HubAddress", device: str, now_ms: Callable[[], int], at: Callable[[], At] | None = None
    ) -> None:
        self._address = address
        self._now_ms = now_ms
        self._at = at
        self._exchange: Exchange | None = None
        self._parcels = f"{address.url.rstrip('/')}/v1/parcels"
        self._url = f"{address.url.rstrip('/')}/v1/devices/{device}"
        self._adapter = InterruptibleAdapter(address.timeout_s)
        self._session = hub_session(address, self._adapter)
        self._questions: SimpleQueue[_Question | None] = SimpleQueue()
        self._line = threading.Thread(target=self._run_line, name="courier-line", daemon=True)
        self._line.start()

    def close(self) -> None:
        """Without waiting for an exchange under way."""
        self._questions.put(None)

    def end(self) -> None:
        """Cuts the exchange under way and every later one: for a thread that shall stop."""
        self._adapter.cut(for_good=True)

    @property
    def exchange(self) -> Exchange | None:
        """When the last answer came; None without a clock, or where there was none."""
        return self._exchange

    def standing(self) -> Standing | Failure:
        return self._finish(self._begin(_Question("GET", self._url, None)), Standing)

    def begin(self, packed: bytes) -> "Future[Answer]":
        """Sends a batch in gzip; returns at once."""
        return self._begin(_Question("POST", f"{self._url}/batches", packed, _BATCH))

    def finish(self, pending: "Future[Answer]") -> Reply | Failure:
        return self._finish(pending, Reply)

    def carry(self, parcel: bytes) -> Acknowledgement | Failure:
        """Brings another's parcel."""
        return self._finish(self._begin(_Question("POST", self._parcels, parcel, _PARCEL)), Acknowledgement)

    def _begin(self, question: "_Question") -> "Future[Answer]":
        self._questions.put(question)
        return question.answer

    def _finish(self, pending: "Future[Answer]", shape: type[T]) -> T | Failure:
        try:
            answer = self._wait_for(pending)
        except (requests.RequestException, HTTPError, HTTPException, OSError) as fault:
            return _unreachable(fault)
        return judge(answer, shape, self._now_ms())

    def _wait_for(self, pending: "Future[Answer]") -> Answer:
        """A server that sends a byte now and then resets the read timeout each time; this deadline it does not."""
        wait([pending], self._address.connect_s + 2 * self._address.timeout_s)
        if pending.done():
            return pending.result()
        self._adapter.cut()
        wait([pending])
        # whatever came of it: http.client takes headers that were cut off for whole ones
        raise requests.ReadTimeout("the answer did not end in time")

    def _run_line(self) -> None:
        while (question := self._questions.get()) is not None:
            try:
                began = self._at() if self._at else None
                answer = self._ask(question)
                self._exchange = Exchange(began, self._at()) if began and self._at else None
                question.answer.set_result(answer)
            except Exception as fault:  # noqa: BLE001 - raised again where the answer is waited for
                question.answer.set_exception(fault)
        self._session.close()

    def _ask(self, question: _Question) -> Answer:
        with self._session.request(
            question.method,
            question.url,
            data=question.body,
            headers=dict(question.headers),
            timeout=(self._address.connect_s, self._address.timeout_s),
            allow_redirects=False,
            stream=True,
        ) as response:
            return Answer(
                response.status_code,
                response.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
                response.headers.get("Retry-After"),
                response.headers.get("Date"),
                _read(response),
            )

    def _sorted(self, exchange: Callable[[], Answer], shape: type[T]) -> T | Failure:
        try:
            answer = exchange()
        except (requests.RequestException, HTTPError, HTTPException, OSError) as fault:
            return _unreachable(fault)
        return judge(answer, shape, self._now_ms())


class _Session(requests.Session):
    """`allow_redirects=False` alone still reads a redirect's whole body into memory, and unpacks it: a captive portal's
    would end the courier.
    """

    def get_redirect_target(self, resp: requests.Response) -> None:
        pass


def hub_session(address: "HubAddress", adapter: InterruptibleAdapter) -> requests.Session:
    session = _Session()
    session.trust_env = False  # else REQUESTS_CA_BUNDLE overrides `verify`
    session.verify = str(address.ca_file) if address.ca_file else True
    session.proxies = {"http": address.proxy, "https": address.proxy} if address.proxy else {}
    session.headers.update(
        {
            "Authorization": f"Bearer {address.token}",
            "User-Agent": "hall-kiosk",
            "Accept": f"{REPLY_TYPE}, {PROBLEM_TYPE}",
            "Accept-Encoding": "identity",
        }
    )
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def _read(response: requests.Response) -> bytes:
    body = bytearray()
    while chunk := response.raw.read1(65536, decode_content=False):
        body += chunk
        if len(body) > MAX_REPLY:
            response.raw.close()
            raise requests.exceptions.ChunkedEncodingError("the answer does not end")
    return bytes(body)


def _unreachable(fault: Exception) -> Unreachable:
    match fault:
        case requests.exceptions.SSLError():
            return Unreachable("tls", "the hub's certificate does not hold", cut=False)
        case requests.exceptions.ProxyError():
            return Unreachable("proxy", "the proxy does not answer", cut=False)
        case requests.exceptions.ConnectTimeout():
            return Unreachable("timeout", "no connection in time", cut=False)
        case requests.exceptions.Timeout():
            return Unreachable("timeout", "the hub did not answer in time", cut=True)
        case _:
            cut = not _was_never_connected(fault)
            text = "the connection was cut" if cut else "no connection can be made"
            return Unreachable("cut" if cut else "no-connection", text, cut=cut)


def _was_never_connected(fault: Exception) -> bool:
    """requests wraps what urllib3 says: ConnectionError(MaxRetryError(reason))."""
    inner = fault.args[0] if fault.args else None
    return isinstance(getattr(inner, "reason", inner), NewConnectionError)
