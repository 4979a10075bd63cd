"""The barcode scanners: a scanned slip asks for the rating of its case."""

from collections.abc import Sequence
from dataclasses import replace

from devices.facts import BadFrame, CodeScanned, EvaluatorFound, EvaluatorLost, Fact
from devices.scanner import Scanner
from kiosk.core.desk import EvaluatorState
from kiosk.evaluators.line import plugged
from kiosk.evaluators.ports import EvaluatorPorts
from kiosk.evaluators.scanning import scanned, scanned_at_terminal
from kiosk.settings import ScannerPlace
from kiosk.settings.sections import WINDOW_KEYS
from sync.records import At, Audited


class Scanners:
    def __init__(self, places: Sequence[ScannerPlace], ports: EvaluatorPorts) -> None:
        self._ports = ports
        self._windows = {place.name: place.window for place in places}
        self._places = places
        self._readers = {
            place.name: Scanner(place.name, plugged(place), self._hear, baud=place.baud) for place in places
        }
        self._states = {
            place.name: EvaluatorState(
                place.name, connected=False, port=str(plugged(place)) or WINDOW_KEYS, kind="scanner"
            )
            for place in places
        }

    @property
    def states(self) -> tuple[EvaluatorState, ...]:
        """May be asked from any thread."""
        return tuple(self._states.values())

    @property
    def typing(self) -> tuple[Scanner, ...]:
        """Those that type into the window."""
        return tuple(self._readers[place.name] for place in self._places if place.input == WINDOW_KEYS)

    def start(self) -> None:
        for reader in self._readers.values():
            reader.start()

    def stop(self) -> None:
        for reader in self._readers.values():
            reader.stop()

    def _hear(self, fact: Fact) -> None:
        """On the reader's thread."""
        at = self._ports.now()
        self._ports.post(lambda: self._take(fact, at))

    def _take(self, fact: Fact, at: At) -> None:
        name = fact.evaluator
        state = self._states[name]
        match fact:
            case CodeScanned():
                state = replace(state, presses=state.presses + 1)
                self._scanned(fact, at)
            case BadFrame():
                state = replace(state, bad_frames=state.bad_frames + 1)
            case EvaluatorFound(identity=identity):
                state = replace(state, connected=True, reason="", identity=identity)
                self._ports.audit([Audited("scanner-found", at, "", {"scanner": name, "identity": identity})])
            case EvaluatorLost(reason=reason, cause=cause):
                state = replace(state, connected=False, reason=cause)
                self._ports.audit([Audited("scanner-lost", at, "", {"scanner": name, "reason": reason})])
            case _:
                return
        self._states[name] = state
        self._ports.changed()

    def _scanned(self, fact: CodeScanned, at: At) -> None:
        window = self._windows[fact.evaluator]
        state = self._ports.window(window)
        if state.rules.place == "terminal":
            found, refused = scanned_at_terminal(fact, state, at)
            if refused is not None:
                self._ports.audit([refused])
            if found is not None:
                self._ports.find(found)
            return
        order = scanned(fact, state, at, self._ports.fresh())
        if isinstance(order, Audited):
            self._ports.audit([order])
        elif order is not None:
            self._ports.dispatch(window, order)
