"""The kiosk's end of the road to the hub: makes the courier once there are keys, and tells the desk how it fares."""

import logging
from base64 import b64decode
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.core.day_spans import span, until_next_ms
from kiosk.core.desk import HubState, SealedState
from kiosk.secrets import Secrets, SecretsError
from kiosk.settings import Hub, Settings
from sync.clock import offset_minutes
from sync.recorder import Recorder
from sync.records import At

if TYPE_CHECKING:
    from kiosk.core.balance import Balance
    from sync.anchors import Anchor
    from sync.courier import Courier, CourierState, HubAddress
    from sync.journal.writer import Journal
    from sync.keys import KeyStore
    from sync.release import Release

log = logging.getLogger(__name__)

DAY_MS: Final = 86_400_000


class HubLink:
    """Without a hub in the settings it does nothing. `changed` is called on the courier's thread."""

    def __init__(
        self,
        settings: Settings,
        secrets: Path,
        recorder: Recorder,
        now: Callable[[], At],
        chance: Callable[[], float],
        changed: Callable[[], None],
    ) -> None:
        self._hub = settings.hub
        self._send_between = [span(text) for text in settings.hub.send_between] if settings.hub else []
        self._utc_offset_min = offset_minutes(settings.hall.utc_offset)
        self._directory = settings.storage.directory
        self._utc_offset_minutes = offset_minutes(settings.hall.utc_offset)
        self._secrets = secrets
        self._recorder = recorder
        self._now = now
        self._chance = chance
        self._changed = changed
        self._courier: Courier | None = None

    def start(self, keys: "KeyStore") -> None:
        """Once; called again it does nothing."""
        hub = self._hub
        if hub is None or not hub.url or self._courier is not None:
            return
        from sync.courier import Courier, Signing
        from sync.journal.reader import JournalReader

        address = self.address()
        if address is None:
            return
        self._courier = Courier(
            keys.device,
            address,
            lambda: JournalReader(self._directory),
            Signing(keys.sign, lambda: keys.changes),
            lambda generation, next_seq: self._recorder.settle(hub.name, generation, next_seq),
            self._listen,
            lambda: self._now().wall_ms,
            self._chance,
            at=self._now,
            clock=self._recorder.correct,
            release=self._release(),
            rest_s=self.rest_s,
        )
        self._courier.start()

    def address(self) -> "HubAddress | None":
        """None without a hub in the settings, or without a network that leads there.

        Without a token the hub refuses, and the manager sees that.
        """
        from sync.courier import HubAddress

        hub = self._hub
        if hub is None or not hub.url:
            return None
        try:
            secrets = Secrets.load(self._secrets)
        except SecretsError as fault:
            log.warning("%s", fault)
            secrets = Secrets()
        return HubAddress(
            hub.url, secrets.hub_token, hub.ca_file, hub.proxy, secrets.proxy_password, hub.timeout_seconds
        )

    def is_reached(self) -> bool:
        """The hub's last answer was a true one, and the line may be used now. May be called from any thread."""
        return self._courier is not None and self._courier.state.link == "ok" and self.rest_s() == 0

    def has_sent_all(self) -> bool:
        """No record waits to be sent. Reads the journal; may be called from any thread."""
        from sync.journal.reader import JournalReader, waiting
        from sync.journal.schema import JournalError

        if self._courier is None:
            return False
        state = self._courier.state
        try:
            with closing(JournalReader(self._directory)) as reader:
                return waiting(reader.connection, (state.generation, state.next_seq)).records == 0
        except JournalError:
            return False

    def wake(self) -> None:
        """Something was recorded. May be called from any thread."""
        if self._courier is not None:
            self._courier.wake()

    def send_now(self) -> None:
        """Somebody with the PIN wants it: at once, whatever the hour."""
        if self._courier is not None:
            self._courier.send_now()

    def stop(self) -> None:
        if self._courier is not None:
            self._courier.stop()

    def state(self, journal: "Journal") -> HubState:
        """On the recorder's thread."""
        from sync.journal.reader import waiting

        if self._hub is None:
            return HubState("no-hub", 0, None, None)
        sealed = self._sealed(self._hub, journal)
        state = self._courier.state if self._courier is not None else None
        known = self._known(self._hub, state, journal)
        unsent = waiting(journal.connection, known)
        since = unsent.oldest_wall_ms if unsent.records else None
        if not self._hub.url:
            return HubState("by-hand", unsent.records, since, None, sealed=sealed)
        if state is None:
            return HubState("never", unsent.records, since, None, sealed=sealed)
        return HubState(state.link, unsent.records, since, state.last_contact_ms, state.code, sealed, state.retry_at_ms)

    def balance(self, journal: "Journal", day: str, anchor: "Anchor | None") -> "Balance | None":
        """On the recorder's thread. None without a hub."""
        if self._hub is None:
            return None
        from kiosk.hub_balance import hub_balance

        state = self._courier.state if self._courier is not None else None
        known = self._known(self._hub, state, journal)
        return hub_balance(journal, state, known, day, anchor, self._utc_offset_minutes)

    def _known(self, hub: Hub, state: "CourierState | None", journal: "Journal") -> tuple[str, int] | None:
        """Generation and next sequence that the hub has proved to have; an acknowledgement may have come by hand."""
        from sync.journal.reader import settled

        heard = (state.generation, state.next_seq) if state is not None and state.generation else None
        return heard or settled(journal.connection, hub.name)

    def _sealed(self, hub: Hub, journal: "Journal") -> SealedState | None:
        """None while all is well."""
        from sync.journal.destroying import oldest_box, refused_reason

        oldest_ms = oldest_box(journal.connection)
        days = 0 if oldest_ms is None else (self._now().wall_ms - oldest_ms) // DAY_MS
        reason = refused_reason(journal.connection)
        old = days if days >= hub.sealed_alarm_days else 0
        return SealedState(old, reason, has_key=bool(hub.release_key)) if old or reason else None

    def _release(self) -> "Callable[[str, Release], None] | None":
        """Without the hub's key in the settings nobody's word destroys anything."""
        key = b64decode(self._hub.release_key) if self._hub else b""
        return (lambda generation, release: self._recorder.release(generation, release, key)) if key else None

    def rest_s(self) -> float:
        """Seconds until something may be sent; 0 within the hours for it. May be called from any thread."""
        return until_next_ms(self._send_between, self._now().wall_ms, self._utc_offset_min) / 1000

    def _listen(self, state: "CourierState") -> None:
        if state.code == "damaged":
            self._recorder.damaged()
        self._changed()
