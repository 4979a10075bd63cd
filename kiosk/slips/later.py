"""Rating later: a case number and the code of its slip open a visit of their own, once, within the profile's period.

The journal alone says what a slip is good for: every visit of a case with that slip holds the same tag, so one search
finds the visit that was asked on the spot and any later one. Whatever is wrong is refused alike. A guess is counted,
durably, before it is looked at.
"""

import base64
import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from kiosk.core import lockout
from kiosk.core.province import Supplement
from kiosk.slips.codes import read_code
from kiosk.slips.key import SlipKey, plain_number
from kiosk.slips.period import last_day
from sync.anchors import believed_ms
from sync.clock import hall_day
from sync.journal.reader import JournalReader
from sync.journal.schema import JournalError
from sync.journal.search import Found, records_after, records_with
from sync.recorder import Recorder
from sync.records import Ask, Asked, At, Audited, Case, Earlier, Ended, Pressed, Salvaged, VisitId, understood
from sync.records.levels import LEVELS

if TYPE_CHECKING:
    from sync.journal.writer import Journal

log = logging.getLogger(__name__)

NOTE: Final = "slip-lockout"
LONGEST_LOCK_S: Final = 300
"""Nobody can shut a hall's terminal for longer by typing nonsense; 40 bits need no more."""
GRANT_MS: Final = 30_000
"""A grant that nobody used by then is no longer in the way of the next."""
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


Verdict = Granted | Refused | Unavailable
Answer = Callable[[Verdict], None]
_Standing = Literal["rated", "not-rated", "open"]


@dataclass(frozen=True, slots=True)
class _Visit:
    asked: Asked
    earlier: Earlier
    standing: _Standing


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
    ) -> None:
        self._recorder = recorder
        self._directory = directory
        self._key = key
        self._supplement = supplement
        self._utc_offset_minutes = utc_offset_minutes
        self._now = now
        self._fresh = fresh
        self._post = post
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
            [tag] = self._key.tags(code, (case_number[: 4 * LONGEST_NUMBER],))
            with closing(JournalReader(self._directory)) as reader:
                visit = self._unrated(list(_visits(reader, tag, self._since_ms())), today)
        except (JournalError, OSError) as fault:
            self._fail(fault, answer)
            return
        number = plain_number(case_number)
        if visit is None or not 0 < len(number) <= LONGEST_NUMBER or not self._grant(tag):
            at = self._now()
            self._recorder.append([Audited("slip-wrong", at, "", {"failures": state.failures})], lambda _: None)
            self._say(answer, Refused(state.tries_left, lockout.seconds_left(state, at)))
            return
        self._recorder.ask(
            lambda journal: journal.write_note(NOTE, lockout.to_json(lockout.succeeded(state))),
            lambda fault: log.warning("the wait after wrong codes was not ended: %s", fault),
        )
        self._say(answer, Granted(self._fresh(), _later_ask(visit, tag, number, limit_s)))

    def _unrated(self, visits: list[_Visit], today: dt.date) -> _Visit | None:
        """The one that was asked on the spot, the last where the citizen took it up again. None: not to be rated."""
        on_the_spot = [visit for visit in visits if visit.asked.later is None]
        if not on_the_spot or any(visit.standing != "not-rated" for visit in visits):
            return None
        newest = on_the_spot[0]
        asked = self._day(newest.asked.at.wall_ms)
        return newest if today <= last_day(asked, self._supplement) else None

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


def _visits(reader: JournalReader, tag: bytes, since_ms: int) -> Iterator[_Visit]:
    """Every visit with this slip, the newest first."""
    for found in records_with(reader, base64.b64encode(tag), since_ms):
        if isinstance(found.record, Asked):
            earlier = Earlier(found.generation.id, found.seq)
            yield _Visit(found.record, earlier, _standing(reader, found))
        elif isinstance(found.record, Salvaged) and (visit := _salvaged(found.record)) is not None:
            yield visit


def _standing(reader: JournalReader, found: Found) -> _Standing:
    for record in records_after(reader, found.generation, found.seq):
        if isinstance(record, Pressed) and record.asked == found.seq:
            return "rated"
        if isinstance(record, Ended) and record.asked == found.seq:
            return "not-rated"
    return "open"


def _salvaged(salvaged: Salvaged) -> _Visit | None:
    records = [understood(body.encode()) for body in salvaged.bodies]
    if len(records) < 2 or not isinstance(records[0], Asked) or not isinstance(records[1], Pressed | Ended):
        return None
    earlier = Earlier(salvaged.generation, records[1].asked)
    return _Visit(records[0], earlier, "rated" if salvaged.outcome in LEVELS else "not-rated")


def _later_ask(visit: _Visit, tag: bytes, number: str, limit_s: int) -> Ask:
    """Bound as the visit was on the spot: to its window and clerk, whoever is there now."""
    same = [case for case in visit.asked.cases if case.slip == tag]
    return Ask(
        window=visit.asked.window,
        place=visit.asked.place,
        object="case",
        channel="later-terminal",
        trigger="slip",
        limit_s=limit_s,
        clerk=visit.asked.clerk,
        cases=tuple(Case(project_no=number, service_number=case.service, task_code=case.item) for case in same),
        flags=("later",),
        slips=(tag,) * len(same),
        later=visit.earlier,
    )


def _lockout(journal: "Journal") -> lockout.Lockout:
    text = journal.read_note(NOTE)
    return lockout.from_json(text) if text else lockout.Lockout(longest_s=LONGEST_LOCK_S)
