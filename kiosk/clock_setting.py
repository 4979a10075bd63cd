"""An engineer says what time it is: behind the PIN, recorded as of low trust. The machine's own clock is not touched.

Called on a thread that may wait: the control socket's, or a command's.
"""

import queue
from functools import partial
from typing import TYPE_CHECKING, Final, Literal

from kiosk.desk import Gate
from kiosk.pin_entry import PATIENCE_S, PinRefusal, pin_refused
from sync.anchors import ClockEvidence
from sync.journal.schema import JournalError
from sync.recorder import Outcome, Recorder, Stored
from sync.records import Audited

if TYPE_CHECKING:
    from sync.journal.writer import Journal

Answer = Literal["corrected", "not-needed", "trusted", "not-recorded"] | PinRefusal
UNCERTAINTY_MS: Final = 60_000
"""A time that a person has typed."""


class ClockSetting:
    """`gate` answers on whichever thread it likes."""

    def __init__(self, recorder: Recorder, gate: Gate) -> None:
        self._recorder = recorder
        self._gate = gate

    def set(self, evidence: ClockEvidence, pin: str) -> Answer:
        """Attempts count towards the same lock as those on the screen. Waits for the disk."""
        try:
            return pin_refused(self._gate, pin) or self._set(evidence)
        except queue.Empty:
            return "not-recorded"

    def _set(self, evidence: ClockEvidence) -> Answer:
        answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self._recorder.ask(lambda journal: answers.put(_correct(journal, evidence)), partial(_not_recorded, answers))
        answer = answers.get(timeout=PATIENCE_S)
        if answer == "not-recorded":
            return answer
        outcomes: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
        detail: dict[str, str | int] = {"true_ms": evidence.true_ms, "answer": answer}
        self._recorder.append([Audited("clock-set", evidence.at, "", detail)], outcomes.put)
        return answer if isinstance(outcomes.get(timeout=PATIENCE_S), Stored) else "not-recorded"


def _correct(journal: "Journal", evidence: ClockEvidence) -> Answer:
    """On the recorder's thread."""
    known = journal.clock(evidence.at)
    if known is not None and known[0].trust == "high":
        return "trusted"
    return "corrected" if journal.correct(evidence, evidence.at) else "not-needed"


def _not_recorded(answers: "queue.SimpleQueue[Answer]", _: JournalError) -> None:
    answers.put("not-recorded")
