"""An engineer adopts an evaluator's map: behind the PIN, recorded, and in use at once.

Called on a thread that may wait: the control socket's, or a command's.
"""

import queue
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal

from kiosk.desk import Gate
from kiosk.evaluators.maps import Adoptions, EvaluatorMap, adopt, read_adoptions
from kiosk.pin_entry import PATIENCE_S, PinRefusal, pin_refused
from sync.journal.schema import JournalError
from sync.recorder import Recorder
from sync.records import At

if TYPE_CHECKING:
    from sync.journal.writer import Journal

Answer = Literal["adopted", "already", "no-such-evaluator", "other-map", "not-recorded"] | PinRefusal


class Adopting:
    """`gate` answers on whichever thread it likes; `adopted` is called on the recorder's."""

    def __init__(
        self,
        recorder: Recorder,
        gate: Gate,
        maps: Mapping[str, EvaluatorMap],
        now: Callable[[], At],
        adopted: Callable[[Adoptions], None],
    ) -> None:
        self._recorder = recorder
        self._gate = gate
        self._maps = maps
        self._now = now
        self._adopted = adopted

    def adopt(self, shown: EvaluatorMap, pin: str) -> Answer:
        """`shown` is what the engineer has been shown: another map than the one in use is not adopted unseen."""
        met = self._maps.get(shown.name)
        if met is None:
            return "no-such-evaluator"
        if met != shown:
            return "other-map"
        try:
            refused = pin_refused(self._gate, pin)
            return refused or self._record(met)
        except queue.Empty:
            return "not-recorded"

    def _record(self, met: EvaluatorMap) -> Answer:
        answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()

        def not_recorded(_: JournalError) -> None:
            answers.put("not-recorded")

        self._recorder.ask(lambda journal: answers.put(self._adopt(journal, met)), not_recorded)
        return answers.get(timeout=PATIENCE_S)

    def _adopt(self, journal: "Journal", met: EvaluatorMap) -> Answer:
        """On the recorder's thread."""
        at = self._now()
        known = read_adoptions(journal, self._maps, at).get(met.name)
        if known is not None and known.fits(met):
            return "already"
        self._adopted(adopt(journal, met, at))
        return "adopted"
