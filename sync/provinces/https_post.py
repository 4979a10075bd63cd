"""Posts one message over HTTP or HTTPS and reads what comes back: bounded in memory and in time.

Environment variables for proxies and certificates are ignored, no redirect is followed, no cookie is kept.
"""

import threading
import zlib
from http.client import HTTPException
from typing import Any, Final

import requests
from requests.cookies import RequestsCookieJar
from urllib3.exceptions import HTTPError, NewConnectionError

from sync.interruptible import InterruptibleAdapter
from sync.provinces.parts import Address
from sync.provinces.profile import Part
from sync.provinces.sent import Message, NoReply, Reply

MOST_BYTES: Final = 1024 * 1024
"""Of an answer, packed and unpacked."""


class HttpsPost:
    def __init__(self, part: Part, address: Address) -> None:
        self._address = address
        self._url = address.url.rstrip("/")
        self._adapter = InterruptibleAdapter(address.timeout_s)
        self._session = _session(part, address, self._adapter)

    def send(self, message: Message) -> Reply | NoReply:
        # a server that sends a byte now and then resets every other timeout
        deadline = threading.Timer(self._address.timeout_s, self._adapter.cut)
        deadline.name = "province-deadline"
        deadline.start()
        try:
            return self._exchange(message)
        except (requests.RequestException, HTTPError, HTTPException, OSError, ValueError) as fault:
            return _no_reply(fault)
        finally:
            deadline.cancel()
            deadline.join()

    def end(self) -> None:
        self._adapter.cut(for_good=True)

    def close(self) -> None:
        self._session.close()

    def _exchange(self, message: Message) -> Reply:
        with self._session.post(
            self._url + message.path,
            data=message.body,
            headers=dict(message.headers),
            timeout=(self._address.connect_s, self._address.timeout_s),
            allow_redirects=False,
            stream=True,
        ) as response:
            packed, whole = _read(response)
            body = _unpacked(packed, response.headers.get("Content-Encoding", "")) if whole else None
            return Reply(
                response.status_code,
                body or b"",
                body is not None,
                response.headers.get("Retry-After"),
                response.headers.get("Date"),
            )


class _NoCookies(RequestsCookieJar):
    def extract_cookies(self, response: Any, request: Any) -> None:
        pass


class _Session(requests.Session):
    """`allow_redirects=False` alone still reads a redirect's whole body into memory, and unpacks it."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        pass


def _session(part: Part, address: Address, adapter: InterruptibleAdapter) -> requests.Session:
    session = _Session()
    session.trust_env = False  # else REQUESTS_CA_BUNDLE overrides `verify`
    session.cookies = _NoCookies()
    session.verify = str(address.ca_file) if address.ca_file else True
    session.proxies = {"http": address.proxy, "https": address.proxy} if address.proxy else {}
    session.headers.update({"User-Agent": "hall-kiosk", "Accept-Encoding": "identity", **part.headers})
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def _read(response: requests.Response) -> tuple[bytes, bool]:
    body = bytearray()
    while chunk := response.raw.read1(65536, decode_content=False):
        body += chunk
        if len(body) > MOST_BYTES:
            response.raw.close()
            return b"", False
    return bytes(body), True


def _unpacked(body: bytes, encoding: str) -> bytes | None:
    """None where it is longer than allowed, cut off, or packed in an unknown way."""
    match encoding.strip().lower():
        case "" | "identity":
            return body
        case "gzip" | "x-gzip" | "deflate":
            unpacking = zlib.decompressobj(wbits=47)  # gzip or zlib, by what it begins with
            try:
                plain = unpacking.decompress(body, MOST_BYTES + 1)
            except zlib.error:
                return None
            return plain if unpacking.eof and len(plain) <= MOST_BYTES else None
        case _:
            return None


def _no_reply(fault: Exception) -> NoReply:
    match fault:
        case requests.exceptions.SSLError() if "CERTIFICATE_VERIFY_FAILED" in str(fault):
            return NoReply("平台的证书不可信", sent=False)
        case requests.exceptions.ProxyError():
            return NoReply("代理服务器没有应答", sent=False)
        case requests.exceptions.ConnectTimeout():
            return NoReply("连接平台超时", sent=False)
        case requests.exceptions.Timeout():
            return NoReply("平台没有及时答复", sent=True)
        case _:
            sent = not _was_never_connected(fault)
            return NoReply("与平台的连接中断" if sent else "无法连接平台", sent=sent)


def _was_never_connected(fault: Exception) -> bool:
    """requests wraps what urllib3 says: ConnectionError(MaxRetryError(reason))."""
    inner = fault.args[0] if fault.args else None
    return isinstance(getattr(inner, "reason", inner), NewConnectionError)
