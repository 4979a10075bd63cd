"""The demonstration by hand: the kiosk's own window beside a small box to click on, with real parts behind both.

The box sends frames on a pseudo-terminal, the kiosk is a process of its own, the hub too.
"""

import tempfile
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QProcess, QUrl, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtQml import QQmlApplicationEngine

from kiosk.commands import OK
from kiosk.commands.run import ended_by_signals
from kiosk.demo.hall import ADDRESS, PIN, Hall, open_hall
from kiosk.demo.ports import free_port
from kiosk.demo.window_computer import WindowComputer
from kiosk.own_command import own_command
from kiosk.ui.fonts import choose_font
from kiosk.ui.qml_types import Property

PANEL: Final = Path(__file__).parent / "Panel.qml"


class Panel(QObject):
    """What the small window does: presses keys of the box, asks as the window's computer would, cuts the network."""

    changed = Signal()

    def __init__(self, hall: Hall) -> None:
        super().__init__()
        self._hall = hall
        self._computer = WindowComputer(hall.window_port, "3", hall.tokens["3"])
        self._cut = False
        self._asked = 0

    @Slot(int)
    def press(self, level: int) -> None:
        self._hall.box.press(ADDRESS["3"], level)

    @Slot()
    def ask(self) -> None:
        self._asked += 1
        self._computer.ask(f"370811202611239{self._asked:03d}")

    @Slot()
    def turn_network(self) -> None:
        self._cut = not self._cut
        (self._hall.relay.cut if self._cut else self._hall.relay.mend)()
        self.changed.emit()

    @Property(bool, notify=changed, final=True)
    def cut(self) -> bool:
        return self._cut

    @Property(str, notify=changed, final=True)
    def pin(self) -> str:
        return PIN


def play_by_hand() -> int:
    """Until either window is closed."""
    application = QGuiApplication([])
    choose_font()
    with tempfile.TemporaryDirectory(prefix="kiosk-demo-") as folder, open_hall(Path(folder), free_port()) as hall:
        kiosk = QProcess()
        kiosk.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
        kiosk.finished.connect(application.quit)
        program, *arguments = own_command("demo", "--stage", str(hall.config))
        kiosk.start(program, arguments)
        panel = Panel(hall)
        engine = QQmlApplicationEngine()
        engine.setInitialProperties({"panel": panel})
        engine.load(QUrl.fromLocalFile(str(PANEL)))
        print(f"the manager's PIN here is {PIN}; his corner is top right: five taps, the last one held")
        with ended_by_signals():
            application.exec()
        kiosk.terminate()
        kiosk.waitForFinished(10_000)
        del engine
    return OK
