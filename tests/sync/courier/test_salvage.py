"""A journal that rots between two starts: nothing readable is lost, nothing is counted twice at the hub."""

import os
import shutil
import sqlite3
from collections import Counter
from contextlib import closing

import msgspec
import pytest

from sync.chain import receipt_code
from sync.journal.kept import kept_aside
from sync.journal.reader import JournalReader
from sync.journal.salvage import NEW_NAME, finish, salvage
from sync.journal.schema import JournalError
from sync.journal.verify import verify_journal
from sync.keys import KeyStore
from sync.receipts import ReceiptAnswer, find_receipt, parse_code
from sync.records import LEVELS, Audit, Opened, Salvaged, decode
from tests.sync.hub.pen import DAY

PAGE = 1024


def rot(path, marker):
    content = bytearray(path.read_bytes())
    page = content.index(marker) // PAGE
    content[page * PAGE : (page + 1) * PAGE] = os.urandom(PAGE)
    path.write_bytes(bytes(content))


def records(kiosk):
    rows = kiosk.journal.connection.execute("SELECT body FROM record ORDER BY position")
    return [decode(body) for (body,) in rows]


def salvaged(kiosk):
    kiosk.journal.close()
    salvage(kiosk.directory, "damaged", kiosk.at())
    kiosk.open()


def counts(kiosk):
    rows = kiosk.journal.connection.execute("SELECT outcome, sum(visits) FROM tally GROUP BY outcome")
    return {str(outcome): visits for outcome, visits in rows}


def test_a_rotten_page_costs_what_stood_on_it_and_the_rest_goes_on(kiosk):
    kiosk.rate_many(50)
    kiosk.journal.close()
    rot(kiosk.directory / "journal.db", b'"asked":76,"level"')

    salvaged(kiosk)

    audit = next(record for record in records(kiosk) if isinstance(record, Audit) and record.what == "salvaged")
    openings = [record for record in records(kiosk) if isinstance(record, Opened)]
    assert len(openings) == 2
    assert openings[1].previous.generation == openings[0].generation
    assert openings[1].previous.seq == int(audit.detail["records"]) - 1
    assert 47 <= sum(counts(kiosk).values()) <= 49, "at most the presses of one page are gone"
    assert verify_journal(kiosk.directory).sound


def test_the_hub_counts_a_salvaged_visit_that_it_had_before_only_once(kiosk, hub, send, watch):
    kiosk.rate_many(40)
    courier = send(kiosk, hub.address)
    watch.until_sent(kiosk)
    courier.stop()
    kiosk.rate_many(10)
    kiosk.journal.close()
    rot(kiosk.directory / "journal.db", b'"asked":46,"level"')
    before = Counter({str(level): 10 for level in range(1, 6)})

    salvaged(kiosk)
    send(kiosk, hub.address)
    (last,) = kiosk.journal.connection.execute("SELECT id FROM generation ORDER BY number DESC LIMIT 1").fetchone()
    watch.until(lambda state: state.link == "ok" and state.generation == last and state.next_seq > 0)
    kiosk.rate(5)

    assert any(isinstance(record, Salvaged) for record in records(kiosk))
    assert hub.counts(DAY)["outcomes"] == dict(before), "what stood on the rotten page had arrived before"


def test_a_truncated_file_gives_what_its_pages_still_hold(kiosk):
    kiosk.rate_many(100)
    kiosk.journal.close()
    path = kiosk.directory / "journal.db"
    os.truncate(path, path.stat().st_size - 8 * PAGE)
    with pytest.raises(JournalError) as refused:
        kiosk.open()
    assert refused.value.code == "damaged"

    salvage(kiosk.directory, "damaged", kiosk.at())
    kiosk.open()

    assert sum(counts(kiosk).values()) >= 80
    assert verify_journal(kiosk.directory).sound


@pytest.mark.parametrize("content", [b"noise" * 4000, os.urandom(50_000), b"SQLite format 3\0" + bytes(4000)])
def test_a_file_of_noise_is_kept_and_a_new_generation_begins(kiosk, content):
    kiosk.rate(5)
    kiosk.journal.close()
    for path in kiosk.directory.glob("journal.db*"):
        path.unlink()
    (kiosk.directory / "journal.db").write_bytes(content)

    salvage(kiosk.directory, "damaged", kiosk.at())
    kiosk.open()
    kiosk.rate(1)

    (kept,) = kept_aside(kiosk.directory)
    assert (kept / "journal.db").read_bytes() == content
    assert counts(kiosk) == {"1": 1}
    assert verify_journal(kiosk.directory).sound


