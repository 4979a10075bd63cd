"""What an operator settles, and the release that follows from it."""

import hashlib
import sqlite3
import subprocess
import sys
from base64 import b64decode, b64encode
from contextlib import closing

import msgspec
import pytest
from hypothesis import given
from hypothesis import settings as settings_of
from hypothesis import strategies as st

from sync.hub.control import Asked, ask_running_hub
from sync.hub.release_key import load_release_key, make_release_key
from sync.hub.server import Hub
from sync.hub.settlements import Settlement, SettlementError, Settlements
from sync.hub.store import Store
from sync.records import CaseData, Details, LaterCase, SealedPart, decode
from sync.release import MOST_EXCEPTIONS, Release, ReleaseText, read_release
from sync.wire import SealedLine, read_batch
from tests.sync.hub.conftest import Caller, settings
from tests.sync.hub.pen import NOON_MS, Pen, at


class Counter:
    """A hub's store with visits of one kiosk, without the network."""

    def __init__(self, directory):
        directory.mkdir()
        self.directory = directory
        make_release_key(directory)
        self.key = load_release_key(directory).public
        self.store = Store(directory, 480)
        self.pen = Pen()
        self.ends = {}

    def visit(self, level=5, number=0):
        asked = self.pen.ask(ciphers=[b"cipher %d %d" % (number, len(self.pen.bodies))])
        self.pen.press(asked, level)
        self.ends[asked] = self.pen.end(asked)
        return asked

    def arrive(self, **changes):
        return self.store.take(self.pen.device, read_batch(self.pen.batch(**changes)), NOON_MS)

    def settle(self, asked, kind="no-rectification", receipt="R-1", now_ms=NOON_MS, **changes):
        of = {"device": self.pen.device, "generation": self.pen.generation, **changes}
        self.store.settle(Settlement(**of, asked=asked, kind=kind, receipt=receipt), now_ms)

    @property
    def release(self):
        (standing,) = self.store.standing(self.pen.device, NOON_MS).generations
        return None if standing.release is None else read_release(standing.release, self.key)


@pytest.fixture
def counter(tmp_path):
    counter = Counter(tmp_path / "store")
    yield counter
    counter.store.close()


def test_without_a_settlement_there_is_no_release(counter):
    counter.visit()
    assert counter.arrive().release is None
    assert counter.release is None


def test_a_release_reaches_to_the_end_of_the_last_settled_visit_and_leaves_out_the_others(counter):
    asks = [counter.visit() for _ in range(4)]
    counter.arrive()

    counter.settle(asks[2], now_ms=NOON_MS + 7)

    end = counter.ends[asks[2]]
    assert counter.release == ReleaseText(
        device=counter.pen.device,
        generation=counter.pen.generation,
        next=end + 1,
        hash=counter.pen.hashes[end],
        unsettled=asks[:2],
        time_ms=NOON_MS + 7,
    )
    assert [counter.release.covers(asked) for asked in asks] == [False, False, True, False]


def test_case_data_that_comes_after_the_settlement_is_settled_by_saying_it_again(counter):
    asked, other = counter.visit(), counter.visit()
    counter.arrive()
    counter.settle(asked)
    cipher = b"more of the case"
    seq = counter.pen.add(
        CaseData(at=at(), asked=asked, cases=[LaterCase(0, [("hub", hashlib.sha256(cipher).digest())])])
    )
    counter.pen.sealed[seq] = [SealedLine(decode(counter.pen.bodies[asked]).visit, "case:0", "hub", cipher)]
    assert counter.arrive(first=seq).sealed_stored == 1
    assert asked in [one.asked for one in counter.store.unsettled()]
    assert counter.release is None or not counter.release.covers(asked)

    counter.settle(asked)

    assert [one.asked for one in counter.store.unsettled()] == [other]
    assert counter.release.covers(asked)


def test_the_same_release_is_said_with_each_answer_until_more_is_settled(counter):
    asks = [counter.visit() for _ in range(2)]
    counter.arrive()
    counter.settle(asks[0])
    first = counter.arrive().release
    counter.visit()

    assert counter.arrive().release == first
    counter.settle(asks[1])
    assert counter.arrive().release != first


MANY = range(MOST_EXCEPTIONS + 20)


@pytest.fixture(scope="module")
def busy(tmp_path_factory):
    counter = Counter(tmp_path_factory.mktemp("hub") / "store")
    counter.asks = [counter.visit(number=number) for number in MANY]
    counter.arrive()
    yield counter
    counter.store.close()


