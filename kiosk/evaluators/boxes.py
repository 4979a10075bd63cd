"""Takes what the devices tell, gives it to the windows, and lets the boxes say what the visits want said."""

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from devices.facts import (
    BadFrame,
    CodeScanned,
    EvaluatorFound,
    EvaluatorLost,
    Fact,
    KeyDropped,
    KeypadUsed,
    KeyPressed,
    KeyStuck,
)
from kiosk.core.desk import BoxState, EvaluatorState
from kiosk.core.key_test import KeyTest, Refusal
from kiosk.core.strays import Strays
from kiosk.core.visit import Acknowledge, Pressed, Say, Stray
from kiosk.evaluators.key_tests import KeyTestPorts, KeyTests
from kiosk.evaluators.keypad import obeyed
from kiosk.evaluators.line import Line, first_state, heard, stuck, with_box
from kiosk.evaluators.map_book import MapBook
from kiosk.evaluators.ports import EvaluatorPorts
from kiosk.evaluators.routing import Routes
from sync.records import At, Audited, Evidence


class Evaluators:
    """The five-button boxes and the caller keypads on their lines."""

    def __init__(self, lines: Sequence[Line], book: MapBook, ports: EvaluatorPorts) -> None:
        self._lines = {line.place.name: line for line in lines}
        self._book = book
        self._ports = ports
        self._strays = Strays()
        self._states = {line.place.name: first_state(line) for line in lines}
        boxes = {(name, address): ids for name, line in self._lines.items() for address, ids in line.windows.items()}
        self._routes = Routes(boxes, ports.window)
        self.tests = KeyTests(KeyTestPorts(self._testable, self._tested, ports.test_ends, ports.now))

    @property
    def states(self) -> tuple[EvaluatorState, ...]:
        """May be asked from any thread."""
        return tuple(self._now(name, state) for name, state in list(self._states.items()))

    def start(self) -> None:
        """Asks for the adopted maps first: what a box says before they are known waits for them."""
        self._book.load()
        for line in self._lines.values():
            line.reader.start()

    def add(self, line: Line) -> None:
        """Begins to read a box that was learnt while the kiosk runs; its map must be in the book already."""
        name = line.place.name
        self._lines[name] = line
        self._routes.add({(name, address): windows for address, windows in line.windows.items()})
        self._states[name] = first_state(line)
        line.reader.start()

    def stop(self) -> None:
        for line in self._lines.values():
            line.reader.stop()
        self.flush_strays()

    def hear(self, fact: Fact) -> None:
        """On the reader's thread: the time of a press is the time when it was heard."""
        at = self._ports.now()
        self._ports.post(lambda: self._take(fact, at))

    def acknowledge(self, effect: Acknowledge) -> None:
        evidence = effect.evidence
        if evidence.evaluator in self._lines:
            self._lines[evidence.evaluator].reader.acknowledge(evidence.address)

    def say(self, effect: Say, window: str) -> None:
        """A box whose map nobody has adopted is told nothing."""
        boxes = self._routes.boxes(window)
        if effect.command == "ask":
            self._routes.opened(window)
            self.tests.give_way(boxes)
        for name, address in boxes:
            line = self._lines[name]
            silent = not line.place.talk or not self._book.fits(name)
            if not silent and self._routes.may_say(effect.command, (name, address), window):
                line.reader.say(effect.command, address, effect.clerk)

    def stray(self, effect: Stray, window: str) -> None:
        evidence = effect.evidence
        self._strays.stray_press(window, evidence.evaluator, evidence.address, evidence.frame, effect.at)
        self._wait_for_strays()

    def flush_strays(self) -> None:
        if collected := self._strays.take():
            self._ports.audit(collected)

    # -- what the devices tell -----------------------------------------------------------------------------------------

    def _take(self, fact: Fact, at: At) -> None:
        name = fact.evaluator
        state = self._states[name]
        match fact:
            case KeyPressed():
                state = replace(state, connected=True, presses=state.presses + 1)
                self._book.once_known(lambda: self._press(fact, at))
            case KeypadUsed():
                state = replace(state, connected=True)
                self._book.once_known(lambda: self._obey(fact, at))
            case KeyDropped(address=address, frame=frame, why=why):
                self._strays.dropped_press(self._first_window(name, address), name, address, why, frame.hex(), at)
            case KeyStuck():
                state = stuck(state, fact)
                self._ports.audit([self._stuck_record(fact, at)])
            case BadFrame(address=address, kind=kind, raw=raw):
                state = replace(state, bad_frames=state.bad_frames + 1)
                self._strays.bad_frame(self._first_window(name, address), name, address, kind, raw, at)
            case EvaluatorFound(identity=identity):
                state = replace(state, connected=True, reason="")
                self._note_port("found", Audited("evaluator-found", at, "", {"evaluator": name, "identity": identity}))
            case EvaluatorLost(reason=reason, cause=cause):
                state = replace(state, connected=False, reason=cause)
                self._note_port("lost", Audited("evaluator-lost", at, "", {"evaluator": name, "reason": reason}))
            case CodeScanned():
                return
            case _:
                assert_never(fact)
        self._states[name] = state
        self._wait_for_strays()
        self._ports.changed()

    def _note_port(self, what: str, record: Audited) -> None:
        if not self._strays.flaps(str(record.detail["evaluator"]), what, record.at):
            self._ports.audit([record])

    def _press(self, fact: KeyPressed, at: At) -> None:
        box = (fact.evaluator, fact.address)
        if self.tests.takes(*box, fact.level):
            return
        window = self._routes.serving(box)
        if not self._book.fits(fact.evaluator):
            self._strays.unadopted(window, *box, fact.frame.hex(), at)
            self._wait_for_strays()
            return
        evidence = Evidence(fact.evaluator, fact.address, fact.key.hex(), fact.frame.hex(), fact.profile)
        self._ports.dispatch(window, Pressed(fact.level, "box", at, self._ports.fresh(), evidence))

    def _obey(self, fact: KeypadUsed, at: At) -> None:
        address = self._lines[fact.evaluator].profile.evaluator_of_keypad(fact.address)
        window = self._first_window(fact.evaluator, address)
        if not window:
            return
        if not self._book.fits(fact.evaluator):
            self._strays.unadopted(window, fact.evaluator, fact.address, fact.frame.hex(), at)
            self._wait_for_strays()
            return
        order = obeyed(fact, self._ports.window(window), at, self._ports.fresh())
        if order == "noted":
            self._strays.keypad_order(window, fact.evaluator, fact.address, fact.order, fact.digits, at)
            self._wait_for_strays()
        elif order != "repeated":
            self._ports.dispatch(window, order)

    def _stuck_record(self, fact: KeyStuck, at: At) -> Audited:
        what = "key-stuck" if fact.stuck else "key-free"
        detail: dict[str, str | int] = {"evaluator": fact.evaluator, "address": fact.address, "key": fact.key.hex()}
        return Audited(what, at, self._first_window(fact.evaluator, fact.address), detail)

    def _first_window(self, name: str, address: int | None) -> str:
        """Empty where there is none."""
        windows = self._routes.windows((name, address)) if address is not None else ()
        return windows[0] if windows else ""

    def _wait_for_strays(self) -> None:
        if (due := self._strays.due_ms) is not None:
            self._ports.strays_wait(due)

    # -- the press-each-key test ---------------------------------------------------------------------------------------

    def _testable(self, evaluator: str, address: int) -> tuple[int, ...] | Refusal:
        box = (evaluator, address)
        if not self._routes.windows(box):
            return "no-such-box"
        if not self._states[evaluator].connected:
            return "not-connected"
        if not self._book.fits(evaluator):
            return "not-adopted"
        return "visit-open" if self._routes.is_busy(box) else tuple(self._lines[evaluator].profile.keys.values())

    def _tested(self, test: KeyTest) -> None:
        name, findings = test.evaluator, test.findings
        missing = tuple(level for level, finding in findings.items() if finding == "missing")
        swapped = tuple(level for level, finding in findings.items() if finding == "swapped")
        self._states[name] = with_box(
            self._states[name], test.address, lambda box: replace(box, missing=missing, swapped=swapped)
        )
        detail: dict[str, str | int] = {
            "evaluator": name,
            "address": test.address,
            "digest": self._lines[name].profile.digest,
            "result": "passed" if test.passed else "failed",
            "keys": " ".join(f"{level}={finding}" for level, finding in findings.items()),
        }
        record = Audited("evaluator-tested", self._ports.now(), self._first_window(name, test.address), detail)
        self._book.note_test(name, test.address, record, passed=test.passed)

    # -- for the desk --------------------------------------------------------------------------------------------------

    def _now(self, name: str, state: EvaluatorState) -> EvaluatorState:
        def tested(box: BoxState) -> BoxState:
            return replace(box, tested=self._book.tested(name, box.address))

        boxes = tuple(tested(box) for box in state.boxes)
        return heard(replace(state, adopted=self._book.fits(name), boxes=boxes), self._lines[name].reader)
