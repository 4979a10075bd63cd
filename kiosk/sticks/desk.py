"""The page of sticks behind the PIN: looks, and does the one thing that was asked for, on a thread of its own."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar, assert_never

from kiosk.core.sticks import Action, CarriedOn, NotDone, Outcome, Stick, Took, Wrote
from kiosk.sticks.acknowledging import GOOD
from kiosk.sticks.duties import Duties, Taken
from kiosk.sticks.mounts import MOUNT_TABLE, Mount, opened, sticks
from kiosk.sticks.stick_error import StickError

log = logging.getLogger(__name__)
T = TypeVar("T")

_CODES: Final = {"altered": "parcel-altered"}
"""Where another part of the kiosk says something else by the same code."""


@dataclass(eq=False)
class SticksDesk:
    """`below`: where sticks are mounted. `post` leads to the GUI thread. One thing at a time."""

    duties: Duties
    below: Path
    post: Callable[[Callable[[], None]], None]
    table: Path = MOUNT_TABLE
    _thread: threading.Thread | None = field(default=None, init=False)

    def look(self, answer: Callable[[tuple[Stick, ...]], None]) -> None:
        """Returns at once; `answer` is called on the GUI thread."""
        self._start(lambda: self._tell(answer, tuple(map(self._seen, self._mounts()))))

    def act(self, place: str, action: Action, answer: Callable[[Outcome], None]) -> None:
        """Returns at once; `answer` is called on the GUI thread."""
        self._start(lambda: self._tell(answer, self._done(place, action)))

    def stop(self, deadline_s: float = 5.0) -> None:
        """At the end of the program. What is not whole on the stick by then is a `.part`."""
        if self._thread is not None:
            self._thread.join(deadline_s)

    def _start(self, work: Callable[[], None]) -> None:
        before = self._thread

        def run() -> None:
            if before is not None:
                before.join()
            work()

        self._thread = threading.Thread(target=run, name="stick", daemon=True)
        self._thread.start()

    def _tell(self, answer: Callable[[T], None], said: T) -> None:
        self.post(lambda: answer(said))

    def _mounts(self) -> list[Mount]:
        try:
            return sticks(self.below, self.table)
        except OSError as fault:
            log.warning("the mount table cannot be read: %s", fault)
            return []

    def _seen(self, mount: Mount) -> Stick:
        place = str(mount.place)
        if mount.missing:
            return Stick(place, missing=mount.missing)
        try:
            with opened(mount) as folder:
                found = self.duties.look(folder)
        except StickError as fault:
            return Stick(place, fault=fault.code)
        return Stick(place, found.own, found.carried, found.others, found.acknowledgements)

    def _done(self, place: str, action: Action) -> Outcome:
        mount = next((one for one in self._mounts() if str(one.place) == place), None)
        if mount is None:
            return NotDone("stick-gone")
        try:
            with opened(mount) as folder:
                match action:
                    case "write":
                        written = self.duties.write(folder)
                        return Wrote(written.parcels, written.records)
                    case "take":
                        return _took(self.duties.take(folder))
                    case "carry":
                        carried = self.duties.carry(folder)
                        reasons = tuple(_CODES.get(one.code, one.code) for one in carried.refused)
                        return CarriedOn(carried.parcels, carried.known, carried.acknowledgements, reasons)
                    case _:
                        assert_never(action)
        except StickError as fault:
            log.warning("a stick: %s", fault)
            return NotDone(fault.code)


def _took(taken: Taken) -> Took:
    bad = [answer for _, answer in taken.answers if answer not in GOOD]
    return Took(taken.good, len(bad), bad[0] if bad else "", len(taken.refusals))
