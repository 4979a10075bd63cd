"""`kiosk paper enter`, `spoilt` and `status`: what comes back of the printed forms. Asks for the manager's PIN."""

import json
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Final, get_args

from kiosk.check_signs import CodeError
from kiosk.commands import DOES_NOT_HOLD, HELD, OK, WRONG_INPUT
from kiosk.commands.secrets import ask_secretly
from kiosk.control import ControlError
from kiosk.control import paper as paper_in_the_running_kiosk
from kiosk.desk import Gate
from kiosk.paper.desk import paper_desk
from kiosk.paper.orders import MOST_WORDS, Answer, Done, Enter, Order, Spoil
from kiosk.paper.reconciling import Batch, batches
from kiosk.paper.serials import fingerprint
from kiosk.secrets import FILE_NAME
from kiosk.settings import Settings, SettingsError, load_settings
from kiosk.storage import open_journal
from sync.clock import SystemClock, offset_minutes
from sync.journal.lock import JournalHeldError, JournalLock
from sync.journal.reader import JournalReader
from sync.journal.schema import JournalError
from sync.recorder import Recorder
from sync.records import LEVELS, OFFICIAL_WORDS

ANSWERS: Final[dict[Answer, str]] = {
    "issued": "recorded: every form of this batch is accounted for from now on",
    "entered": "recorded, as a rating on paper",
    "spoilt": "recorded: this form carries no rating",
    "never-issued": "no batch in this journal has this serial: take it in where it was printed",
    "returned-before": "this form was taken in before: it counts once",
    "spoilt-before": "this form was said to be spoilt: it counts for nothing",
    "no-place-for-words": "words are sealed to the hub, and hub.seal_key is not set: enter the form without its words",
    "pin-wrong": "wrong PIN: nothing was changed",
    "pin-locked": "locked after too many wrong PINs: wait, the screen says how long",
    "pin-missing": "no PIN has been set: run `kiosk pin set` first",
    "not-recorded": "it could not be recorded: the screen's manager page says what is wrong with the disk",
}
_PIN: Final = "manager's PIN: "


class WordsError(Exception):
    """What the citizen wrote cannot be taken in as it is. `str()` says what to do."""


def enter(config: Path, serial: str | None, level: int | None, words_file: Path | None) -> int:
    """One form; or, where none is named, one a line from standard input until it ends: serial and level."""
    try:
        settings = load_settings(config)
        if serial is not None and level is not None:
            form = Enter(fingerprint(serial), level, _words(words_file))
            return _told(obeyed(settings, config, form, ask_secretly(_PIN)))
        if serial is not None or words_file is not None:
            print("give serial and level together, or neither to be asked for them", file=sys.stderr)
            return WRONG_INPUT
        return _enter_all(settings, config, ask_secretly(_PIN))
    except JournalHeldError as fault:
        print(fault, file=sys.stderr)
        return HELD
    except (SettingsError, ControlError, JournalError, CodeError, WordsError, OSError) as fault:
        print(fault, file=sys.stderr)
        return WRONG_INPUT


def spoilt(config: Path, serial: str) -> int:
    try:
        settings, form = load_settings(config), Spoil(fingerprint(serial))
        return _told(obeyed(settings, config, form, ask_secretly(_PIN)))
    except JournalHeldError as fault:
        print(fault, file=sys.stderr)
        return HELD
    except (SettingsError, ControlError, JournalError, CodeError, OSError) as fault:
        print(fault, file=sys.stderr)
        return WRONG_INPUT


