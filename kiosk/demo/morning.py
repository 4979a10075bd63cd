"""One honest morning: asked, pressed, cut, killed, mended. At the end every column agrees, or the exit code says so."""

import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

from devices.profile import load_profile
from kiosk.commands import DOES_NOT_HOLD, OK
from kiosk.demo.hall import ADDRESS, DOOR, PIN, PROFILE, Hall, open_hall
from kiosk.demo.kiosk_process import KioskProcess, StageError
from kiosk.demo.ports import free_port
from kiosk.demo.reckoning import COLUMNS, Reckoning, acknowledged_in, counted_in, found_evaluators
from kiosk.demo.window_computer import WindowComputer
from sync.clock import SystemClock, hall_day
from sync.journal.verify import Verdict, verify_journal
from sync.records import NOT_RATED, OFFICIAL_WORDS

PATIENCE_S: Final = 30.0
UTC_OFFSET_MINUTES: Final = 480
PAGES: Final = (
    ("reasons", "skipButton"),
    ("questions", "skipButton"),
    ("wordsPage", "skipButton"),
    ("thanks", "doneButton"),
)
TURNED_S: Final = 0.6
"""A page that has just turned answers no tap for half a second."""
APART_S: Final = 0.5
"""Two keys of a box that follow each other faster than its guard time are one press."""


