"""What the manager's page asks for, answered without keeping the GUI thread: the PIN and the day's figures.

The attempt is on the disk before the PIN is looked at; the key derivation runs on a thread of its own.
"""

import logging
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.core import lockout
from kiosk.core.balance import Balance
from kiosk.core.desk import (
    Asking,
    ClockState,
    Desk,
    EvaluatorState,
    HubState,
    PinLocked,
    PinMissing,
    PinRight,
    PinVerdict,
    PinWrong,
    PublishedState,
    SoundState,
    Today,
)
from kiosk.core.packs import PackFault
from kiosk.pin import PinError, verify_pin
from kiosk.secrets import Secrets, SecretsError
from sync.anchors import OFF_MS, Anchor, WallOffsets, believed_ms
from sync.clock import hall_day
from sync.journal.schema import JournalError
from sync.recorder import Recorder
from sync.records import At, Audited

if TYPE_CHECKING:
    from sync.journal.day_book import DayBook
    from sync.journal.writer import Journal

log = logging.getLogger(__name__)

NOTE = "pin-lockout"


class Gate:
    """The PIN before the manager's page. `post` brings an answer to the GUI thread."""

    def __init__(
        self, recorder: Recorder, secrets: Path, now: Callable[[], At], post: Callable[[Callable[[], None]], None]
    ) -> None:
        self._recorder = recorder
        self._secrets = secrets
        self._now = now
        self._post = post

    def check(self, pin: str, answer: Callable[[PinVerdict], None]) -> None:
        """Returns at once; `answer` is called on the GUI thread. Where attempts cannot be counted, nobody gets in."""
        say = partial(self._say, answer)
        self._recorder.ask(
            lambda journal: self._attempt(journal, pin, say),
            lambda fault: self._refuse(fault, say),
        )

    def _refuse(self, fault: JournalError, say: Callable[[PinVerdict], None]) -> None:
        log.warning("the PIN was not checked: %s", fault)
        say(PinLocked(lockout.FIRST_LOCK_S))

    def _say(self, answer: Callable[[PinVerdict], None], verdict: PinVerdict) -> None:
        self._post(lambda: answer(verdict))

    def _attempt(self, journal: "Journal", pin: str, say: Callable[[PinVerdict], None]) -> None:
        """On the recorder's thread: counts the attempt, then leaves the slow part to another thread."""
        at = self._now()
        state, allowed = lockout.attempt(_lockout(journal), at)
        journal.write_note(NOTE, lockout.to_json(state))
        if not allowed:
            say(PinLocked(lockout.seconds_left(state, at)))
            return
        threading.Thread(target=self._verify, args=(pin, state, say), name="pin", daemon=True).start()

    def _verify(self, pin: str, state: lockout.Lockout, say: Callable[[PinVerdict], None]) -> None:
        try:
            stored = Secrets.load(self._secrets).pin
            right = bool(stored) and verify_pin(stored, pin)
        except (SecretsError, PinError) as fault:
            log.warning("the PIN cannot be checked: %s", fault)
            stored, right = "", False
        if not stored:
            self._store(lockout.succeeded(state))
            say(PinMissing())
        elif right:
            self._store(lockout.succeeded(state))
            say(PinRight())
        else:
            self._recorder.append([Audited("pin-wrong", self._now(), "", {"failures": state.failures})], lambda _: None)
            left = lockout.seconds_left(state, self._now())
            say(PinLocked(left) if left else PinWrong(state.tries_left))

    def _store(self, state: lockout.Lockout) -> None:
        self._recorder.ask(
            lambda journal: journal.write_note(NOTE, lockout.to_json(state)),
            lambda fault: log.warning("the lockout was not reset: %s", fault),
        )


