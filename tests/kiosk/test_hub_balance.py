"""The day's figures at a kiosk beside those of a real hub and of the platform behind it."""

import sqlite3

import pytest

from kiosk.core.balance import Reported
from kiosk.hub_balance import hub_balance
from sync.courier import CourierState
from sync.records import LEVELS, Case
from tests.sync.courier.conftest import DEADLINE_S
from tests.sync.hub.province_hall import FULL_CASE
from tests.sync.hub.province_road import Road
from tests.sync.provinces.conformance import says


@pytest.fixture
def road(tmp_path):
    road = Road(tmp_path)
    yield road
    road.kiosk.journal.close()
    road.platform.close()


def today(road):
    return road.kiosk.journal.connection.execute("SELECT max(day) FROM tally").fetchone()[0]


def balance(road, state=None):
    known = (state.generation, state.next_seq) if state is not None and state.generation else None
    return hub_balance(road.kiosk.journal, state, known, today(road), None, 480)


def told(road, url):
    """What the hub says when it is asked where it stands."""
    with road.courier(url) as watch:
        return watch.until_sent(road.kiosk)


def figures(found):
    return {line.level: (line.pressed, line.stored, line.sent, line.hub) for line in found.levels}


def test_without_a_word_of_the_hub_everything_is_stored_and_nothing_sent(road):
    road.kiosk.rate_many(5)
    found = balance(road)
    assert figures(found) == dict.fromkeys(LEVELS, (1, 1, 0, None))
    assert (found.hall, found.differs, found.province) == (None, False, "")


def test_what_the_hub_and_the_province_have_comes_back_level_by_level(road):
    road.platform.faults = [None, None, None, None, *[says(503)] * 50]
    for level in (5, 1, 1):
        road.kiosk.rate(level, [Case(f"T-{level}-{road.kiosk.visits}", **FULL_CASE)])
    road.kiosk.rate(0)
    with road.hub() as (_, url):
        road.send(url)
        road.until(lambda counts: counts.get(("rating", 1, "accepted")) == 1)
        states = (told(road, url) for _ in range(DEADLINE_S * 10))
        state = next(state for state in states if state.upstream["province"]["accepted"])
    found = balance(road, state)
    assert figures(found)[5] == (1, 1, 1, 1)
    assert figures(found)[1] == (2, 2, 2, 2)
    assert found.province == "通用 REST"
    assert {line.level: line.reported for line in found.levels} == {
        5: Reported(accepted=1),
        1: Reported(accepted=1, waiting=1),
        **dict.fromkeys((4, 3, 2), Reported()),
    }
    assert found.hall == {5: 1, 1: 2, 0: 1}
    assert not found.differs
    road.kiosk.rate(5)
    assert figures(balance(road, state))[5] == (2, 2, 1, 1)


def test_a_hub_that_counts_otherwise_is_told(road):
    road.kiosk.rate(5)
    with road.hub() as (_, url):
        road.send(url)
        with sqlite3.connect(road.directory / "hub.db", timeout=DEADLINE_S) as db:
            db.execute("UPDATE tally SET outcome = 4")
        db.close()
        found = balance(road, told(road, url))
    assert found.differs
    assert figures(found)[5] == (1, 1, 1, 0)


def test_another_days_word_is_no_word_of_today_and_another_form_none_at_all(road):
    road.kiosk.rate(5)
    other = {"province": None, "day": "2026-01-01", "counted": {"5": 7}, "hall": {"5": 7}}
    for upstream in (other, {"province": 3}, {"province": None}):
        found = balance(road, CourierState("ok", upstream=upstream))
        assert figures(found)[5] == (1, 1, 0, None)
        assert found.hall is None


def test_what_was_acknowledged_before_a_restart_or_by_hand_counts_as_sent(road):
    road.kiosk.rate(5)
    generation = road.kiosk.journal.connection.execute("SELECT id FROM generation").fetchone()[0]
    found = hub_balance(road.kiosk.journal, None, (generation, road.kiosk.records), today(road), None, 480)
    assert figures(found)[5] == (1, 1, 1, None)
    assert not found.differs