def status(config: Path, *, as_json: bool) -> int:
    """Safe beside a running kiosk. Exit code 1 where a form came back that no record issued."""
    try:
        settings = load_settings(config)
        with closing(JournalReader(settings.storage.directory)) as reader:
            found = batches(reader)
    except (SettingsError, JournalError) as fault:
        print(fault, file=sys.stderr)
        return WRONG_INPUT
    zone = timezone(timedelta(minutes=offset_minutes(settings.hall.utc_offset)))
    if as_json:
        print(json.dumps({"batches": [_as_json(batch, zone) for batch in found]}, ensure_ascii=False))
    else:
        for batch in found:
            print(
                f"{batch.batch} {_day(batch, zone)} {batch.point}: issued {len(batch.issued)}, returned "
                f"{len(batch.returned)}, spoilt {len(batch.spoilt)}, outstanding {batch.outstanding}"
            )
            if batch.unknown:
                print(f"DOES NOT ADD UP: {batch.unknown} of them stand in no record of an issue", file=sys.stderr)
        if not found:
            print("no forms have been issued here")
    return DOES_NOT_HOLD if any(batch.unknown for batch in found) else OK


def obeyed(settings: Settings, config: Path, order: Order, pin: str) -> Answer:
    """By the running kiosk; where none runs, with the same recorder and the same gate."""
    answer = paper_in_the_running_kiosk(settings, order, pin)
    if answer is not None:
        return answer
    clock, lock = SystemClock(), JournalLock(settings.storage.directory)
    recorder = Recorder(lambda lost_by: open_journal(settings, clock.now(), lost_by)[0], clock.now, lambda: None)
    recorder.start()
    try:
        gate = Gate(recorder, config.absolute().parent / FILE_NAME, clock.now, lambda call: call())
        return paper_desk(settings, recorder, gate, clock.now, lambda: None).obey(order, pin)
    finally:
        recorder.stop()
        lock.release()


def _enter_all(settings: Settings, config: Path, pin: str) -> int:
    """What is wrong with one line keeps no other from being taken in; a refused PIN ends it."""
    said = "serial and level, a form a line; an empty line ends"
    print(f"{said}. " + " ".join(f"{level} {OFFICIAL_WORDS[level]}" for level in LEVELS), file=sys.stderr)
    failed = 0
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            break
        serial, _, level = line.strip().rpartition(" ")
        try:
            answer = obeyed(settings, config, Enter(fingerprint(serial), _level(level)), pin)
        except CodeError as fault:
            print(f"line {number}: {fault}", file=sys.stderr)
            failed += 1
            continue
        print(f"line {number}: {ANSWERS[answer]}", file=sys.stdout if answer == "entered" else sys.stderr)
        failed += answer != "entered"
        if answer.startswith("pin-"):
            break
    return WRONG_INPUT if failed else OK


def _level(text: str) -> int:
    if text not in {str(level) for level in LEVELS}:
        raise CodeError("write the serial, a space, and the level from 5 to 1")
    return int(text)


def _told(answer: Answer) -> int:
    done = answer in get_args(Done)
    print(ANSWERS[answer], file=sys.stdout if done else sys.stderr)
    return OK if done else WRONG_INPUT


def _words(path: Path | None) -> str:
    if path is None:
        return ""
    try:
        words = path.read_text(encoding="utf-8-sig").strip()
    except UnicodeDecodeError as fault:
        raise WordsError(f"{path} is no text in UTF-8: save it as such") from fault
    if len(words) > MOST_WORDS:
        raise WordsError(f"{path} has {len(words)} characters: {MOST_WORDS} at most are kept; enter what matters most")
    return words


def _day(batch: Batch, zone: timezone) -> str:
    if not batch.day_ms:
        return "(issue lost)"
    return datetime.fromtimestamp(batch.day_ms // 1000, UTC).astimezone(zone).date().isoformat()


def _as_json(batch: Batch, zone: timezone) -> dict[str, object]:
    return {
        "batch": batch.batch,
        "point": batch.point,
        "day": _day(batch, zone) if batch.day_ms else None,
        "issued": len(batch.issued),
        "returned": len(batch.returned),
        "spoilt": len(batch.spoilt),
        "outstanding": batch.outstanding,
        "unknown": batch.unknown,
    }
