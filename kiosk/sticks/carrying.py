"""The thread that carries on what lies in the carry box: made when there is something for the first time."""

from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # brings the cryptography in, which is loaded after the first frame
    from sync.courier import HubAddress
    from sync.parcels.carrier import Carrier

FOLDER: Final = "carry"
"""Beside the journal."""


class Carrying:
    """Without a hub that can be reached it does nothing. Any thread may call it."""

    def __init__(
        self,
        directory: Path,
        address: Callable[[], "HubAddress | None"],
        wall_ms: Callable[[], int],
        chance: Callable[[], float],
        rest_s: Callable[[], float] = lambda: 0.0,
    ) -> None:
        """`rest_s`: seconds for which nothing may be sent."""
        self._box = directory / FOLDER
        self._address = address
        self._wall_ms = wall_ms
        self._chance = chance
        self._rest_s = rest_s
        self._lock = Lock()
        self._device = ""
        self._carrier: Carrier | None = None
        self._stopped = False

    def start(self, device: str) -> None:
        """Goes on with what lay in the box, where there is one."""
        self._device = device
        if self._box.is_dir():
            self.wake()

    def wake(self) -> None:
        """Something was put into the box."""
        with self._lock:
            if self._stopped or not self._device:
                return
            if self._carrier is None:
                self._carrier = self._made()
            if self._carrier is not None:
                self._carrier.wake()

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
        if self._carrier is not None:
            self._carrier.stop()

    def _made(self) -> "Carrier | None":
        from sync.parcels.carrier import Carrier
        from sync.parcels.carry_box import CarryBox

        address = self._address()
        if address is None:
            return None
        carrier = Carrier(self._device, address, CarryBox(self._box), self._wall_ms, self._chance, rest_s=self._rest_s)
        carrier.start()
        return carrier
