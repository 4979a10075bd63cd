"""The `kiosk` command from outside: real processes, real files, exit codes."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.secrets import Secrets
from sync.journal.reader import JournalReader
from sync.records import Audit, decode

Run = Callable[..., subprocess.CompletedProcess[str]]


def audits(directory: Path) -> list[str]:
    reader = JournalReader(directory)
    bodies = [body for one in reader.generations() for body in reader.slice(one.id, 0, 1000).bodies]
    reader.close()
    return [record.what for record in map(decode, bodies) if isinstance(record, Audit)]


def test_settings_with_several_faults_name_them_all_and_end_with_2(config: Path, run_kiosk: Run) -> None:
    misspelt = config.read_text(encoding="utf-8").replace("walk-up", "walkup")
    config.write_text(misspelt + 'stays_open_seconds = 400\ncolour = "red"\n', encoding="utf-8")

    ended = run_kiosk("run", "--config", str(config))

    assert ended.returncode == 2
    for line, fault in ((7, "place"), (8, "stays_open_seconds"), (9, "colour")):
        assert f"kiosk.toml:{line}:" in ended.stderr
        assert fault in ended.stderr


def test_a_pin_is_set_as_a_hash_and_stands_in_the_journal_as_an_event(config: Path, run_kiosk: Run) -> None:
    ended = run_kiosk("pin", "set", "--config", str(config), typed="739104\n")

    assert ended.returncode == 0, ended.stderr
    assert Secrets.load(config.with_name("secrets.toml")).pin.startswith("$argon2id$")
    assert audits(config.parent / "state") == ["pin-set"]
    assert not any(b"739104" in path.read_bytes() for path in config.parent.rglob("*") if path.is_file())


@pytest.mark.parametrize("pin", ["12345", "111111", "123456", "abcdef"])
def test_a_poor_pin_is_refused_with_a_reason_and_changes_nothing(config: Path, pin: str, run_kiosk: Run) -> None:
    ended = run_kiosk("pin", "set", "--config", str(config), typed=pin + "\n")

    assert ended.returncode == 2
    assert ended.stderr.strip()
    assert not config.with_name("secrets.toml").exists()


def test_a_windows_token_is_printed_once_and_kept_as_a_hash(config: Path, run_kiosk: Run) -> None:
    ended = run_kiosk("token", "window", "door", "--config", str(config))

    token = ended.stdout.strip()
    assert ended.returncode == 0
    assert len(token) >= 40
    assert token not in config.with_name("secrets.toml").read_text()


def test_a_proxys_password_goes_in_by_standard_input_and_into_no_other_file(config: Path, run_kiosk: Run) -> None:
    ended = run_kiosk("token", "proxy", "--config", str(config), typed="p:w@ 密码\n")

    assert (ended.returncode, "p:w" in ended.stdout + ended.stderr) == (0, False)
    assert Secrets.load(config.with_name("secrets.toml")).proxy_password == "p:w@ 密码"
    assert "p:w" not in config.read_text(encoding="utf-8")


def test_a_token_for_a_window_that_is_not_there_is_refused(config: Path, run_kiosk: Run) -> None:
    ended = run_kiosk("token", "window", "nobody", "--config", str(config))

    assert ended.returncode == 2
    assert "nobody" in ended.stderr


def test_counts_and_verify_say_what_is_missing_before_the_first_start(config: Path, run_kiosk: Run) -> None:
    for command in (("counts",), ("journal", "verify")):
        ended = run_kiosk(*command, "--config", str(config))
        assert ended.returncode == 2
        assert "there is no journal" in ended.stderr


def test_counts_as_json_can_be_read_by_a_program(config: Path, run_kiosk: Run) -> None:
    run_kiosk("pin", "set", "--config", str(config), typed="739104\n")

    ended = run_kiosk("counts", "--config", str(config), "--date", "2026-11-23", "--json")

    figures = json.loads(ended.stdout)
    assert figures["levels"] == {"5": 0, "4": 0, "3": 0, "2": 0, "1": 0}
    assert (figures["day"], figures["rated"], figures["not_rated"]) == ("2026-11-23", 0, 0)


def test_verify_ends_with_1_where_something_does_not_hold(config: Path, run_kiosk: Run) -> None:
    run_kiosk("pin", "set", "--config", str(config), typed="739104\n")
    sound = run_kiosk("journal", "verify", "--config", str(config))
    database = config.parent / "state" / "journal.db"
    content = bytearray(database.read_bytes())
    content[content.index(b"pin-set")] = ord("P")
    database.write_bytes(bytes(content))

    broken = run_kiosk("journal", "verify", "--config", str(config), "--json")

    assert (sound.returncode, broken.returncode) == (0, 1)
    findings = json.loads(broken.stdout)["findings"]
    assert "was changed" in findings[0]["problem"]


def test_a_hub_is_set_up_once_and_never_overwritten(tmp_path: Path, run_kiosk: Run) -> None:
    first = run_kiosk("hub", "init", str(tmp_path / "hub"))
    again = run_kiosk("hub", "init", str(tmp_path / "hub"))

    assert (first.returncode, again.returncode) == (0, 2)
    assert "seal_key" in first.stdout
    assert "exists" in again.stderr


def test_an_emulated_box_prints_its_port_first(config: Path, run_kiosk: Run) -> None:
    ended = run_kiosk("emulate", "rs485-ft12", typed="press 81 5\nquit\n")

    port, sent = ended.stdout.splitlines()[:2]
    assert port.startswith("/")
    assert sent.startswith("sent ")
    assert ended.returncode == 0


def test_a_kiosk_that_fills_the_screen_ends_well_when_a_supervisor_says_so(config: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "kiosk", "run", "--config", str(config)],
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as process:
        assert process.stderr is not None
        while "a new device key was made" not in process.stderr.readline():
            assert process.poll() is None
        process.terminate()
        process.communicate(timeout=30)

    assert process.returncode == 0
    assert audits(config.parent / "state")[-1] == "stopped"
