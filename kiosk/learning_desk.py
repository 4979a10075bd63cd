"""The guided learning behind the manager's page: holds the conversation, gives the screen plain words, saves the end.

Its thread lives from *begin* until the page is left. On the GUI thread, which it never lets wait.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, assert_never

from devices.learning.listening import Listening, ports_here
from devices.learning.session import Session, advance
from devices.learning.steps import (
    Cancelled,
    ClosePort,
    Done,
    Effect,
    Event,
    FindPort,
    OpenPort,
    Port,
    PortChosen,
    WriteProfile,
)
from kiosk.evaluators.adding import Adding, profile_path
from kiosk.learning_views import view_of
from kiosk.settings import EvaluatorPlace
from kiosk.ui.learn_view_model import Action, LearnView, Wish
from kiosk.ui.words import Words

__all__ = ["Ears", "LearningDesk", "place_of"]

_STOP_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Ears:
    """Where boxes are looked for. `pace` below 1 lets silences last shorter: a program presses faster than a person."""

    list_ports: Callable[[], tuple[Port, ...]] = ports_here
    pace: float = 1.0


@dataclass(slots=True)
class _Teaching:
    """One conversation, and where the box is to serve."""

    window: str
    listening: Listening
    session: Session
    profile: str = ""
    saving: bool = False
    unsaved: str = ""
    learnt: str = ""


@dataclass(eq=False)
class LearningDesk:
    """`post` leads to the GUI thread; `open_visits`: at how many windows a citizen may be rating."""

    adding: Adding
    words: Words
    post: Callable[[Callable[[], None]], None]
    open_visits: Callable[[], int]
    ears: Ears = field(default_factory=Ears)
    chinese: bool = field(default=True, kw_only=True)
    _tell: Callable[[LearnView], None] = field(default=lambda _: None, init=False)
    _teaching: _Teaching | None = field(default=None, init=False)
    _last: Listening | None = field(default=None, init=False)

    def listen(self, tell: Callable[[LearnView], None]) -> None:
        self._tell = tell

    def begin(self, name: str, window: str) -> None:
        self.leave()
        listening = Listening(self._heard, self.ears.list_ports, self.ears.pace)
        self._teaching, self._last = _Teaching(window, listening, Session(name)), listening
        listening.start()
        self._show()

    def wish(self, wish: Wish) -> None:
        teaching = self._teaching
        if teaching is None or teaching.saving:
            return
        if wish == "adopt":
            if teaching.profile:
                self._tell(LearnView("adopt"))
        else:
            self._happened(wish)

    def choose(self, index: int) -> None:
        step = self._teaching.session.step if self._teaching else None
        if isinstance(step, FindPort) and step.seen and index < len(step.seen):
            self._happened(PortChosen(step.seen[index]))

    def adopt(self) -> None:
        """The PIN was right."""
        teaching = self._teaching
        if teaching is None or not teaching.profile or teaching.session.port is None or self.open_visits():
            self.give_way_to_visits()
            return
        teaching.saving = True
        self._show()
        name = teaching.session.name
        place = place_of(name, profile_path(self.adding.config, name), teaching.session.port, teaching.window)
        self.adding.add(place, teaching.profile, lambda reason: self._saved(teaching, reason))

    def leave(self) -> None:
        """Lets the port go. The thread ends by itself: nothing here waits for it."""
        if self._teaching is not None:
            self._teaching.listening.stop(0.0)
            self._teaching = None

    def give_way_to_visits(self) -> None:
        """A citizen comes first: what was learnt so far and not adopted is dropped."""
        teaching = self._teaching
        if teaching is not None and not teaching.saving and not teaching.learnt and self.open_visits():
            self.leave()
            self._tell(LearnView("failed", self.words.learn_gave_way))

    def stop(self) -> None:
        """At the end of the program: waits for the thread."""
        self.leave()
        if self._last is not None:
            self._last.stop(_STOP_S)

    def _heard(self, turn: int, event: Event) -> None:
        """On the learning thread."""
        self.post(lambda: self._take(turn, event))

    def _take(self, turn: int, event: Event) -> None:
        if self._teaching is not None and turn == self._teaching.listening.turn:
            self._happened(event)

    def _happened(self, event: Event) -> None:
        teaching = self._teaching
        if teaching is None:
            return
        before = teaching.session
        teaching.session, effects = advance(before, event)
        for effect in effects:
            self._do(teaching, effect)
        step = teaching.session.step
        if isinstance(step, FindPort) and not isinstance(before.step, FindPort):
            teaching.listening.list_again()
        self._show()

    def _do(self, teaching: _Teaching, effect: Effect) -> None:
        match effect:
            case OpenPort(port, link):
                teaching.listening.open(port, link)
            case ClosePort():
                teaching.listening.close()
            case WriteProfile(text):
                teaching.profile = text
            case _:
                assert_never(effect)

    def _saved(self, teaching: _Teaching, reason: str) -> None:
        if teaching is not self._teaching:
            return
        teaching.saving, teaching.unsaved = False, reason
        teaching.learnt = "" if reason else teaching.session.name
        self._show()

    def _show(self) -> None:
        if self._teaching is not None:
            self._tell(self._view(self._teaching))

    def _view(self, teaching: _Teaching) -> LearnView:
        words = self.words
        if teaching.saving:
            return LearnView("saving", words.learn_saving)
        if teaching.learnt:
            return LearnView("done", words.learn_saved, words.learn_saved_note, learnt=teaching.learnt)
        match teaching.session.step:
            case Done():
                adopt = (Action("adopt", words.learn_adopt),)
                failed = words.learn_not_saved.format(reason=_reason(teaching.unsaved, words))
                note = failed if teaching.unsaved else words.learn_checked_note
                return LearnView("review", words.learn_checked, note, actions=adopt)
            case Cancelled():
                return LearnView("failed", words.learn_gave_way)
            case _:
                return view_of(teaching.session, words, chinese=self.chinese)


def _reason(unsaved: str, words: Words) -> str:
    """A journal's fault is a code; a file's is a sentence for an engineer."""
    return unsaved if " " in unsaved else words.reason(unsaved)


def place_of(name: str, profile: Path, port: Port, window: str) -> EvaluatorPlace:
    """Where the box that stood behind `port` is found again: by its identity, not by the number of the day."""
    windows: dict[int, str | tuple[str, ...]] = {1: window}
    if port.kind == "keyboard":
        return EvaluatorPlace(name, str(profile), windows, input=port.path)
    if not port.usb:
        return EvaluatorPlace(name, str(profile), windows, port=port.path)
    location = "" if port.serial else port.location
    return EvaluatorPlace(name, str(profile), windows, usb=port.usb, serial=port.serial, location=location)