@settings_of(deadline=None, max_examples=40)
@given(order=st.lists(st.sampled_from(MANY), min_size=1, max_size=40, unique=True))
def test_a_release_covers_nothing_that_is_not_settled_and_never_less_than_before(busy, order):
    db, of = busy.store.connection, (busy.pen.device, busy.pen.generation)
    settlements = Settlements(db, load_release_key(busy.directory))
    settled, before = set(), set()
    db.execute("BEGIN")
    try:
        for place in order:
            settlements.settle(Settlement(*of, busy.asks[place], "no-rectification", "R"), NOON_MS)
            settled.add(busy.asks[place])
            release = settlements.release(*of)
            text = None if release is None else read_release(release, busy.key)
            covered = {asked for asked in busy.asks if text is not None and text.covers(asked)}
            assert before <= covered <= settled
            before = covered
    finally:
        db.execute("ROLLBACK")


def test_where_too_many_wait_the_release_is_lowered_and_the_rest_follows(counter):
    asks = [counter.visit(number=number) for number in range(MOST_EXCEPTIONS + 5)]
    counter.arrive()

    counter.settle(asks[-1])
    assert counter.release is None
    counter.settle(asks[0])
    assert counter.release.next == asks[MOST_EXCEPTIONS + 1]
    assert len(counter.release.unsettled) == MOST_EXCEPTIONS
    for asked in asks[1:4]:
        counter.settle(asked)
    assert counter.release.covers(asks[-1])


@pytest.mark.parametrize(
    ("level", "kind", "words"),
    [(2, "no-rectification", "rectification"), (1, "no-rectification", "整改"), (5, "rectified", "not a bad")],
)
def test_a_bad_review_is_settled_by_the_end_of_its_rectification_alone(counter, level, kind, words):
    asked = counter.visit(level)
    counter.arrive()

    with pytest.raises(SettlementError, match=words):
        counter.settle(asked, kind)

    counter.settle(asked, "rectified" if level < 3 else "no-rectification")
    assert counter.release.covers(asked)


def test_a_visit_that_is_not_whole_here_is_not_settled(counter):
    sealed_elsewhere = counter.visit()
    counter.pen.sealed[sealed_elsewhere] = []
    plain = counter.pen.ask()
    counter.pen.end(plain, "not-rated")
    still_open = counter.pen.ask(ciphers=[b"open"])
    counter.arrive()

    for asked, words in [
        (sealed_elsewhere, "only the kiosk has it"),
        (plain, "sealed nothing"),
        (still_open, "has not ended"),
        (still_open - 1, "nobody asked"),
        (9999, "nobody asked"),
    ]:
        with pytest.raises(SettlementError, match=words):
            counter.settle(asked)
    with pytest.raises(SettlementError, match="no such device"):
        counter.settle(still_open, device="0" * 64)
    assert counter.release is None


def test_what_a_citizen_wrote_belongs_to_the_visit_and_must_be_here_too(counter):
    asked = counter.pen.ask()
    visit = decode(counter.pen.bodies[asked]).visit
    counter.pen.press(asked, 5)
    parts = [SealedPart("words", [("hub", hashlib.sha256(b"words").digest())])]
    details = counter.pen.add(Details(at=at(), asked=asked, sealed=parts))
    end = counter.pen.end(asked)
    counter.arrive(end=details)
    counter.arrive(first=details, sealed=[])
    with pytest.raises(SettlementError, match="only the kiosk has it"):
        counter.settle(asked)

    reply = counter.arrive(first=details, sealed=[SealedLine(visit, "words", "hub", b"words")])

    assert (reply.sealed_stored, reply.sealed_refused) == (1, 0)
    counter.settle(asked)
    assert (counter.release.next, counter.release.covers(asked)) == (end + 1, True)


def test_records_that_point_nowhere_or_are_no_json_hold_nobody_up(counter):
    asked = counter.visit()
    counter.pen.add_body(b"no json")
    parts = [SealedPart("words", [("hub", bytes(32))])]
    counter.pen.add(Details(at=at(), asked=9999, sealed=parts))

    assert counter.arrive(sealed=counter.pen.sealed[asked]).sealed_stored == 1
    counter.settle(asked)
    assert counter.release.covers(asked)


def test_a_settlement_is_kept_once_and_never_changes(counter):
    asked = counter.visit()
    counter.arrive()
    counter.settle(asked)
    counter.settle(asked)

    with pytest.raises(SettlementError, match="settled already"):
        counter.settle(asked, receipt="R-2")
    for statement in ("UPDATE settlement SET receipt = ''", "DELETE FROM settlement"):
        with pytest.raises(sqlite3.IntegrityError, match="a settlement never"):
            counter.store.connection.execute(statement)