class Figures:
    """Today's counts and the state of everything around them."""

    def __init__(
        self,
        recorder: Recorder,
        now: Callable[[], At],
        post: Callable[[Callable[[], None]], None],
        *,
        utc_offset_minutes: int,
        satisfied_from: int,
        hub: Callable[["Journal"], HubState],
        evaluators: Callable[[], tuple[EvaluatorState, ...]],
        kept_aside: Callable[[], int],
        sound: Callable[[], SoundState | None] = lambda: None,
        packs: Callable[[], tuple[PackFault, ...]] = tuple,
        pictures: Callable[[], tuple[tuple[str, str], ...]] = tuple,
        published: Callable[[], tuple[PublishedState, ...]] = tuple,
        balance: "Callable[[Journal, str, Anchor | None], Balance | None]" = lambda _journal, _day, _anchor: None,
        catalogue_fault: Callable[[], bool] = lambda: False,
    ) -> None:
        self._recorder = recorder
        self._now = now
        self._post = post
        self._utc_offset_minutes = utc_offset_minutes
        self._satisfied_from = satisfied_from
        self._hub = hub
        self._evaluators = evaluators
        self._kept_aside = kept_aside
        self._sound = sound
        self._packs = packs
        self._pictures = pictures
        self._book: DayBook | None = None
        self._published = published
        self._balance = balance
        self._catalogue_fault = catalogue_fault

    def load(self, answer: Callable[[Desk], None]) -> None:
        """Returns at once; `answer` is called on the GUI thread."""
        self._recorder.ask(
            lambda journal: self._read(journal, answer), lambda fault: self._tell_fault(fault.code, answer)
        )

    def _read(self, journal: "Journal", answer: Callable[[Desk], None]) -> None:
        from sync.journal.reader import channel_counts, day_counts

        at = self._now()
        known = journal.clock(at)
        anchor = known[0] if known else None
        day = hall_day(believed_ms(at, anchor), self._utc_offset_minutes)[0]
        desk = Desk(
            Today(
                day,
                day_counts(journal.connection, day),
                self._satisfied_from,
                channel_counts(journal.connection, day),
            ),
            self._hub(journal),
            self._evaluators(),
            self._kept_aside(),
            self._recorder.fault,
            _clock_state(at, *known) if known else None,
            self._sound(),
            self._asking(journal, day, known[0] if known else None),
            self._pictures(),
            self._published(),
            self._balance(journal, day, anchor),
            self._catalogue_fault(),
            packs=self._packs(),
        )
        self._post(lambda: answer(desk))

    def _asking(self, journal: "Journal", day: str, anchor: Anchor | None) -> Asking:
        from sync.journal.day_book import DayBook

        self._book = self._book or DayBook(self._utc_offset_minutes)
        facts = self._book.read(journal.connection, day, anchor)
        return Asking(facts.ended, facts.not_asked, facts.changes)

    def _tell_fault(self, fault: str, answer: Callable[[Desk], None]) -> None:
        hub = HubState("never", 0, None, None)
        day = hall_day(self._now().wall_ms, self._utc_offset_minutes)[0]
        today = Today(day, {}, self._satisfied_from)
        desk = Desk(today, hub, self._evaluators(), self._kept_aside(), fault, sound=self._sound(), packs=self._packs())
        self._post(lambda: answer(desk))


def _clock_state(at: At, anchor: Anchor, offsets: WallOffsets) -> ClockState | None:
    """None where the wall clock was right all the time that this machine has been on."""
    off_ms = believed_ms(at, anchor) - at.wall_ms
    true_offset = anchor.true_ms - anchor.boot_ms
    worst_ms = max(abs(off_ms), abs(offsets.low - true_offset), abs(offsets.high - true_offset))
    if worst_ms <= OFF_MS:
        return None
    return ClockState(off_ms // 1000, worst_ms // 1000, anchor.source, anchor.trust)


def _lockout(journal: "Journal") -> lockout.Lockout:
    text = journal.read_note(NOTE)
    return lockout.from_json(text) if text else lockout.Lockout()
