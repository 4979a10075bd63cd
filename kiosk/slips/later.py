"""Rating later: a case number and the code of its slip open a visit of their own, once, within the profile's period.

The records alone say what a slip is good for: every visit of a case with that slip holds the same tag, so one search
finds the visit that was asked on the spot and any later one; in this journal, and at the hub where slips are taken in
the whole hall. Whatever is wrong is refused alike. A guess is counted, durably, before it is looked at.
"""

import datetime as dt
import logging
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.core import lockout
from kiosk.core.province import Supplement
from kiosk.slips.codes import read_code
from kiosk.slips.hall import HallNotAskedError, HallSlips
from kiosk.slips.key import SlipKey, plain_number
from kiosk.slips.period import last_day
from kiosk.slips.visits import Rateable, VisitsHere, visits_with
from sync.anchors import believed_ms
from sync.clock import hall_day
from sync.journal.reader import JournalReader
from sync.journal.schema import JournalError
from sync.recorder import Recorder
from sync.records import Ask, At, Audited, Case, Earlier, VisitId
from sync.slip_question import GRANT_MS, SlipVisit

if TYPE_CHECKING:
    from sync.journal.writer import Journal

log = logging.getLogger(__name__)

NOTE: Final = "slip-lockout"
LONGEST_LOCK_S: Final = 300
"""Nobody can shut a hall's terminal for longer by typing nonsense; 40 bits need no more."""
LONGEST_NUMBER: Final = 64


@dataclass(frozen=True, slots=True)
class Granted:
    """Give `AskedFor(visit, ask, now)` to the terminal's window at once: from then on it is a visit like any other."""

    visit: VisitId
    ask: Ask


@dataclass(frozen=True, slots=True)
class Refused:
    """No such case and code, too late, rated already, or not ended yet: alike."""

    tries_left: int
    """Before a wait."""
    seconds: int
    """Until the next guess is looked at; 0: at once."""


@dataclass(frozen=True, slots=True)
class Unavailable:
    """The journal cannot be read or written now."""


@dataclass(frozen=True, slots=True)
class Unreached:
    """The hub cannot be asked now, so nobody knows what was rated elsewhere in the hall. The same for every pair."""


Verdict = Granted | Refused | Unavailable | Unreached
Answer = Callable[[Verdict], None]


