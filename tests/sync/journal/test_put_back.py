"""A journal that is cut off, put back or exchanged: a new generation, one audit record, every press taken."""

import os
import shutil
import sqlite3
from base64 import b64decode
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from sync.chain import HeadText, verify
from sync.journal import newest_head
from sync.journal.kept import kept_aside
from sync.journal.reader import JournalReader
from sync.journal.salvage import salvage
from sync.journal.schema import JournalError
from sync.journal.verify import verify_journal
from sync.journal.writer import Journal
from sync.keys import KeyStore
from sync.records import Audit, Opened, Record, Signed, decode
from tests.sync.conftest import Hours, Visits

Open = Callable[[], Journal]


def records(directory: Path) -> list[Record]:
    with closing(JournalReader(directory)) as reader:
        return [decode(body) for one in reader.generations() for body in reader.slice(one.id, 0, one.next_seq).bodies]


def audits(directory: Path, what: str = "journal-older-than-known") -> list[Audit]:
    return [record for record in records(directory) if isinstance(record, Audit) and record.what == what]


def generations(directory: Path) -> list[Opened]:
    return [record for record in records(directory) if isinstance(record, Opened)]


def pressed(directory: Path) -> int:
    with closing(JournalReader(directory)) as reader:
        return sum(reader.totals().values())


def copy_of(directory: Path, *names: str) -> Path:
    """Of a journal that nobody has open."""
    copy = directory.with_name(directory.name + "-copy")
    shutil.copytree(directory, copy, dirs_exist_ok=True)
    return copy


def put_back(copy: Path, directory: Path, name: str = "journal.db") -> None:
    for path in directory.glob(name + "*"):
        path.unlink()
    for path in copy.glob(name + "*"):
        shutil.copy(path, directory)


@pytest.fixture
def older(opened: Open, visits: Visits, clock: Hours, tmp_path: Path) -> Path:
    """A copy with one press; the journal itself went on to three, under a head of its own."""
    journal = opened()
    journal.append(visits.rated(5))
    journal.sign_head(clock.now(), leaving=True)
    journal.close()
    copy = copy_of(tmp_path)
    journal = opened()
    journal.append([*visits.rated(1), *visits.rated(2)])
    clock.pass_hours(1)
    journal.sign_head(clock.now())
    journal.close()
    return copy


def test_an_old_copy_that_is_put_back_opens_a_generation_that_names_both_ends(
    opened: Open, visits: Visits, tmp_path: Path, older: Path
) -> None:
    known = msgspec.json.decode((tmp_path / newest_head.FILE_NAME).read_bytes(), type=Signed)
    put_back(older, tmp_path)

    journal = opened()
    journal.append(visits.rated(4))
    journal.close()

    first, second = generations(tmp_path)
    assert second.previous is not None
    assert second.previous.generation == first.generation
    (audit,) = audits(tmp_path)
    text = msgspec.json.decode(known.text, type=HeadText)
    said = audit.detail
    assert (said["known_generation"], said["known_seq"], said["known_hash"]) == (
        first.generation,
        text.seq,
        text.hash.hex(),
    )
    assert (said["generation"], said["seq"], said["hash"]) == (
        first.generation,
        second.previous.seq,
        second.previous.hash.hex(),
    )
    verify(first.first_key, Signed(str(said["head"]), int(said["epoch"]), b64decode(str(said["signature"]))))
    assert pressed(tmp_path) == 2
    assert verify_journal(tmp_path).sound


def test_it_is_told_once_and_kept_for_the_managers_page(opened: Open, tmp_path: Path, older: Path) -> None:
    put_back(older, tmp_path)
    for _ in range(3):
        opened().close()

    assert len(audits(tmp_path)) == 1
    assert len(generations(tmp_path)) == 2
    (kept,) = kept_aside(tmp_path)
    assert (kept / newest_head.FILE_NAME).exists()


def test_it_is_told_once_where_the_power_goes_before_the_head_is_kept_aside(
    opened: Open, tmp_path: Path, older: Path
) -> None:
    head = (tmp_path / newest_head.FILE_NAME).read_bytes()
    put_back(older, tmp_path)
    opened().close()
    (tmp_path / newest_head.FILE_NAME).write_bytes(head)

    opened().close()

    assert len(audits(tmp_path)) == 1
    assert not (tmp_path / newest_head.FILE_NAME).exists()


def test_a_second_old_copy_is_told_again(
    opened: Open, visits: Visits, clock: Hours, tmp_path: Path, older: Path
) -> None:
    put_back(older, tmp_path)
    journal = opened()
    journal.append(visits.rated(3))
    journal.sign_head(clock.now(), leaving=True)
    journal.close()
    put_back(older, tmp_path)

    opened().close()

    (audit,) = audits(tmp_path)
    assert audit.detail["known_generation"] != generations(tmp_path)[0].generation
    assert verify_journal(tmp_path).sound


def test_a_tail_that_was_cut_off_is_noticed(opened: Open, tmp_path: Path, older: Path) -> None:
    database = sqlite3.connect(tmp_path / "journal.db", isolation_level=None)
    for name in ("record_never_changes", "record_never_goes"):
        database.execute(f"DROP TRIGGER {name}")
    database.execute("DELETE FROM record WHERE position > 6")
    database.execute("DELETE FROM tally WHERE outcome < 5")
    database.close()

    opened().close()

    (audit,) = audits(tmp_path)
    assert (audit.detail["seq"], audit.detail["known_seq"]) == (5, 10)


