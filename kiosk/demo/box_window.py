"""`kiosk emulate PROFILE --window`: an emulated box to click on, with switches for each way to misbehave."""

import tempfile
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtQml import QQmlApplicationEngine

from devices.emulated_evaluator import EmulatedEvaluator
from devices.host_frames import described
from devices.misbehaviour import FAULTS
from devices.profile import ProfileError, load_profile
from devices.profile_parts import Profile
from kiosk.commands import OK, WRONG_INPUT
from kiosk.commands.learn_words import LEVEL_NAMES
from kiosk.commands.run import ended_by_signals
from kiosk.ui.fonts import choose_font
from kiosk.ui.qml_types import Property

WINDOW: Final = Path(__file__).parent / "Box.qml"
_LINES: Final = 6


class Box(QObject):
    """What the window binds to. The host's frames arrive on a thread of the box's own."""

    changed = Signal()
    _received = Signal(str)

    def __init__(self, profile: Profile, link: Path) -> None:
        """OSError where no port can be offered there."""
        super().__init__()
        self._profile = profile
        self._said: tuple[str, ...] = ()
        self._number = 0
        self._received.connect(self._hear)
        self._box = EmulatedEvaluator(
            profile, link, on_received=lambda frame: self._received.emit(described(profile, frame)), answers=True
        )

    def close(self) -> None:
        self._box.close()

    @Slot(int)
    def press(self, level: int) -> None:
        self._box.press(self._address, level)

    @Slot(int)
    def hold(self, level: int) -> None:
        """A key that is stuck; the same again lets it go."""
        if self._box.stuck:
            self._box.free()
        else:
            self._box.stick(self._address, level)
        self.changed.emit()

    @Slot(str)
    def turn(self, name: str) -> None:
        """Switches a way to misbehave on or off."""
        for fault in FAULTS:
            if fault == name:
                self._box.faults ^= {fault}
        if name == "silent":
            self._box.answers = not self._box.answers
        if name == "unplug":
            (self._box.unplug if self._box.plugged else self._box.plug)()
        self.changed.emit()

    @Slot(int)
    def turn_number(self, by: int) -> None:
        self._number = (self._number + by) % len(self._profile.addresses.evaluators)
        self.changed.emit()

    def _hear(self, line: str) -> None:
        self._said = (line, *self._said)[:_LINES]
        self.changed.emit()

    @property
    def _address(self) -> int:
        return self._profile.addresses.evaluators[self._number]

    @Property(str, notify=changed, final=True)
    def port(self) -> str:
        return self._box.port

    @Property(int, notify=changed, final=True)
    def number(self) -> int:
        return self._number + 1

    @Property(bool, notify=changed, final=True)
    def shared(self) -> bool:
        """Several boxes may be on the line: the number can be turned."""
        return len(self._profile.addresses.evaluators) > 1

    @Property("QVariantList", notify=changed, final=True)
    def keys(self) -> list[dict[str, object]]:
        """Best first; each with level, word."""
        return [{"level": level, "word": LEVEL_NAMES[str(level)]} for level in self._profile.levels]

    @Property("QVariantList", notify=changed, final=True)
    def switches(self) -> list[dict[str, object]]:
        """Each with name, on."""
        faults: list[dict[str, object]] = [{"name": name, "on": name in self._box.faults} for name in FAULTS]
        silent = {"name": "silent", "on": not self._box.answers}
        return [*faults, silent, {"name": "unplug", "on": not self._box.plugged}]

    @Property(bool, notify=changed, final=True)
    def stuck(self) -> bool:
        return self._box.stuck

    @Property(str, notify=changed, final=True)
    def said(self) -> str:
        """What the host said, the last first."""
        return "\n".join(self._said)


def show_box(profile_name: str, link: Path | None) -> int:
    """Until the window is closed. Exit code 2 for a bad profile or link."""
    application = QGuiApplication.instance() or QGuiApplication([])
    with tempfile.TemporaryDirectory(prefix="evaluator-") as directory:
        try:
            profile = load_profile(profile_name)
            box = Box(profile, link or Path(directory) / profile.name)
        except (ProfileError, OSError) as fault:
            print(fault)
            return WRONG_INPUT
        print(box.port, flush=True)
        engine = open_box(box)
        with ended_by_signals():
            application.exec()
        del engine
        box.close()
    return OK


def open_box(box: Box) -> QQmlApplicationEngine:
    """Keep it as long as the window is to live."""
    choose_font()
    engine = QQmlApplicationEngine()
    engine.setInitialProperties({"box": box})
    engine.load(QUrl.fromLocalFile(str(WINDOW)))
    return engine
