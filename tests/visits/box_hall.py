"""Windows that are rated on boxes alone: a kiosk in this process without a screen, its boxes on pseudo-terminals."""

import gc
from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from pytestqt.qtbot import QtBot

from devices.emulated_evaluator import EmulatedEvaluator
from devices.framing import encode
from devices.profile import load_profile
from kiosk.app import Kiosk
from kiosk.core.desk import EvaluatorState
from kiosk.pin import hash_pin
from kiosk.secrets import FILE_NAME as SECRETS
from kiosk.secrets import Secrets
from kiosk.settings import load_settings
from sync.journal.reader import JournalReader
from sync.journal.schema import JournalError
from sync.records import Asked, Audit, Pressed, Record, decode

PIN = "271828"
HALL = f"""\
[hall]
name = "示范县政务服务中心"
[storage]
directory = "state"
[screen]
window = "glass"
[[window]]
id = "3"
name = "3号窗口"
place = "window"
[[window]]
id = "4"
name = "4号窗口"
place = "window"
[[window]]
id = "glass"
name = "5号窗口"
place = "window"
[hub]
url = "http://127.0.0.1:1"
seal_key = "{b64encode(bytes(range(32))).decode()}"
"""


class BoxHall:
    """`evaluator` is the text of the one [[evaluator]] section, without name and port."""

    def __init__(self, folder: Path, qtbot: QtBot, evaluator: str, profile: str = "rs485-ft12", more: str = "") -> None:
        self.config = folder / "kiosk.toml"
        self.profile = load_profile(profile)
        self.box = EmulatedEvaluator(self.profile, folder / "ttyBOX")
        self._qtbot = qtbot
        self._state = folder / "state"
        self._kiosk: Kiosk | None = None
        self.write(evaluator, profile, more)
        Secrets().with_pin(hash_pin(PIN)).save(folder / SECRETS)

    def write(self, evaluator: str, profile: str = "rs485-ft12", more: str = "") -> None:
        section = f'[[evaluator]]\nname = "bus"\nprofile = "{profile}"\nport = "{self.box.port}"\n{evaluator}\n'
        self.config.write_text(HALL + section + more, encoding="utf-8")

    @property
    def kiosk(self) -> Kiosk:
        assert self._kiosk is not None
        return self._kiosk

    @property
    def state(self) -> EvaluatorState:
        return next(state for state in self.kiosk.evaluators if state.name == "bus")

    def open(self) -> None:
        found = len(self.audits("evaluator-found"))
        self._kiosk = Kiosk(load_settings(self.config), self.config)
        self._kiosk.start()
        self.until(lambda: len(self.audits("evaluator-found")) > found)

    def close(self) -> None:
        if self._kiosk is not None:
            self._kiosk.stop()
            self._kiosk = None
            gc.collect()  # here and now: Qt's objects must not be taken down by another thread's collection

    def unplug(self) -> None:
        self.close()
        self.box.close()

    def keypad(self, number: int, data: bytes) -> None:
        body = self.profile.body_with(number, 0, data)
        self.box.send(encode(self.profile.framing, body, preamble=True))

    def press(self, number: int, level: int) -> None:
        self.box.press(0x80 + number, level)

    def ask(self, number: int) -> None:
        """By the keypad beside the box."""
        asked = len(self.of(Asked))
        self.keypad(number, bytes([0x0B]))
        self.until(lambda: len(self.of(Asked)) == asked + 1)

    def until(self, holds: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(holds, timeout=20_000)

    def records(self) -> list[Record]:
        try:
            with closing(JournalReader(self._state)) as reader:
                bodies = [b for one in reader.generations() for b in reader.slice(one.id, 0, one.next_seq).bodies]
        except JournalError:
            return []
        return [decode(body) for body in bodies]

    def of(self, kind: type[Record]) -> list[Record]:
        return [record for record in self.records() if isinstance(record, kind)]

    def audits(self, what: str) -> list[Audit]:
        return [record for record in self.records() if isinstance(record, Audit) and record.what == what]

    def rated(self) -> Counter[tuple[str, int]]:
        """Window and level of each press."""
        records = self.records()
        pressed = [record for record in records if isinstance(record, Pressed)]
        asks = [records[press.asked] for press in pressed]
        return Counter(
            (ask.window, press.level) for ask, press in zip(asks, pressed, strict=True) if isinstance(ask, Asked)
        )