def play_morning(output: Path) -> int:
    """Pictures go to `output`. Exit code 1 where any two columns differ or the journal does not verify."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by a signal"))  # so that hub and kiosk end with it
    output.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kiosk-demo-") as folder:
        try:
            with open_hall(Path(folder), free_port()) as hall:
                morning = _Morning(hall, output, began)
                try:
                    code = morning.play()
                finally:
                    morning.end()
        except StageError as fault:
            print(f"the morning broke off: {fault}", file=sys.stderr)
            for log in Path(folder).glob("*.log"):
                shutil.copy(log, output)
            return DOES_NOT_HOLD
    print(f"\npictures: {output}/ · {time.monotonic() - began:.0f} s")
    return code


class _Morning:
    def __init__(self, hall: Hall, output: Path, began: float) -> None:
        self._hall = hall
        self._output = output
        self._began = began
        self._fingers: Counter[int] = Counter()
        self._pictures = 0
        self._day = _today()
        self._boxes_found = 0
        self._three = WindowComputer(hall.window_port, "3", hall.tokens["3"])
        self._four = WindowComputer(hall.window_port, "4", hall.tokens["4"])
        self._kiosk = self._start()

    def play(self) -> int:
        self._open_the_hall()
        self._rate_with_the_network()
        self._cut_the_network()
        self._trouble_on_the_line()
        self._look_at_the_desk("manager-offline")
        self._kill_and_start_again()
        self._last_hour()
        self._wait_for_the_hub()
        self._look_at_the_desk("manager-online")
        return self._reckon()

    def end(self) -> None:
        """Whatever happened, no kiosk is left behind."""
        self._kiosk.end()

    # -- the acts ------------------------------------------------------------------------------------------------------

    def _open_the_hall(self) -> None:
        self._tell("the hub listens, the box is on its serial line, the kiosk shows its first frame")
        self._kiosk.wait_for("standby")
        self._wait_for_the_box()
        self._three.sign_in("1001")
        self._four.sign_in("1002")
        self._picture("standby")
        self._three.pause("shift-change")
        self._kiosk.wait_for("paused")
        self._picture("paused")
        self._three.resume()
        self._kiosk.wait_for("standby")

    def _rate_with_the_network(self) -> None:
        self._tell("window 3 asks for a rating of a case; the citizen presses the box")
        self._three.ask("370811202611230001")
        self._kiosk.wait_for("face5")
        self._picture("asking")
        self._box("3", 5)
        self._tell("it is recorded, and there is an offer to say more; this citizen says nothing more")
        self._thanked(pictures=True)
        self._tell("window 4 has no screen: it asks, and its box answers on the same two wires")
        self._four.ask("370811202611230002")
        self._box("4", 4)
        self._tell("window 3 again; this time a finger on the glass, not satisfied")
        self._three.ask("370811202611230003")
        self._glass(2)

    def _cut_the_network(self) -> None:
        self._hall.relay.cut()
        self._tell("the network is cut; ratings go on")
        self._three.ask("370811202611230004")
        self._kiosk.wait_for("face5", 10)
        self._tell("window 3 asks for the next case before anybody pressed: the one before is not rated")
        self._fingers[NOT_RATED] += 1
        self._three.ask("370811202611230005")
        self._glass(5)
        self._four.ask()
        self._box("4", 1)
        self._tell("somebody presses the box at the hall's exit, which is always open")
        self._box(DOOR, 5)

    def _trouble_on_the_line(self) -> None:
        self._tell("noise on the line, a frame with a wrong checksum, a key that nobody asked for: no ratings")
        broken = bytearray(load_profile(PROFILE).press_frame(ADDRESS["3"], 5))
        broken[-2] ^= 0xFF
        self._hall.box.send(b"\x00\xffgarbage\x68" + bytes(broken))
        self._kiosk.wait_for("standby")
        self._hall.box.press(ADDRESS["3"], 5)
        time.sleep(APART_S)
        self._tell("the box is unplugged and plugged in again; nobody tells the kiosk")
        self._hall.box.unplug()
        self._hall.box.plug()
        self._three.ask("370811202611230006")
        self._kiosk.wait_for("face5")
        self._wait_for_the_box()
        self._box("3", 3)
        self._thanked()

    def _kill_and_start_again(self) -> None:
        self._tell("the citizen presses very dissatisfied, is thanked, and that instant the kiosk is killed")
        self._three.ask("370811202611230007")
        self._kiosk.wait_for("face5")
        self._fingers[1] += 1
        self._kiosk.touch("face1")
        self._kiosk.wait_for("confirmed")
        self._kiosk.kill()
        self._hall.relay.mend()
        self._tell("the network is back; the kiosk is started again")
        self._kiosk = self._start()
        self._kiosk.wait_for("standby")
        self._wait_for_the_box()

    def _last_hour(self) -> None:
        self._three.sign_in("1001")
        self._three.ask("370811202611230008")
        self._kiosk.wait_for("face5")
        self._kiosk.touch("choiceButton")
        self._kiosk.wait_for("language-en")
        self._kiosk.touch("language-en")
        self._kiosk.wait_for("face5")
        self._picture("asking-english")
        self._glass(4)
        self._four.ask("370811202611230009")
        self._fingers[NOT_RATED] += 1
        self._four.ask("370811202611230010")
        self._box("4", 5)

    def _look_at_the_desk(self, name: str) -> None:
        self._kiosk.wait_for("standby")
        self._kiosk.hold_corner()
        self._kiosk.wait_for("pinPad")
        self._picture(f"{name}-pin")
        for digit in PIN:
            self._kiosk.touch(f"pinKey{digit}")
        self._kiosk.touch("pinEnter")
        self._kiosk.wait_for("deskPage")
        self._kiosk.wait_for("deskDay")
        self._picture(name)
        self._kiosk.touch("deskClose")
        self._tell(f"the manager has looked at today's counts ({name})")

    # -- the reckoning -------------------------------------------------------------------------------------------------

    def _wait_for_the_hub(self) -> None:
        """All that was rated has arrived; what the kiosk writes when it stops comes with its next start."""
        wanted = sum(self._fingers.values())
        self._until(lambda: sum(self._hub_counts().values()) >= wanted, "the hub to have everything")
        self._tell("the hub has everything")

    def _reckon(self) -> int:
        code = self._kiosk.stop()
        verdict = verify_journal(self._hall.state)
        reckoning = Reckoning(dict(zip(COLUMNS, self._columns(verdict), strict=True)))
        print()
        print("\n".join(reckoning.lines()))
        print(f"\njournal: {verdict.records} records, {'sound' if verdict.sound else 'NOT sound'}")
        for finding in verdict.findings:
            print(f"  DOES NOT HOLD: {finding}")
        if reckoning.agrees and verdict.sound and code == OK:
            print("every column agrees")
            return OK
        print(f"the columns differ, or the kiosk ended with {code}", file=sys.stderr)
        return DOES_NOT_HOLD

    def _columns(self, verdict: Verdict) -> tuple[Counter[int], ...]:
        state = self._hall.state
        return (
            self._fingers,
            counted_in(state),
            counted_in(state, below=self._hall.hub_has(verdict.device)),
            counted_in(state, below=acknowledged_in(state)),
            self._hub_counts(),
        )

    def _hub_counts(self) -> Counter[int]:
        """A morning that begins before midnight has two days."""
        counted: Counter[int] = Counter()
        for day in {self._day, _today()}:
            outcomes = self._hall.hub_counts(day)["outcomes"]
            counted.update({int(outcome): int(visits) for outcome, visits in outcomes.items()})
        return counted

    # -- hands ---------------------------------------------------------------------------------------------------------

    def _start(self) -> KioskProcess:
        return KioskProcess(self._hall.config, self._output / "kiosk.log")

    def _box(self, window: str, level: int) -> None:
        self._fingers[level] += 1
        self._hall.box.press(ADDRESS[window], level)
        self._tell(f"  box {window}: {OFFICIAL_WORDS[level]}")

    def _glass(self, level: int) -> None:
        self._kiosk.wait_for(f"face{level}")
        self._fingers[level] += 1
        self._kiosk.touch(f"face{level}")
        self._tell(f"  glass: {OFFICIAL_WORDS[level]}")
        self._thanked()

    def _wait_for_the_box(self) -> None:
        """The journal says when the kiosk has found the serial line: once more than before."""
        self._boxes_found += 1
        self._until(lambda: found_evaluators(self._hall.state) >= self._boxes_found, "the box to be found")

    def _thanked(self, *, pictures: bool = False) -> None:
        """Past the pages that offer to say more, to the receipt and out."""
        self._kiosk.wait_for("confirmed")
        for page, button in PAGES:
            self._kiosk.wait_for(page)
            if pictures:
                self._picture(page)
            time.sleep(TURNED_S)
            self._kiosk.touch(button)

    def _picture(self, name: str) -> None:
        self._pictures += 1
        self._kiosk.picture((self._output / f"{self._pictures:02d}-{name}.png").absolute())

    def _until(self, holds: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not holds():
            if time.monotonic() > deadline:
                raise StageError(f"waited {PATIENCE_S:.0f} s for {what}")
            time.sleep(0.1)

    def _tell(self, line: str) -> None:
        print(f"{time.monotonic() - self._began:5.1f} s  {line}", flush=True)


def _today() -> str:
    return hall_day(SystemClock().now().wall_ms, UTC_OFFSET_MINUTES)[0]