def test_the_old_file_is_kept_whole_with_its_log(kiosk):
    kiosk.rate_many(3)
    before = kiosk.hashes()
    copy = (kiosk.directory / "journal.db-wal").read_bytes()
    kiosk.journal.close()
    (kiosk.directory / "journal.db-wal").write_bytes(copy)

    salvage(kiosk.directory, "damaged", kiosk.at())
    kiosk.open()

    (kept,) = kept_aside(kiosk.directory)
    with sqlite3.connect(kept / "journal.db") as old:
        assert [row[0] for row in old.execute("SELECT hash FROM record ORDER BY position")] == before
    old.close()


def test_a_salvage_that_the_power_interrupted_is_finished_at_the_next_start(kiosk):
    """The new file is whole, the old one has been moved, the new one not yet put in its place."""
    kiosk.rate_many(5)
    before = counts(kiosk)
    kiosk.journal.close()
    salvage(kiosk.directory, "damaged", kiosk.at())
    (kiosk.directory / "journal.db").rename(kiosk.directory / NEW_NAME)

    finish(kiosk.directory)
    kiosk.open()

    assert counts(kiosk) == before


def test_a_second_damage_is_salvaged_behind_the_first(kiosk):
    kiosk.rate_many(20)
    salvaged(kiosk)
    kiosk.rate_many(5)
    salvaged(kiosk)
    kiosk.rate(5)

    assert sum(counts(kiosk).values()) == 26
    assert len(kept_aside(kiosk.directory)) == 2
    assert verify_journal(kiosk.directory).sound


def given(kiosk, level=5):
    """The code that the citizen was shown."""
    kiosk.rate(level)
    row = kiosk.journal.connection.execute(
        "SELECT hash FROM record WHERE CAST(body AS TEXT) LIKE '%\"pressed\"%' ORDER BY position DESC LIMIT 1"
    ).fetchone()
    return receipt_code(row[0])


def at_the_kiosk(kiosk, code):
    with closing(JournalReader(kiosk.directory)) as reader:
        return find_receipt(reader, parse_code(code), hub="hub")


def at_the_hub(hub, code):
    status, answer, _ = hub.call("GET", f"/v1/receipts/{code}", token=None)
    return msgspec.convert(answer, ReceiptAnswer) if status == 200 else None


def test_the_receipt_of_a_salvaged_press_is_found_and_says_how_it_stands(kiosk, hub, send, watch):
    kiosk.rate_many(20)
    codes = [given(kiosk, level) for level in LEVELS for _ in range(4)]
    kiosk.journal.close()
    rot(kiosk.directory / "journal.db", b'"asked":25,"level"')

    salvaged(kiosk)
    kiosk.journal.sign_head(kiosk.at(), leaving=True)

    answers = [answer for code in codes if (answer := at_the_kiosk(kiosk, code)) is not None]
    assert len(answers) >= 18, "at most those of one page are gone"
    assert all(answer.salvaged and answer.signed and answer.acknowledged is False for answer in answers)
    assert len({msgspec.json.encode(answer) for answer in answers if answer.unchanged}) == 1, "alike for all levels"
    assert {answer.unchanged for answer in answers} <= {True, None}

    send(kiosk, hub.address)
    (last,) = kiosk.journal.connection.execute("SELECT id FROM generation ORDER BY number DESC LIMIT 1").fetchone()
    watch.until(lambda state: state.link == "ok" and state.generation == last and state.next_seq > 0)
    found = [at_the_hub(hub, code) for code in codes if at_the_kiosk(kiosk, code) is not None]
    assert all(answer is not None and answer.salvaged and answer.signed for answer in found)
    assert [answer.unchanged for answer in found] == [answer.unchanged for answer in answers]
    assert verify_journal(kiosk.directory).sound


