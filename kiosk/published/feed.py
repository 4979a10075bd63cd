"""Asks the hub what there is to come down, on a thread of its own, and takes it behind the ratings.

It asks when the hub is reached and every quarter of an hour from then on; never while records wait to be sent, and it
stops within a piece of 128 KiB when some do. What it took counts from the next start of the program.
"""

import hashlib
import logging
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sync.line_thread import LineThread
from sync.publication.manifest import KINDS, MIB, PublicationError
from sync.publication.offers import Offer
from sync.publication.package import open_package, unpack
from sync.publication.shelf import Refusal, Shelf
from sync.seal_keys import SealChange

if TYPE_CHECKING:
    from sync.courier import HubAddress
    from sync.publication.fetching import Fetcher

log = logging.getLogger(__name__)

ASK_S: Final = 900.0
STAND_BACK_S: Final = 1.0
"""Between two looks at whether the ratings have gone."""
MOST_LOOKS: Final = 60
"""Where they have not gone by then, something else keeps them: it is asked again at the next occasion."""
RESERVE: Final = 128 * MIB
"""Space that ratings keep to themselves."""


@dataclass(frozen=True, slots=True)
class FeedPorts:
    """Called on the feed's thread. Those that answer may read the disk, and must not wait for anything else."""

    may_come: Callable[[], bool]
    """No record waits to be sent, and nothing else keeps the line."""
    reached: Callable[[], bool]
    check: Callable[[str, Path], None]
    """Raises `PublicationError` where the files of a kind are not what this kiosk can use."""
    note: Callable[[str, dict[str, str | int]], None]
    """Something that an auditor wants to know of."""
    seal_changes: Callable[[Sequence[SealChange]], None]
    changed: Callable[[], None]
    """Something about the manager's page is different."""


class Feed(LineThread["Fetcher"]):
    """`wake` may be called from any thread. `reserve_bytes` stay free on the disk, whatever comes down."""

    def __init__(
        self,
        address: "HubAddress",
        publisher_key: bytes,
        shelf: Shelf,
        ports: FeedPorts,
        reserve_bytes: int = RESERVE,
    ) -> None:
        self._address = address
        self._publisher_key = publisher_key
        self._shelf = shelf
        self._ports = ports
        self._reserve_bytes = reserve_bytes
        super().__init__("published")
        self._awake = False

    def wake(self) -> None:
        """The hub has been reached anew."""
        with self._moved:
            self._awake = True
            self._moved.notify_all()

    def _open_line(self) -> "Fetcher":
        from sync.publication.fetching import Fetcher

        return Fetcher(self._address, self._let_ratings_go_first)

    def _use(self, line: "Fetcher") -> None:
        while not self._stopping:
            with self._moved:
                self._moved.wait_for(lambda: self._awake or self._stopping, ASK_S)
                self._awake = False
            if self._let_ratings_go_first():
                self._look(line)

    def _let_ratings_go_first(self) -> bool:
        """Waits while records are being sent. False: there is nothing to be had now."""
        for _ in range(MOST_LOOKS):
            if self._stopping or not self._ports.reached():
                return False
            if self._ports.may_come():
                return True
            with self._moved:
                self._moved.wait_for(lambda: self._stopping, STAND_BACK_S)
        return False

    def _look(self, fetcher: "Fetcher") -> None:
        from sync.publication.fetching import NotNowError

        try:
            offers = fetcher.offers()
            self._ports.seal_changes(offers.seal_changes)
            for offer in offers.publications:
                self._consider(fetcher, offer)
        except NotNowError as fault:
            log.info("nothing comes down now: %s", fault)
        except OSError as fault:
            log.warning("the disk does not take what comes down: %s", fault)

    def _consider(self, fetcher: "Fetcher", offer: Offer) -> None:
        kind = _known(offer.kind)
        highest, refused = self._shelf.highest(kind), self._shelf.place(kind).refused
        if offer.version == highest and refused is not None and refused.code != "did-not-start":
            self._shelf.forgive(kind)
            self._ports.changed()
        if offer.version == highest or (refused is not None and refused.blame == self._blame(offer)):
            return
        part = self._shelf.directory / "fetching" / f"{offer.kind}-{offer.version}-{offer.sha256[:8]}.part"
        try:
            _must_rise(offer, highest)
            self._make_room(offer, part)
            fetcher.fetch(offer, part)
            self._take(offer, part)
        except PublicationError as fault:
            blame = "" if fault.code in {"no-space", "older"} else self._blame(offer)
            self._refuse(offer, part, Refusal(offer.version, fault.code, str(fault), blame))
        except OSError as fault:
            self._refuse(offer, part, Refusal(offer.version, "no-space", f"the disk does not take it: {fault}"))

    def _blame(self, offer: Offer) -> str:
        return hashlib.sha256(f"{offer.sha256} {self._publisher_key.hex()}".encode()).hexdigest()

    def _make_room(self, offer: Offer, part: Path) -> None:
        """It is on the disk twice for a moment: as it came, and unpacked."""
        folder = part.parent
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for other in folder.iterdir():
            if other != part and other.name.startswith(f"{offer.kind}-"):
                other.unlink()
        free = shutil.disk_usage(folder).free + (part.stat().st_size if part.exists() else 0)
        if free < 2 * offer.bytes + self._reserve_bytes:
            raise PublicationError("no-space", f"{offer.bytes} bytes would leave too little room for ratings")

    def _take(self, offer: Offer, part: Path) -> None:
        with part.open("rb") as stream:
            manifest = open_package(stream, self._publisher_key)
            if (manifest.kind, manifest.version) != (offer.kind, offer.version):
                raise PublicationError(
                    "altered", f"it is {manifest.kind} {manifest.version}, and was offered otherwise"
                )

            def fill(folder: Path) -> None:
                unpack(stream, manifest, folder)
                self._ports.check(manifest.kind, folder)

            self._shelf.take(offer.kind, offer.version, fill)
        part.unlink()
        log.info("%s %d has come down: in use from the next start", offer.kind, offer.version)
        self._ports.note("published", {"kind": offer.kind, "version": offer.version, "sha256": offer.sha256})
        self._ports.changed()

    def _refuse(self, offer: Offer, part: Path, refusal: Refusal) -> None:
        part.unlink(missing_ok=True)
        kind = _known(offer.kind)
        if self._shelf.place(kind).refused == refusal:
            return
        log.warning("%s %d is refused (%s): %s", offer.kind, offer.version, refusal.code, refusal.detail)
        self._shelf.refuse(kind, refusal)
        detail: dict[str, str | int] = {"kind": offer.kind, "version": offer.version, "code": refusal.code}
        self._ports.note("publication-refused", detail)
        self._ports.changed()


def _known(kind: str) -> str:
    """All that this program does not know has one place in the book: a hub could name a new one each time."""
    return kind if kind in KINDS else "unknown"


def _must_rise(offer: Offer, highest: int) -> None:
    if offer.version < highest:
        raise PublicationError("older", f"the hub offers version {offer.version}, and {highest} was taken here")
