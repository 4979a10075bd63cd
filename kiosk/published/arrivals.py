"""What comes down, for the running kiosk: makes the feed once there is a hub and a publisher, and tells the desk."""

import logging
import threading
from base64 import b64decode
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.core.desk import PublishedState
from kiosk.hub_link import HubLink
from kiosk.published.seal_choice import keep_changes
from kiosk.settings import Settings
from sync.publication.manifest import KINDS
from sync.publication.shelf import Shelf
from sync.recorder import Recorder
from sync.records import At, Audited
from sync.seal_keys import SealChange

if TYPE_CHECKING:
    from kiosk.published.feed import Feed

log = logging.getLogger(__name__)


class Arrivals:
    """Without a hub or a publisher's key in the settings nothing comes down. `changed` may be called on any thread."""

    def __init__(
        self,
        settings: Settings,
        config: Path,
        link: HubLink,
        recorder: Recorder,
        now: Callable[[], At],
        changed: Callable[[], None],
    ) -> None:
        self._settings = settings
        self._config = config
        self._link = link
        self._recorder = recorder
        self._now = now
        self._changed = changed
        self._lock = threading.Lock()
        self._shelf = Shelf(settings.storage.directory)
        self._feed: Feed | None = None
        self._reached = False

    def start(self) -> None:
        """Once; called again it does nothing."""
        hub = self._settings.hub
        address = self._link.address()
        if hub is None or address is None or self._feed is not None or not (hub.publisher_key or hub.seal_change_key):
            return
        from kiosk.published.contents import check_contents
        from kiosk.published.feed import Feed, FeedPorts

        ports = FeedPorts(
            may_come=self._link.has_sent_all,
            reached=self._link.is_reached,
            check=lambda kind, folder: check_contents(kind, folder, self._config),
            note=self._note,
            seal_changes=self._follow,
            changed=self._changed,
        )
        self._feed = Feed(address, b64decode(hub.publisher_key), self._shelf, ports)
        self._feed.start()
        self.look()

    def look(self) -> None:
        """The state of the hub may have changed. May be called from any thread."""
        with self._lock:
            before, self._reached = self._reached, self._feed is not None and self._link.is_reached()
            anew = self._reached and not before
        if anew and self._feed is not None:
            self._feed.wake()

    def stop(self) -> None:
        if self._feed is not None:
            self._feed.stop()

    def states(self) -> tuple[PublishedState, ...]:
        """What the manager must know: kinds that wait for the next start, and what was refused. Reads a small file."""
        try:
            refused = self._shelf.refused()
            waiting = {kind: self._shelf.arrived(kind) for kind in KINDS}
            fresh = {kind: version for kind, version in waiting.items() if version > self._shelf.in_use(kind)}
        except OSError as fault:
            log.warning("what has come down cannot be looked at: %s", fault)
            return ()
        return (
            *(PublishedState(kind, one.version, one.code) for kind, one in refused.items()),
            *(PublishedState(kind, version) for kind, version in fresh.items()),
        )

    def served(self) -> None:
        """The kiosk serves with what is in use: before `start`, on a thread that may wait for the disk."""
        try:
            if self._shelf.directory.is_dir():
                self._shelf.served()
        except OSError as fault:
            log.warning("what has come down stays on trial: %s", fault)

    def _follow(self, changes: Sequence[SealChange]) -> None:
        hub = self._settings.hub
        key = keep_changes(hub, self._settings.storage.directory, changes) if hub is not None else None
        if key is not None:
            self._note("seal-key-changed", {"seal_key": key.hex()})

    def _note(self, what: str, detail: dict[str, str | int]) -> None:
        self._recorder.append([Audited(what, self._now(), "", detail)], lambda _: None)
