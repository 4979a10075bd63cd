"""`kiosk receipt`: what it prints and how it ends, on a real journal."""

import json
from pathlib import Path

import pytest

from kiosk.commands.receipt import receipt
from sync.chain import receipt_code
from sync.journal.writer import Journal
from sync.keys import KeyStore
from sync.records import LEVELS, Ask, At, VisitAsked, VisitEnded, VisitId, VisitPressed
from sync.sealing import Sealer


@pytest.fixture
def codes(config: Path) -> list[str]:
    """One for each level, from the best to the worst."""
    at = At(1_795_392_000_000, 1, "b007b007b007b007")
    directory = config.parent / "state"
    journal = Journal(directory, KeyStore(directory / "keys"), Sealer([]), 480, at)
    ask = Ask("door", "walk-up", "hall", "hall-terminal", "press", 60)
    given: list[str] = []
    for level in LEVELS:
        visit = VisitId(bytes([level]) * 16)
        pressed = VisitPressed(visit, level, "glass", at)
        given += journal.append(
            [VisitAsked(visit, ask, at), pressed, VisitEnded(visit, "rated", "thanked", at)]
        ).values()
    journal.sign_head(at, leaving=True)
    journal.close()
    return given


def test_an_included_press_ends_with_0_and_says_no_level(
    config: Path, codes: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    ended = [receipt(config, code, as_json=False) for code in codes]
    printed = capsys.readouterr().out

    assert ended == [0] * 5
    assert printed == printed[: len(printed) // 5] * 5  # the same for each level
    assert "已收录，未被改动 Included and unchanged" in printed
    assert "日期 day: 2026-11-23" in printed
    assert "已签名 signed: 自 since 2026-11-23 08:00" in printed
    assert "无 there is no hub" in printed


def test_json_has_the_answer_of_the_hub_and_whether_there_is_one(
    config: Path, codes: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    ended = [receipt(config, code, as_json=True, day="2026-11-23") for code in codes]
    lines = capsys.readouterr().out.splitlines()

    assert ended == [0] * 5
    assert len(set(lines)) == 1
    answer = json.loads(lines[0])
    assert (answer["included"], answer["unchanged"], answer["signed"], answer["acknowledged"]) == (
        True,
        True,
        True,
        None,
    )


def test_a_code_that_nobody_was_given_ends_with_1(
    config: Path, codes: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert receipt(config, receipt_code(bytes(32)), as_json=False) == 1
    assert "NOT included" in capsys.readouterr().out
    assert receipt(config, receipt_code(bytes(32)), as_json=True) == 1
    assert json.loads(capsys.readouterr().out) == {"included": False}


@pytest.mark.parametrize(
    ("code", "day", "advice"),
    [("ABCD", None, "16 letters and digits"), ("A" * 16, "23.11.2026", "write yyyy-MM-dd")],
)
def test_wrong_input_ends_with_2_and_says_what_to_do(
    config: Path,
    codes: list[str],
    capsys: pytest.CaptureFixture[str],
    code: str,
    day: str | None,
    advice: str,
) -> None:
    assert receipt(config, code, as_json=False, day=day) == 2
    assert advice in capsys.readouterr().err


def test_where_no_kiosk_has_run_there_is_nothing_to_look_at(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert receipt(config, "A" * 16, as_json=False) == 2
    assert "there is no journal" in capsys.readouterr().err