def test_a_journal_that_is_gone_is_named_by_its_last_head(opened: Open, tmp_path: Path, older: Path) -> None:
    for path in tmp_path.glob("journal.db*"):
        path.unlink()

    opened().close()

    (only,) = generations(tmp_path)
    (audit,) = audits(tmp_path)
    assert audit.detail["known_generation"] != only.generation
    assert len(audits(tmp_path, "journal-missing")) == 1
    assert verify_journal(tmp_path).sound


def test_keys_that_were_put_back_alone_open_a_generation_under_their_epoch(
    opened: Open, visits: Visits, clock: Hours, tmp_path: Path
) -> None:
    opened().close()
    copy = copy_of(tmp_path)
    journal = opened()
    journal.append(visits.rated(5))
    clock.pass_hours(25)
    journal.sign_head(clock.now())
    journal.close()
    shutil.rmtree(tmp_path / "keys")
    shutil.copytree(copy / "keys", tmp_path / "keys")

    journal = opened()
    journal.append(visits.rated(4))
    journal.sign_head(clock.now(), leaving=True)
    journal.close()
    opened().close()

    (audit,) = audits(tmp_path, "keys-older-than-journal")
    assert audit.detail == {"journal_epoch": 1, "keys_epoch": 0}
    assert len(generations(tmp_path)) == 2
    assert len(kept_aside(tmp_path)) == 1
    assert verify_journal(tmp_path).sound


def test_journal_and_keys_that_were_put_back_together_are_noticed(
    opened: Open, visits: Visits, clock: Hours, tmp_path: Path
) -> None:
    opened().close()
    copy = copy_of(tmp_path)
    journal = opened()
    clock.pass_hours(25)
    journal.sign_head(clock.now())
    journal.append(visits.rated(5))
    journal.sign_head(clock.now(), leaving=True)
    journal.close()
    shutil.rmtree(tmp_path / "keys")
    shutil.copytree(copy / "keys", tmp_path / "keys")
    put_back(copy, tmp_path)

    opened().close()

    assert len(audits(tmp_path)) == 1
    assert verify_journal(tmp_path).sound


def test_a_salvage_says_what_it_could_not_take_over_and_opens_one_generation(
    opened: Open, clock: Hours, tmp_path: Path, older: Path
) -> None:
    path = tmp_path / "journal.db"
    os.truncate(path, 4096)
    salvage(tmp_path, "damaged", clock.now())

    opened().close()
    opened().close()

    assert len(audits(tmp_path)) == 1
    assert len(audits(tmp_path, "salvaged")) == 1
    assert len(generations(tmp_path)) <= 2
    assert verify_journal(tmp_path).sound


@pytest.mark.parametrize("content", [b"", b"noise", b'{"text":"{}","epoch":0,"signature":""}', bytes(range(256))])
def test_a_damaged_head_beside_the_journal_tells_nothing(opened: Open, tmp_path: Path, content: bytes) -> None:
    opened().close()
    (tmp_path / newest_head.FILE_NAME).write_bytes(content)

    opened().close()

    assert len(generations(tmp_path)) == 1
    assert kept_aside(tmp_path) == []


def test_a_head_that_another_signed_tells_nothing(opened: Open, tmp_path: Path, older: Path) -> None:
    path = tmp_path / newest_head.FILE_NAME
    head = msgspec.json.decode(path.read_bytes(), type=Signed)
    text = head.text.replace('"seq":10', '"seq":12')
    assert text != head.text
    path.write_bytes(msgspec.json.encode(Signed(text, head.epoch, head.signature)))

    opened().close()

    assert len(generations(tmp_path)) == 1


def test_restarts_kills_and_hours_raise_no_false_alarm(
    opened: Open, visits: Visits, clock: Hours, tmp_path: Path
) -> None:
    for hour in range(60):
        journal = opened()
        journal.append(visits.rated(hour % 5 + 1))
        if hour % 3:
            journal.sign_head(clock.now(), leaving=hour % 2 == 0)
        clock.pass_hours(1)
        journal.append(visits.rated(1))

    assert len(generations(tmp_path)) == 1
    assert kept_aside(tmp_path) == []


def test_a_press_writes_nothing_beside_the_journal(opened: Open, visits: Visits, clock: Hours, tmp_path: Path) -> None:
    """The head of the hour that comes with a press is put beside the journal in a quiet moment."""
    journal = opened()
    journal.append(visits.rated(5))
    clock.pass_hours(1)
    journal.append(visits.rated(4))
    assert not (tmp_path / newest_head.FILE_NAME).exists()

    journal.sign_head(clock.now())

    assert (tmp_path / newest_head.FILE_NAME).exists()


def test_a_journal_of_another_device_is_refused(opened: Open, visits: Visits, tmp_path: Path) -> None:
    journal = opened()
    journal.append(visits.rated(5))
    journal.close()
    shutil.rmtree(tmp_path / "keys")
    KeyStore(tmp_path / "keys")

    with pytest.raises(JournalError) as refused:
        opened()

    assert refused.value.code == "other-device"
