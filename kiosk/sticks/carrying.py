"""The thread that carries on what lies in the carry box: made when there is something for the first time."""

from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from kiosk.hub_link import hub_address
from kiosk.settings import Settings

if TYPE_CHECKING:  # brings the cryptography in, which is loaded after the first frame
    from sync.parcels.carrier import Carrier

FOLDER: Final = "carry"
"""Beside the journal."""


class Carrying:
    """Without a hub in the settings it does nothing. Any thread may call it."""

    def __init__(
        self, settings: Settings, secrets: Path, wall_ms: Callable[[], int], chance: Callable[[], float]
    ) -> None:
        self._hub = settings.hub
        self._secrets = secrets
        self._directory = settings.storage.directory
        self._wall_ms = wall_ms
        self._chance = chance
        self._lock = Lock()
        self._device = ""
        self._carrier: Carrier | None = None

    def start(self, device: str) -> None:
        """Goes on with what lay in the box, where there is one."""
        self._device = device
        if (self._directory / FOLDER).is_dir():
            self.wake()

    def wake(self) -> None:
        """Something was put into the box."""
        with self._lock:
            if self._hub is None or not self._hub.url or not self._device:
                return
            if self._carrier is None:
                from sync.parcels.carrier import Carrier
                from sync.parcels.carry_box import CarryBox

                address, box = hub_address(self._hub, self._secrets), CarryBox(self._directory / FOLDER)
                self._carrier = Carrier(self._device, address, box, self._wall_ms, self._chance)
                self._carrier.start()
            self._carrier.wake()

    def stop(self) -> None:
        with self._lock:
            carrier, self._hub = self._carrier, None
        if carrier is not None:
            carrier.stop()
