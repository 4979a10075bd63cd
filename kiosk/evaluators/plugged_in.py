"""Everything that is plugged into this kiosk, made of the settings: lines with boxes and keypads, and scanners."""

from collections.abc import Callable

from msgspec.structs import replace

from devices.facts import Fact
from devices.profile import load_profile
from devices.typing_evaluator import TypingEvaluator
from kiosk.core.desk import EvaluatorState
from kiosk.desk import Gate
from kiosk.evaluators.adopting import Adopting
from kiosk.evaluators.boxes import Evaluators
from kiosk.evaluators.line import Line, line_for, lines_of
from kiosk.evaluators.map_book import MapBook
from kiosk.evaluators.maps import Adoptions, map_of
from kiosk.evaluators.ports import EvaluatorPorts
from kiosk.evaluators.routing import check_levels
from kiosk.evaluators.scanners import Scanners
from kiosk.settings import EvaluatorPlace, Settings
from kiosk.settings.sections import WINDOW_KEYS
from sync.recorder import Recorder

Typing = tuple[frozenset[int], Callable[[int, bool], None]]


class PluggedIn:
    def __init__(
        self, settings: Settings, recorder: Recorder, ports: EvaluatorPorts, stored: Callable[[], None]
    ) -> None:
        """`stored` is called on the recorder's thread. Raises `ProfileError` or `ValueError` for what cannot be."""
        self._recorder = recorder
        self._ports = ports
        self._settings = settings
        self._lines = lines = lines_of(settings, self._hear)
        self._maps = maps = {line.place.name: map_of(line.place, line.profile) for line in lines}
        self._book = MapBook(maps, recorder, ports.now, ports.post, ports.changed, stored)
        self._stored = stored
        self.evaluators = Evaluators(lines, self._book, ports)
        self.scanners = Scanners(settings.scanners, ports)

    @property
    def states(self) -> tuple[EvaluatorState, ...]:
        """May be asked from any thread."""
        return (*self.evaluators.states, *self.scanners.states)

    @property
    def typing(self) -> tuple[Typing, ...]:
        """What types into the window: the codes that are its keys, and who takes them."""
        boxes = [line.reader for line in self._lines if line.place.input == WINDOW_KEYS]
        typing = [(box.codes, box.type) for box in boxes if isinstance(box, TypingEvaluator)]
        return (*typing, *((scanner.codes, scanner.type) for scanner in self.scanners.typing))

    def adopting(self, gate: Gate) -> Adopting:
        return Adopting(self._recorder, gate, self._book.maps, self._ports.now, self._adopted)

    def line_for(self, place: EvaluatorPlace) -> Line:
        """Reads its profile; on any thread. Raises `ProfileError`, or `ValueError` for a box that cannot be."""
        line = line_for(place, load_profile(place.profile), self._hear)
        lines = (*self._lines, line)
        settings = replace(self._settings, evaluators=tuple(one.place for one in lines))
        check_levels(settings, {one.place.name: frozenset(one.profile.levels) for one in lines})
        return line

    def add(self, line: Line, adoptions: Adoptions) -> None:
        """A box that was learnt while the kiosk runs, its map adopted already. On the GUI thread."""
        self._lines = (*self._lines, line)
        self._maps[line.place.name] = map_of(line.place, line.profile)
        self._book.take(adoptions)
        self.evaluators.add(line)

    def start(self) -> None:
        self.evaluators.start()
        self.scanners.start()

    def stop(self) -> None:
        self.scanners.stop()
        self.evaluators.stop()

    def _hear(self, fact: Fact) -> None:
        """On a reader's thread, which starts after everything is made."""
        self.evaluators.hear(fact)

    def _adopted(self, adoptions: Adoptions) -> None:
        """On the recorder's thread."""
        self._book.take(adoptions)
        self._stored()
