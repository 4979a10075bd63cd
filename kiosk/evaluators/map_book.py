"""The maps that are adopted, as the GUI thread knows them; what it does not know yet it asks the journal for."""

from collections import deque
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from kiosk.evaluators.maps import Adoptions, EvaluatorMap, note_test, read_adoptions
from sync.recorder import Recorder
from sync.records import At, Audited

if TYPE_CHECKING:
    from sync.journal.writer import Journal


class MapBook:
    """`post` leads to the GUI thread; `changed` is called there, `stored` on the recorder's."""

    def __init__(
        self,
        maps: Mapping[str, EvaluatorMap],
        recorder: Recorder,
        now: Callable[[], At],
        post: Callable[[Callable[[], None]], None],
        changed: Callable[[], None],
        stored: Callable[[], None],
    ) -> None:
        self.maps = maps
        self._recorder = recorder
        self._now = now
        self._post = post
        self._changed = changed
        self._stored = stored
        self._adoptions: Adoptions | None = None
        self._waiting: deque[Callable[[], None]] = deque()
        self._asking = False

    def fits(self, evaluator: str) -> bool:
        """Whether the map in use is the adopted one. While the disk says nothing, True: a press is let through to the
        recorder, which the disk refuses too, so that the citizen is told.
        """
        if self._adoptions is None:
            return True
        known = self._adoptions.get(evaluator)
        return known is not None and known.fits(self.maps[evaluator])

    def tested(self, evaluator: str, address: int) -> bool:
        known = (self._adoptions or {}).get(evaluator)
        return known is not None and known.fits(self.maps[evaluator]) and address in known.tested

    def once_known(self, call: Callable[[], None]) -> None:
        """At once where the journal has answered; else in the order of asking, when it has, or has failed to."""
        if self._adoptions is not None:
            call()
            return
        self._waiting.append(call)
        if not self._asking:
            self._asking = True
            self._recorder.ask(self._read, lambda _: self._post(self._go_on))

    def load(self) -> None:
        self.once_known(lambda: None)

    def take(self, adoptions: Adoptions) -> None:
        """On any thread."""
        self._post(lambda: self._take(adoptions))

    def note_test(self, evaluator: str, address: int, record: Audited, *, passed: bool) -> None:
        """Where the disk refuses, the box stays untested."""

        def note(journal: "Journal") -> None:
            self.take(note_test(journal, self.maps[evaluator], address, record, passed=passed))
            self._stored()

        self._recorder.ask(note, lambda _: None)

    def _read(self, journal: "Journal") -> None:
        """On the recorder's thread."""
        self.take(read_adoptions(journal, self.maps, self._now()))

    def _take(self, adoptions: Adoptions) -> None:
        self._adoptions = adoptions
        self._go_on()

    def _go_on(self) -> None:
        self._asking = False
        while self._waiting:
            self._waiting.popleft()()
        self._changed()
