"""From visits in a hub's store to what a platform has of them, and back to what is settled."""

import pytest

from sync.hub.schema import HubError
from sync.journal.salvage import salvage
from sync.provinces.book import VisitKey
from sync.records import At, Case
from sync.sealing import Recipient
from tests.sync.courier.conftest import Kiosk
from tests.sync.courier.test_salvage import rot
from tests.sync.hub.pen import NOON_MS
from tests.sync.hub.province_hall import FULL_CASE, ReportingHall
from tests.sync.provinces.conformance import PlainRestPlatform, says, says_words


def case(number, service=1, **changes):
    return Case(f"T-{number}", service, **{**FULL_CASE, **changes})


@pytest.fixture
def rest():
    platform = PlainRestPlatform()
    platform.lacks_reason = lambda fields: False
    yield platform
    platform.close()


@pytest.fixture
def hall(tmp_path, rest):
    hall = ReportingHall(tmp_path, rest.url)
    yield hall
    hall.close()


@pytest.fixture
def kiosk(hall):
    kiosk = hall.kiosk()
    yield kiosk
    kiosk.journal.close()


def unsettled(hall):
    return [one.asked for one in hall.on_store(hall.store.unsettled)]


def test_every_level_is_reported_in_the_order_of_the_store_the_case_before_its_rating(hall, kiosk, rest):
    for level in (1, 5, 2, 4, 3):
        kiosk.rate(level, [case(level)])
    kiosk.rate(5)
    kiosk.rate(0, [case(9)])
    hall.bring(kiosk)
    hall.until(lambda: sum(hall.counts().values()) == 11)
    expected = [(kind, f"T-{level}") for level in (1, 5, 2, 4, 3) for kind in ("case", "rating")]
    assert [(kind, fields["projectNo"]) for kind, fields in rest.messages] == [*expected, ("case", "T-9")]
    assert hall.counts() == {
        ("case", 0, "accepted"): 6,
        **{("rating", level, "accepted"): 1 for level in (1, 2, 3, 4, 5)},
    }


def test_a_ticket_with_several_cases_is_several_reports_and_one_visit(hall, kiosk, rest):
    kiosk.rate(4, [case(1), case(2), case(3, 2)])
    hall.bring(kiosk)
    hall.until(lambda: hall.counts() == {("case", 0, "accepted"): 3, ("rating", 4, "accepted"): 3})
    assert set(rest.ratings) == {("T-1", "1"), ("T-2", "1"), ("T-3", "2")}


def test_what_was_accepted_is_settled_with_the_receipts_but_a_bad_review_waits_for_its_rectification(hall, kiosk, rest):
    kiosk.rate(5, [case(1)])
    kiosk.rate(2, [case(2)])
    hall.bring(kiosk)
    hall.until(lambda: len(rest.ratings) == 2 and len(unsettled(hall)) == 1)
    settled = hall.on_store(lambda: hall.store.connection.execute("SELECT kind, receipt FROM settlement").fetchall())
    assert settled == [("no-rectification", "回执-1; 回执-2")]


def test_what_a_platform_refuses_is_set_aside_and_the_rest_goes_on_and_it_is_sent_again_when_mended(hall, kiosk, rest):
    rest.faults = [says_words("字段 userProp 不正确"), None, None, None]
    kiosk.rate(5, [case(1)])
    kiosk.rate(4, [case(2)])
    hall.bring(kiosk)
    hall.until(lambda: ("rating", 4, "accepted") in hall.counts())
    (entry,) = hall.book.of_state("needs-person")
    assert (entry.key.kind, entry.words) == ("case", "字段 userProp 不正确")
    hall.book.send_again(entry.key)
    hall.now_ms += 3_600_000
    hall.reporting.wake()
    hall.until(lambda: ("rating", 5, "accepted") in hall.counts())
    assert hall.book.of_state("needs-person") == []


def test_a_rating_that_somebody_gave_elsewhere_is_kept_beside_ours_and_settles_nothing(hall, kiosk, rest):
    rest.cases.add(("T-1", "1"))
    rest.ratings["T-1", "1"] = {"satisfaction": 1}
    kiosk.rate(5, [case(1)])
    hall.bring(kiosk)
    hall.until(lambda: ("rating", 5, "another-stands") in hall.counts())
    assert len(unsettled(hall)) == 1


def test_a_second_visit_of_a_case_that_was_rated_is_settled_by_the_platforms_answer(hall, kiosk, rest):
    kiosk.rate(5, [case(1)])
    kiosk.rate(1, [case(1)])
    hall.bring(kiosk)
    hall.until(lambda: ("rating", 1, "another-stands") in hall.counts())
    assert rest.ratings["T-1", "1"]["satisfaction"] == 5


