"""What stands before the first frame, as the rooms behind it are given it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.core.desk import SoundState
from kiosk.core.packs import PackFault
from kiosk.core.visit import Resting
from kiosk.settings import Settings
from kiosk.ui.province_texts import ProvinceTexts
from kiosk.ui.visit_host import VisitHost
from sync.recorder import Recorder
from sync.records import At, Audited

if TYPE_CHECKING:
    from kiosk.evaluators.plugged_in import PluggedIn
    from kiosk.slips.giving import Slips
    from kiosk.terminal import Terminal


@dataclass(frozen=True, slots=True)
class Given:
    """`post` leads to the GUI thread. `stored` is called on the recorder's thread, `changed` on the GUI thread."""

    settings: Settings
    config: Path
    secrets: Path
    province: ProvinceTexts
    recorder: Recorder
    now: Callable[[], At]
    chance: Callable[[], float]
    """Numbers in [0, 1)."""
    post: Callable[[Callable[[], None]], None]
    stored: Callable[[], None]
    changed: Callable[[], None]
    hosts: Mapping[str, VisitHost]
    plugged_in: "PluggedIn"
    slips: "Slips | None"
    terminal: "Terminal | None"
    sound: Callable[[], SoundState | None]
    packs: Callable[[], tuple[PackFault, ...]]
    pictures: Callable[[], tuple[tuple[str, str], ...]]
    mount_table: Path | None
    """None: the system's own."""

    def wall_ms(self) -> int:
        return self.now().wall_ms

    def open_visits(self) -> int:
        """On any thread: a window is replaced whole, never changed."""
        return sum(not isinstance(host.window.stage, Resting) for host in self.hosts.values())

    def note(self, what: str) -> None:
        """On any thread."""
        self.recorder.append([Audited(what, self.now())], lambda _: None)
