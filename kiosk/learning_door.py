"""The way from the manager's page to the guided learning. Nothing of that is loaded before somebody begins it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.evaluators.adding import profile_path
from kiosk.settings import Settings
from kiosk.ui.learn_view_model import LearnPorts, LearnView, Place

if TYPE_CHECKING:
    from kiosk.learning_desk import LearningDesk


class LearningDoor:
    """On the GUI thread. `make` is called once, when somebody begins; `taken` names the evaluators that there are."""

    def __init__(
        self,
        make: Callable[[], "LearningDesk"],
        settings: Settings,
        config: Path,
        taken: Callable[[], frozenset[str]],
        open_visits: Callable[[], int],
    ) -> None:
        self._make = make
        self._settings = settings
        self._config = config
        self._taken = taken
        self._open_visits = open_visits
        self._tell: Callable[[LearnView], None] = lambda _: None
        self._desk: LearningDesk | None = None

    def ports(self, *, chinese: bool) -> LearnPorts:
        places = self._settings.windows
        return LearnPorts(
            tuple(Place(place.id, place.name if chinese else place.name_en or place.name) for place in places),
            self._names,
            lambda: self._open_visits() > 0,
            self._listen,
            lambda name, window: self._opened().begin(name, window),
            lambda wish: self._opened().wish(wish),
            lambda index: self._opened().choose(index),
            lambda: self._opened().adopt(),
            self._leave,
        )

    def give_way_to_visits(self) -> None:
        if self._desk is not None:
            self._desk.give_way_to_visits()

    def stop(self) -> None:
        if self._desk is not None:
            self._desk.stop()

    def _names(self) -> frozenset[str]:
        """Of evaluators, and of profiles that have been written."""
        folder = profile_path(self._config, "any").parent
        written = {path.stem for path in folder.glob("*.toml")} if folder.is_dir() else set()
        return self._taken() | written

    def _listen(self, tell: Callable[[LearnView], None]) -> None:
        self._tell = tell

    def _leave(self) -> None:
        if self._desk is not None:
            self._desk.leave()

    def _opened(self) -> "LearningDesk":
        if self._desk is None:
            self._desk = self._make()
            self._desk.listen(self._tell)
        return self._desk
