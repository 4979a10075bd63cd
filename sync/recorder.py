"""The recorder: the one thread that writes the journal.

Takes entries from any thread, writes what has come together in one commit, and says for each whether it is on the disk.
What could not be written is kept in memory and goes first with the next commit that succeeds; a press among it is then
written as one that was apologised for, since that is what the citizen was told. Never retries by itself: the next thing
to record is the next try. A bug in here ends the process, so that a supervisor starts it afresh, rather than leaving a
screen that waits for ever.
"""

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from sync.journal.schema import JournalError
from sync.recorder_jobs import Correct, Damaged, Job, NotStored, Nudge, Outcome, Question, Stop, Stored, Write
from sync.records import At, Audited, Entry, VisitApologised, VisitChanged, VisitPressed
from sync.release import Release
from sync.release_queue import Order, ReleaseQueue

if TYPE_CHECKING:  # brings the cryptography in, which is loaded on the recorder's own thread
    from sync.anchors import ClockEvidence
    from sync.journal.writer import Journal

log = logging.getLogger(__name__)

SETTLE_AFTER_S: Final = 30.0
"""A cursor that moved is written with the next commit, else after this long: it may lag, it must not cost a flush."""
HOUR_MS: Final = 3_600_000
_MOST_AT_ONCE: Final = 64


__all__ = ["NotStored", "Outcome", "Recorder", "Stored"]


