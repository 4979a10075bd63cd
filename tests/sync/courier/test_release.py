"""From the operator's settlement at a real hub to bytes that are nowhere on the kiosk any more."""

import threading
import time
from contextlib import closing

import pytest

from sync.backoff import Backoff
from sync.courier import Courier, HubAddress, Signing
from sync.hub.control import Asked as HubQuestion
from sync.hub.control import ask_running_hub
from sync.hub.release_key import load_release_key, make_release_key
from sync.hub.server import Hub
from sync.hub.settlements import Settlement
from sync.journal.reader import JournalReader
from sync.journal.verify import verify_journal
from sync.journal.writer import Journal
from sync.recorder import Recorder
from sync.records import Ask, At, Audit, VisitAsked, VisitEnded, VisitId, VisitPressed, decode
from tests.sync.courier.conftest import DEADLINE_S, DEVICE_TOKEN, Caller, Kiosk, Watch, settings
from tests.sync.hub.pen import NOON_MS

HOUR_MS = 3_600_000
QUIET_MS = HOUR_MS - 200
"""A wall clock just before the full hour: the recorder's quiet moment comes at once, not in half a minute."""


class Hall:
    """Hub, journal, recorder and courier, as the kiosk has them."""

    def __init__(self, directory, recipient):
        self.hub_directory = directory / "hub"
        self.hub_directory.mkdir()
        make_release_key(self.hub_directory)
        self.hub_key = load_release_key(self.hub_directory).public
        self.hub = Hub(settings(self.hub_directory), lambda: NOON_MS)
        self.hub.start()
        self.kiosk = Kiosk(directory / "kiosk", [recipient])
        self.kiosk.journal.close()
        self.watch = Watch()
        self._wrote = threading.Condition()
        self.visits = 0

    def open(self, hub_key=None):
        self.recorder = Recorder(lambda _: self._journal(), self.now, self._stored)
        key = hub_key or self.hub_key
        self.courier = Courier(
            self.kiosk.device,
            HubAddress(self.hub.address, DEVICE_TOKEN, timeout_s=10.0),
            lambda: JournalReader(self.kiosk.directory),
            Signing(self.kiosk.keys.sign, lambda: self.kiosk.keys.changes),
            lambda generation, next_seq: self.recorder.settle("hub", generation, next_seq),
            self.watch,
            lambda: NOON_MS,
            lambda: 0.5,
            Backoff(0.0, 0.0),
            release=lambda generation, release: self.recorder.release(generation, release, key),
        )
        self.recorder.start()

    def close(self):
        self.courier.stop()
        self.recorder.stop()

    def now(self):
        return At(NOON_MS + QUIET_MS, 1000 + self.visits, "00" * 8)

    def rate(self, case):
        self.visits += 1
        visit, at = VisitId(self.visits.to_bytes(16)), self.now()
        ask = Ask("3", "window", "case", "window-evaluator", "clerk-page", 60, "1001", (case,))
        done = threading.Event()
        entries = [VisitAsked(visit, ask, at), VisitPressed(visit, 5, "glass", at)]
        self.recorder.append([*entries, VisitEnded(visit, "rated", "thanked", at)], lambda _: done.set())
        assert done.wait(DEADLINE_S)

    def settle(self, asked):
        with closing(JournalReader(self.kiosk.directory)) as reader:
            generation = reader.generations()[0].id
        receipt = Settlement(self.kiosk.device, generation, asked, "no-rectification", "R-1")
        assert ask_running_hub(self.hub_directory, HubQuestion(receipt)).error == ""

    def until(self, holds):
        """Looks again after each commit, and a little later for what only the hub knows."""
        end = time.monotonic() + DEADLINE_S
        while not holds():
            assert time.monotonic() < end
            with self._wrote:
                self._wrote.wait(0.05)

    def records(self):
        with closing(JournalReader(self.kiosk.directory)) as reader:
            return [decode(body) for one in reader.generations() for body in reader.slice(one.id, 0, 1000).bodies]

    def ciphers(self):
        with closing(JournalReader(self.kiosk.directory)) as reader:
            return dict(reader.connection.execute("SELECT position - 1, cipher FROM sealed ORDER BY position"))

    def in_files(self, ciphers):
        content = b"".join(path.read_bytes() for path in self.kiosk.directory.rglob("*") if path.is_file())
        return {asked for asked, cipher in ciphers.items() if cipher[:32] in content or cipher[-32:] in content}

    def at_hub(self):
        """How many records of this device have arrived."""
        generations = Caller(self.hub.address).call("GET", f"/v1/devices/{self.kiosk.device}")[1]["generations"]
        return sum(one["next"] for one in generations)

    def audits(self, what):
        return [one for one in self.records() if isinstance(one, Audit) and one.what == what]

    def _journal(self):
        return Journal(self.kiosk.directory, self.kiosk.keys, self.kiosk.sealer, 480, self.now())

    def _stored(self):
        self.courier.wake()
        with self._wrote:
            self._wrote.notify_all()


@pytest.fixture
def hall(tmp_path, hub_recipient):
    hall = Hall(tmp_path, hub_recipient)
    yield hall
    hall.close()
    hall.hub.stop()


def test_sealed_texts_are_destroyed_after_the_release_and_not_before(hall, case):
    hall.open()
    for _ in range(3):
        hall.rate(case)
    ciphers = hall.ciphers()
    asks = sorted(ciphers)
    hall.courier.start()
    hall.watch.until(lambda state: state.link == "ok" and state.next_seq >= asks[-1] + 3)
    assert hall.in_files(ciphers) == set(asks)
    assert hall.audits("sealed-destroyed") == []

    hall.settle(asks[0])
    hall.settle(asks[2])
    hall.rate(case)
    hall.until(lambda: hall.audits("sealed-destroyed"))

    assert sorted(hall.ciphers())[:1] == [asks[1]]
    hall.close()
    assert hall.in_files(ciphers) == {asks[1]}
    assert verify_journal(hall.kiosk.directory).findings == ()
    assert [audit.detail["boxes"] for audit in hall.audits("sealed-destroyed")] == [2]


def test_a_release_of_another_hub_destroys_nothing_and_is_recorded(hall, case):
    hall.open(hub_key=bytes(32))
    hall.rate(case)
    ciphers = hall.ciphers()
    hall.courier.start()
    hall.watch.until(lambda state: state.link == "ok" and state.next_seq >= min(ciphers) + 3)

    hall.settle(min(ciphers))
    hall.rate(case)
    hall.until(lambda: hall.audits("release-refused"))

    hall.close()
    assert hall.in_files(ciphers) == set(ciphers)
    assert verify_journal(hall.kiosk.directory).findings == ()
