"""A journal and a hub, with nothing in the way."""

import shutil
import sqlite3
from base64 import b64decode
from contextlib import closing

from sync.delivery import FIRST_ROOM
from sync.hub.schema import FILE_NAME
from sync.hub.server import Hub
from sync.journal import schema as journal_schema
from sync.keys import KeyStore
from sync.records import PreviousGeneration
from tests.sync.courier.conftest import Kiosk, Watch
from tests.sync.courier.test_faults import lost_answer
from tests.sync.hub.conftest import Caller, settings
from tests.sync.hub.pen import DAY, Pen


def at_hub(tmp_path):
    with closing(sqlite3.connect(tmp_path / "hub" / FILE_NAME)) as db:
        return [row[0] for row in db.execute("SELECT hash FROM record ORDER BY branch, seq")]


def test_what_was_recorded_before_the_start_is_sent(kiosk, hub, send, watch, tmp_path):
    kiosk.rate_many(10)
    send(kiosk, hub.address)
    watch.until_sent(kiosk)
    assert at_hub(tmp_path) == kiosk.hashes()
    assert hub.counts(DAY)["outcomes"] == {str(level): 2 for level in range(1, 6)}
    assert hub.alarms() == []


def test_what_is_recorded_later_is_sent_when_the_courier_is_woken(kiosk, hub, send, watch, tmp_path):
    courier = send(kiosk, hub.address)
    watch.until_sent(kiosk)
    for level in (5, 1, 0):
        kiosk.rate(level)
        courier.wake()
        watch.until_sent(kiosk)
    assert at_hub(tmp_path) == kiosk.hashes()
    assert hub.counts(DAY)["outcomes"] == {"5": 1, "1": 1, "0": 1}


def test_a_thousand_records_go_in_few_batches_and_in_order(kiosk, between, send, watch, tmp_path):
    kiosk.rate_many(400)
    send(kiosk, between.address)
    watch.until_sent(kiosk)
    assert at_hub(tmp_path) == kiosk.hashes()
    assert len([method for method, _ in between.requests if method == "POST"]) <= 5


def test_the_cursor_is_told_in_the_hubs_own_words(kiosk, hub, send, watch):
    kiosk.rate_many(3)
    send(kiosk, hub.address)
    watch.until_sent(kiosk)
    standing = hub.standing(kiosk)["generations"][0]
    assert kiosk.settled[-1] == (standing["generation"], standing["next"])
    assert b64decode(standing["head"]) == kiosk.hashes()[-1]


def test_a_second_courier_goes_on_where_the_first_one_stopped(kiosk, hub, send, watch, tmp_path):
    kiosk.rate_many(3)
    send(kiosk, hub.address).stop()
    kiosk.rate_many(3)
    again = Watch()
    send(kiosk, hub.address, watch=again)
    again.until_sent(kiosk)
    assert at_hub(tmp_path) == kiosk.hashes()
    assert hub.counts(DAY)["outcomes"] == {"1": 2, "2": 2, "3": 2}


def test_sealed_texts_travel_with_the_record_that_commits_to_them(tmp_path, hub, send, watch, hub_recipient, case):
    kiosk = Kiosk(tmp_path / "sealing", [hub_recipient])
    kiosk.rate(4, cases=[case])
    send(kiosk, hub.address)
    watch.until_sent(kiosk)
    with closing(sqlite3.connect(tmp_path / "hub" / FILE_NAME)) as db:
        kept = db.execute("SELECT part, recipient, cipher FROM sealed").fetchall()
    ours = kiosk.journal.connection.execute("SELECT part, recipient, cipher FROM sealed").fetchall()
    assert len(kept) == 1
    assert kept == ours
    assert hub.alarms() == []
    kiosk.journal.close()


def test_the_first_batch_is_short_and_the_next_as_long_as_the_line_has_shown(
    tmp_path, between, send, watch, hub_recipient, case
):
    kiosk = Kiosk(tmp_path / "sealing", [hub_recipient])
    for _ in range(200):
        kiosk.rate(4, cases=[case])
    send(kiosk, between.address)
    watch.until_sent(kiosk)
    sizes = [size for method, size in between.requests if method == "POST"]
    assert sizes[0] <= FIRST_ROOM < max(sizes)
    kiosk.journal.close()


def test_a_cut_batch_is_followed_by_one_of_half_its_bytes(tmp_path, between, send, watch, hub_recipient, case):
    kiosk = Kiosk(tmp_path / "sealing", [hub_recipient])
    for _ in range(60):
        kiosk.rate(4, cases=[case])
    between.faults = [lost_answer]
    send(kiosk, between.address)
    watch.until_sent(kiosk)
    sizes = [size for method, size in between.requests if method == "POST"]
    assert sizes[1] <= sizes[0] / 2
    kiosk.journal.close()


