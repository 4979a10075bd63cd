"""The hub counts a corrected clock as the kiosk does, however the records arrive."""

import tempfile
from contextlib import closing
from pathlib import Path

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.anchors import ClockEvidence
from sync.chain import SUITE, HeadText
from sync.hub.store import Store
from sync.journal.reader import JournalReader
from sync.journal.verify import verify_journal
from sync.journal.writer import Journal
from sync.keys import KeyStore
from sync.records import (
    Ask,
    At,
    Correction,
    VisitApologised,
    VisitAsked,
    VisitChanged,
    VisitEnded,
    VisitId,
    VisitPressed,
)
from sync.sealing import Sealer
from sync.wire import Batch, Envelope, Reply, encode_batch, read_batch
from tests.sync.hub.pen import DAY, NOON_MS

HOUR_MS = 3_600_000
CELLS = "day, hour, window, clerk, item, channel, outcome, visits"


class Device:
    """A kiosk's journal whose clock the test sets; one true time behind it."""

    def __init__(self, directory):
        self.directory = directory
        self.keys = KeyStore(directory / "keys")
        self.true_ms, self.wall_error_ms = NOON_MS, 0
        self.boots, self.booted_ms = 1, NOON_MS - 60_000
        self.count, self.waiting, self.pressed = 0, [], {}
        self.sent = {}
        self.start()

    def now(self):
        return At(self.true_ms + self.wall_error_ms, self.true_ms - self.booted_ms, f"{self.boots:016x}")

    def start(self):
        self.journal = Journal(self.directory, self.keys, Sealer(()), 480, self.now())

    def restart(self):
        self.journal.close()
        self.waiting.clear()
        self.start()

    def reboot(self):
        self.boots, self.booted_ms = self.boots + 1, self.true_ms
        self.restart()

    def ask(self, window="3"):
        self.count += 1
        visit = VisitId(self.count.to_bytes(16))
        ask = Ask(window, "window", "window", "window-evaluator", "clerk-page", 60, "1001")
        self.journal.append([VisitAsked(visit, ask, self.now())])
        self.waiting.append(visit)

    def press(self, level):
        """Once a visit: further presses never reach the journal."""
        if self.waiting and self.waiting[0] not in self.pressed:
            at = self.now()
            self.pressed[self.waiting[0]] = (level, at)
            self.journal.append([VisitPressed(self.waiting[0], level, "box", at)])

    def change(self, level):
        """Once a visit, to another level."""
        was, at = self.pressed.get(self.waiting[0], (level, None)) if self.waiting else (level, None)
        if was != level and at is not None:
            self.pressed[self.waiting[0]] = (level, None)
            self.journal.append([VisitChanged(self.waiting[0], was, level, "glass", self.now(), at)])

    def apologise(self, level):
        if self.waiting:
            self.journal.append([VisitApologised(self.waiting[0], level, "box", "disk-full", self.now())])

    def end(self, rated):
        if self.waiting:
            outcome = "rated" if rated else "not-rated"
            self.journal.append([VisitEnded(self.waiting.pop(0), outcome, "timed-out", self.now())])

    def rate(self, level, window="3"):
        self.ask(window)
        self.waiting.insert(0, self.waiting.pop())
        self.press(level)
        self.end(rated=True)

    def hear(self, source, beside_ms=0):
        trust = "high" if source == "hub" else "low"
        evidence = ClockEvidence(self.now(), self.true_ms + beside_ms, 1_000, source, trust)
        return self.journal.correct(evidence, self.now())

    def batches(self, size):
        with closing(JournalReader(self.directory)) as reader:
            for generation in reader.generations():
                while self.sent.get(generation.id, 0) < generation.next_seq:
                    piece = reader.slice(generation.id, self.sent.get(generation.id, 0), size)
                    yield self._packed(piece)
                    self.sent[generation.id] = piece.next_seq

    def _packed(self, piece) -> Batch:
        head = HeadText(
            self.keys.device, piece.generation, piece.next_seq - 1, piece.head_hash, piece.totals, self.now().wall_ms
        )
        envelope = Envelope(
            protocol=1,
            suite=SUITE,
            generation=piece.generation,
            first=piece.from_seq,
            records=len(piece.bodies),
            previous=piece.previous_hash,
            head=self.keys.sign(msgspec.json.encode(head).decode()),
            epochs=list(self.keys.changes),
        )
        return read_batch(encode_batch(envelope, piece.bodies, ()))

    def cells(self):
        return sorted(self.journal.connection.execute(f"SELECT {CELLS} FROM tally"))


def carry(device, store, size=250):
    for batch in device.batches(size):
        reply = store.take(device.keys.device, batch, NOON_MS)
        assert isinstance(reply, Reply)
        assert reply.mismatch is None


def cells_of(store):
    return sorted(store.connection.execute(f"SELECT {CELLS} FROM tally"))


