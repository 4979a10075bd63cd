"""Every answer of a platform comes to one of four outcomes, and the rest goes on."""

import gzip
import tracemalloc
from dataclasses import replace

import msgspec
import pytest

from sync.reports.press_time import PressTime
from tests.sync.provinces.conformance import (
    DUPLICATE,
    UNKNOWN_CASE,
    PlainRestPlatform,
    cut_after_taking,
    cut_before_taking,
    drips,
    says,
    says_words,
    sends_100_mb,
    sends_a_gzip_bomb,
)
from tests.sync.provinces.conftest import PRESSED_MS, case_report, rating_report, visit


def test_the_receipt_is_kept_as_the_platform_wrote_it(desk, rest):
    desk.send(*visit())
    assert desk.entry(rating_report()).receipt == "回执-2"
    assert rest.ratings["T-1", "1"]["satisfaction"] == 5


def test_what_was_accepted_is_never_sent_again(desk, rest):
    for _ in range(3):
        desk.send(*visit())
    assert len(rest.messages) == 2


@pytest.mark.parametrize("fault", [cut_after_taking, sends_100_mb])
def test_a_duplicate_of_what_may_have_arrived_is_accepted(desk, rest, clock, fault):
    desk.send(case_report())
    rest.faults = [fault]
    desk.send(*visit())
    assert desk.state(rating_report()) == "waiting"
    clock.pass_hours(7)
    desk.send(*visit())
    entry = desk.entry(rating_report())
    assert (entry.state, entry.receipt) == ("accepted", DUPLICATE)
    assert len(rest.ratings) == 1


def test_a_duplicate_of_what_never_left_is_another_rating(desk, rest):
    rest.cases.add(("T-1", "1"))
    rest.ratings["T-1", "1"] = {"reference": "", "satisfaction": 5}
    desk.send(*visit(level=1))
    assert desk.state(rating_report(level=1)) == "another-stands"


def test_a_duplicate_after_the_platform_said_that_it_has_none_is_another_rating(desk, rest, clock):
    rest.faults = [says(200, b'{"success": true}'), cut_before_taking]
    desk.send(*visit())
    assert desk.entry(rating_report()).maybe_taken
    clock.pass_hours(7)
    desk.send(*visit())
    assert desk.entry(rating_report()).words == UNKNOWN_CASE
    rest.cases.add(("T-1", "1"))
    rest.ratings["T-1", "1"] = {"reference": "", "satisfaction": 5}
    clock.pass_hours(7)
    desk.send(*visit())
    assert desk.state(rating_report()) == "another-stands"


@pytest.mark.parametrize(
    ("reference", "level", "state"),
    [
        (rating_report().key.reference, 3, "accepted"),
        ("somebody else's", 5, "another-stands"),
        ("", 5, "accepted"),
        ("", 3, "another-stands"),
    ],
)
def test_what_the_platform_gives_back_decides_whose_rating_stands(desk, rest, reference, level, state):
    rest.gives_back = True
    rest.cases.add(("T-1", "1"))
    rest.ratings["T-1", "1"] = {"reference": reference, "satisfaction": level}
    desk.send(*visit(level=5))
    assert desk.state(rating_report()) == state


def test_of_two_ratings_of_one_service_from_here_the_second_finds_another(desk, rest, clock):
    """Even where the second may have arrived: the first is known to stand."""
    first, second = visit(1, asked=10), visit(1, 2, asked=20)
    desk.send(*first)
    desk.send(second[0])
    rest.faults = [cut_before_taking]
    desk.send(*second)
    clock.pass_hours(7)
    desk.send(*second)
    assert [desk.state(first[1]), desk.state(second[1])] == ["accepted", "another-stands"]


def test_a_rating_waits_until_its_case_is_known(desk, rest, clock):
    rest.faults = [says_words("请稍后")]
    desk.send(*visit(), *visit(2))
    assert [kind for kind, _ in rest.messages] == ["case", "case", "rating"]
    clock.pass_hours(7)
    desk.send(*visit(), *visit(2))
    assert [kind for kind, _ in rest.messages][3:] == ["case", "rating"]
    assert {desk.state(rating_report()), desk.state(rating_report(2))} == {"accepted"}