def test_a_replaced_signing_key_is_introduced_to_the_hub(kiosk, hub, send, watch):
    kiosk.rate(5)
    courier = send(kiosk, hub.address)
    watch.until_sent(kiosk)
    for _ in range(2):
        kiosk.keys.next_epoch(kiosk.at().wall_ms, lambda change: None)
        kiosk.rate(4)
        courier.wake()
        watch.until_sent(kiosk)
    assert hub.standing(kiosk)["epoch"] == 2
    assert hub.alarms() == []


def test_a_hub_that_lost_its_store_gets_everything_again(kiosk, hub, send, watch, tmp_path):
    kiosk.rate_many(5)
    send(kiosk, hub.address)
    watch.until_sent(kiosk)
    fresh = Hub(settings(tmp_path / "fresh"))
    fresh.start()
    again = Watch()
    send(kiosk, fresh.address, watch=again)
    again.until_sent(kiosk)
    assert Caller(fresh.address).standing(kiosk)["generations"][0]["next"] == kiosk.records
    fresh.stop()


def test_a_copied_device_is_taken_as_a_branch_and_says_so(kiosk, hub, send, watch, tmp_path):
    kiosk.rate_many(20)
    kiosk.journal.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copytree(kiosk.directory, tmp_path / "twin!!!!")
    kiosk.rate_many(30)
    send(kiosk, hub.address)
    watch.until_sent(kiosk)
    twin, twin_watch = Kiosk(tmp_path / "twin!!!!"), Watch()
    twin.visits = 1000
    twin.rate_many(4)
    courier = send(twin, hub.address, watch=twin_watch)
    state = twin_watch.until(lambda state: state.code == "forked" and state.next_seq == twin.records)
    assert state.link == "ok"
    twin.rate(2)
    courier.wake()
    twin_watch.until(lambda state: state.next_seq == twin.records)
    branches = hub.standing(kiosk)["generations"][0]["branches"]
    assert [(one["branch"], one["next"]) for one in branches] == [(0, kiosk.records), (1, twin.records)]
    assert [alarm["kind"] for alarm in hub.alarms()] == ["fork"]
    assert hub.counts(DAY)["outcomes"] == {str(level): 10 for level in range(1, 6)}
    twin.journal.close()


def test_a_journal_restored_from_an_old_copy_waits_and_then_goes_on_as_a_branch(kiosk, hub, send, watch, tmp_path):
    kiosk.rate_many(20)
    kiosk.journal.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copytree(kiosk.directory, tmp_path / "restored")
    kiosk.rate_many(30)
    send(kiosk, hub.address)
    watch.until_sent(kiosk)
    restored, restored_watch = Kiosk(tmp_path / "restored"), Watch()
    courier = send(restored, hub.address, watch=restored_watch)
    restored_watch.until(lambda state: state.code == "forked" and state.next_seq == restored.records)
    assert len(hub.standing(kiosk)["generations"][0]["branches"]) == 1
    restored.visits = 1000
    restored.rate(1)
    courier.wake()
    restored_watch.until(lambda state: state.next_seq == restored.records)
    assert len(hub.standing(kiosk)["generations"][0]["branches"]) == 2
    restored.journal.close()


def test_generations_are_sent_one_after_the_other(tmp_path, hub, send, watch):
    kiosk = Replaced(tmp_path / "replaced")
    send(kiosk, hub.address)
    watch.until(lambda state: (state.generation, state.next_seq) == (kiosk.pen.generation, 7))
    standing = hub.standing(kiosk)["generations"]
    assert [(one["generation"], one["next"]) for one in standing] == [(f"{1:032x}", 4), (f"{2:032x}", 7)]
    assert [generation for generation, _ in kiosk.settled] == [f"{1:032x}", f"{2:032x}"]
    assert hub.counts(DAY)["outcomes"] == {"5": 1, "4": 1, "1": 1}


class Replaced:
    """A journal with two generations: the storage was replaced in between and its past carried over."""

    def __init__(self, directory):
        self.directory, self.settled, self.pen = directory, [], Pen()
        (directory / "keys").mkdir(parents=True)
        (directory / "keys" / "first.pub").write_bytes(self.pen.first_key)
        (directory / "keys" / "epoch-0.key").write_bytes(self.pen.keys[0].private_bytes_raw())
        (directory / "keys" / "pseudonym.key").write_bytes(bytes(32))
        self.keys = KeyStore(directory / "keys")
        self.device = self.keys.device
        with closing(journal_schema.open_for_writing(directory / journal_schema.FILE_NAME)) as db:
            self.pen.rating(5)
            self._write(db, 1, 1)
            self.pen.open(2, PreviousGeneration(self.pen.generation, 3, self.pen.hashes[3]))
            self.pen.rating(4)
            self.pen.rating(1)
            self._write(db, 2, 5)

    def _write(self, db, number, first):
        pen = self.pen
        db.execute(
            "INSERT INTO generation (number, id, first_position, genesis, epoch) VALUES (?, ?, ?, ?, 0)",
            (number, pen.generation, first, pen.genesis),
        )
        rows = enumerate(zip(pen.bodies, pen.hashes, strict=True), first)
        db.executemany("INSERT INTO record (position, body, hash) VALUES (?, ?, ?)", ((at, *row) for at, row in rows))
