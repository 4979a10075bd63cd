"""`kiosk journal verify --since` and `kiosk counts`: what they print and how they end, on a real journal."""

import json
from pathlib import Path

import pytest

from kiosk.commands.journal import counts, verify
from sync.journal.writer import Journal
from sync.keys import KeyStore
from sync.records import Ask, At, VisitAsked, VisitEnded, VisitId, VisitPressed
from sync.sealing import Sealer

DAY_MS = 86_400_000


@pytest.fixture
def two_days(config: Path) -> Path:
    """2026-11-23 and the day after, one visit each."""
    directory = config.parent / "state"
    at = At(1_795_392_000_000, 1, "b007b007b007b007")
    journal = Journal(directory, KeyStore(directory / "keys"), Sealer([]), 480, at)
    ask = Ask("door", "walk-up", "hall", "hall-terminal", "press", 60)
    for day in range(2):
        at = At(1_795_392_000_000 + day * DAY_MS, 1 + day * DAY_MS, "b007b007b007b007")
        visit = VisitId(bytes([day]) * 16)
        journal.append(
            [VisitAsked(visit, ask, at), VisitPressed(visit, 5, "glass", at), VisitEnded(visit, "rated", "thanked", at)]
        )
        journal.sign_head(at, leaving=True)
    journal.close()
    return config


def test_verify_since_says_what_it_did_not_check(two_days: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ended = verify(two_days, None, "2026-11-24", as_json=False)

    printed = capsys.readouterr().out
    assert ended == 0
    assert "NOT CHECKED: the 4 records before record 4" in printed
    assert "the days before 2026-11-24" in printed


def test_verify_since_tells_a_program_what_it_did_not_check(two_days: Path, capsys: pytest.CaptureFixture[str]) -> None:
    verify(two_days, None, "2026-11-24", as_json=True)
    since = json.loads(capsys.readouterr().out)
    verify(two_days, None, as_json=True)
    whole = json.loads(capsys.readouterr().out)

    assert (since["sound"], since["not_checked"]["records"], since["not_checked"]["before"]["seq"]) == (True, 4, 4)
    assert since["records"] + 4 == whole["records"]
    assert whole["not_checked"] is None


def test_verify_since_says_where_everything_had_to_be_read(two_days: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ended = verify(two_days, None, "2026-11-01", as_json=False)

    printed = capsys.readouterr().out
    assert ended == 0
    assert "everything was read" in printed
    assert "NOT CHECKED" not in printed


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "20261124", "2026-W48-2", ""])
def test_what_is_no_day_is_refused_with_what_to_write(
    two_days: Path, day: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(two_days, None, day, as_json=False) == 2
    assert "yyyy-MM-dd" in capsys.readouterr().err
    assert counts(two_days, day, as_json=False) == 2
    assert "yyyy-MM-dd" in capsys.readouterr().err


@pytest.mark.parametrize("since", [None, "2026-11-24"])
def test_a_file_that_the_disk_has_damaged_does_not_hold(
    two_days: Path, since: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where every page but the first is other people's."""
    database = two_days.parent / "state" / "journal.db"
    content = database.read_bytes()
    database.write_bytes(content[:1024] + b"\xff" * (len(content) - 1024))

    assert verify(two_days, None, since, as_json=False) == 1
    assert "malformed" in capsys.readouterr().err