class LaterRatings:
    """One for all terminals of a process. `post` brings an answer to the GUI thread."""

    def __init__(
        self,
        recorder: Recorder,
        directory: Path,
        key: SlipKey,
        supplement: Supplement,
        *,
        utc_offset_minutes: int,
        now: Callable[[], At],
        fresh: Callable[[], VisitId],
        post: Callable[[Callable[[], None]], None],
        hall: HallSlips | None = None,
    ) -> None:
        """`hall`: None where slips are taken at this device alone."""
        self._recorder = recorder
        self._directory = directory
        self._key = key
        self._supplement = supplement
        self._utc_offset_minutes = utc_offset_minutes
        self._now = now
        self._fresh = fresh
        self._post = post
        self._hall = hall
        self._granted: dict[bytes, int] = {}
        """Tag to the end of its grant, on the clock since boot."""
        self._lock = threading.Lock()

    def find(self, case_number: str, code: str, limit_s: int, answer: Answer) -> None:
        """Returns at once; `answer` is called on the GUI thread. Raises `CodeError` for what cannot be a code: that is
        no guess, and tells only that the slip was misread.
        """
        secret = read_code(code)
        self._recorder.ask(
            lambda journal: self._attempt(journal, case_number, secret, limit_s, answer),
            lambda fault: self._fail(fault, answer),
        )

    def _attempt(self, journal: "Journal", case_number: str, code: bytes, limit_s: int, answer: Answer) -> None:
        """On the recorder's thread: counts the guess, then leaves the slow part to another thread."""
        at = self._now()
        state, allowed = lockout.attempt(_lockout(journal), at)
        journal.write_note(NOTE, lockout.to_json(state))
        if not allowed:
            self._say(answer, Refused(0, lockout.seconds_left(state, at)))
            return
        known = journal.clock(at)
        today = self._day(believed_ms(at, known[0] if known else None))
        look = threading.Thread(
            target=self._look, args=(case_number, code, limit_s, today, state, answer), name="slip", daemon=True
        )
        look.start()

    def _look(
        self, case_number: str, code: bytes, limit_s: int, today: dt.date, state: lockout.Lockout, answer: Answer
    ) -> None:
        try:
            ask = self._find(case_number, code, limit_s, today)
        except (JournalError, OSError) as fault:
            self._fail(fault, answer)
            return
        except HallNotAskedError as fault:
            log.warning("a slip was not looked for in the hall: %s", fault)
            self._say(answer, Unreached())
            return
        if ask is None:
            at = self._now()
            self._recorder.append([Audited("slip-wrong", at, "", {"failures": state.failures})], lambda _: None)
            self._say(answer, Refused(state.tries_left, lockout.seconds_left(state, at)))
            return
        self._recorder.ask(
            lambda journal: journal.write_note(NOTE, lockout.to_json(lockout.succeeded(state))),
            lambda fault: log.warning("the wait after wrong codes was not ended: %s", fault),
        )
        self._say(answer, Granted(self._fresh(), ask))

    def _find(self, case_number: str, code: bytes, limit_s: int, today: dt.date) -> Ask | None:
        """Of a slip that is taken here alone, this journal decides; of any other the hub, so that it is rated once in
        the hall. The hub is asked whatever stands here: a wrong pair looks like every other, network or not.
        """
        tags = self._key.tags_to_find(code, case_number[: 4 * LONGEST_NUMBER])
        with closing(JournalReader(self._directory)) as reader:
            of_device, of_hall = (self._here(reader, tag) for tag in (tags.device, tags.hall))
        number = plain_number(case_number)
        fits = 0 < len(number) <= LONGEST_NUMBER
        visit = of_device.rateable(today, self._supplement, self._utc_offset_minutes)
        if tags.device is not None and visit is not None and fits and self._grant(tags.device):
            return _bound(number, tags.device, limit_s, visit)
        if tags.hall is None or self._hall is None:
            return None
        own = of_hall.rateable(today, self._supplement, self._utc_offset_minutes)
        reply = self._hall.ask(tags.hall, own=own is not None)
        visit = own or _elsewhere(reply.visit, self._hall.device, today, self._supplement)
        if not (reply.granted and fits) or visit is None or of_hall.in_the_way:
            return None
        return _bound(number, tags.hall, limit_s, visit)

    def _here(self, reader: JournalReader, tag: bytes | None) -> VisitsHere:
        return VisitsHere(tag, list(visits_with(reader, tag, self._since_ms())) if tag is not None else [])

    def _grant(self, tag: bytes) -> bool:
        """One at a time: two terminals must not open the same slip before either's ask is in the journal."""
        now_ms = self._now().boot_ms
        with self._lock:
            self._granted = {one: until for one, until in self._granted.items() if until > now_ms}
            if tag in self._granted:
                return False
            self._granted[tag] = now_ms + GRANT_MS
            return True

    def _since_ms(self) -> int:
        """Generous: the day decides, this only ends the search."""
        return self._now().wall_ms - (3 * self._supplement.days + 30) * 86_400_000

    def _day(self, wall_ms: int) -> dt.date:
        return dt.date.fromisoformat(hall_day(wall_ms, self._utc_offset_minutes)[0])

    def _fail(self, fault: Exception, answer: Answer) -> None:
        log.warning("a slip was not looked for: %s", fault)
        self._say(answer, Unavailable())

    def _say(self, answer: Answer, verdict: Verdict) -> None:
        self._post(lambda: answer(verdict))


def _elsewhere(visit: SlipVisit | None, device: str | None, today: dt.date, supplement: Supplement) -> Rateable | None:
    """As the hub has it. A visit of this device that its journal has lost is found too."""
    if visit is None or today > last_day(dt.date.fromisoformat(visit.day), supplement):
        return None
    reference = visit.reference if visit.device != device else Earlier(visit.generation, visit.asked)
    cases = tuple((case.service, case.item) for case in visit.cases)
    return Rateable(visit.window, visit.place, visit.clerk, cases, reference)


def _bound(case_number: str, tag: bytes, limit_s: int, visit: Rateable) -> Ask:
    """Bound as the visit was on the spot: to its window and clerk, whoever is there now."""
    return Ask(
        window=visit.window,
        place=visit.place,
        object="case",
        channel="later-terminal",
        trigger="slip",
        limit_s=limit_s,
        clerk=visit.clerk,
        cases=tuple(Case(project_no=case_number, service_number=n, task_code=item) for n, item in visit.cases),
        flags=("later",),
        slips=(tag,) * len(visit.cases),
        later=visit.earlier,
    )


def _lockout(journal: "Journal") -> lockout.Lockout:
    text = journal.read_note(NOTE)
    return lockout.from_json(text) if text else lockout.Lockout(longest_s=LONGEST_LOCK_S)