def test_a_fork_has_no_say_in_what_its_twin_destroys(counter):
    counter.visit()
    counter.arrive()
    copy = counter.pen.copy()
    asked = counter.visit()
    counter.arrive()
    counter.settle(asked)
    copy.ask(ciphers=[b"of the copy"])

    reply = counter.store.take(copy.device, read_batch(copy.batch()), NOON_MS)

    assert (reply.branch, reply.release) == (1, None)


def test_the_hub_keeps_its_own_copy_of_what_it_releases(counter):
    counter.settle_all = [counter.visit() for _ in range(3)]
    counter.arrive()
    for asked in counter.settle_all:
        counter.settle(asked)

    assert counter.store.connection.execute("SELECT count(*) FROM sealed").fetchone() == (3,)


def test_a_store_of_version_1_goes_on_with_everything_unsettled(counter):
    asks = [counter.visit() for _ in range(3)]
    counter.arrive()
    counter.store.close()
    with closing(sqlite3.connect(counter.directory / "hub.db", isolation_level=None)) as db:
        db.execute("DROP TABLE settlement")
        db.execute("DROP TABLE unsettled")
        db.execute("PRAGMA user_version = 1")

    counter.store = Store(counter.directory, 480)

    assert [one.asked for one in counter.store.unsettled()] == asks
    counter.settle(asks[1])
    assert counter.release.unsettled == asks[:1]


def test_without_a_key_nothing_is_released(counter):
    asked = counter.visit()
    counter.arrive()
    counter.settle(asked)

    assert Settlements(counter.store.connection, None).release(counter.pen.device, counter.pen.generation) is None


def command(*arguments):
    asked = [sys.executable, "-m", "kiosk", "hub", *map(str, arguments)]
    return subprocess.run(asked, check=False, capture_output=True, text=True)


def test_an_operator_settles_beside_a_running_hub_and_without_one(tmp_path, pen):
    from sync.hub.setup import init

    made = init(tmp_path / "hub")
    first, second = pen.ask(ciphers=[b"one"]), pen.ask(ciphers=[b"two"])
    pen.end(first, "not-rated")
    pen.end(second, "not-rated")
    place = ("--device", pen.device, "--generation", pen.generation, "--config", made.config)
    entry = ("--receipt", "回执 1", "--kind", "no-rectification")
    hub = Hub(settings(tmp_path / "hub"), lambda: NOON_MS)
    hub.start()
    try:
        caller = Caller(hub.address)
        assert caller.send(pen)[0] == 200
        listed = command("unsettled", "--config", made.config).stdout
        assert [f"--asked {asked} " in listed for asked in (first, second)] == [True, True]
        assert command("settle", *place, "--asked", first, *entry).returncode == 0
        said = caller.standing(pen)["generations"][0]["release"]
        refused = command("settle", *place, "--asked", first + 1000, *entry)
        assert (refused.returncode, "nobody asked" in refused.stderr) == (2, True)
        mode = (tmp_path / "hub" / "control.sock").stat().st_mode & 0o777
        assert mode == 0o600
    finally:
        hub.stop()
    release = Release(said["text"], b64decode(said["signature"]))
    assert read_release(release, b64decode(made.release_key)).covers(first)

    assert command("settle", *place, "--asked", second, *entry).returncode == 0
    assert command("unsettled", "--config", made.config).stdout == ""
    assert command("release-key", "--config", made.config).stdout == f'release_key = "{made.release_key}"\n'


def test_what_is_no_question_is_answered_with_why(tmp_path):
    hub = Hub(settings(tmp_path / "hub"), lambda: NOON_MS)
    hub.start()
    try:
        wrong = msgspec.structs.replace(Asked(), settle=msgspec.convert({"x": 1}, dict))
        assert "not understood" in ask_running_hub(tmp_path / "hub", wrong).error
        assert ask_running_hub(tmp_path / "hub", Asked()).unsettled == []
    finally:
        hub.stop()
    assert ask_running_hub(tmp_path / "hub", Asked()) is None


def test_a_key_that_is_no_key_stops_the_hub_with_the_remedy(tmp_path):
    from sync.hub.schema import HubError

    (tmp_path / "release.key").write_bytes(b64encode(b"short"))

    with pytest.raises(HubError, match="put its copy back"):
        Store(tmp_path, 480)
