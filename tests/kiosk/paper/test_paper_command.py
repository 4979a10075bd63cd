"""`kiosk paper` from outside, where no kiosk runs: a batch on its way from the printer back to the counts."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from paper_rig import read, sheet
from PySide6.QtPdf import QPdfDocument

from kiosk.__main__ import main
from kiosk.secrets import Secrets

PIN = "739104"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(config: Path, run_kiosk: Run) -> Run:
    Secrets(pin=PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PIN)).save(
        config.parent / "secrets.toml"
    )

    def run(*arguments: str, typed: str = PIN + "\n") -> subprocess.CompletedProcess[str]:
        return run_kiosk("paper", *arguments, "--config", str(config), typed=typed)

    return run


def serials_in(path: Path) -> list[str]:
    document = QPdfDocument(None)
    assert document.load(str(path)) == QPdfDocument.Error.None_
    return [read(sheet(document, page))[0] for page in range(document.pageCount())]


@pytest.mark.usefixtures("qapp")
def test_a_batch_is_printed_taken_in_and_reconciled(config: Path, run: Run, run_kiosk: Run, tmp_path: Path) -> None:
    out = tmp_path / "forms.pdf"
    issued = run("issue", "--count", "4", "--point", "李营便民服务站", "--out", str(out))
    assert issued.returncode == 0, issued.stderr
    serials = serials_in(out)
    assert len(set(serials)) == 4

    typed = f"{PIN}\n{serials[0]} 5\n{serials[0]} 5\n{serials[1].lower()} 2\nnonsense 3\n{serials[2]} 6\n\n"
    entered = run("enter", typed=typed)
    spoilt = run("spoilt", serials[2])
    status = run("status", "--json", typed="")
    counts = run_kiosk("counts", "--json", "--config", str(config))

    assert entered.returncode == 2
    assert [line[:8] for line in entered.stdout.splitlines() if line.startswith("line")] == ["line 1: ", "line 3: "]
    assert "line 2: this form was taken in before" in entered.stderr
    assert "line 4: write its 16 letters" in entered.stderr
    assert "line 5: write the serial, a space, and the level" in entered.stderr
    assert spoilt.returncode == 0, spoilt.stderr
    [batch] = json.loads(status.stdout)["batches"]
    assert (batch["point"], batch["issued"], batch["returned"], batch["spoilt"], batch["outstanding"]) == (
        "李营便民服务站",
        4,
        2,
        1,
        1,
    )
    assert json.loads(counts.stdout)["channels"] == {"paper": {"5": 1, "2": 1}}


@pytest.mark.usefixtures("qapp")
def test_without_the_pin_no_form_is_printed(run: Run, tmp_path: Path) -> None:
    refused = run("issue", "--count", "2", "--point", "李营", "--out", str(tmp_path / "forms.pdf"), typed="000000\n")

    assert refused.returncode == 2
    assert "wrong PIN" in refused.stderr
    assert list(tmp_path.glob("*forms.pdf*")) == []
    assert "no forms have been issued here" in run("status").stdout


def test_without_a_chinese_font_nothing_is_printed(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "fonts.conf").write_text("<fontconfig><dir>/usr/share/fonts/truetype/dejavu</dir></fontconfig>")
    monkeypatch.setenv("FONTCONFIG_FILE", str(tmp_path / "fonts.conf"))

    refused = run("issue", "--count", "1", "--point", "李营", "--out", str(tmp_path / "forms.pdf"))

    assert refused.returncode == 2
    assert "fonts-noto-cjk" in refused.stderr
    assert not (tmp_path / "forms.pdf").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("issue", "--count", "0", "--point", "A", "--out", "x.pdf"), "1 to 500"),
        (("issue", "--count", "501", "--point", "A", "--out", "x.pdf"), "1 to 500"),
        (("issue", "--count", "1", "--point", " \t", "--out", "x.pdf"), "1 to 32 characters"),
        (("enter", "0000-0000-0000-0000"), "together"),
        (("spoilt", "0000-0000-0000-0001"), "mistyped"),
    ],
)
def test_bad_input_is_told_what_to_do(
    config: Path, arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anybody is asked for a PIN."""
    assert main(["paper", *arguments, "--config", str(config)]) == 2
    assert said in capsys.readouterr().err