def test_what_came_in_1970_is_moved_to_its_day_when_the_correction_arrives(tmp_path):
    device, store = Device(tmp_path / "kiosk"), Store(tmp_path / "hub", 480)
    device.wall_error_ms = -NOON_MS
    device.rate(5)
    device.rate(1, window="4")
    carry(device, store)
    assert {row[0] for row in cells_of(store)} == {"1970-01-01"}

    assert device.hear("hub")
    device.rate(4)
    carry(device, store)

    assert {(row[0], row[1], row[2], row[6]) for row in cells_of(store)} == {
        (DAY, 12, "3", 5),
        (DAY, 12, "4", 1),
        (DAY, 12, "3", 4),
    }
    assert cells_of(store) == device.cells()
    store.close()
    device.journal.close()


def test_the_anchor_outlives_the_hubs_restart(tmp_path):
    device, store = Device(tmp_path / "kiosk"), Store(tmp_path / "hub", 480)
    device.wall_error_ms = 9 * HOUR_MS
    device.hear("hub")
    carry(device, store)
    store.close()
    store = Store(tmp_path / "hub", 480)

    device.rate(3)
    carry(device, store, size=1)

    assert [(row[0], row[1]) for row in cells_of(store)] == [(DAY, 12)]
    store.close()
    device.journal.close()


def test_a_correction_on_a_second_branch_moves_nothing_that_counts(tmp_path):
    """A copy of the disk that is told another time counts nowhere."""
    device, store = Device(tmp_path / "kiosk"), Store(tmp_path / "hub", 480)
    device.rate(5)
    device.journal.close()
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in (tmp_path / "kiosk").rglob("*"):
        if path.is_file():
            target = copy / path.relative_to(tmp_path / "kiosk")
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(path.read_bytes())
    device.start()
    device.rate(4)
    carry(device, store)
    before = cells_of(store)

    other = Device(copy)
    other.wall_error_ms = 5 * HOUR_MS
    other.rate(1)
    assert other.hear("hub")
    for batch in other.batches(250):
        assert isinstance(store.take(other.keys.device, batch, NOON_MS), Reply)

    assert cells_of(store) == before
    for one in (store, device.journal, other.journal):
        one.close()


STEPS = st.one_of(
    st.tuples(st.just("ask"), st.sampled_from("34")),
    st.tuples(st.sampled_from(("press", "change", "apologise", "rate")), st.integers(1, 5)),
    st.tuples(st.just("end"), st.booleans()),
    st.tuples(st.just("pass"), st.integers(0, 30 * HOUR_MS)),
    st.tuples(st.just("jump"), st.sampled_from((0, -NOON_MS, -7 * HOUR_MS, 55_000, 65_000, 40 * 24 * HOUR_MS))),
    st.tuples(st.just("hub"), st.integers(-20_000, 20_000)),
    st.tuples(st.just("engineer"), st.integers(-9 * HOUR_MS, 9 * HOUR_MS)),
    st.tuples(st.sampled_from(("restart", "reboot", "carry", "head")), st.integers(1, 9)),
)


def perform(device, store, step, value):
    match step:
        case "pass":
            device.true_ms += value
        case "jump":
            device.wall_error_ms = value
        case "hub" | "engineer":
            device.hear(step, value)
        case "restart" | "reboot":
            getattr(device, step)()
        case "carry":
            carry(device, store, size=value)
        case "head":
            device.journal.sign_head(device.now(), leaving=True)
        case _:
            getattr(device, step)(value)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STEPS, min_size=4, max_size=30), st.integers(1, 12))
def test_kiosk_verifier_and_hub_count_the_same_whatever_the_clock_does(steps, size):
    with tempfile.TemporaryDirectory() as name:
        device, store = Device(Path(name) / "kiosk"), Store(Path(name) / "hub", 480)
        device.rate(5)
        try:
            for step, value in steps:
                perform(device, store, step, value)
            carry(device, store, size)
            verdict = verify_journal(device.directory)
            assert verdict.findings == ()
            assert cells_of(store) == device.cells()
            assert all(row[-1] > 0 for row in device.cells())
        finally:
            store.close()
            device.journal.close()


def test_a_device_that_was_corrected_twice_shows_both_corrections_in_order(tmp_path):
    device = Device(tmp_path / "kiosk")
    device.wall_error_ms = -NOON_MS
    device.rate(5)
    assert device.hear("engineer", 2 * HOUR_MS)
    assert device.hear("hub")

    with closing(JournalReader(device.directory)) as reader:
        (generation,) = reader.generations()
        bodies = reader.slice(generation.id, 0, 100).bodies
    said = [
        one for one in map(msgspec.json.Decoder(dict).decode, bodies) if one["kind"] == Correction.__struct_config__.tag
    ]
    assert [(one["source"], one["trust"]) for one in said] == [("engineer", "low"), ("hub", "high")]
    device.journal.close()
