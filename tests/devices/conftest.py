import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from devices.emulator import EmulatedEvaluator
from devices.facts import EvaluatorFound, Fact
from devices.port_finding import PortChoice
from devices.profile import Profile, load_profile
from devices.serial_evaluator import SerialEvaluator

DEADLINE_S = 10.0


class Listener:
    """Keeps the facts in order and lets a test wait for them."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self.facts: list[Fact] = []

    def __call__(self, fact: Fact) -> None:
        with self._news:
            self.facts.append(fact)
            self._news.notify_all()

    def wait(self, kind: type[Fact], count: int = 1) -> list[Fact]:
        with self._news:
            come = self._news.wait_for(lambda: len(self.of(kind)) >= count, DEADLINE_S)
            assert come, f"no {count} x {kind.__name__} among {self.facts}"
            return self.of(kind)

    def of(self, kind: type[Fact]) -> list[Fact]:
        return [fact for fact in self.facts if isinstance(fact, kind)]


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture(scope="session")
def profile() -> Profile:
    return load_profile("rs485-ft12")


@pytest.fixture(scope="session")
def unguarded(profile: Profile) -> Profile:
    """Without a guard time: a test presses faster than a person."""
    return replace(profile, press=replace(profile.press, guard_ms=0))


@pytest.fixture
def box(profile: Profile) -> Iterator[EmulatedEvaluator]:
    with EmulatedEvaluator(profile) as emulated:
        yield emulated


@pytest.fixture
def evaluator(unguarded: Profile, listener: Listener) -> Iterator[Callable[..., SerialEvaluator]]:
    """Makes and starts evaluators, `evaluator(port, addresses={0x81}, acknowledge=False, wait=True)`; stops them."""
    started: list[SerialEvaluator] = []

    def make(port, addresses=frozenset({0x81}), *, acknowledge=False, wait=True, profile=unguarded, **others):
        choice = port if isinstance(port, PortChoice) else PortChoice(str(port))
        made = SerialEvaluator("w1", choice, profile, frozenset(addresses), listener, acknowledge, **others)
        made.start()
        started.append(made)
        if wait:
            listener.wait(EvaluatorFound)
        return made

    yield make
    for made in started:
        made.stop()
    alive = [thread.name for thread in threading.enumerate() if thread.name.startswith("evaluator-")]
    assert alive == []
