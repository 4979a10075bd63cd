"""The `kiosk` command as a process of its own, and the settings of a small hall."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

SETTINGS = """\
[hall]
name = "政务服务大厅"

[[window]]
id = "door"
name = "大厅出口"
place = "walk-up"
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_text(SETTINGS, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def run_kiosk() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs `kiosk` with arguments to its end. `typed` is its standard input."""

    def run(*arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "kiosk", *arguments],
            input=typed,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            cwd=Path(__file__).parents[2],
        )

    return run