class Recorder:
    """`open_journal` is called on the recorder's thread, again with each try until it succeeds. It is told why the
    journal that was open could not go on (`damaged`), else an empty text.
    """

    def __init__(
        self, open_journal: Callable[[str], "Journal"], now: Callable[[], At], on_stored: Callable[[], None]
    ) -> None:
        self._open_journal = open_journal
        self._now = now
        self._on_stored = on_stored
        self._queue: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._journal: Journal | None = None
        self._owed: list[Entry] = []
        self._cursors: dict[str, tuple[str, int]] = {}
        self._cursor_lock = threading.Lock()
        self._releases = ReleaseQueue()
        self._fault = ""
        self._lost_by = ""
        self._salvaged = False

    @property
    def fault(self) -> str:
        """Why the last write failed, as the code of a `JournalError`; empty while all is well."""
        return self._fault

    def start(self) -> None:
        self._thread.start()

    def stop(self, deadline_s: float = 5.0) -> None:
        """Writes what is queued, signs a head, closes the journal."""
        self._queue.put(Stop())
        self._thread.join(deadline_s)

    def append(self, entries: Sequence[Entry], done: Callable[[Outcome], None]) -> None:
        """Returns at once; `done` is called on the recorder's thread."""
        self._queue.put(Write(tuple(entries), done))

    def ask(self, question: Callable[["Journal"], None], failed: Callable[[JournalError], None]) -> None:
        """Runs a short question on the recorder's thread."""
        self._queue.put(Question(question, failed))

    def settle(self, destination: str, generation: str, next_seq: int) -> None:
        """A destination says how far it has everything."""
        with self._cursor_lock:
            first = not self._cursors
            self._cursors[destination] = (generation, next_seq)
        if first:
            self._queue.put(Nudge())

    def release(self, generation: str, release: Release, hub_key: bytes) -> None:
        """The hub says which sealed boxes nobody needs any more. Judged and carried out in a quiet moment."""
        if self._releases.put(Order(generation, release, hub_key)):
            self._queue.put(Nudge())

    def correct(self, evidence: "ClockEvidence") -> None:
        """Somebody says what time it is. Returns at once; a right clock costs no write."""
        self._queue.put(Correct(evidence))

    def damaged(self) -> None:
        """A reader cannot read the journal any more: it is salvaged, once in a run of the program."""
        self._queue.put(Damaged())

    def _run(self) -> None:
        self._try_to_open()
        running = True
        while running:
            try:
                jobs = self._gather(self._queue.get(timeout=self._idle_seconds()))
            except queue.Empty:
                self._tidy()
                continue
            running = self._serve(jobs)
        self._tidy(leaving=True)
        if self._journal is not None:
            self._journal.close()

    def _gather(self, first: Job) -> list[Job]:
        """What has come together by now, so that windows that are pressed at once share a flush."""
        jobs = [first]
        while len(jobs) < _MOST_AT_ONCE and not self._queue.empty():
            jobs.append(self._queue.get())
        return jobs

    def _serve(self, jobs: list[Job]) -> bool:
        """In order; False after the last job of all."""
        writes: list[Write] = []
        for job in jobs:
            if isinstance(job, Write):
                writes.append(job)
                continue
            self._write(writes)
            writes = []
            if isinstance(job, Stop):
                return False
            if isinstance(job, Question):
                self._answer(job)
            elif isinstance(job, Correct):
                self._correct(job.evidence)
            elif isinstance(job, Damaged):
                self._salvage_once()
        self._write(writes)
        return True

    def _write(self, writes: list[Write]) -> None:
        if not writes:
            return
        new = [entry for write in writes for entry in write.entries]
        cursors = self._take_cursors()
        try:
            receipts = self._opened().append([*self._owed, *new], cursors)
        except JournalError as fault:
            self._give_back(cursors)
            self._note_fault(fault)
            self._give_up_damaged(fault)
            self._owed += [_as_apologised(entry, fault.code) for entry in new]
            outcome: Outcome = NotStored(fault.code)
        else:
            self._owed = []
            self._note_fault(None)
            outcome = Stored(receipts)
        for write in writes:
            write.done(outcome)
        if isinstance(outcome, Stored):
            self._on_stored()

    def _answer(self, question: Question) -> None:
        try:
            question.ask(self._opened())
        except JournalError as fault:
            question.failed(fault)

    def _correct(self, evidence: "ClockEvidence") -> None:
        """What cannot be written now is said again with the hub's next answer."""
        try:
            corrected = self._opened().correct(evidence, self._now())
        except JournalError as fault:
            self._note_fault(fault)
            self._give_up_damaged(fault)
            return
        if corrected:
            log.warning("the clock was wrong: corrected by the %s", evidence.source)
            self._on_stored()

    def _tidy(self, *, leaving: bool = False) -> None:
        """What can wait for a quiet moment: cursors, what is owed, the head of the hour, a new signing key."""
        cursors = self._take_cursors()
        try:
            journal = self._opened()
            journal.append(self._owed, cursors)
            owed, self._owed = bool(self._owed), []  # whatever fails after this, they are not owed twice
            signed = journal.sign_head(self._now(), leaving=leaving)
            if not leaving:
                signed |= self._releases.carry_out(journal, self._now())
                journal.renew_reserve()
        except JournalError as fault:
            self._give_back(cursors)
            self._note_fault(fault)
            return
        if signed or owed:
            self._on_stored()
        self._note_fault(None)

    def _take_cursors(self) -> dict[str, tuple[str, int]]:
        with self._cursor_lock:
            cursors, self._cursors = self._cursors, {}
        return cursors

    def _give_back(self, cursors: dict[str, tuple[str, int]]) -> None:
        """A cursor that lags costs a repeat, and a repeat is harmless."""
        with self._cursor_lock:
            self._cursors = {**cursors, **self._cursors}

    def _opened(self) -> "Journal":
        if self._journal is None:
            self._journal = self._open_journal(self._lost_by)
            self._lost_by = ""
        return self._journal

    def _try_to_open(self) -> None:
        try:
            self._opened()
        except JournalError as fault:
            self._note_fault(fault)
        else:
            self._on_stored()

    def _salvage_once(self) -> None:
        """Not where the file in use is whole: the reader may have met an older one. And not again in this run: what a
        second salvage could not read either is no reason for a third.
        """
        if not self._salvaged and not self._is_whole():
            self._salvaged = True
            self._give_up_damaged(JournalError("a reader met damage", "damaged"))
            self._try_to_open()

    def _is_whole(self) -> bool:
        try:
            return self._opened().is_whole()
        except JournalError:
            return False

    def _give_up_damaged(self, fault: JournalError) -> None:
        """A damaged file is closed, so that the next try may salvage it."""
        if fault.code == "damaged" and self._journal is not None:
            self._journal.close()
            self._journal, self._lost_by = None, fault.code

    def _note_fault(self, fault: JournalError | None) -> None:
        code = fault.code if fault is not None else ""
        if code != self._fault:
            log.warning("recording: %s", fault or "works again")
            self._fault = code

    def _idle_seconds(self) -> float:
        now = self._now()
        to_the_hour = (HOUR_MS - now.wall_ms % HOUR_MS) / 1000 + 1
        with self._cursor_lock:
            soon = bool(self._cursors) or self._releases.is_due(now)
        return min(SETTLE_AFTER_S, to_the_hour) if soon else to_the_hour


def _as_apologised(entry: Entry, reason: str) -> Entry:
    if isinstance(entry, VisitPressed):
        return VisitApologised(entry.visit, entry.level, entry.source, reason, entry.at, entry.evidence)
    if isinstance(entry, VisitChanged):
        return Audited("change-not-recorded", entry.at, "", {"reason": reason})
    return entry
