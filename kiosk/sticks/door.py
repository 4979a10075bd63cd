"""The way from the running kiosk to its sticks. Nothing of that is loaded before somebody asks for it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.core.sticks import Action, Outcome, Stick
from kiosk.settings import Settings
from kiosk.sticks.carrying import Carrying
from kiosk.sticks.mounts import MOUNT_TABLE
from kiosk.ui.sticks_view_model import SticksPorts
from sync.recorder import Recorder

if TYPE_CHECKING:
    from kiosk.sticks.acknowledging import Acknowledging
    from kiosk.sticks.desk import SticksDesk


class SticksDoor:
    """`post` leads to the GUI thread."""

    def __init__(
        self,
        settings: Settings,
        secrets: Path,
        recorder: Recorder,
        carrying: Carrying,
        wall_ms: Callable[[], int],
        post: Callable[[Callable[[], None]], None],
        table: Path = MOUNT_TABLE,
    ) -> None:
        self._settings = settings
        self._secrets = secrets
        self._recorder = recorder
        self._carrying = carrying
        self._wall_ms = wall_ms
        self._post = post
        self._table = table
        self._desk: SticksDesk | None = None
        self._stopping = False

    def ports(self) -> SticksPorts | None:
        """None where the settings do not say where sticks are mounted."""
        return SticksPorts(self._look, self._act) if self._settings.sticks is not None else None

    def acknowledge(self, text: str) -> str:
        """On the control socket's thread: what the hub said to a parcel, from a command."""
        return self._acknowledging().read(text)

    def stop(self) -> None:
        self._stopping = True
        if self._desk is not None:
            self._desk.stop()

    def _look(self, answer: Callable[[tuple[Stick, ...]], None]) -> None:
        self._opened().look(answer)

    def _act(self, place: str, action: Action, answer: Callable[[Outcome], None]) -> None:
        self._opened().act(place, action, answer)

    def _opened(self) -> "SticksDesk":
        if self._desk is None:
            from kiosk.settings import Sticks
            from kiosk.sticks.desk import SticksDesk
            from kiosk.sticks.duties import Duties

            duties = Duties(
                self._settings,
                self._secrets,
                self._acknowledging().take,
                self._carrying.wake,
                self._wall_ms,
                lambda: self._stopping,
            )
            below = (self._settings.sticks or Sticks()).folder
            self._desk = SticksDesk(duties, below, self._post, self._table)
        return self._desk

    def _acknowledging(self) -> "Acknowledging":
        from kiosk.sticks.acknowledging import Acknowledging

        return Acknowledging(self._settings.hub, self._settings.storage.directory, self._recorder)
