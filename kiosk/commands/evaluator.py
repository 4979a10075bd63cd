"""`kiosk evaluator adopt`: takes the map of a new or changed evaluator into use. Asks for the manager's PIN."""

import sys
from pathlib import Path
from typing import Final

from devices.profile import ProfileError
from kiosk.commands import HELD, OK, WRONG_INPUT
from kiosk.commands.secrets import ask_secretly
from kiosk.control import ControlError
from kiosk.control import adopt as adopt_in_the_running_kiosk
from kiosk.desk import Gate
from kiosk.evaluators.adopting import Adopting, Answer
from kiosk.evaluators.maps import EvaluatorMap, maps_of
from kiosk.secrets import FILE_NAME
from kiosk.settings import Settings, SettingsError, load_settings
from kiosk.storage import open_journal
from sync.clock import SystemClock
from sync.journal.lock import JournalHeldError, JournalLock
from sync.journal.schema import JournalError
from sync.recorder import Recorder

_ANSWERS: Final[dict[Answer, str]] = {
    "adopted": "recorded: its presses count from now on. Press each key once on the manager's page",
    "already": "this map is in use already: nothing to do",
    "no-such-evaluator": "the running kiosk does not know this evaluator yet: restart it and try again",
    "other-map": "the running kiosk still has another profile or other windows for it: restart it and try again",
    "pin-wrong": "wrong PIN: nothing was changed",
    "pin-locked": "locked after too many wrong PINs: wait, the screen says how long",
    "pin-missing": "no PIN has been set: run `kiosk pin set` first",
    "not-recorded": "it could not be recorded: the screen's manager page says what is wrong with the disk",
}


def adopt(name: str, config: Path) -> int:
    """Shows the map, then asks for the PIN: who adopts it has seen it."""
    try:
        settings = load_settings(config)
        maps = maps_of(settings)
        if name not in maps:
            known = ", ".join(maps) or "there is none"
            print(f"{config.name} has no evaluator {name!r}; choose from: {known}", file=sys.stderr)
            return WRONG_INPUT
        shown = maps[name]
        print(f"evaluator {name}: profile {shown.profile} ({shown.digest})")
        print(f"keys, as bytes=level: {shown.keys}")
        print(f"boxes, as number=window: {shown.windows}")
        pin = ask_secretly("manager's PIN: ")
        answer = adopt_in_the_running_kiosk(settings, shown, pin) or _adopt_alone(settings, config, shown, pin)
    except JournalHeldError as fault:
        print(fault, file=sys.stderr)
        return HELD
    except (SettingsError, ProfileError, ControlError, JournalError, OSError) as fault:
        print(fault, file=sys.stderr)
        return WRONG_INPUT
    done = answer in {"adopted", "already"}
    print(_ANSWERS[answer], file=sys.stdout if done else sys.stderr)
    return OK if done else WRONG_INPUT


def _adopt_alone(settings: Settings, config: Path, shown: EvaluatorMap, pin: str) -> Answer:
    """Where no kiosk runs: with the same recorder and the same gate."""
    clock, lock = SystemClock(), JournalLock(settings.storage.directory)
    recorder = Recorder(lambda lost_by: open_journal(settings, clock.now(), lost_by)[0], clock.now, lambda: None)
    recorder.start()
    try:
        gate = Gate(recorder, config.absolute().parent / FILE_NAME, clock.now, lambda call: call())
        return Adopting(recorder, gate, maps_of(settings), clock.now, lambda _: None).adopt(shown, pin)
    finally:
        recorder.stop()
        lock.release()
