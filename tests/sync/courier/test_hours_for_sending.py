"""A line that may be used at some hours only, and a person who wants it now."""

import threading

from sync.backoff import Backoff
from tests.sync.courier.conftest import DEADLINE_S
from tests.sync.courier.test_faults import refused
from tests.sync.hub.pen import DAY, NOON_MS

HOUR_S = 3600.0


class Hours:
    """Says how long the line must not be used; counts how often it was asked."""

    def __init__(self, rest_s, times=None):
        self.rest_s, self.times = rest_s, times

    def __call__(self):
        if self.times is not None:
            self.times -= 1
            if self.times < 0:
                return HOUR_S
        return self.rest_s


def test_outside_its_hours_nothing_goes_out_and_the_next_hour_is_told(kiosk, between, send, watch):
    kiosk.rate(5)
    courier = send(kiosk, between.address, rest_s=Hours(2 * HOUR_S))
    state = watch.until(lambda state: state.link == "resting")
    for _ in range(10):
        kiosk.rate(5)
        courier.wake()
    courier.stop()
    assert state.retry_at_ms == NOON_MS + 7_200_000
    assert between.requests == []


def test_when_the_hour_comes_everything_is_sent(kiosk, hub, send, watch):
    hours = Hours(0.01)
    kiosk.rate_many(10)
    send(kiosk, hub.address, rest_s=hours)
    watch.until(lambda state: state.link == "resting")
    hours.rest_s = 0.0
    watch.until_sent(kiosk)
    assert hub.counts(DAY)["outcomes"] == {str(level): 2 for level in range(1, 6)}


def test_what_is_not_sent_when_the_hours_end_waits_for_the_next(kiosk, between, send, watch):
    hours = Hours(0.0, times=3)
    kiosk.rate_many(400)
    courier = send(kiosk, between.address, rest_s=hours)
    watch.until(lambda state: state.link == "resting")
    sent = len([method for method, _ in between.requests if method == "POST"])
    courier.send_now()
    watch.until_sent(kiosk)
    assert 0 < sent < len([method for method, _ in between.requests if method == "POST"])
    assert kiosk.settled == sorted(kiosk.settled)


def test_a_person_may_send_at_any_hour_and_afterwards_the_hours_hold_again(kiosk, between, send, watch):
    courier = send(kiosk, between.address, rest_s=Hours(HOUR_S))
    watch.until(lambda state: state.link == "resting")
    kiosk.rate_many(5)
    courier.send_now()
    watch.until_sent(kiosk)
    asked = len(between.requests)
    watch.states.clear()
    kiosk.rate(5)
    courier.wake()
    watch.until(lambda state: state.link == "resting")
    courier.stop()
    assert len(between.requests) == asked


def test_a_person_ends_the_wait_after_a_failure(kiosk, between, send, watch):
    """They have just logged in to the network."""
    between.always = refused(500)
    kiosk.rate(5)
    courier = send(kiosk, between.address, backoff=Backoff(600.0, 600.0))
    watch.until(lambda state: state.retry_at_ms is not None)
    between.always = None
    courier.send_now()
    watch.until_sent(kiosk)


def test_a_person_who_wants_it_while_the_journal_fails_waits_like_everybody(kiosk, hub, send, watch):
    hidden = kiosk.directory / "journal.db"
    hidden.rename(kiosk.directory / "aside.db")
    tried = threading.Semaphore(0)

    def count(state):
        watch(state)
        tried.release()

    courier = send(kiosk, hub.address, backoff=Backoff(600.0, 600.0), watch=count)
    watch.until(lambda state: state.code == "unusable")
    assert tried.acquire(timeout=DEADLINE_S)
    (kiosk.directory / "aside.db").rename(hidden)
    courier.send_now()
    watch.until_sent(kiosk)
