"""One question to the hub, one answer, within a deadline.

Environment variables for proxies and certificates are ignored, and no redirect is followed. What an answer means is the
matter of `sync.answers`.
"""

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from http.client import HTTPException
from http.cookiejar import DefaultCookiePolicy
from queue import SimpleQueue
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import quote, urlsplit

import requests
from urllib3.exceptions import HTTPError

from sync.anchors import Exchange
from sync.answers import Answer, Failure, Portal, Unreachable, is_log_in_page, judge
from sync.connection_faults import unreachable
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
LOOK_S: Final = 5.0
"""For connecting to a log-in page, for its answer, and for all of it."""
_FAULTS: Final = (requests.RequestException, HTTPError, HTTPException, OSError)


@dataclass(frozen=True, slots=True)
class _Question:
    method: str
    url: str
    body: bytes | None
    headers: Mapping[str, str] = field(default_factory=dict)
    in_the_clear: bool = False
    """To see who answers; carries nothing of ours."""
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
        self._bare = _Session(self._adapter)
        self._quiet_since = time.monotonic()
        self._took_s = 0.0
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

    @property
    def took(self) -> float:
        """How long the last exchange took, as a share of the timeout for its answer."""
        return self._took_s / self._address.timeout_s

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
            answer = self._wait_for(pending, self._address.connect_s + 2 * self._address.timeout_s)
        except _FAULTS as fault:
            return self._explained(unreachable(fault))
        return judge(answer, shape, self._now_ms())

    def _explained(self, failure: Unreachable) -> Unreachable | Portal:
        """A network that wants a log-in cannot show its page inside TLS: it cuts, hangs or shows a wrong certificate.

        Asked in the clear it shows it.
        """
        hub = urlsplit(self._url)
        if hub.scheme != "https" or self._address.proxy or failure.code == "dns":
            return failure
        name = f"[{hub.hostname}]" if ":" in (hub.hostname or "") else hub.hostname
        question = _Question("GET", f"http://{name}/v1/health", None, in_the_clear=True)
        try:
            answer = self._wait_for(self._begin(question), LOOK_S)
        except _FAULTS:
            return failure
        return Portal("the network shows a log-in page") if is_log_in_page(answer, hub.hostname or "") else failure

    def _wait_for(self, pending: "Future[Answer]", deadline_s: float) -> Answer:
        """A server that sends a byte now and then resets the read timeout each time; this deadline it does not."""
        wait([pending], deadline_s)
        if pending.done():
            return pending.result()
        self._adapter.cut()
        wait([pending])
        # whatever came of it: http.client takes headers that were cut off for whole ones
        raise requests.ReadTimeout("the answer did not end in time")

    def _run_line(self) -> None:
        while (question := self._questions.get()) is not None:
            try:
                if question.in_the_clear:
                    question.answer.set_result(self._look(question))
                else:
                    question.answer.set_result(self._ask(question))
            except Exception as fault:  # noqa: BLE001 - raised again where the answer is waited for
                question.answer.set_exception(fault)
        self._session.close()

    def _ask(self, question: _Question) -> Answer:
        if time.monotonic() - self._quiet_since > self._address.idle_s:
            self._adapter.close()
        started = time.monotonic()
        began = self._at() if self._at else None
        with self._session.request(
            question.method,
            question.url,
            data=question.body,
            headers=dict(question.headers),
            timeout=(self._address.connect_s, self._address.timeout_s),
            allow_redirects=False,
            stream=True,
        ) as response:
            answer = _answer(response, _read(response))
        self._exchange = Exchange(began, self._at()) if began and self._at else None
        self._quiet_since = time.monotonic()
        self._took_s = self._quiet_since - started
        return answer

    def _look(self, question: _Question) -> Answer:
        """The head of the answer is enough."""
        with self._bare.get(question.url, timeout=LOOK_S, allow_redirects=False, stream=True) as response:
            return _answer(response, b"")


def _answer(response: requests.Response, body: bytes) -> Answer:
    return Answer(
        response.status_code,
        response.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
        response.headers.get("Retry-After"),
        response.headers.get("Date"),
        body,
        response.headers.get("Location"),
    )


class _Session(requests.Session):
    """`allow_redirects=False` alone still reads a redirect's whole body into memory, and unpacks it: a captive portal's
    would end the courier. Nor is a portal's cookie kept.
    """

    def __init__(self, adapter: InterruptibleAdapter) -> None:
        super().__init__()
        self.trust_env = False  # else REQUESTS_CA_BUNDLE overrides `verify`
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.headers.update({"User-Agent": "hall-kiosk", "Accept-Encoding": "identity"})
        self.mount("http://", adapter)
        self.mount("https://", adapter)

    def get_redirect_target(self, resp: requests.Response) -> None:
        pass


def hub_session(address: "HubAddress", adapter: InterruptibleAdapter) -> requests.Session:
    session = _Session(adapter)
    session.verify = str(address.ca_file) if address.ca_file else True
    proxy = _with_password(address.proxy, address.proxy_password)
    session.proxies = {"http": proxy, "https": proxy} if proxy else {}
    session.headers.update({"Authorization": f"Bearer {address.token}", "Accept": f"{REPLY_TYPE}, {PROBLEM_TYPE}"})
    return session


def _with_password(proxy: str, password: str) -> str:
    """As requests wants to have it; it sends the two as Basic."""
    scheme, _, place = proxy.partition("://")
    user, at, host = place.rpartition("@")
    return f"{scheme}://{user}:{quote(password, safe='')}@{host}" if at and password else proxy


def _read(response: requests.Response) -> bytes:
    body = bytearray()
    while chunk := response.raw.read1(65536, decode_content=False):
        body += chunk
        if len(body) > MAX_REPLY:
            response.raw.close()
            raise requests.exceptions.ChunkedEncodingError("the answer does not end")
    return bytes(body)
