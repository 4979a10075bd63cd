"""Takes a box that was learnt on the screen into use: profile, settings, map. Behind the PIN."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from devices.profile import ProfileError
from kiosk.evaluators.line import Line
from kiosk.evaluators.maps import Adoptions, adopt, map_of
from kiosk.evaluators.plugged_in import PluggedIn
from kiosk.settings import EvaluatorPlace
from kiosk.settings.learnt import add_learnt, learnt_path, write_whole
from sync.journal.schema import JournalError
from sync.recorder import Recorder
from sync.records import At

if TYPE_CHECKING:
    from sync.journal.writer import Journal

FOLDER = "evaluators"


def profile_path(config: Path, name: str) -> Path:
    return config.absolute().parent / FOLDER / f"{name}.toml"


@dataclass(frozen=True, slots=True)
class Adding:
    """`post` leads to the GUI thread, where everything else is called; `stored` is called on the recorder's."""

    config: Path
    recorder: Recorder
    plugged_in: PluggedIn
    now: Callable[[], At]
    post: Callable[[Callable[[], None]], None]
    stored: Callable[[], None]

    def add(self, place: EvaluatorPlace, profile: str, done: Callable[[str], None]) -> None:
        """Returns at once. `profile` is the text of its file; `done` gets why it could not be, or an empty text. What
        could not be done as a whole is taken back.
        """
        self.recorder.ask(
            lambda journal: self._save(journal, place, profile, done), lambda fault: self._say(done, fault.code)
        )

    def _save(self, journal: "Journal", place: EvaluatorPlace, profile: str, done: Callable[[str], None]) -> None:
        """On the recorder's thread: it may wait for the disk."""
        path, learnt = Path(place.profile), learnt_path(self.config)
        before = learnt.read_text(encoding="utf-8") if learnt.exists() else None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, profile)
            line = self.plugged_in.line_for(place)
            add_learnt(self.config, place)
            adoptions = adopt(journal, map_of(place, line.profile), self.now())
        except (OSError, ProfileError, ValueError, JournalError) as fault:
            _take_back(path, learnt, before)
            self._say(done, fault.code if isinstance(fault, JournalError) else str(fault))
            return
        self.post(lambda: self._added(line, adoptions, done))
        self.stored()

    def _added(self, line: Line, adoptions: Adoptions, done: Callable[[str], None]) -> None:
        self.plugged_in.add(line, adoptions)
        done("")

    def _say(self, done: Callable[[str], None], reason: str) -> None:
        self.post(lambda: done(reason))


def _take_back(path: Path, learnt: Path, before: str | None) -> None:
    try:
        if path.is_file():
            path.unlink()
        if before is None:
            learnt.unlink(missing_ok=True)
        else:
            write_whole(learnt, before)
    except OSError:
        return  # a disk that refused the files: at the next start its map is not adopted, and counts nothing
