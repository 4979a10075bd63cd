"""SIGKILL at a dozen moments of the real program: what was thanked for is kept and counted, once."""

import random
from pathlib import Path

import pytest

from tests.durability.kills.campaign import Aim, Result, play
from tests.durability.kills.ledger import Ledger
from tests.durability.kills.reckoning import Kept, against_journal

SEED = 20261120
DOZEN: tuple[Aim, ...] = ("starting", "starting", *("pressing", "thanked") * 4, "anywhen", "anywhen")


def test_a_dozen_kills_lose_double_and_invent_nothing(tmp_path: Path) -> None:
    result = play(tmp_path, SEED, DOZEN)

    assert result.faults == ()
    assert result.kills == 12
    assert result.thanked >= 30, f"too few were thanked for to prove anything: {result}"
    assert result.kept >= result.thanked


def test_a_journal_that_commits_late_is_caught(tmp_path: Path) -> None:
    """The test of the test: the same kills, and thanks that run ahead of the disk."""
    result = play(tmp_path, SEED, ("thanked",) * 4, "--commit-late")

    assert any("and it is lost" in fault for fault in result.faults), result


@pytest.fixture
def ledger() -> Ledger:
    """One life in which two boxes were pressed and thanked."""
    ledger = Ledger()
    life = ledger.begin("made up")
    for window, level in (("box2", 5), ("box3", 1)):
        ledger.pressed(window, level, "box")
        ledger.acknowledged(window)
    life.ended_ms = life.presses[-1].sent_ms + 1000
    return ledger


def kept(ledger: Ledger) -> list[Kept]:
    return [
        Kept(press.window, press.level, press.source, press.sent_ms + 5, f"RECEIPT-{press.window}")
        for press in ledger.lives[0].presses
    ]


def test_the_reckoning_is_silent_where_all_is_well(ledger: Ledger) -> None:
    ledger.lives[0].receipts = ["RECEIPT-box2"]

    assert list(against_journal(ledger, kept(ledger))) == []


def test_the_reckoning_names_a_lost_press(ledger: Ledger) -> None:
    (fault,) = against_journal(ledger, kept(ledger)[:1])

    assert "it is lost" in fault
    assert "box3" in fault


def test_the_reckoning_names_a_lost_receipt(ledger: Ledger) -> None:
    ledger.lives[0].receipts = ["ANOTHER"]

    (fault,) = against_journal(ledger, kept(ledger))

    assert "ANOTHER, and it is lost" in fault


def test_the_reckoning_names_a_press_that_was_counted_twice(ledger: Ledger) -> None:
    (fault,) = against_journal(ledger, [*kept(ledger), kept(ledger)[0]])

    assert "counted 2 times" in fault


@pytest.mark.parametrize(
    "stranger",
    [Kept("box2", 4, "box", 0, "R"), Kept("box4", 5, "box", 0, "R"), Kept("box2", 5, "glass", 0, "R")],
    ids=["another level", "another window", "another source"],
)
def test_the_reckoning_names_a_press_that_nobody_made(ledger: Ledger, stranger: Kept) -> None:
    at_ms = ledger.lives[0].presses[0].sent_ms + random.Random(SEED).randrange(1000)
    invented = Kept(stranger.window, stranger.level, stranger.source, at_ms, "R")

    (fault,) = against_journal(ledger, [*kept(ledger), invented])

    assert fault.startswith("0 fingers")


def test_a_result_says_what_it_stands_on() -> None:
    assert str(Result(12, 40, 30, 35, ())) == "12 kills, 40 pressed, 30 thanked for, 35 in the journal"