def test_one_ticket_with_three_cases_is_three_reports_and_one_press(desk, rest):
    reports = [one for number in range(3) for one in visit(number + 1, asked=10, case_number=number)]
    desk.send(*reports)
    assert len(rest.ratings) == 3
    assert desk.book.figures.counts() == {("case", 0, "accepted"): 3, ("rating", 5, "accepted"): 3}


BOMB = gzip.compress(b" " * (64 << 20))

LATER = {
    "500": says(500, b"oops"),
    "502 page": says(502, "<html>网关</html>".encode()),
    "503 retry": says(503, b"", Retry_After="120"),
    "429": says(429, b"", Retry_After="30"),
    "302": says(302, b"", Location="http://portal/"),
    "302 gzip bomb": says(302, BOMB, Location="/", Content_Encoding="gzip"),
    "302 cut gzip": says(302, BOMB[:40], Location="/", Content_Encoding="gzip"),
    "500 gzip bomb": says(500, BOMB, Content_Encoding="gzip"),
    "404": says(404, b"not here"),
    "403": says(403, b""),
    "401": says(401, b""),
    "log-in page": says(200, b"<html>log in</html>"),
    "another program": says(200, b'{"ok": true}'),
    "a list": says(200, b"[1]"),
    "nothing": says(200, b""),
    "not gzip": says(200, b"plain", Content_Encoding="gzip"),
    "brotli": says(200, b'{"success": true}', Content_Encoding="br"),
    "nested": says(200, b'{"a":' * 60_000),
    "the clock": says_words("时间不正确"),
    "cut": cut_before_taking,
    "100 MB": sends_100_mb,
    "gzip bomb": sends_a_gzip_bomb,
}


@pytest.mark.parametrize("fault", LATER.values(), ids=LATER)
def test_what_says_nothing_about_the_report_is_later(desk, rest, clock, fault):
    rest.faults = [fault]
    desk.send(*visit())
    assert desk.state(case_report()) == "waiting"
    clock.pass_hours(7)
    desk.send(*visit())
    assert desk.state(rating_report()) == "accepted"
    assert len(rest.ratings) == 1


@pytest.mark.parametrize("status", [200, 302, 404, 500])
def test_a_bomb_is_not_unpacked_in_memory(desk, rest, status):
    rest.faults = [says(status, BOMB, Location="/", Content_Encoding="gzip")]
    tracemalloc.start()
    try:
        desk.send(case_report())
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()


def test_an_answer_that_never_ends_is_cut(desk_of, plain_rest, rest):
    slow = desk_of(plain_rest, rest.url)
    slow.address = replace(slow.address, timeout_s=0.3)
    slow.close()
    slow.open()
    rest.faults = [drips]
    assert slow.send(*visit()).wait_s is not None
    assert slow.state(case_report()) == "waiting"


def test_a_wait_that_the_platform_asks_for_is_kept(desk, rest):
    rest.faults = [says(429, b"", Retry_After="120")]
    assert desk.send(*visit()).wait_s == 120


def test_failures_in_a_row_are_followed_by_longer_waits_and_another_report_goes_first(desk, rest):
    rest.faults = [says(500, b"")] * 3
    waits = [desk.send(*visit(1), *visit(2), *visit(3)).wait_s for _ in range(3)]
    assert waits == [1.0, 2.0, 4.0]
    assert [fields["projectNo"] for _, fields in rest.messages] == ["T-1", "T-2", "T-3"]


def test_nothing_listens(desk_of, plain_rest, rest):
    away = desk_of(plain_rest, "http://127.0.0.1:1")
    done = away.send(*visit())
    assert (away.state(case_report()), done.words) == ("waiting", "无法连接平台")
    assert not away.entry(case_report()).maybe_taken


