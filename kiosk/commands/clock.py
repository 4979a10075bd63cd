"""`kiosk clock set`: the time at a place that no trusted clock reaches. Asks for the manager's PIN.

What is recorded counts from now on and for everything since the machine was switched on, until a hub says otherwise.
"""

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Final

from kiosk.clock_setting import UNCERTAINTY_MS, Answer, ClockSetting
from kiosk.commands import HELD, OK, WRONG_INPUT
from kiosk.commands.secrets import ask_secretly
from kiosk.control import ControlError, set_clock
from kiosk.desk import Gate
from kiosk.secrets import FILE_NAME
from kiosk.settings import Settings, SettingsError, load_settings
from kiosk.storage import open_journal
from sync.anchors import ClockEvidence
from sync.clock import SystemClock, offset_minutes
from sync.journal.lock import JournalHeldError, JournalLock
from sync.journal.schema import JournalError
from sync.recorder import Recorder

WRITTEN_IN: Final = 2026
"""The year of this program: a time far from it is a slip of the finger."""
MOST_YEARS: Final = 10
_ANSWERS: Final[dict[Answer, str]] = {
    "corrected": "recorded: ratings since this machine was switched on count at this time, marked low trust",
    "not-needed": "the time that counts here is within a minute of it: nothing to correct",
    "trusted": "the hub has said the time since this machine was switched on: its time stands",
    "pin-wrong": "wrong PIN: nothing was changed",
    "pin-locked": "locked after too many wrong PINs: wait, the screen says how long",
    "pin-missing": "no PIN has been set: run `kiosk pin set` first",
    "not-recorded": "it could not be recorded: the screen's manager page says what is wrong with the disk",
}


class TimeError(Exception):
    """The text is no time to set. `str()` says what to do."""


def set_time(text: str, config: Path) -> int:
    """`text` is the hall's time at this moment, `yyyy-MM-dd HH:mm[:ss]`."""
    at = SystemClock().now()
    try:
        settings = load_settings(config)
        true_ms = parse_time(text, offset_minutes(settings.hall.utc_offset))
        pin = ask_secretly("manager's PIN: ")
        evidence = ClockEvidence(at, true_ms, UNCERTAINTY_MS, "engineer", "low")
        answer = set_clock(settings, evidence, pin) or _set_alone(settings, config, evidence, pin)
    except JournalHeldError as fault:
        print(fault, file=sys.stderr)
        return HELD
    except (SettingsError, TimeError, ControlError, JournalError, OSError) as fault:
        print(fault, file=sys.stderr)
        return WRONG_INPUT
    if answer not in {"corrected", "not-needed", "trusted"}:
        print(_ANSWERS[answer], file=sys.stderr)
        return WRONG_INPUT
    print(_ANSWERS[answer])
    print(_how_to_set_the_machine(true_ms - at.boot_ms + SystemClock().now().boot_ms))
    return OK


def parse_time(text: str, utc_offset_minutes: int) -> int:
    """Milliseconds since 1970-01-01 UTC. Raises `TimeError`."""
    for form in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"):
        try:
            local = datetime.strptime(text, form).replace(tzinfo=timezone(timedelta(minutes=utc_offset_minutes)))
        except ValueError:
            continue
        if abs(local.year - WRITTEN_IN) > MOST_YEARS:
            raise TimeError(f"the year {local.year} cannot be: give the hall's time now, as 2026-11-20 10:32:00")
        return round(local.timestamp() * 1000)
    raise TimeError(f"{text!r} is no time: give the hall's time now, as 2026-11-20 10:32:00")


def _set_alone(settings: Settings, config: Path, evidence: ClockEvidence, pin: str) -> Answer:
    """Where no kiosk runs: with the same recorder and the same gate."""
    clock, lock = SystemClock(), JournalLock(settings.storage.directory)
    recorder = Recorder(lambda lost_by: open_journal(settings, clock.now(), lost_by)[0], clock.now, lambda: None)
    recorder.start()
    try:
        gate = Gate(recorder, config.absolute().parent / FILE_NAME, clock.now, _at_once)
        return ClockSetting(recorder, gate).set(evidence, pin)
    finally:
        recorder.stop()
        lock.release()


def _at_once(call: Callable[[], None]) -> None:
    call()


def _how_to_set_the_machine(true_ms: int) -> str:
    utc = datetime.fromtimestamp(true_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
    return (
        "The machine's own clock was not touched. To set it:\n"
        f"  sudo date --utc --set '{utc}' && sudo hwclock --systohc"
    )
