"""What the hub's answers say about the time, and whose answers are believed."""

import itertools
import json
import threading
from contextlib import closing

import pytest

from sync.anchors import ClockEvidence, Exchange, hub_evidence
from sync.journal.reader import JournalReader
from sync.journal.verify import verify_journal
from sync.journal.writer import Journal
from sync.recorder import Recorder
from sync.records import Ask, At, Correction, VisitAsked, VisitEnded, VisitId, VisitPressed, decode
from tests.sync.courier.conftest import DEADLINE_S, answer
from tests.sync.hub.pen import DAY, NOON_MS

BOOT = "00" * 8


class Clock:
    """Each look takes half a second; the wall clock believes in 1970."""

    def __init__(self, step_ms=500):
        self._ticks = itertools.count(10_000, step_ms)

    def __call__(self):
        boot_ms = next(self._ticks)
        return At(boot_ms, boot_ms, BOOT)


class Ear:
    def __init__(self):
        self.heard = []
        self._changed = threading.Condition()

    def __call__(self, evidence):
        with self._changed:
            self.heard.append(evidence)
            self._changed.notify_all()

    def until(self, times):
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.heard) >= times, DEADLINE_S)


def exchange(took_ms, wall_ms=5_000_000, boots=(BOOT, BOOT)):
    return Exchange(At(wall_ms, 40_000, boots[0]), At(wall_ms + took_ms, 40_000 + took_ms, boots[1]))


def test_the_hubs_time_is_taken_for_the_middle_of_the_exchange():
    assert hub_evidence(exchange(4_000), NOON_MS) == ClockEvidence(
        At(5_002_000, 42_000, BOOT), NOON_MS, 3_000, "hub", "high"
    )


@pytest.mark.parametrize(
    ("seen", "time_ms"),
    [
        (exchange(30_001), NOON_MS),
        (exchange(-1), NOON_MS),
        (exchange(10, boots=(BOOT, "11" * 8)), NOON_MS),
        (exchange(10), -1),
        (exchange(10), 1 << 60),
    ],
)
def test_an_answer_that_took_too_long_or_has_no_calendar_time_is_no_evidence(seen, time_ms):
    assert hub_evidence(seen, time_ms) is None


def test_every_true_answer_says_the_time(kiosk, hub, send, watch):
    ear = Ear()
    kiosk.rate(5)
    send(kiosk, hub.address, at=Clock(), clock=ear)
    watch.until_sent(kiosk)

    ear.until(2)
    assert [(one.true_ms, one.uncertainty_ms, one.source, one.trust) for one in ear.heard[:2]] == [
        (NOON_MS, 1_250, "hub", "high")
    ] * 2


def log_in_page(between, request, body):
    answer(request, 200, "text/html", b"<html>log in</html>")


def other_device(between, request, body):
    status, kind, reply = between.forward(request, body)
    answer(request, status, kind, json.dumps({**json.loads(reply), "device": "0" * 64, "time_ms": 1}).encode())


def refused(between, request, body):
    answer(request, 401, "application/problem+json", b'{"type":"x/no-token","title":"no","status":401}')


@pytest.mark.parametrize("fault", [log_in_page, other_device, refused])
def test_whoever_is_not_the_hub_says_no_time(fault, kiosk, between, send, watch):
    ear = Ear()
    between.always = fault
    send(kiosk, between.address, at=Clock(), clock=ear)
    watch.until(lambda state: state.link in {"portal", "refused"})

    assert ear.heard == []


def test_an_answer_with_anothers_hash_says_no_time(kiosk, between, send, watch):
    def wrong_head(between, request, body):
        status, kind, reply = between.forward(request, body)
        changed = {**json.loads(reply), "head": "A" * 43 + "=", "time_ms": 1}
        answer(request, status, kind, json.dumps(changed).encode())

    ear = Ear()
    kiosk.rate(5)
    between.faults = [wrong_head]
    send(kiosk, between.address, at=Clock(), clock=ear)
    watch.until_sent(kiosk)

    assert all(one.true_ms == NOON_MS for one in ear.heard)


def test_from_the_hubs_answer_to_the_counts_on_both_sides(kiosk, hub, send, watch):
    """Recorder, journal, courier and hub, with a clock that stands in 1970."""
    kiosk.journal.close()
    clock = Clock(step_ms=1)
    stored = threading.Condition()
    courier = None

    def on_stored():
        if courier is not None:
            courier.wake()
        with stored:
            stored.notify_all()

    recorder = Recorder(lambda _: Journal(kiosk.directory, kiosk.keys, kiosk.sealer, 480, clock()), clock, on_stored)
    recorder.start()
    try:
        visit = VisitId(bytes(16))
        ask = Ask("3", "window", "window", "window-evaluator", "clerk-page", 60, "1001")
        entries = [VisitAsked(visit, ask, clock()), VisitPressed(visit, 5, "glass", clock())]
        done = threading.Event()
        recorder.append([*entries, VisitEnded(visit, "rated", "thanked", clock())], lambda _: done.set())
        assert done.wait(DEADLINE_S)

        courier = send(kiosk, hub.address, at=clock, clock=recorder.correct)
        with stored:
            assert stored.wait_for(lambda: corrections(kiosk.directory) == 1, DEADLINE_S)
        watch.until(lambda state: state.link == "ok" and state.next_seq == length(kiosk.directory))
    finally:
        recorder.stop()

    assert hub.counts(DAY)["outcomes"] == {"5": 1}
    assert hub.counts("1970-01-01")["outcomes"] == {}
    assert hub.alarms() == []
    verdict = verify_journal(kiosk.directory)
    assert verdict.findings == ()
    with closing(JournalReader(kiosk.directory)) as reader:
        assert reader.connection.execute("SELECT day, outcome, visits FROM tally").fetchall() == [(DAY, 5, 1)]
    kiosk.open()


def bodies(directory):
    with closing(JournalReader(directory)) as reader:
        return [body for one in reader.generations() for body in reader.slice(one.id, 0, 1000).bodies]


def length(directory):
    return len(bodies(directory))


def corrections(directory):
    return sum(isinstance(decode(body), Correction) for body in bodies(directory))
