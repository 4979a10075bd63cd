"""`kiosk evaluator adopt` from outside, where no kiosk runs."""

import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from sync.journal.lock import JournalLock
from sync.journal.reader import JournalReader
from sync.journal.verify import verify_journal
from sync.records import Audit, decode

PIN = "739104"
SHIPPED = Path(__file__).parents[2] / "devices/profiles/ascii-digit.toml"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def config(config: Path, run_kiosk: Run) -> Path:
    with config.open("a", encoding="utf-8") as settings:
        settings.write(
            '[[evaluator]]\nname = "desk"\nprofile = "own.toml"\nport = "/dev/x"\naddresses = { 1 = "door" }\n'
        )
    (config.parent / "own.toml").write_text(SHIPPED.read_text(encoding="utf-8"), encoding="utf-8")
    assert run_kiosk("pin", "set", "--config", str(config), typed=PIN + "\n").returncode == 0
    return config


@pytest.fixture
def adopt(config: Path, run_kiosk: Run) -> Run:
    """The right PIN where no other is given."""

    def run(name: str = "desk", pin: str = PIN) -> subprocess.CompletedProcess[str]:
        return run_kiosk("evaluator", "adopt", name, "--config", str(config), typed=pin + "\n")

    return run


def maps(config: Path) -> list[str]:
    with closing(JournalReader(config.parent / "state")) as reader:
        records = [decode(body) for one in reader.generations() for body in reader.slice(one.id, 0, 1000).bodies]
    return [
        f"{one.detail['by']} {one.detail['keys']}"
        for one in records
        if isinstance(one, Audit) and one.what == "evaluator-map"
    ]


def test_a_changed_map_is_shown_and_adopted_with_the_pin_alone(config: Path, adopt: Run) -> None:
    first = adopt()
    assert (first.returncode, "already" in first.stdout) == (0, True), first.stderr
    own = config.parent / "own.toml"
    own.write_text(own.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")

    wrong = adopt(pin="000001")
    assert (wrong.returncode, "wrong PIN" in wrong.stderr) == (2, True)
    assert len(maps(config)) == 1
    right = adopt()

    assert (right.returncode, "recorded" in right.stdout) == (0, True), right.stderr
    assert "31=" in right.stdout or "35=" in right.stdout, "the keys were shown"
    assert [line.partition(" ")[0] for line in maps(config)] == ["first-start", "pin"]
    assert verify_journal(config.parent / "state").sound


def test_a_name_that_is_not_in_the_settings_is_told_with_those_that_are(adopt: Run) -> None:
    ended = adopt("dsek")
    assert (ended.returncode, ended.stderr) == (2, "kiosk.toml has no evaluator 'dsek'; choose from: desk\n")


def test_a_profile_with_a_fault_is_told_by_line(config: Path, adopt: Run) -> None:
    own = config.parent / "own.toml"
    own.write_text(own.read_text(encoding="utf-8").replace("format = 1", "format = 9"), encoding="utf-8")
    ended = adopt()
    assert ended.returncode == 2
    assert "own.toml: line" in ended.stderr


def test_a_journal_that_another_process_holds_is_left_alone(config: Path, adopt: Run) -> None:
    lock = JournalLock(config.parent / "state")
    try:
        assert adopt().returncode == 3
    finally:
        lock.release()
