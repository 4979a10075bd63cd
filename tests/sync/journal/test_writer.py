"""The journal on a real disk: what is written, how it is counted, what survives."""

import hashlib
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from sync.chain import EpochText, HeadText, genesis, link, receipt_code, verify
from sync.journal.reader import JournalReader, day_counts, waiting, window_counts
from sync.journal.schema import JournalError
from sync.journal.verify import verify_journal
from sync.journal.writer import Journal
from sync.keys import KeyStore
from sync.records import Apologised, Asked, Case, Ended, Epoch, Head, Opened, Pressed, VisitApologised, decode
from sync.sealing import unseal
from tests.sync.conftest import EVIDENCE, Hours, Visits

DAY = "2026-11-23"


def records(directory: Path) -> list[object]:
    reader = JournalReader(directory)
    found = [decode(body) for one in reader.generations() for body in reader.slice(one.id, 0, 100_000).bodies]
    reader.close()
    return found


def test_a_visit_is_a_run_of_records_that_point_at_their_ask(journal: Journal, visits: Visits, tmp_path: Path) -> None:
    journal.append(visits.rated(2))

    opened, asked, pressed, ended = records(tmp_path)
    assert isinstance(opened, Opened)
    assert isinstance(asked, Asked)
    assert isinstance(pressed, Pressed)
    assert (pressed.asked, pressed.level, pressed.source, pressed.evidence) == (1, 2, "box", EVIDENCE)
    assert isinstance(ended, Ended)
    assert (ended.asked, ended.outcome) == (1, "rated")


def test_the_chain_runs_from_a_genesis_that_binds_device_and_generation(
    journal: Journal, visits: Visits, tmp_path: Path
) -> None:
    journal.append(visits.rated(5))

    database = sqlite3.connect(tmp_path / "journal.db")
    rows = database.execute("SELECT body, hash FROM record ORDER BY position").fetchall()
    database.close()
    opened = decode(rows[0][0])
    assert isinstance(opened, Opened)
    assert opened.device == hashlib.sha256(opened.first_key).hexdigest()
    running = genesis(opened.first_key, opened.generation)
    for body, stored in rows:
        running = link(running, body)
        assert running == stored


def test_the_receipt_commits_to_the_press_and_does_not_tell_the_level(
    journal: Journal, visits: Visits, tmp_path: Path
) -> None:
    codes = []
    for level in (1, 2, 3, 4, 5):
        asked = visits.asked()
        receipts = journal.append([asked, visits.pressed(asked, level), visits.ended(asked)])
        codes.append(receipts[asked.visit])

    reader = JournalReader(tmp_path)
    generation = reader.generations()[0]
    expected = [receipt_code(reader.hash_at(generation, 2 + 3 * n)) for n in range(5)]
    reader.close()
    assert codes == expected
    assert {len(code) for code in codes} == {19}


def test_two_presses_alike_in_everything_have_different_bytes(journal: Journal, visits: Visits, tmp_path: Path) -> None:
    journal.append(visits.rated(1))
    journal.append(visits.rated(1))

    nonces = [record.nonce for record in records(tmp_path) if isinstance(record, Pressed)]
    assert len(set(nonces)) == 2
    assert {len(nonce) for nonce in nonces} == {16}


def test_counts_are_kept_by_the_halls_own_day_hour_window_and_level(
    journal: Journal, visits: Visits, clock: Hours
) -> None:
    clock.pass_hours(-8.5)  # 23:30 of the day before in the hall; 15:30 UTC
    journal.append(visits.rated(5))
    clock.pass_hours(1)  # 00:30 in the hall, still the day before in UTC
    journal.append([*visits.rated(5), *visits.rated(1, window="4"), *visits.not_rated()])

    assert day_counts(journal.connection, "2026-11-22") == {5: 1}
    assert day_counts(journal.connection, DAY) == {0: 1, 1: 1, 5: 1}
    assert window_counts(journal.connection, DAY) == {"3": {0: 1, 5: 1}, "4": {1: 1}}


def test_an_apology_is_counted_as_pressed_and_never_as_a_rating(
    journal: Journal, visits: Visits, clock: Hours, tmp_path: Path
) -> None:
    asked = visits.asked()
    journal.append([asked, VisitApologised(asked.visit, 1, "glass", "disk full", clock.now())])
    journal.append([visits.pressed(asked, 1), visits.ended(asked)])

    assert day_counts(journal.connection, DAY) == {-1: 1, 1: 1}
    apology = next(record for record in records(tmp_path) if isinstance(record, Apologised))
    assert (apology.level, apology.reason) == (1, "disk full")