def test_while_the_platform_is_down_everything_is_expected_there_and_a_new_visit_does_not_shorten_the_wait(
    hall, kiosk, rest
):
    rest.faults = [says(503, b"", Retry_After="3600")]
    kiosk.rate(5, [case(1)])
    hall.bring(kiosk)
    hall.until(lambda: hall.reporting.state.retry_at_ms is not None)
    kiosk.rate(1, [case(2)])
    hall.bring(kiosk)
    hall.until(lambda: sum(hall.counts().values()) == 4)
    assert len(rest.messages) == 1
    assert hall.reporting.state.words == "平台答复 HTTP 503"
    hall.reporting.wake(at_once=True)
    hall.now_ms += 7_200_000
    hall.reporting.wake(at_once=True)
    hall.until(lambda: len(rest.ratings) == 2)


def test_what_this_key_does_not_open_needs_a_person_and_stops_nobody(hall, tmp_path, rest):
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    stranger = Recipient("hub", X25519PrivateKey.generate().public_key().public_bytes_raw())
    foreign, own = Kiosk(tmp_path / "foreign", [stranger]), hall.kiosk("own")
    foreign.rate(1, [case(1)])
    own.rate(5, [case(2)])
    hall.bring(foreign)
    hall.bring(own)
    hall.until(lambda: ("rating", 5, "accepted") in hall.counts())
    assert hall.counts()["rating", 1, "needs-person"] == 1
    assert {entry.words for entry in hall.book.of_state("needs-person")} == {
        "本级节点没有能解开的办件内容，无法上报；原件可能只在评价终端上"
    }
    for one in (foreign, own):
        one.journal.close()


def test_a_visit_that_was_salvaged_is_reported_once_with_its_level(hall, kiosk, rest):
    for number in range(20):
        kiosk.rate(5, [case(number)])
    hall.bring(kiosk)
    hall.until(lambda: len(rest.ratings) == 20)
    for number in range(20, 40):
        kiosk.rate(1, [case(number)])
    kiosk.journal.close()
    rot(kiosk.directory / "journal.db", b'"asked":70,"level"')
    salvage(kiosk.directory, "damaged", kiosk.at())
    kiosk.open()
    hall.bring(kiosk)
    stored = hall.on_store(
        lambda: dict(hall.store.connection.execute("SELECT outcome, sum(visits) FROM tally GROUP BY outcome"))
    )
    hall.until(lambda: sum(n for (kind, level, _), n in hall.counts().items() if level == 1) == stored[1])
    assert sum(n for (kind, level, _), n in hall.counts().items() if level == 5) == 20
    assert stored[1] > 10
    assert len({fields["reference"] for kind, fields in rest.messages if kind == "rating"}) == len(rest.ratings)


def test_a_press_whose_end_was_lost_with_the_storage_is_reported(hall, tmp_path, rest):
    from sync.journal.writer import Journal
    from sync.records import Ask, VisitAsked, VisitId, VisitPressed

    kiosk = hall.kiosk()
    at = At(NOON_MS, 1, "00" * 8)
    visit = VisitId(b"v" * 16)
    ask = Ask("3", "window", "case", "window-evaluator", "window-interface", 60, cases=(case(1),))
    kiosk.journal.append([VisitAsked(visit, ask, at), VisitPressed(visit, 2, "glass", at)])
    hall.bring(kiosk)
    kiosk.journal.close()
    (kiosk.directory / "journal.db").unlink()
    for more in kiosk.directory.glob("journal.db-*"):
        more.unlink()
    kiosk.journal = Journal(kiosk.directory, kiosk.keys, kiosk.sealer, 480, at)
    kiosk.rate(5, [case(2)])
    hall.bring(kiosk)
    hall.until(lambda: hall.counts().get(("rating", 2, "accepted")) == 1)
    kiosk.journal.close()


def test_a_rating_given_later_is_reported_with_all_that_is_known_of_its_case(hall, kiosk, rest):
    from sync.records import Ask, Earlier, VisitAsked, VisitEnded, VisitId, VisitPressed

    kiosk.rate(0, [case(1)])
    hall.bring(kiosk)
    hall.until(lambda: len(rest.cases) == 1)
    generation = hall.book.of_state("accepted")[0].key.generation
    rest.cases.clear()
    ask = Ask("T", "walk-up", "case", "later-terminal", "slip", 60, cases=(Case("T-1"),), later=Earlier(generation, 1))
    visit = VisitId(b"l" * 16)
    press = VisitPressed(visit, 4, "glass", kiosk.at())
    kiosk.journal.append([VisitAsked(visit, ask, kiosk.at()), press, VisitEnded(visit, "rated", "thanked", kiosk.at())])
    hall.bring(kiosk)
    hall.until(lambda: len(rest.ratings) == 1)
    told = [fields for kind, fields in rest.messages if kind == "case"]
    assert [fields["userName"] for fields in told] == ["张三", "张三"]
    assert rest.ratings["T-1", "1"]["satisfaction"] == 4


