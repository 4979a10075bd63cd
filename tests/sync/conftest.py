"""A real journal in a folder of its own, with a clock that the test turns."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from sync.journal.writer import Journal
from sync.keys import KeyStore
from sync.records import Ask, At, Case, Entry, Evidence, VisitAsked, VisitEnded, VisitId, VisitPressed
from sync.sealing import Recipient, Sealer

MORNING_MS = 1_795_392_000_000  # 2026-11-23 08:00 in UTC+8
EVIDENCE = Evidence("box", 0x81, "04", "6803036881110496 16", "0123456789abcdef")


class Hours:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.ms = 0

    def now(self) -> At:
        return At(MORNING_MS + self.ms, 50_000 + self.ms, "b007b007b007b007")

    def pass_hours(self, hours: float) -> None:
        self.ms += int(hours * 3_600_000)


class Visits:
    """Makes the entries of whole visits, each with an id of its own."""

    def __init__(self, clock: Hours) -> None:
        self._clock = clock
        self._count = 0

    def asked(self, *cases: Case, window: str = "3", clerk: str = "1001") -> VisitAsked:
        self._count += 1
        visit = VisitId(self._count.to_bytes(16))
        ask = Ask(window, "window", "case", "window-evaluator", "clerk-page", 60, clerk, cases)
        return VisitAsked(visit, ask, self._clock.now())

    def pressed(self, asked: VisitAsked, level: int) -> VisitPressed:
        return VisitPressed(asked.visit, level, "box", self._clock.now(), EVIDENCE)

    def ended(self, asked: VisitAsked, *, rated: bool = True) -> VisitEnded:
        if rated:
            return VisitEnded(asked.visit, "rated", "thanked", self._clock.now())
        return VisitEnded(asked.visit, "not-rated", "timed-out", self._clock.now())

    def rated(self, level: int, *cases: Case, window: str = "3") -> list[Entry]:
        asked = self.asked(*cases, window=window)
        return [asked, self.pressed(asked, level), self.ended(asked)]

    def not_rated(self) -> list[Entry]:
        asked = self.asked()
        return [asked, self.ended(asked, rated=False)]


@pytest.fixture
def clock() -> Hours:
    return Hours()


@pytest.fixture
def visits(clock: Hours) -> Visits:
    return Visits(clock)


@pytest.fixture
def hub_key() -> X25519PrivateKey:
    return X25519PrivateKey.generate()


@pytest.fixture
def opener(tmp_path: Path, clock: Hours, hub_key: X25519PrivateKey) -> Callable[[], Journal]:
    """Opens the journal of `tmp_path`; whoever calls it closes it, on the same thread."""

    def open_journal() -> Journal:
        sealer = Sealer([Recipient("hub", hub_key.public_key().public_bytes_raw())])
        return Journal(tmp_path, KeyStore(tmp_path / "keys"), sealer, 480, clock.now())

    return open_journal


@pytest.fixture
def opened(opener: Callable[[], Journal]) -> Iterator[Callable[[], Journal]]:
    """Opens the journal of `tmp_path`, as often as the test likes; closed at the end."""
    journals: list[Journal] = []

    def open_journal() -> Journal:
        journals.append(opener())
        return journals[-1]

    yield open_journal
    for journal in journals:
        journal.close()


@pytest.fixture
def journal(opened: Callable[[], Journal]) -> Journal:
    return opened()
