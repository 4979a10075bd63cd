"""What becomes known of a case after the ask, and how far a ticket is: recorded, sealed, counted for nothing."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from sync.journal.verify import verify_journal
from sync.journal.writer import Journal
from sync.records import (
    Asked,
    Audit,
    Case,
    CaseData,
    Record,
    Service,
    TicketMoved,
    VisitCaseData,
    VisitId,
    completed,
    decode,
)
from sync.sealing import unseal
from tests.sync.conftest import Hours, Visits

ROOT = Path(__file__).parents[3]
CASE, LATER = Case("T-1", 2, task_name="登记"), Case("T-1", 2, user_name="张三", pro_status="3")


def records(journal: Journal) -> list[Record]:
    return [decode(body) for (body,) in journal.connection.execute("SELECT body FROM record ORDER BY position")]


def only(journal: Journal, kind: type) -> list:
    return [record for record in records(journal) if isinstance(record, kind)]


def assert_sound(directory: Path) -> None:
    assert [str(finding) for finding in verify_journal(directory).findings] == []
    script = [sys.executable, "-I", str(ROOT / "docs/verify_journal.py"), str(directory)]
    said = subprocess.run(script, capture_output=True, text=True, timeout=60, check=False)
    assert said.returncode == 0, said.stdout + said.stderr


def test_data_of_an_open_visit_and_of_one_that_has_ended_name_their_ask_and_open_to_the_hub_alone(
    opened: Callable[[], Journal], visits: Visits, clock: Hours, hub_key: X25519PrivateKey, tmp_path: Path
) -> None:
    journal = opened()
    first, second = visits.asked(Case("T-0")), visits.asked(Case("T-0"), CASE)
    journal.append([first, second, visits.pressed(second, 2), visits.ended(second)])
    journal.append([VisitCaseData(second.visit, ((1, LATER),), clock.now())])
    journal.append([VisitCaseData(first.visit, ((0, Case("T-0", pro_status="2")),), clock.now())])
    journal.close()
    journal = opened()  # the first visit was interrupted; its data may come all the same
    journal.append([VisitCaseData(first.visit, ((0, Case("T-0", user_name="李四")),), clock.now())])

    asks = [seq for seq, record in enumerate(records(journal)) if isinstance(record, Asked)]
    data = only(journal, CaseData)
    assert [record.asked for record in data] == [asks[1], asks[0], asks[0]]
    position = 1 + next(seq for seq, record in enumerate(records(journal)) if isinstance(record, CaseData))
    [(part, cipher)] = journal.connection.execute("SELECT part, cipher FROM sealed WHERE position = ?", (position,))
    text = unseal(hub_key.private_bytes_raw(), second.visit, part, cipher)
    assert (part, msgspec.json.decode(text, type=Case)) == ("case:1", LATER)
    assert b"\xe5\xbc\xa0" not in (tmp_path / "journal.db").read_bytes() + (tmp_path / "journal.db-wal").read_bytes()
    assert_sound(tmp_path)


def test_data_of_a_visit_that_this_generation_does_not_know_is_told_to_the_auditor(
    journal: Journal, clock: Hours
) -> None:
    journal.append([VisitCaseData(VisitId(b"x" * 16), ((0, LATER),), clock.now())])
    assert [record.what for record in only(journal, Audit)] == ["case-data-unplaced"]
    assert journal.connection.execute("SELECT count(*) FROM sealed").fetchone() == (0,)


def test_later_data_fills_what_was_empty_and_replaces_nothing() -> None:
    assert completed(CASE, Case("T-9", 5, task_name="别的", mobile="1")) == Case("T-1", 2, task_name="登记", mobile="1")


def test_a_ticket_stands_as_the_same_keyed_digest_in_its_states_and_in_the_ask(
    journal: Journal, visits: Visits, clock: Hours, tmp_path: Path
) -> None:
    asked = visits.asked(CASE)
    asked = replace(asked, ask=replace(asked.ask, ticket="A023"))
    journal.append([TicketMoved("3", "1001", "A023", "served", clock.now())])
    journal.append([asked, visits.pressed(asked, 5), visits.ended(asked)])
    journal.append([TicketMoved("3", "1001", "A023", "ended", clock.now())])
    journal.append([TicketMoved("3", "1001", "A024", "called", clock.now())])

    services = only(journal, Service)
    assert [(one.state, one.window, one.clerk) for one in services] == [
        ("served", "3", "1001"),
        ("ended", "3", "1001"),
        ("called", "3", "1001"),
    ]
    [ask] = only(journal, Asked)
    assert ask.ticket == services[0].ticket == services[1].ticket != services[2].ticket
    assert len(ask.ticket) == 16
    assert b"A023" not in (tmp_path / "journal.db").read_bytes() + (tmp_path / "journal.db-wal").read_bytes()
    assert journal.connection.execute("SELECT outcome, visits FROM tally").fetchall() == [(5, 1)]
    assert_sound(tmp_path)