def test_a_press_that_the_hub_had_before_the_damage_stands_there_as_it_was(kiosk, hub, send, watch):
    kiosk.rate_many(20)
    codes = [given(kiosk) for _ in range(10)]
    courier = send(kiosk, hub.address)
    watch.until_sent(kiosk)
    courier.stop()
    kiosk.journal.close()
    rot(kiosk.directory / "journal.db", b'"asked":25,"level"')

    salvaged(kiosk)
    send(kiosk, hub.address)
    (last,) = kiosk.journal.connection.execute("SELECT id FROM generation ORDER BY number DESC LIMIT 1").fetchone()
    watch.until(lambda state: state.link == "ok" and state.generation == last and state.next_seq > 0)

    assert any(isinstance(record, Salvaged) for record in records(kiosk))
    answers = [at_the_hub(hub, code) for code in codes]
    assert [(answer.salvaged, answer.unchanged) for answer in answers] == [(False, True)] * 10


def test_a_salvaged_press_whose_bytes_were_changed_on_the_disk_says_so(kiosk):
    kiosk.rate_many(20)
    code = given(kiosk, 1)
    kiosk.rate_many(20)
    kiosk.journal.close()
    path = kiosk.directory / "journal.db"
    rot(path, b'"asked":25,"level"')
    content = path.read_bytes()
    seq = 2 + 3 * 20
    better = content.replace(b'"asked":%d,"level":1' % (seq - 1), b'"asked":%d,"level":5' % (seq - 1))
    assert better != content
    path.write_bytes(better)

    salvaged(kiosk)

    answer = at_the_kiosk(kiosk, code)
    assert (answer.salvaged, answer.unchanged, answer.day) == (True, False, "")


def test_a_salvaged_visit_without_a_press_has_no_receipt(kiosk):
    kiosk.rate_many(10)
    for _ in range(10):
        kiosk.rate(0)
    hashes = kiosk.hashes()[-4:]
    kiosk.journal.close()
    rot(kiosk.directory / "journal.db", b'"asked":7,"level"')

    salvaged(kiosk)

    assert any(isinstance(record, Salvaged) and record.outcome == 0 for record in records(kiosk))
    assert [at_the_kiosk(kiosk, receipt_code(one)) for one in hashes] == [None] * 4


def test_a_salvage_that_is_interrupted_never_takes_the_place_of_an_earlier_one(kiosk):
    kiosk.rate_many(5)
    salvaged(kiosk)
    (first,) = kept_aside(kiosk.directory)
    before = (first / "journal.db").read_bytes()
    kiosk.rate_many(5)
    kiosk.journal.close()
    salvage(kiosk.directory, "damaged", kiosk.at())
    second = kept_aside(kiosk.directory)[-1]
    (kiosk.directory / "journal.db").rename(kiosk.directory / NEW_NAME)
    (second / "journal.db").rename(kiosk.directory / "journal.db")
    second.rmdir()

    finish(kiosk.directory)
    kiosk.open()

    assert (first / "journal.db").read_bytes() == before
    assert (second / "journal.db").exists()
    assert sum(counts(kiosk).values()) == 10


def test_a_salvage_that_was_only_begun_is_done_again(kiosk):
    kiosk.rate_many(5)
    kiosk.journal.close()
    (kiosk.directory / NEW_NAME).write_bytes(b"")

    finish(kiosk.directory)
    kiosk.open()

    assert sum(counts(kiosk).values()) == 5


def test_a_journal_of_another_device_is_kept_aside_whole(kiosk):
    kiosk.rate_many(5)
    before = kiosk.hashes()
    kiosk.journal.close()
    shutil.rmtree(kiosk.directory / "keys")
    kiosk.keys = KeyStore(kiosk.directory / "keys")
    with pytest.raises(JournalError) as refused:
        kiosk.open()
    assert refused.value.code == "other-device"

    salvage(kiosk.directory, refused.value.code, kiosk.at())
    kiosk.open()
    kiosk.rate(4)

    (kept,) = kept_aside(kiosk.directory)
    with closing(sqlite3.connect(kept / "journal.db")) as old:
        assert [row[0] for row in old.execute("SELECT hash FROM record ORDER BY position")] == before
    assert counts(kiosk) == {"4": 1}
    assert verify_journal(kiosk.directory).sound
