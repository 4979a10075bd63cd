"""What the manager's pages are given: the PIN's gate, the figures, the boxes, the guided learning, the sticks."""

from typing import TYPE_CHECKING

from kiosk.composition.background import Background
from kiosk.composition.given import Given
from kiosk.desk import Figures, Gate
from kiosk.learning_door import LearningDoor
from kiosk.ui.desk_view_model import DeskPorts, DeskViewModel
from kiosk.ui.evaluators_view_model import EvaluatorsPorts
from kiosk.ui.word_packs import WordPacks
from kiosk.ui.words import is_chinese
from sync.clock import offset_minutes
from sync.journal.kept import kept_aside

if TYPE_CHECKING:
    from kiosk.learning_desk import Ears, LearningDesk


class Manager:
    """Lives on the GUI thread. `ears`: where a box that is to be learnt is looked for."""

    def __init__(self, given: Given, background: Background, packs: WordPacks, ears: "Ears | None") -> None:
        hall = given.settings.hall
        self._given = given
        self._ears = ears
        self._words = packs.words(hall.language)
        self._chinese = is_chinese(hall.language)
        self.learning = self._learning_door()
        ports = self._ports(background)
        self.desk = DeskViewModel(ports, given.wall_ms, packs, hall.language, offset_minutes(hall.utc_offset))

    def stop(self) -> None:
        self.learning.stop()

    def _learning_door(self) -> LearningDoor:
        given = self._given

        def taken() -> frozenset[str]:
            return frozenset(state.name for state in given.plugged_in.states)

        door = LearningDoor(self._learning_desk, given.settings, given.config, taken, given.open_visits)
        for host in given.hosts.values():
            host.changed.connect(door.give_way_to_visits)
        return door

    def _learning_desk(self) -> "LearningDesk":
        from kiosk.evaluators.adding import Adding
        from kiosk.learning_desk import Ears, LearningDesk

        given = self._given
        adding = Adding(given.config, given.recorder, given.plugged_in, given.now, given.post, given.stored)
        return LearningDesk(
            adding, self._words, given.post, given.open_visits, self._ears or Ears(), chinese=self._chinese
        )

    def _ports(self, background: Background) -> DeskPorts:
        given, settings = self._given, self._given.settings
        gate = Gate(given.recorder, given.secrets, given.now, given.post)
        figures = Figures(
            given.recorder,
            given.now,
            given.post,
            utc_offset_minutes=offset_minutes(settings.hall.utc_offset),
            satisfied_from=settings.counts.satisfied_from,
            hub=background.link.state,
            evaluators=lambda: given.plugged_in.states,
            kept_aside=lambda: len(kept_aside(settings.storage.directory)),
            sound=given.sound,
            packs=given.packs,
            pictures=given.pictures,
            published=background.arrivals.states,
            balance=background.link.balance,
            catalogue_fault=lambda: given.terminal is not None and given.terminal.catalogue_fault,
        )
        evaluators = EvaluatorsPorts(lambda: given.plugged_in.states, given.plugged_in.evaluators.tests)
        learn = self.learning.ports(chinese=self._chinese)
        return DeskPorts(
            gate.check, figures.load, evaluators, learn, background.sticks.ports(), send_now=background.link.send_now
        )
