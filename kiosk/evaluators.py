"""The evaluators of this kiosk: which box belongs to which window, and how each one is doing.

Turns a box's facts into presses of the right window. Lives on the GUI thread; the readers' threads only stamp the time
and post.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from devices.facts import BadFrame, EvaluatorFound, EvaluatorLost, Fact, KeyPressed
from devices.profile import load_profile
from devices.serial_evaluator import SerialEvaluator
from kiosk.core.desk import EvaluatorState
from kiosk.core.strays import Strays
from kiosk.core.visit import Acknowledge, Pressed, Stray
from kiosk.settings import EvaluatorPlace
from sync.records import At, Audited, Evidence, VisitId


@dataclass(frozen=True, slots=True)
class EvaluatorPorts:
    """What this room calls; everything runs on the GUI thread but `post`, which leads there."""

    press: Callable[[str, Pressed], None]
    """Window id and the press."""
    audit: Callable[[Sequence[Audited]], None]
    strays_wait: Callable[[int], None]
    """`flush_strays` wants to be called at this time, in milliseconds since boot."""
    changed: Callable[[], None]
    post: Callable[[Callable[[], None]], None]
    now: Callable[[], At]
    fresh: Callable[[], VisitId]


class Evaluators:
    def __init__(self, places: Sequence[EvaluatorPlace], ports: EvaluatorPorts) -> None:
        """Raises `ProfileError` or `ValueError` for a profile or address that cannot be."""
        self._ports = ports
        self._strays = Strays()
        self._windows: dict[tuple[str, int], str] = {}
        self._states: dict[str, EvaluatorState] = {}
        self._readers: dict[str, SerialEvaluator] = {}
        for place in places:
            self._add(place)

    @property
    def states(self) -> tuple[EvaluatorState, ...]:
        """May be asked from any thread."""
        return tuple(self._states.values())

    def start(self) -> None:
        for reader in self._readers.values():
            reader.start()

    def stop(self) -> None:
        for reader in self._readers.values():
            reader.stop()
        self.flush_strays()

    def acknowledge(self, effect: Acknowledge) -> None:
        evidence = effect.evidence
        if evidence.evaluator in self._readers:
            self._readers[evidence.evaluator].acknowledge(evidence.address)

    def stray(self, effect: Stray, window: str) -> None:
        evidence = effect.evidence
        self._strays.stray_press(window, evidence.evaluator, evidence.address, evidence.frame, effect.at)
        self._wait_for_strays()

    def flush_strays(self) -> None:
        if collected := self._strays.take():
            self._ports.audit(collected)

    def _add(self, place: EvaluatorPlace) -> None:
        profile = load_profile(place.profile)
        first = profile.addresses.evaluators.start
        ours: Mapping[int, str] = {first + number - 1: window for number, window in place.addresses.items()}
        self._windows |= {(place.name, address): window for address, window in ours.items()}
        self._states[place.name] = EvaluatorState(place.name, connected=False, port=place.port)
        self._readers[place.name] = SerialEvaluator(
            place.name, place.port, profile, frozenset(ours), self._hear, place.acknowledge
        )

    def _hear(self, fact: Fact) -> None:
        """On the reader's thread: the time of a press is the time when it was heard."""
        at = self._ports.now()
        self._ports.post(lambda: self._take(fact, at))

    def _take(self, fact: Fact, at: At) -> None:
        state = self._states[fact.evaluator]
        match fact:
            case KeyPressed():
                state = replace(state, connected=True, presses=state.presses + 1)
                self._press(fact, at)
            case BadFrame(address=address, kind=kind, raw=raw):
                state = replace(state, bad_frames=state.bad_frames + 1)
                window = self._windows.get((fact.evaluator, address), "") if address is not None else ""
                self._strays.bad_frame(window, fact.evaluator, address, kind, raw, at)
                self._wait_for_strays()
            case EvaluatorFound():
                state = replace(state, connected=True, reason="")
                self._ports.audit([Audited("evaluator-found", at, "", {"evaluator": fact.evaluator})])
            case EvaluatorLost(reason=reason, cause=cause):
                state = replace(state, connected=False, reason=cause)
                self._ports.audit([Audited("evaluator-lost", at, "", {"evaluator": fact.evaluator, "reason": reason})])
            case _:
                assert_never(fact)
        self._states[fact.evaluator] = state
        self._ports.changed()

    def _press(self, fact: KeyPressed, at: At) -> None:
        evidence = Evidence(fact.evaluator, fact.address, fact.key.hex(), fact.frame.hex(), fact.profile)
        window = self._windows[fact.evaluator, fact.address]
        self._ports.press(window, Pressed(fact.level, "box", at, self._ports.fresh(), evidence))

    def _wait_for_strays(self) -> None:
        if (due := self._strays.due_ms) is not None:
            self._ports.strays_wait(due)
