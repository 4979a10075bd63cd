"""`kiosk journal export` and `kiosk journal import`: records carried by hand, where there is no network.

Both work beside a running kiosk. Who may run them may read the journal already: no PIN.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import msgspec

from kiosk.commands import DOES_NOT_HOLD, HELD, OK, WRONG_INPUT
from kiosk.control import ControlError, acknowledge, carry
from kiosk.secrets import FILE_NAME
from kiosk.settings import Settings, SettingsError, load_settings
from kiosk.sticks.acknowledging import Acknowledging, Answer, Take
from kiosk.sticks.duties import Carried, Duties, Taken
from kiosk.sticks.stick_error import StickError, from_system
from kiosk.storage import open_journal
from sync.clock import SystemClock
from sync.journal.lock import JournalHeldError, JournalLock
from sync.journal.schema import JournalError
from sync.parcels.acknowledgement import Acknowledgement
from sync.parcels.folder import Folder
from sync.recorder import Recorder

_ANSWERS: Final[dict[Answer, str]] = {
    "moved": "taken: the hub has these records",
    "early": "NOT YET: the acknowledgement of an older part of this journal has to come first",
    "already": "was taken before: nothing changed",
    "bad-signature": "REFUSED: not signed by the hub of kiosk.toml (hub.release_key)",
    "other-device": "REFUSED: it is for another kiosk",
    "other-chain": "REFUSED: the hub has other records than this journal: was the disk set back or copied?",
    "malformed": "REFUSED: it is damaged or no acknowledgement",
    "no-release-key": "REFUSED: hub.release_key is missing in kiosk.toml; `kiosk hub release-key` prints it at the hub",
    "not-stored": "could not be stored: the manager's page says what is wrong with the disk; take it again later",
}


def export(config: Path, to: Path, *, everything: bool, as_json: bool) -> int:
    """Writes parcels; safe beside a running kiosk, and moves nothing in it."""
    try:
        settings = load_settings(config)
        with _opened(to) as folder:
            written = _duties(settings, config, _nobody).write(folder, everything=everything)
    except (SettingsError, StickError) as fault:
        print(fault, file=sys.stderr)
        return WRONG_INPUT
    if as_json:
        print(json.dumps({"parcels": written.parcels, "records": written.records}))
    elif written.parcels:
        print(f"{written.parcels} parcels with {written.records} records are in {to}: the stick may be pulled")
    else:
        print("nothing to write: the hub has acknowledged everything")
    return OK


def take_and_carry(config: Path, source: Path, *, as_json: bool) -> int:
    """Takes what the hub said to this kiosk, and the parcels of others where this kiosk has a hub. Exit code 1 where
    something was refused.
    """
    try:
        settings = load_settings(config)
        with _opened(source) as folder, _acknowledging(settings) as take:
            duties = _duties(settings, config, take)
            taken, carried = duties.take(folder), _carried(settings, duties, folder)
        running = carry(settings) if carried.parcels else False
    except JournalHeldError as fault:
        print(fault, file=sys.stderr)
        return HELD
    except (SettingsError, StickError, ControlError, JournalError) as fault:
        print(fault, file=sys.stderr)
        return WRONG_INPUT
    if as_json:
        print(json.dumps(_as_json(taken, carried), ensure_ascii=False))
    else:
        _print(taken, carried, running=running)
    whole = taken.good == len(taken.answers) and not taken.refusals and not carried.refused
    return OK if whole else DOES_NOT_HOLD


def _carried(settings: Settings, duties: Duties, folder: Folder) -> Carried:
    """A kiosk without network has nowhere to carry anything."""
    by_hand = settings.hub is not None and not settings.hub.url
    return Carried(0, 0, 0, ()) if by_hand else duties.carry(folder)


def _print(taken: Taken, carried: Carried, *, running: bool) -> None:
    for name, answer in taken.answers:
        print(f"{name}: {_ANSWERS[answer]}")
    for name in taken.refusals:
        print(f"{name}: the hub REFUSED it; the reason stands in the .refused file beside it")
    for refused in carried.refused:
        print(f"{refused.file}: NOT carried: {refused.reason}")
    later = "" if running or not carried.parcels else ", once this kiosk runs"
    print(f"parcels of other kiosks: {carried.parcels} taken along to the hub{later}, {carried.known} known already")
    print(f"acknowledgements put onto the stick: {carried.acknowledgements}")


def _as_json(taken: Taken, carried: Carried) -> dict[str, object]:
    return {
        "acknowledgements": [{"file": name, "outcome": answer} for name, answer in taken.answers],
        "refused_by_hub": list(taken.refusals),
        "carried": carried.parcels,
        "known": carried.known,
        "not_carried": [{"file": one.file, "code": one.code, "reason": one.reason} for one in carried.refused],
        "handed_out": carried.acknowledgements,
    }


def _duties(settings: Settings, config: Path, take: Take) -> Duties:
    clock = SystemClock()
    return Duties(settings, config.absolute().parent / FILE_NAME, take, lambda: None, lambda: clock.now().wall_ms)


def _nobody(_: Acknowledgement) -> Answer:
    """An export takes nothing."""
    return "not-stored"


@contextmanager
def _acknowledging(settings: Settings) -> Iterator[Take]:
    """The running kiosk takes it; where none runs, this command holds the journal until all are taken."""
    with ExitStack() as stack:
        alone: list[Acknowledging] = []

        def take(acknowledgement: Acknowledgement) -> Answer:
            said = None if alone else acknowledge(settings, msgspec.json.encode(acknowledgement).decode())
            if said is not None:
                answer: Answer = msgspec.convert(said, Answer)
                return answer
            if not alone:
                alone.append(stack.enter_context(_alone(settings)))
            return alone[0].take(acknowledgement)

        yield take


@contextmanager
def _alone(settings: Settings) -> Iterator[Acknowledging]:
    clock, directory = SystemClock(), settings.storage.directory
    lock = JournalLock(directory)
    recorder = Recorder(lambda lost_by: open_journal(settings, clock.now(), lost_by)[0], clock.now, lambda: None)
    recorder.start()
    try:
        yield Acknowledging(settings.hub, directory, recorder)
    finally:
        recorder.stop()
        lock.release()


@contextmanager
def _opened(path: Path) -> Iterator[Folder]:
    try:
        with Folder(path.resolve()) as folder:
            yield folder
    except OSError as fault:
        raise from_system(fault) from fault
