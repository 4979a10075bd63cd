"""A device with its journal, where slips are given and taken."""

import queue
import secrets
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from kiosk.core.province import Supplement
from kiosk.slips.hall import HallSlips
from kiosk.slips.issuing import Slip, SlipIssuer
from kiosk.slips.key import SlipKey
from kiosk.slips.later import Granted, LaterRatings, Verdict
from sync.courier import HubAddress, Signing
from sync.journal.reader import JournalReader, day_counts
from sync.journal.writer import Journal
from sync.keys import KeyStore
from sync.packing import pack
from sync.recorder import Outcome, Recorder, Stored
from sync.records import Ask, Asked, At, Case, Entry, VisitAsked, VisitEnded, VisitId, VisitPressed, decode
from sync.sealing import Sealer

PATIENCE_S = 15.0
MORNING_MS = 1_795_392_000_000  # 2026-11-23 08:00 in UTC+8
NUMBER = "370800202611200001"
DAY_MS = 86_400_000
HALL_SALT = bytes(range(32))


class Clock:
    def __init__(self) -> None:
        self.ms, self.boot = 0, "b007b007b007b007"

    def now(self) -> At:
        return At(MORNING_MS + self.ms, 50_000 + self.ms, self.boot)


class Hall:
    """A device with its journal; visits are recorded by hand, slips are given and taken."""

    def __init__(self, directory: Path, hub: HubAddress | None = None, salt: bytes = HALL_SALT) -> None:
        """`hub`: where slips are taken in the whole hall."""
        self.directory = directory
        self.hub = hub
        self.salt = salt
        self.keys: KeyStore | None = None
        self.clock = Clock()
        self._visits = 0
        self.open()

    def open(self) -> None:
        key = SlipKey(self.directory, self.salt if self.hub else b"")
        self.recorder = Recorder(lambda _: self._journal(), self.clock.now, lambda: None)
        self.recorder.start()
        self.later = LaterRatings(
            self.recorder,
            self.directory,
            key,
            Supplement(7, "calendar", ("slip-code",)),
            utc_offset_minutes=480,
            now=self.clock.now,
            fresh=self.fresh,
            post=lambda call: call(),
            hall=HallSlips(lambda: self.hub, self.device, lambda: 0.0) if self.hub else None,
        )
        self.issuer = SlipIssuer(key, secrets.token_bytes)

    def close(self) -> None:
        self.recorder.stop()

    def _journal(self) -> Journal:
        self.keys = KeyStore(self.directory / "keys")
        return Journal(self.directory, self.keys, Sealer([]), 480, self.clock.now())

    def device(self) -> str | None:
        return self.keys.device if self.keys else None

    def fresh(self) -> VisitId:
        self._visits += 1
        return VisitId(self._visits.to_bytes(8) + secrets.token_bytes(8))

    def slip(self, *numbers: str) -> Slip:
        slip = self.issuer.issue(numbers)
        assert slip is not None
        return slip

    def asked(self, slip: Slip, *numbers: str) -> VisitAsked:
        cases = tuple(Case(project_no=number, task_code="T1", service_number=2) for number in numbers)
        ask = Ask("3", "window", "case", "window-evaluator", "clerk-page", 60, "1001", cases, slips=slip.tags)
        return VisitAsked(self.fresh(), ask, self.clock.now())

    def write(self, *entries: Entry) -> Outcome:
        outcomes: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
        self.recorder.append(entries, outcomes.put)
        outcome = outcomes.get(timeout=PATIENCE_S)
        assert isinstance(outcome, Stored)
        return outcome

    def ended(self, asked: VisitAsked) -> VisitEnded:
        return VisitEnded(asked.visit, "not-rated", "timed-out", self.clock.now())

    def unrated(self, *numbers: str) -> Slip:
        slip = self.slip(*numbers)
        asked = self.asked(slip, *numbers)
        self.write(asked, self.ended(asked))
        return slip

    def find(self, number: str, code: str) -> Verdict:
        verdicts: queue.SimpleQueue[Verdict] = queue.SimpleQueue()
        self.later.find(number, code, 60, verdicts.put)
        return verdicts.get(timeout=PATIENCE_S)

    def rate(self, granted: Granted, level: int = 4) -> None:
        at = self.clock.now()
        self.write(VisitAsked(granted.visit, granted.ask, at), VisitPressed(granted.visit, level, "glass", at))
        self.write(VisitEnded(granted.visit, "rated", "thanked", self.clock.now()))

    def records(self, kind: type) -> list:
        """With all that was given to the recorder by now."""
        done: queue.SimpleQueue[object] = queue.SimpleQueue()
        self.recorder.ask(done.put, done.put)
        done.get(timeout=PATIENCE_S)
        with closing(JournalReader(self.directory)) as reader:
            found = [decode(body) for one in reader.generations() for body in reader.slice(one.id, 0, 1000).bodies]
        return [record for record in found if isinstance(record, kind)]

    def generation(self) -> str:
        with closing(JournalReader(self.directory)) as reader:
            return reader.generations()[-1].id

    def counts(self, day: str) -> dict[int, int]:
        with closing(JournalReader(self.directory)) as reader:
            return day_counts(reader.connection, day)

    def batches(self, places: dict[str, int]) -> Iterator[bytes]:
        """What a hub lacks that wants `places` next, packed as the courier does."""
        self.records(Asked)
        keys = self.keys
        assert keys is not None
        with closing(JournalReader(self.directory)) as reader:
            for one in reader.generations():
                piece = reader.slice(one.id, places.get(one.id, 0), 1000)
                if piece.bodies:
                    places[one.id] = piece.next_seq
                    signing = Signing(keys.sign, lambda: keys.changes)
                    yield pack(keys.device, piece, signing, self.clock.now().wall_ms, 0).content
