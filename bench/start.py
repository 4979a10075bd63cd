"""Start to the first frame that takes a press, and memory, against a Qt Quick window with Controls and Chinese.

Whole processes, interleaved: each starts, shows its first frame, says so with its memory, ends. Both find their modules
compiled, as an installed program does.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 7
PLAIN_QML = """\
import QtQuick
import QtQuick.Controls
ApplicationWindow { width: 1280; height: 800; visible: true
    Column { Label { text: "请您对本次服务进行评价"; font.pixelSize: 40 } Button { text: "非常满意" } } }
"""
PLAIN = """\
import sys
from PySide6.QtGui import QGuiApplication
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickWindow
from PySide6.QtCore import QTimer
application = QGuiApplication([])
engine = QQmlApplicationEngine()
engine.load(sys.argv[1])
window = engine.rootObjects()[0]
"""
OURS = """\
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from kiosk.app import Kiosk
from kiosk.settings import load_settings
from kiosk.ui.keyboard import choose_keyboard
choose_keyboard()
application = QGuiApplication([])
config = Path(sys.argv[1])
kiosk = Kiosk(load_settings(config), config)
shown = kiosk.show(full_screen=False, size=(1280, 800))
window = shown.window
"""
TELL = """
def tell():
    window.frameSwapped.disconnect(tell)
    print("frame", flush=True)
    QTimer.singleShot(2500, settled)
def settled():
    words = open("/proc/self/status").read().split()
    print(words[words.index("VmRSS:") + 1], flush=True)
    import os
    os._exit(0)
window.frameSwapped.connect(tell)
application.exec()
"""
SETTINGS = """\
[hall]
name = "示范县政务服务中心"
[[window]]
id = "3"
name = "3号窗口"
place = "window"
[[window]]
id = "door"
name = "大厅出口"
place = "walk-up"
[screen]
window = "door"
[window_interface]
listen = "127.0.0.1:0"
[hub]
url = "http://127.0.0.1:9"
seal_key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
"""


def figures() -> list[tuple[str, str, str]]:
    times: dict[str, list[float]] = {"ours": [], "plain": []}
    memory: dict[str, list[float]] = {"ours": [], "plain": []}
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "Plain.qml"
        plain.write_text(PLAIN_QML, encoding="utf-8")
        config = Path(folder) / "kiosk.toml"
        config.write_text(SETTINGS, encoding="utf-8")
        for run in range(RUNS + 1):
            for name, program, argument in (("plain", PLAIN, plain), ("ours", OURS, config)):
                seconds, kilobytes = _start(program + TELL, argument)
                if run:  # the first warms the file cache
                    times[name].append(seconds)
                    memory[name].append(kilobytes / 1024)
    ours, plain_time = statistics.median(times["ours"]), statistics.median(times["plain"])
    rss, plain_rss = statistics.median(memory["ours"]), statistics.median(memory["plain"])
    return [
        (
            "start → first frame that takes a press / Qt Quick window with Controls",
            "≤ 2.5 ×",
            f"{ours / plain_time:.2f} × ({ours * 1000:.0f} / {plain_time * 1000:.0f} ms)",
        ),
        (
            "resident memory, all threads running / the same window",
            "≤ 1.8 ×",
            f"{rss / plain_rss:.2f} × ({rss:.0f} / {plain_rss:.0f} MB)",
        ),
    ]


def _start(program: str, argument: Path) -> tuple[float, float]:
    """Seconds to the first frame, and resident kilobytes some seconds later."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(argument)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=Path(__file__).parents[1],
        env={name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "frame\n"
        seconds = time.perf_counter() - start
        kilobytes = float(process.stdout.readline())
    return seconds, kilobytes