REFUSED = {
    "in a 200": says_words("参数结构不正确：areaCode"),
    "in a 400": says_words("areaCode 有误", 400),
    "in a 422": says_words("areaCode 有误", 422),
    "without a word": says(200, b'{"success": false}'),
    "too large": says(413, b"too large"),
}


@pytest.mark.parametrize("fault", REFUSED.values(), ids=REFUSED)
def test_a_field_that_is_refused_needs_a_person_and_the_rest_goes_on(desk, rest, fault):
    rest.faults = [fault]
    desk.send(*visit(), *visit(2))
    entry = desk.entry(case_report())
    assert entry.state == "needs-person"
    assert entry.words
    assert desk.state(rating_report(2)) == "accepted"


def test_words_in_gb18030_are_read_where_the_profile_says_so(desk_of, plain_rest, rest):
    rest.charset = "gb18030"
    answer = msgspec.structs.replace(plain_rest.answer, charset="gb18030")
    desk = desk_of(msgspec.structs.replace(plain_rest, answer=answer), rest.url)
    rest.faults = [says_words("参数结构不正确：areaCode")]
    desk.send(*visit(), *visit(2))
    assert desk.entry(case_report()).words == "参数结构不正确：areaCode"
    assert desk.entry(rating_report(2)).receipt.startswith("回执-")


def test_words_in_another_character_set_than_the_profile_says_are_no_success_and_no_end(desk, rest):
    rest.charset = "gb18030"
    rest.faults = [says_words("参数结构不正确")]
    desk.send(*visit(), *visit(2))
    assert desk.state(case_report()) == "needs-person"
    assert desk.state(rating_report(2)) == "accepted"


def test_the_press_time_is_that_of_the_press_however_late_it_is_sent(desk, rest, clock):
    clock.pass_hours(300)
    desk.send(*visit())
    assert rest.ratings["T-1", "1"]["assessTime"] == "2026-11-20 12:00:00"


def test_a_time_is_frozen_by_the_first_try(desk, rest, clock):
    rest.cases.add(("T-1", "1"))
    rest.faults = [says(200, b'{"success": true}'), says(500, b"")]
    desk.send(*visit(pressed=PressTime(PRESSED_MS, 60_000, doubtful=False)))
    clock.pass_hours(7)
    desk.send(*visit(pressed=PressTime(PRESSED_MS, 0, doubtful=False)))
    assert rest.ratings["T-1", "1"]["assessTime"] == "2026-11-20 12:01:00"
    assert rest.ratings["T-1", "1"]["timeCorrected"] == "1"


def test_a_doubtful_time_waits_for_a_trusted_clock_but_not_for_ever(desk, rest, clock):
    doubtful = visit(pressed=PressTime(PRESSED_MS, 0, doubtful=True))
    desk.send(*doubtful)
    assert ("T-1", "1") not in rest.ratings
    clock.pass_hours(23)
    assert desk.send(*doubtful).wait_s == 3600
    clock.pass_hours(1)
    desk.send(*doubtful)
    assert rest.ratings["T-1", "1"]["assessTime"] == "2026-11-20 12:00:00"


def test_a_trusted_clock_ends_the_wait(desk, rest):
    desk.send(*visit(pressed=PressTime(PRESSED_MS, 0, doubtful=True)))
    desk.send(*visit(pressed=PressTime(PRESSED_MS, 120_000, doubtful=False)))
    assert rest.ratings["T-1", "1"]["assessTime"] == "2026-11-20 12:02:00"


def test_over_tls_only_what_the_pinned_ca_signed_is_believed(desk_of, plain_rest, certificate):
    platform = PlainRestPlatform(tls=certificate)
    try:
        stranger = desk_of(plain_rest, platform.url)
        assert stranger.send(*visit()).words == "平台的证书不可信"
        assert not stranger.entry(case_report()).maybe_taken
        known = desk_of(plain_rest, platform.url, ca_file=certificate)
        known.send(*visit())
        assert known.state(rating_report()) == "accepted"
    finally:
        platform.close()
