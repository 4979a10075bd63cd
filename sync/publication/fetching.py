"""Brings publications from a hub to a file beside the others, in pieces, going on where an earlier try was cut.

What comes is bounded by what was offered, and an offer by the kind. Nothing here looks into a publication.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import requests
from urllib3.exceptions import HTTPError

from sync.hub_client import hub_session
from sync.interruptible import InterruptibleAdapter
from sync.publication.manifest import MOST_BYTES, MOST_MANIFEST, PublicationError
from sync.publication.offers import Offer, Offers
from sync.publication.package import MAGIC
from sync.wire import REPLY_TYPE, UNREADABLE

if TYPE_CHECKING:
    from sync.courier import HubAddress

MOST_OFFERS_BYTES: Final = 512 * 1024
PIECE: Final = 128 * 1024
AROUND: Final = len(MAGIC) + MOST_MANIFEST + 1024
"""What a package holds beside its files, at most."""


class NotNowError(Exception):
    """Nothing to refuse: the hub could not be asked, or not to the end. It is tried again."""


class Fetcher:
    """Used by one thread; `end` may be called from any. `may_go_on` is asked between pieces, and may wait."""

    def __init__(self, address: "HubAddress", may_go_on: Callable[[], bool]) -> None:
        self._address = address
        self._may_go_on = may_go_on
        self._adapter = InterruptibleAdapter(address.timeout_s)
        self._session = hub_session(address, self._adapter)

    def end(self) -> None:
        """Cuts the exchange under way and every later one."""
        self._adapter.cut(for_good=True)

    def close(self) -> None:
        self._session.close()

    def offers(self) -> Offers:
        """Raises `NotNowError`."""
        body = bytearray()
        try:
            with self._get("") as response:
                kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
                if response.status_code != 200 or kind != REPLY_TYPE:
                    raise NotNowError(f"HTTP {response.status_code} {kind} instead of what there is")
                while piece := response.raw.read1(8192, decode_content=False):
                    body += piece
                    if len(body) > MOST_OFFERS_BYTES or not self._may_go_on():
                        raise NotNowError("what there is does not come to its end")
            return msgspec.json.decode(body, type=Offers)
        except UNREADABLE as fault:
            raise NotNowError(f"what there is cannot be read: {fault}") from fault
        except (requests.RequestException, HTTPError, OSError) as fault:
            raise NotNowError(f"the hub cannot be asked: {fault}") from fault

    def fetch(self, offer: Offer, part: Path) -> None:
        """Raises `NotNowError`, what came so far is kept; `PublicationError`; `OSError` where the disk is at fault."""
        most = MOST_BYTES.get(offer.kind)
        if most is None:
            raise PublicationError("unknown-kind", f'"{offer.kind}" is unknown here')
        if offer.bytes > most + AROUND:
            raise PublicationError("too-large", f"{offer.bytes} bytes of {offer.kind}: {most} may come")
        have = part.stat().st_size if part.exists() else 0
        if have < offer.bytes:
            self._go_on(offer, part, have)
        with part.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        if digest != offer.sha256:
            part.unlink()
            raise NotNowError(f"{offer.kind} {offer.version} did not come as it was offered")

    def _go_on(self, offer: Offer, part: Path, have: int) -> None:
        try:
            response = self._get(f"/{offer.kind}/{offer.version}", **({"Range": f"bytes={have}-"} if have else {}))
        except (requests.RequestException, HTTPError, OSError) as fault:
            raise NotNowError(f"the hub cannot be asked: {fault}") from fault
        with response:
            goes_on = response.status_code == 206 and response.headers.get("Content-Range", "").startswith(
                f"bytes {have}-"
            )
            if not goes_on and response.status_code != 200:
                raise NotNowError(f"HTTP {response.status_code} instead of {offer.kind} {offer.version}")
            with part.open("ab" if goes_on else "wb") as target:
                came = have if goes_on else 0
                while piece := self._piece(response):
                    came += len(piece)
                    if came > offer.bytes:
                        break
                    target.write(piece)
        if came != offer.bytes:
            if came > offer.bytes:
                part.unlink()
            raise NotNowError(f"{offer.kind} {offer.version}: {came} of {offer.bytes} bytes came")

    def _piece(self, response: requests.Response) -> bytes:
        """Empty at the end, however it came about: the length tells whether it was the end."""
        try:
            piece: bytes = response.raw.read1(PIECE, decode_content=False)
        except (requests.RequestException, HTTPError, OSError):
            return b""
        if not self._may_go_on():
            raise NotNowError("something else goes first")
        return piece

    def _get(self, path: str, **headers: str) -> requests.Response:
        return self._session.get(
            f"{self._address.url.rstrip('/')}/v1/publications{path}",
            headers=headers,
            timeout=(self._address.connect_s, self._address.timeout_s),
            allow_redirects=False,
            stream=True,
        )
