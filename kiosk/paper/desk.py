"""Takes forms in: behind the PIN, each serial once, recorded as a visit of the paper channel.

Called on a thread that may wait: the control socket's, or a command's.
"""

import queue
import secrets
from base64 import b64encode
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from kiosk.desk import Gate
from kiosk.paper.orders import Answer, Enter, Issue, Order, Spoil
from kiosk.pin_entry import PATIENCE_S, pin_refused
from kiosk.settings import Settings
from sync.journal.reader import JournalReader
from sync.journal.schema import JournalError
from sync.journal.search import records_with
from sync.recorder import Recorder
from sync.records import (
    Ask,
    Asked,
    At,
    Entry,
    FormsIssued,
    FormSpoilt,
    PaperForm,
    PaperIssued,
    PaperSpoilt,
    Record,
    Salvaged,
    VisitAsked,
    VisitDetailed,
    VisitEnded,
    VisitId,
    VisitPressed,
    understood,
)

if TYPE_CHECKING:
    from sync.journal.writer import Journal


class PaperDesk:
    """`gate` answers on whichever thread it likes; `stored` is called on the recorder's. One caller at a time."""

    def __init__(
        self,
        recorder: Recorder,
        gate: Gate,
        directory: Path,
        now: Callable[[], At],
        stored: Callable[[], None],
        *,
        words_sealed: bool,
    ) -> None:
        """`words_sealed`: there is somebody to seal words to. Without, they would have no place."""
        self._recorder = recorder
        self._gate = gate
        self._directory = directory
        self._now = now
        self._stored = stored
        self._words_sealed = words_sealed

    def obey(self, order: Order, pin: str) -> Answer:
        try:
            return pin_refused(self._gate, pin) or self._obey(order)
        except queue.Empty:
            return "not-recorded"

    def _obey(self, order: Order) -> Answer:
        match order:
            case Issue(batch, point, serials):
                return self._record([PaperIssued(batch, point, tuple(serials), self._now())], "issued")
            case Enter():
                return self._enter(order)
            case Spoil(serial):
                found = self._outstanding(serial)
                if isinstance(found, str):
                    return found
                return self._record([PaperSpoilt(found.batch, serial, self._now())], "spoilt")
            case _:
                assert_never(order)

    def _enter(self, form: Enter) -> Answer:
        if form.words and not self._words_sealed:
            return "no-place-for-words"
        found = self._outstanding(form.serial)
        if isinstance(found, str):
            return found
        at, visit = self._now(), VisitId(secrets.token_bytes(16))
        ask = Ask(
            window=found.point,
            place="walk-up",
            object="hall",
            channel="paper",
            trigger="paper",
            limit_s=0,
            paper=PaperForm(found.batch, form.serial),
        )
        entries: list[Entry] = [VisitAsked(visit, ask, at), VisitPressed(visit, form.level, "paper", at)]
        if form.words:
            entries.append(VisitDetailed(visit, at, words=form.words))
        return self._record([*entries, VisitEnded(visit, "rated", "taken-in", at)], "entered")

    def _outstanding(self, serial: bytes) -> FormsIssued | Answer:
        """The batch of a form that has neither come back nor been spoilt; else why not."""
        issued = None
        try:
            with closing(JournalReader(self._directory)) as reader:
                for found in records_with(reader, b64encode(serial)):
                    for record in _records_in(found.record):
                        if isinstance(record, Asked) and record.paper is not None and record.paper.serial == serial:
                            return "returned-before"
                        if isinstance(record, FormSpoilt) and record.serial == serial:
                            return "spoilt-before"
                        if isinstance(record, FormsIssued) and serial in record.serials:
                            issued = record
        except JournalError:
            return "not-recorded"
        return issued or "never-issued"

    def _record(self, entries: list[Entry], done: Answer) -> Answer:
        """All of it or nothing, and nothing is owed: what fails is entered again by hand."""
        answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()

        def write(journal: "Journal") -> None:
            journal.append(entries)
            answers.put(done)
            self._stored()

        self._recorder.ask(write, lambda _: answers.put("not-recorded"))
        return answers.get(timeout=PATIENCE_S)


def paper_desk(
    settings: Settings, recorder: Recorder, gate: Gate, now: Callable[[], At], stored: Callable[[], None]
) -> PaperDesk:
    sealed = settings.hub is not None and settings.hub.seal_key != ""
    return PaperDesk(recorder, gate, settings.storage.directory, now, stored, words_sealed=sealed)


def _records_in(record: Record) -> list[Record]:
    """What was salvaged holds the texts of the visit's own records."""
    if not isinstance(record, Salvaged):
        return [record]
    return [one for body in record.bodies if (one := understood(body.encode())) is not None]
