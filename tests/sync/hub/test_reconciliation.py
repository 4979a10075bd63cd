"""Pressed, stored, here, at the province: level by level, and what does not balance."""

import msgspec
import pytest

from sync.chain import verify
from sync.hub.page import day_page
from sync.hub.questions import alarms, day_counts
from sync.hub.reconciliation import reconcile, visit_reports
from sync.records import Case, Signed
from sync.upstream import read_upstream
from tests.sync.hub.pen import DAY
from tests.sync.hub.province_hall import FULL_CASE, ReportingHall
from tests.sync.provinces.conformance import PlainRestPlatform, says, says_words

DAY_MS = 86_400_000


@pytest.fixture
def rest():
    platform = PlainRestPlatform()
    platform.lacks_reason = lambda fields: False
    yield platform
    platform.close()


@pytest.fixture
def hall(tmp_path, rest):
    hall = ReportingHall(tmp_path, rest.url, default_clock="sichuan")
    yield hall
    hall.close()


@pytest.fixture
def kiosk(hall):
    kiosk = hall.kiosk()
    yield kiosk
    kiosk.journal.close()


def reconciled(hall, day=DAY):
    store = hall.store
    return hall.on_store(lambda: reconcile(store.connection, store.upstreams, day, "+08:00", hall.now_ms))


def alarms_of(hall):
    return {one.kind: one.detail for one in hall.on_store(lambda: alarms(hall.store.connection, [])).alarms}


def case(number):
    return Case(f"T-{number}", **FULL_CASE)


def test_each_level_has_its_line_and_reports_are_counted_apart_from_visits(hall, kiosk, rest):
    rest.cases.add(("T-3", "1"))
    rest.ratings["T-3", "1"] = {"satisfaction": 2}
    kiosk.rate(5, [case(1), case(2)])
    kiosk.rate(4, [case(3)])
    kiosk.rate(1)
    hall.bring(kiosk)
    hall.until(lambda: hall.counts().get(("rating", 4, "another-stands")) == 1 and len(rest.ratings) == 3)
    found = reconciled(hall)
    lines = {
        line.level: (line.pressed, line.stored, line.hub, line.expected, line.accepted, line.another_stands)
        for line in found.levels
    }
    assert lines == {5: (1, 1, 1, 2, 2, 0), 4: (1, 1, 1, 1, 0, 1), 3: (0,) * 6, 2: (0,) * 6, 1: (1, 1, 1, 0, 0, 0)}
    assert (found.imbalances, found.province, found.province_proof) == ([], "通用 REST", "以上级节点自报为准")
    assert reconciled(hall, "2026-11-19").levels[0].stored == 0


def test_the_signed_heads_stand_in_it_as_the_device_made_them(hall, kiosk):
    kiosk.rate(5)
    hall.bring(kiosk)
    (line,) = reconciled(hall).devices
    verify(kiosk.keys.first_key, Signed(line.head.text, line.head.epoch, line.head.signature))
    assert (line.stated, line.counted) == ({"5": 1}, {"5": 1})


def test_the_words_of_the_province_come_back_for_each_case_of_a_visit(hall, kiosk, rest):
    kiosk.rate(5, [case(1)])
    hall.bring(kiosk)
    hall.until(lambda: len(rest.ratings) == 1 and hall.reporting.state.last_pass_ms is not None)
    (line,) = reconciled(hall).devices
    told = hall.on_store(lambda: visit_reports(hall.store.upstreams, kiosk.device, line.generation, 0))
    assert [(one.case, one.kind, one.state, one.receipt) for one in told.reports] == [
        (0, "case", "accepted", "回执-1"),
        (0, "rating", "accepted", "回执-2"),
    ]


def test_a_device_reads_back_its_own_figures_the_halls_and_the_provinces(hall, kiosk, rest):
    other = hall.kiosk("other")
    other.rate(1, [case(9)])
    hall.bring(other)
    kiosk.rate(5, [case(1)])
    kiosk.rate(0)
    answer = hall.bring(kiosk)[-1]
    told = read_upstream(answer.upstream)
    assert (told.day, told.counted) == (DAY, {"5": 1, "0": 1})
    assert told.hall == {"5": 1, "0": 1, "1": 1}
    hall.until(lambda: len(rest.ratings) == 2 and hall.counts().get(("rating", 5, "accepted")) == 1)
    standing = hall.on_store(lambda: hall.store.standing(kiosk.device, hall.now_ms))
    reach = read_upstream(standing.upstream).province
    assert (reach.accepted, reach.waiting, reach.title) == ({"5": 1}, {}, "通用 REST")
    other.journal.close()


def test_a_book_that_was_set_back_is_told_again_and_raises_an_alarm(hall, kiosk, rest):
    kiosk.rate(5, [case(1)])
    hall.bring(kiosk)
    hall.until(lambda: len(rest.ratings) == 1 and hall.reporting.state.last_pass_ms is not None)
    hall.reporting.stop()
    copies = {path: path.read_bytes() for path in hall.directory.glob("province.db*")}
    hall.reporting = hall.make_reporting()
    hall.book = hall.reporting.book
    hall.reporting.start()
    kiosk.rate(2, [case(2)])
    hall.bring(kiosk)
    hall.until(lambda: len(rest.ratings) == 2 and hall.counts().get(("rating", 2, "accepted")) == 1)
    hall.reporting.stop()
    for path in hall.directory.glob("province.db*"):
        path.unlink()
    for path, content in copies.items():
        path.write_bytes(content)
    hall.reporting = hall.make_reporting()
    hall.book = hall.reporting.book
    hall.reporting.start()
    hall.until(lambda: hall.counts().get(("rating", 2, "another-stands")) == 1)
    assert "level 2: 1 ratings were to be reported, the book of reports knows 0" in alarms_of(hall)["imbalance"]
    assert reconciled(hall).imbalances == []


def test_what_is_set_aside_and_a_deadline_that_comes_near_raise_alarms(hall, kiosk, rest):
    rest.faults = [None, says_words("不合格"), *[says(503)] * 40]
    kiosk.rate(3, [case(1)])
    hall.bring(kiosk)
    hall.until(lambda: hall.counts().get(("rating", 3, "needs-person")) == 1 and "set-aside" in alarms_of(hall))
    found = reconciled(hall).deadline
    assert (found.day, found.ends, found.days_left, found.unit) == (DAY, "2026-12-01", 7, "working")
    assert "deadline" not in alarms_of(hall)
    hall.now_ms += 7 * DAY_MS  # Friday: Monday and Tuesday are left
    hall.reporting.wake()
    hall.until(lambda: "deadline" in alarms_of(hall))
    assert "after 2026-12-01 (2 working days left)" in alarms_of(hall)["deadline"]


def test_the_page_shows_all_of_it_in_chinese(hall, kiosk, rest):
    rest.faults = [says(503)]
    kiosk.rate(2, [case(1)])
    hall.bring(kiosk)
    hall.until(lambda: hall.reporting.state.words)
    store = hall.store
    counts = hall.on_store(lambda: day_counts(store.connection, DAY, "+08:00"))
    shown = day_page(counts, hall.on_store(lambda: alarms(store.connection, [])), reconciled(hall))
    for words in ("对账", "省平台已收", "以上级节点自报为准", "平台答复 HTTP 503", "还剩 7 个工作日", "本级 ✓"):
        assert words in shown


def test_what_a_hub_says_in_another_form_is_no_upstream():
    assert read_upstream({"province": "yes"}) is None
    assert read_upstream({"province": None}).day == ""
    assert msgspec.to_builtins(read_upstream({"province": None, "more": 1})) == {"province": None}