def test_the_journal_is_durable_by_its_settings_and_private_by_its_mode(journal: Journal, tmp_path: Path) -> None:
    assert journal.connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert journal.connection.execute("PRAGMA synchronous").fetchone()[0] == 2
    assert journal.connection.execute("PRAGMA page_size").fetchone()[0] == 1024
    for name in ("journal.db", "journal.db-wal", "keys/epoch-0.key", "keys/pseudonym.key"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600, name


@pytest.mark.parametrize("statement", ["UPDATE record SET body = x'00' WHERE position = 2", "DELETE FROM record"])
def test_a_record_can_be_neither_changed_nor_deleted(journal: Journal, visits: Visits, statement: str) -> None:
    journal.append(visits.rated(1))

    with pytest.raises(sqlite3.IntegrityError, match="a record never"):
        journal.connection.execute(statement)


def test_a_case_is_sealed_to_the_hub_and_stands_nowhere_in_the_open(
    journal: Journal, visits: Visits, tmp_path: Path, hub_key: X25519PrivateKey
) -> None:
    case = Case(
        project_no="370000-CANARY-0001", service_number=2, task_code="T1", user_name="CANARY-NAME", mobile="13900000000"
    )
    journal.append(visits.rated(4, case))

    database = sqlite3.connect(tmp_path / "journal.db")
    part, recipient, visit, cipher = database.execute("SELECT part, recipient, visit, cipher FROM sealed").fetchone()
    database.close()
    asked = next(record for record in records(tmp_path) if isinstance(record, Asked))
    plain = unseal(hub_key.private_bytes_raw(), visit, part, cipher)
    assert msgspec.json.decode(plain, type=Case) == case
    assert asked.cases[0].sealed == [(recipient, hashlib.sha256(cipher).digest())]
    assert (asked.cases[0].item, asked.cases[0].service) == ("T1", 2)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for canary in ("CANARY", "13900000000"):
                assert canary.encode() not in content, path
                assert canary.encode("utf-16-le") not in content, path


def test_a_sealed_box_tells_no_length_of_a_name(journal: Journal, visits: Visits) -> None:
    journal.append(visits.rated(4, Case(project_no="1", user_name="欧阳")))
    journal.append(visits.rated(4, Case(project_no="1", user_name="王")))

    sizes = [row[0] for row in journal.connection.execute("SELECT length(cipher) FROM sealed")]
    assert sizes[0] == sizes[1]


def test_the_same_case_has_the_same_pseudonym_and_another_step_has_another(
    journal: Journal, visits: Visits, tmp_path: Path
) -> None:
    for service in (1, 1, 2):
        journal.append(visits.rated(4, Case(project_no="A", service_number=service)))

    first, again, other = [record.cases[0].pseudonym for record in records(tmp_path) if isinstance(record, Asked)]
    assert first == again != other


def test_a_restart_goes_on_in_the_same_generation_and_chain(
    opened: Callable[[], Journal], visits: Visits, tmp_path: Path
) -> None:
    first = opened()
    first.append(visits.rated(5))
    first.close()

    opened().append(visits.rated(4))

    reader = JournalReader(tmp_path)
    (generation,) = reader.generations()
    assert generation.next_seq == 7
    assert reader.slice(generation.id, 0, 100).totals == {"5": 1, "4": 1}
    reader.close()


def test_visits_that_a_crash_interrupted_are_ended_at_the_next_start(
    opened: Callable[[], Journal], visits: Visits, tmp_path: Path
) -> None:
    pressed, untouched = visits.asked(), visits.asked()
    first = opened()
    first.append([pressed, visits.pressed(pressed, 3), untouched])
    first.close()

    again = opened()

    ends = [(record.asked, record.outcome, record.cause) for record in records(tmp_path) if isinstance(record, Ended)]
    assert ends == [(1, "rated", "interrupted"), (3, "not-rated", "interrupted")]
    assert day_counts(again.connection, DAY) == {3: 1, 0: 1}


def test_what_fails_half_way_leaves_nothing_behind(journal: Journal, visits: Visits, tmp_path: Path) -> None:
    journal.append(visits.rated(5))
    journal.connection.execute(
        "CREATE TEMP TRIGGER no_ratings BEFORE INSERT ON main.tally WHEN new.outcome = 1 "
        "BEGIN SELECT RAISE(ABORT, 'disk I/O error'); END"
    )
    before = records(tmp_path)

    with pytest.raises(JournalError, match="disk I/O error"):
        journal.append(visits.rated(1))

    assert records(tmp_path) == before
    journal.append(visits.rated(2))
    reader = JournalReader(tmp_path)
    assert reader.slice(reader.generations()[0].id, 0, 100).totals == {"5": 1, "2": 1}
    reader.close()


def test_the_first_record_of_a_new_hour_signs_the_hour_before(
    journal: Journal, visits: Visits, clock: Hours, tmp_path: Path
) -> None:
    journal.append(visits.rated(5))
    clock.pass_hours(1)
    journal.append(visits.rated(4))

    found = records(tmp_path)
    (seq,) = [seq for seq, record in enumerate(found) if isinstance(record, Head)]
    head, opening = found[seq], found[0]
    assert isinstance(head, Head)
    assert isinstance(opening, Opened)
    verify(opening.first_key, head.head)
    text = msgspec.json.decode(head.head.text, type=HeadText)
    assert (text.seq, text.totals, text.device) == (seq - 1, {"5": 1}, opening.device)


def test_an_idle_hour_writes_no_head(journal: Journal, visits: Visits, clock: Hours, tmp_path: Path) -> None:
    journal.append(visits.rated(5))
    for _ in range(3):
        clock.pass_hours(1)
        journal.sign_head(clock.now())

    assert len([record for record in records(tmp_path) if isinstance(record, Head)]) == 1


def test_a_signing_key_that_served_its_day_is_replaced_and_erased(
    journal: Journal, visits: Visits, clock: Hours, tmp_path: Path
) -> None:
    journal.append(visits.rated(5))
    first_key = KeyStore(tmp_path / "keys").first_key
    clock.pass_hours(48)

    journal.sign_head(clock.now())

    change = next(record for record in records(tmp_path) if isinstance(record, Epoch)).change
    verify(first_key, change)
    assert msgspec.json.decode(change.text, type=EpochText).epoch == 1
    assert [path.name for path in (tmp_path / "keys").glob("epoch-*.key")] == ["epoch-1.key"]


def test_a_key_change_that_the_power_interrupted_reaches_the_journal_at_the_next_start(
    opened: Callable[[], Journal], visits: Visits, clock: Hours, tmp_path: Path
) -> None:
    first = opened()
    first.append(visits.rated(5))
    first.close()
    KeyStore(tmp_path / "keys").next_epoch(clock.now().wall_ms, lambda _: None)

    opened()

    assert [type(record) for record in records(tmp_path)][-1] is Epoch


def test_a_cursor_counts_what_is_waiting_and_since_when(journal: Journal, visits: Visits, clock: Hours) -> None:
    generation = journal.connection.execute("SELECT id FROM generation").fetchone()[0]
    journal.append(visits.rated(5))
    clock.pass_hours(0.5)
    journal.append(visits.rated(5), {"hub": (generation, 4)})

    unsent = waiting(journal.connection, (generation, 4))
    assert (unsent.records, unsent.oldest_wall_ms) == (3, clock.now().wall_ms)
    assert waiting(journal.connection, (generation, 7)).records == 0
    assert journal.connection.execute("SELECT * FROM destination").fetchall() == [("hub", generation, 4)]


def test_a_slice_in_the_middle_carries_the_totals_up_to_its_own_end(
    journal: Journal, visits: Visits, tmp_path: Path
) -> None:
    for level in (5, 5, 1, 3):
        journal.append(visits.rated(level))
    reader = JournalReader(tmp_path)
    (generation,) = reader.generations()

    middle = reader.slice(generation.id, 4, 3)
    onward = reader.slice(generation.id, middle.next_seq, 3)
    fresh = JournalReader(tmp_path)

    assert middle.totals == {"5": 2}
    assert onward.totals == {"5": 2, "1": 1}
    assert fresh.slice(generation.id, middle.next_seq, 3) == onward
    reader.close()
    fresh.close()


def test_a_journal_of_a_newer_version_is_refused_and_left_alone(opened: Callable[[], Journal], tmp_path: Path) -> None:
    journal = opened()
    journal.connection.execute("PRAGMA user_version = 99")
    journal.close()

    with pytest.raises(JournalError, match="version 99"):
        opened()


def test_a_file_that_is_no_database_is_refused_with_its_name(opened: Callable[[], Journal], tmp_path: Path) -> None:
    (tmp_path / "journal.db").write_bytes(b"not a database" * 100)

    with pytest.raises(JournalError, match="cannot be opened: file is not a database"):
        opened()


def test_a_visit_that_is_open_over_the_hour_is_known_after_a_restart(
    opened: Callable[[], Journal], visits: Visits, clock: Hours, tmp_path: Path
) -> None:
    """The head of the hour says which visits are open: a start reads no further back."""
    first = opened()
    pressed, untouched = visits.asked(), visits.asked()
    first.append([pressed, untouched, visits.pressed(pressed, 2)])
    clock.pass_hours(1)
    first.append(visits.rated(5))
    first.close()

    again = opened()

    ends = [(record.asked, record.outcome) for record in records(tmp_path) if isinstance(record, Ended)]
    assert ends[-2:] == [(1, "rated"), (2, "not-rated")]
    assert day_counts(again.connection, DAY) == {2: 1, 5: 1, 0: 1}
    assert verify_journal(tmp_path).sound


def test_ended_visits_stand_in_no_head(journal: Journal, visits: Visits, clock: Hours, tmp_path: Path) -> None:
    journal.append(visits.rated(5))
    clock.pass_hours(1)
    journal.append(visits.rated(5))

    (head,) = [record for record in records(tmp_path) if isinstance(record, Head)]
    assert "open" not in head.head.text


def test_an_hour_that_passes_within_one_commit_is_signed_too(
    journal: Journal, visits: Visits, clock: Hours, tmp_path: Path
) -> None:
    first = visits.rated(5)
    clock.pass_hours(1)
    journal.append([*first, *visits.rated(4)])

    heads = [seq for seq, record in enumerate(records(tmp_path)) if isinstance(record, Head)]
    assert heads == [4], "behind the visit of the hour before"
