"""The real recorder and journal in a process of their own, that can be started on any disk.

`python -m tests.durability.disk.recording STATE`. Obeys JSON lines: `rate` (one press, awaited), `records`, `stop`.
`Recording` is the same from outside.
"""

import json
import queue
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from kiosk.settings import Settings, WindowPlace
from kiosk.settings.sections import Hall, Storage
from kiosk.storage import open_journal
from sync.chain import receipt_code
from sync.clock import SystemClock
from sync.fold import counts_of
from sync.journal.reader import JournalReader
from sync.journal.schema import JournalError
from sync.journal.verify import verify_journal
from sync.journal.writer import Journal
from sync.recorder import NotStored, Outcome, Recorder, Stored
from sync.records import (
    Apologised,
    Ask,
    Audit,
    Opened,
    Pressed,
    PreviousGeneration,
    Salvaged,
    VisitAsked,
    VisitEnded,
    VisitId,
    VisitPressed,
    decode,
)
from tests.durability.kills.process import ROOT

PATIENCE_S: Final = 20.0
_ASK: Final = Ask("3", "walk-up", "hall", "hall-terminal", "press", 60)


@dataclass(frozen=True, slots=True)
class Kept:
    """What the journal has, and whether it verifies."""

    pressed: dict[str, int]
    """Receipt to level."""
    apologised: dict[str, int]
    """Reason to how many."""
    salvaged: dict[int, int]
    """Outcome to how many."""
    audits: tuple[str, ...]
    generations: tuple[str, ...]
    previous: tuple[str, ...]
    """The generations that others name as the one before."""
    counts_agree: bool
    findings: tuple[str, ...]


class Desk:
    """Rates with a recorder, one press at a time, and waits for each answer."""

    def __init__(self, state: Path) -> None:
        self._state = state
        self._clock = SystemClock()
        self._visits = 0
        self._answers: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
        self.recorder = Recorder(self._open, self._clock.now, lambda: None)

    def _open(self, lost_by: str) -> Journal:
        """The way that the product goes."""
        settings = Settings(
            hall=Hall(name="示范县政务服务中心"),
            windows=(WindowPlace(id="3", name="3", place="walk-up"),),
            storage=Storage(directory=self._state),
        )
        return open_journal(settings, self._clock.now(), lost_by)[0]

    def rate(self, level: int) -> dict[str, str]:
        """One walk-up visit: asked and pressed in one commit; ended where it was recorded, as the visit does it."""
        self._visits += 1
        visit = VisitId(self._visits.to_bytes(16))
        at = self._clock.now()
        self.recorder.append([VisitAsked(visit, _ASK, at), VisitPressed(visit, level, "glass", at)], self._answers.put)
        outcome = self._answers.get(timeout=PATIENCE_S)
        stored = isinstance(outcome, Stored)
        end = VisitEnded(visit, "rated" if stored else "not-rated", "thanked" if stored else "apologised", at)
        self.recorder.append([end], self._answers.put)
        self._answers.get(timeout=PATIENCE_S)  # each commit by itself: tests count what a press does to the disk
        match outcome:
            case Stored(receipts):
                return {"stored": receipts[visit]}
            case NotStored(reason):
                return {"refused": reason}

    def read(self) -> dict[str, Any]:
        """As a courier does whose hub has nothing: from the start. Damage is told to the recorder, as the product does.

        Only where a test asks for it: a reader beside the recorder makes disk operations of its own.
        """
        try:
            with closing(JournalReader(self._state)) as reader:
                for generation in reader.generations():
                    reader.slice(generation.id, 0, generation.next_seq)
        except JournalError as fault:
            if fault.code == "damaged":
                self.recorder.damaged()
            return {"fault": fault.code}
        return {"fault": ""}

    def records(self) -> dict[str, Any]:
        reader = JournalReader(self._state)
        pressed: dict[str, int] = {}
        apologised: Counter[str] = Counter()
        salvaged: Counter[int] = Counter()
        audits: list[str] = []
        previous: list[str] = []
        counted: Counter[int] = Counter()
        for generation in reader.generations():
            for seq, body in enumerate(reader.slice(generation.id, 0, generation.next_seq).bodies):
                record = decode(body)
                counted.update(dict(counts_of(record)))
                match record:
                    case Pressed():
                        pressed[receipt_code(reader.hash_at(generation, seq))] = record.level
                    case Apologised():
                        apologised[record.reason] += 1
                    case Salvaged(outcome=level):
                        salvaged[level] += 1
                    case Opened(previous=PreviousGeneration(generation=before)):
                        previous.append(before)
                    case Audit():
                        audits.append(record.what)
                    case _:
                        pass
        generations = [generation.id for generation in reader.generations()]
        totals = {int(outcome): visits for outcome, visits in reader.totals().items()}
        reader.close()
        findings = [str(finding) for finding in verify_journal(self._state).findings]
        return {
            "pressed": pressed,
            "apologised": apologised,
            "salvaged": list(salvaged.items()),
            "audits": audits,
            "generations": generations,
            "previous": previous,
            "counts_agree": totals == counted,
            "findings": findings,
        }


class Recording:
    """The process from outside. Ended with SIGKILL unless it was stopped."""

    def __init__(self, state: Path, before: Sequence[str] = ()) -> None:
        self._process = subprocess.Popen(
            [*before, sys.executable, "-m", "tests.durability.disk.recording", str(state)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()

    @property
    def pid(self) -> int:
        return self._process.pid

    def rate(self, level: int) -> dict[str, str]:
        """`{"stored": receipt}` or `{"refused": code}`."""
        return dict(self._order(do="rate", level=level))

    def read(self) -> str:
        """The whole journal, as a courier does; why it could not, or an empty text."""
        return str(self._order(do="read")["fault"])

    def records(self) -> Kept:
        answer = self._order(do="records")
        return Kept(
            answer["pressed"],
            answer["apologised"],
            dict(answer["salvaged"]),
            tuple(answer["audits"]),
            tuple(answer["generations"]),
            tuple(answer["previous"]),
            answer["counts_agree"],
            tuple(answer["findings"]),
        )

    def stop(self) -> int:
        """As a supervisor ends it; gives the exit code."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        return self._process.wait(PATIENCE_S)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def _order(self, **order: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"the recorder's process ended by itself: exit code {self._process.wait(PATIENCE_S)}"
        return json.loads(line)


def main(state: Path) -> int:
    desk = Desk(state)
    desk.recorder.start()
    for line in sys.stdin:
        order = json.loads(line)
        match order["do"]:
            case "rate":
                answer: dict[str, Any] = desk.rate(order["level"])
            case "read":
                answer = desk.read()
            case _:
                answer = desk.records()
        print(json.dumps(answer), flush=True)
    desk.recorder.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
