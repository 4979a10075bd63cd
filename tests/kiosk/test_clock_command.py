"""`kiosk clock set` from outside, where no kiosk runs: the PIN, the lock, the record, and nonsense refused."""

import json
import subprocess
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.commands.clock import TimeError, parse_time
from sync.clock import SystemClock
from sync.journal.lock import JournalLock
from sync.journal.reader import JournalReader
from sync.journal.verify import verify_journal
from sync.records import Audit, Correction, Record, decode

PIN = "739104"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def config(config: Path, run_kiosk: Run) -> Path:
    assert run_kiosk("pin", "set", "--config", str(config), typed=PIN + "\n").returncode == 0
    return config


@pytest.fixture
def set_clock(config: Path, run_kiosk: Run) -> Run:
    """Gives a time, and the right PIN where no other is given."""

    def run(time: str, pin: str = PIN) -> subprocess.CompletedProcess[str]:
        return run_kiosk("clock", "set", time, "--config", str(config), typed=pin + "\n")

    return run


def hall_time(beside: timedelta) -> str:
    return (datetime.now(UTC) + timedelta(hours=8) + beside).strftime("%Y-%m-%d %H:%M:%S")


def records(config: Path) -> list[Record]:
    with closing(JournalReader(config.parent / "state")) as reader:
        return [decode(body) for one in reader.generations() for body in reader.slice(one.id, 0, 1000).bodies]


def test_a_time_is_recorded_with_low_trust_and_the_machine_is_left_alone(config: Path, set_clock: Run) -> None:
    now = SystemClock().now()

    ended = set_clock(hall_time(timedelta(hours=5)))

    assert ended.returncode == 0, ended.stderr
    assert "low trust" in ended.stdout
    assert "date --utc --set" in ended.stdout
    (correction,) = [record for record in records(config) if isinstance(record, Correction)]
    assert (correction.source, correction.trust, correction.uncertainty_ms) == ("engineer", "low", 60_000)
    assert abs(correction.true_ms - correction.boot_ms - (now.wall_ms - now.boot_ms) - 5 * 3_600_000) < 5_000
    audits = [record.what for record in records(config) if isinstance(record, Audit)]
    assert audits == ["pin-set", "clock-set"]
    assert verify_journal(config.parent / "state").sound


def test_today_is_the_day_that_was_set(config: Path, set_clock: Run, run_kiosk: Run) -> None:
    two_days = timedelta(days=2)
    said = hall_time(two_days)
    set_clock(said)

    day = json.loads(run_kiosk("counts", "--json", "--config", str(config)).stdout)["day"]

    assert day in {said[:10], hall_time(two_days)[:10]}  # it may be midnight


def test_a_time_that_is_right_costs_no_correction(config: Path, set_clock: Run) -> None:
    ended = set_clock(hall_time(timedelta()))

    assert ended.returncode == 0
    assert "nothing to correct" in ended.stdout
    assert not any(isinstance(record, Correction) for record in records(config))


def test_a_wrong_pin_changes_nothing_and_five_lock(config: Path, set_clock: Run) -> None:
    said = [set_clock(hall_time(timedelta(hours=5)), "000000").stderr for _ in range(5)]

    assert "wrong PIN" in said[0]
    assert "locked" in said[4]
    right = set_clock(hall_time(timedelta(hours=5)))
    assert (right.returncode, "locked" in right.stderr) == (2, True)
    assert not any(isinstance(record, Correction) for record in records(config))


def test_a_journal_that_another_process_holds_is_left_alone(config: Path, set_clock: Run) -> None:
    lock = JournalLock(config.parent / "state")
    try:
        ended = set_clock(hall_time(timedelta(hours=5)))
    finally:
        lock.release()

    assert ended.returncode == 3
    assert "is held by process" in ended.stderr


@pytest.mark.parametrize("text", ["2015-11-20 10:32:00", "2037-01-01 00:00", "noon", "2026-13-01 10:00", ""])
def test_nonsense_is_refused_with_what_to_type_instead(text: str) -> None:
    with pytest.raises(TimeError, match="2026-11-20 10:32:00"):
        parse_time(text, 480)


def test_the_halls_own_time_is_meant() -> None:
    assert parse_time("2026-11-20 12:00", 480) == parse_time("2026-11-20 04:00:00", 0) == 1_795_147_200_000
