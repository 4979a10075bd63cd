"""What the guided learning of an unknown box binds to. The conversation itself is held elsewhere: this shows it."""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Final, Literal

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.ui.qml_types import Property, QmlUncreatable
from kiosk.ui.words import Words

QML_IMPORT_NAME = "Kiosk.Models"
QML_IMPORT_MAJOR_VERSION = 1

NAME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_NAME: Final = 24

Wish = Literal["next", "skip", "back", "adopt"]
LearnStep = Literal["begin", "find", "press", "wait", "review", "failed", "adopt", "saving", "done"]


@dataclass(frozen=True, slots=True)
class Action:
    wish: Wish
    label: str


@dataclass(frozen=True, slots=True)
class LearnView:
    """One step of the conversation, in words. `heard` of `wanted` presses; `level` is 0 where no key is asked for."""

    step: LearnStep
    headline: str = ""
    note: str = ""
    level: int = 0
    heard: int = 0
    wanted: int = 0
    raw: str = ""
    findings: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    """The first is what one most likely wants."""
    learnt: str = ""
    """Name of the evaluator that is in use now."""


@dataclass(frozen=True, slots=True)
class Place:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class LearnPorts:
    """On the GUI thread; none of them may wait. `listen` is given who is told of each new view."""

    windows: tuple[Place, ...]
    names: Callable[[], frozenset[str]]
    """Of the evaluators that there are, and of the profiles that have been written."""
    busy: Callable[[], bool]
    """A citizen may be rating somewhere."""
    listen: Callable[[Callable[[LearnView], None]], None]
    begin: Callable[[str, str], None]
    """Name of the box, id of its window."""
    wish: Callable[[Wish], None]
    choose: Callable[[int], None]
    """The port at this place of the list."""
    adopt: Callable[[], None]
    """Saves what was learnt and takes it into use: behind the PIN."""
    leave: Callable[[], None]


@dataclass(frozen=True, slots=True)
class _View:
    name: str = ""
    window: str = ""
    notice: str = ""
    shown: LearnView = field(default_factory=lambda: LearnView("begin"))


@QmlElement
@QmlUncreatable("made by kiosk.app")
class LearnViewModel(QObject):
    """Lives on the GUI thread."""

    changed = Signal()

    def __init__(self, ports: LearnPorts, words: Words) -> None:
        super().__init__()
        self._ports = ports
        self._words = words
        self._view = _View()
        ports.listen(self._heard)

    def open(self) -> None:
        self._show(_View(self._free_name(), self._ports.windows[0].id))

    def leave(self) -> None:
        """Lets the port go, whatever the conversation was at. Nothing is saved that was not adopted."""
        if self._view != _View():
            self._ports.leave()
            self._show(_View())

    @property
    def learnt(self) -> str:
        return self._view.shown.learnt

    @property
    def pinWanted(self) -> bool:  # noqa: N802 - beside the names of QML
        return self._view.shown.step == "adopt"

    def adopt(self) -> None:
        self._ports.adopt()

    @Slot(str)
    def type(self, letter: str) -> None:
        """A letter of the pad; empty takes the last one away."""
        name = self._view.name + letter if letter else self._view.name[:-1]
        self._show(replace(self._view, name=name[:LONGEST_NAME], notice=""))

    @Slot(str)
    def chooseWindow(self, window: str) -> None:  # noqa: N802
        self._show(replace(self._view, window=window))

    @Slot()
    def begin(self) -> None:
        name = self._view.name
        if not NAME.fullmatch(name):
            notice = self._words.learn_name_wrong
        elif name in self._ports.names():
            notice = self._words.learn_name_taken
        elif self._ports.busy():
            notice = self._words.refused_visit_open
        else:
            self._ports.begin(name, self._view.window)
            return
        self._show(replace(self._view, notice=notice))

    @Slot(str)
    def wish(self, wish: Wish) -> None:
        self._ports.wish(wish)

    @Slot(int)
    def choose(self, port: int) -> None:
        self._ports.choose(port)

    def _free_name(self) -> str:
        taken = self._ports.names()
        return next(name for number in range(1, len(taken) + 2) if (name := f"box-{number}") not in taken)

    def _heard(self, view: LearnView) -> None:
        self._show(replace(self._view, shown=view, notice=""))

    def _show(self, view: _View) -> None:
        if view != self._view:
            self._view = view
            self.changed.emit()

    @Property(str, notify=changed, final=True)
    def step(self) -> str:
        return self._view.shown.step

    @Property(str, notify=changed, final=True)
    def name(self) -> str:
        return self._view.name

    @Property(str, notify=changed, final=True)
    def window(self) -> str:
        return self._view.window

    @Property("QVariantList", notify=changed, final=True)
    def windows(self) -> list[dict[str, str]]:
        """Each with id, name."""
        return [asdict(place) for place in self._ports.windows]

    @Property(str, notify=changed, final=True)
    def headline(self) -> str:
        return self._view.shown.headline

    @Property(str, notify=changed, final=True)
    def note(self) -> str:
        return self._view.notice or self._view.shown.note

    @Property(bool, notify=changed, final=True)
    def refused(self) -> bool:
        """The note is a refusal and not a hint."""
        return bool(self._view.notice)

    @Property(int, notify=changed, final=True)
    def level(self) -> int:
        return self._view.shown.level

    @Property(int, notify=changed, final=True)
    def heard(self) -> int:
        return self._view.shown.heard

    @Property(int, notify=changed, final=True)
    def wanted(self) -> int:
        return self._view.shown.wanted

    @Property(str, notify=changed, final=True)
    def raw(self) -> str:
        return self._view.shown.raw

    @Property("QVariantList", notify=changed, final=True)
    def findings(self) -> list[str]:
        return list(self._view.shown.findings)

    @Property("QVariantList", notify=changed, final=True)
    def doubts(self) -> list[str]:
        return list(self._view.shown.doubts)

    @Property("QVariantList", notify=changed, final=True)
    def portNames(self) -> list[str]:  # noqa: N802
        return list(self._view.shown.ports)

    @Property("QVariantList", notify=changed, final=True)
    def actions(self) -> list[dict[str, str]]:
        """Each with wish, label."""
        return [asdict(action) for action in self._view.shown.actions]