def test_a_rating_given_later_at_another_device_is_reported_with_all_that_is_known_of_its_case(hall, kiosk, rest):
    from sync.records import Ask, Earlier, VisitAsked, VisitEnded, VisitId, VisitPressed

    terminal = hall.kiosk("terminal")
    kiosk.rate(0, [case(1)])
    hall.bring(kiosk)
    hall.until(lambda: len(rest.cases) == 1)
    generation = hall.book.of_state("accepted")[0].key.generation
    later = Earlier(generation, 1, kiosk.device)
    ask = Ask("T", "window", "case", "later-terminal", "slip", 60, cases=(Case("T-1"),), later=later)
    visit, at = VisitId(b"l" * 16), terminal.at()
    press = VisitPressed(visit, 4, "glass", at)
    terminal.journal.append([VisitAsked(visit, ask, at), press, VisitEnded(visit, "rated", "thanked", at)])
    hall.bring(terminal)
    hall.until(lambda: len(rest.ratings) == 1)
    assert [fields["userName"] for kind, fields in rest.messages if kind == "case"] == ["张三", "张三"]
    assert rest.ratings["T-1", "1"]["satisfaction"] == 4
    terminal.journal.close()


def test_when_the_seal_key_is_changed_both_old_and_new_texts_are_opened(hall, rest):
    from sync.hub.seal_changes import change_seal_key

    old = hall.kiosk("old")
    old.rate(5, [case(1)])
    hall.bring(old)
    hall.until(lambda: len(rest.ratings) == 1)
    changed = change_seal_key(hall.directory, hall.directory / "seal.key", NOON_MS)
    hall.recipient = Recipient("hub", changed.pair.seal_key)
    new = hall.kiosk("new")
    new.rate(2, [case(2)])
    old.rate(3, [case(3)])
    hall.bring(new)
    hall.bring(old)
    hall.until(lambda: len(rest.ratings) == 3)
    for one in (old, new):
        one.journal.close()


def test_another_book_is_told_of_everything_and_the_tables_come_back(hall, kiosk, rest):
    kiosk.rate(5, [case(1)])
    hall.bring(kiosk)
    hall.until(lambda: len(rest.ratings) == 1)
    hall.reporting.stop()
    for path in hall.directory.glob("province.db*"):
        path.unlink()
    hall.reporting = hall.make_reporting()
    hall.book = hall.reporting.book
    hall.reporting.start()
    hall.until(lambda: hall.counts() == {("case", 0, "accepted"): 1, ("rating", 5, "another-stands"): 1})
    hall.on_store(lambda: hall.store.connection.execute("DROP TABLE ended_visit"))
    hall.on_store(lambda: hall.store.connection.execute("DROP TABLE ended_reach"))
    hall.reporting.stop()
    hall.reporting = hall.make_reporting()
    hall.book = hall.reporting.book
    passes = hall.passes
    hall.reporting.start()
    hall.until(lambda: hall.passes > passes)
    assert sum(hall.counts().values()) == 2
    key = VisitKey(kiosk.device, hall.book.of_state("accepted")[0].key.generation, 1)
    assert [entry.key.kind for entry in hall.book.of_visit(key)] == ["case", "rating"]


def test_without_the_seal_key_the_hub_takes_everything_and_says_why_nothing_is_reported(hall, kiosk, rest):
    hall.reporting.stop()
    seal_key = hall.directory / "seal.key"
    content = seal_key.read_bytes()
    seal_key.unlink()
    hall.reporting = hall.make_reporting()
    hall.reporting.start()
    kiosk.rate(5, [case(1)])
    assert [answer.stored for answer in hall.bring(kiosk)] == [4]
    seal_key.write_bytes(content)
    hall.book = hall.reporting.book
    hall.reporting.wake()
    hall.until(lambda: len(rest.ratings) == 1)


def test_a_book_of_another_province_is_refused(hall):
    from sync.provinces.book import Book

    hall.reporting.stop()
    for path in hall.directory.glob("province.db*"):
        path.unlink()
    Book(hall.directory / "province.db", "elsewhere").close()
    with pytest.raises(HubError, match="elsewhere"):
        hall.make_reporting()


def test_what_became_known_of_a_case_later_is_reported_and_brings_back_what_was_set_aside(hall, kiosk, rest):
    from sync.records import VisitCaseData, VisitId

    rest.faults = [says_words("缺少必填字段 userName"), None]
    bare = Case("T-1", **{name: value for name, value in FULL_CASE.items() if name != "user_name"})
    kiosk.rate(5, [bare])
    hall.bring(kiosk)
    hall.until(lambda: hall.counts().get(("case", 0, "needs-person")) == 1 and not rest.faults)
    visit = VisitId((1).to_bytes(8) + b"kiosk".ljust(8))
    kiosk.journal.append([VisitCaseData(visit, ((0, Case("T-1", user_name="张三", user_prop="9")),), kiosk.at())])
    hall.bring(kiosk)
    hall.until(lambda: hall.counts().get(("case", 0, "accepted")) == 1)
    told = [fields for kind, fields in rest.messages if kind == "case"][-1]
    assert (told["userName"], told["userProp"]) == ("张三", "1")
