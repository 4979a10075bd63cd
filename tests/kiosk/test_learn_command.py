"""`kiosk learn` at a real terminal's pipes, with an emulated box on a real pseudo-terminal."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devices.emulator import EmulatedEvaluator
from devices.profile import load_profile
from kiosk.control import Control, ControlPorts

Run = Callable[..., subprocess.CompletedProcess[str]]


class Terminal:
    """A running `kiosk learn`, read line by line."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kiosk", "learn", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            cwd=Path(__file__).parents[2],
        )
        self.printed: list[str] = []
        self.deadline = threading.Timer(60, self.process.kill)
        self.deadline.start()

    def until(self, words: str) -> str:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.printed.append(line)
            if words in line:
                return line
        raise AssertionError(f"no {words!r} in {''.join(self.printed)}")

    def types(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def ends(self) -> tuple[int, str]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.printed += self.process.stdout  # `communicate` would pass over what has been read ahead
        return self.process.wait(60), "".join(self.printed)


@pytest.fixture
def terminal() -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def make(*arguments: str) -> Terminal:
        opened.append(Terminal(*arguments))
        return opened[-1]

    yield make
    for one in opened:
        one.deadline.cancel()
        one.process.kill()
        with one.process:
            """Closes its pipes, and waits."""


def test_an_engineer_learns_a_box_and_gets_its_profile_and_the_lines_for_the_settings(
    config: Path, tmp_path: Path, terminal: Callable[..., Terminal]
) -> None:
    ports = tmp_path / "ports"
    ports.mkdir()
    shipped = load_profile("ascii-sle300")
    learning = terminal("--config", str(config), "--folder", str(ports), "--name", "counter-box")
    learning.until("plug the box in")
    with EmulatedEvaluator(shipped, ports / "usb-box") as box:
        learning.until("press 5 非常满意 3 times")
        press_three_times(learning, box, 5)
        for level in (5, 4, 3, 2, 1):
            learning.until(f"press {level} ")
            if level in shipped.levels:
                press_three_times(learning, box, level)
            else:
                learning.types("s")
        learning.until("leave the box alone")
        learning.types("")
        learning.until("right?")
        learning.types("")
        for level in (3, 1, 5):
            learning.until(f"check: press {level} ")
            box.press(1, level)
        learning.until("every key was read rightly")
        code, printed = learning.ends()

    written = config.parent / "evaluators" / "counter-box.toml"
    assert code == 0
    assert load_profile(str(written)).keys == shipped.keys
    assert f'profile = "{written}"' in printed
    assert f'port = "{ports / "usb-box"}"' in printed
    assert 'addresses = { "1" = "door" }' in printed
    assert "kiosk evaluator adopt counter-box" in printed
    assert "nothing protects a single byte" in printed


def press_three_times(learning: Terminal, box: EmulatedEvaluator, level: int) -> None:
    for count in (1, 2):
        box.press(1, level)
        learning.until(f"heard {count}")
    box.press(1, level)


def test_giving_up_writes_nothing(config: Path, tmp_path: Path, terminal: Callable[..., Terminal]) -> None:
    learning = terminal("--config", str(config), "--folder", str(tmp_path / "none"))
    learning.until("plug the box in")
    learning.types("what?")
    learning.until("not understood")
    learning.types("q")

    code, printed = learning.ends()

    assert code == 1
    assert "no profile was written" in printed
    assert not (config.parent / "evaluators").exists()


def test_a_port_that_cannot_be_used_is_said_with_the_reason(
    config: Path, tmp_path: Path, terminal: Callable[..., Terminal]
) -> None:
    learning = terminal("--config", str(config), "--port", str(tmp_path / "none"))

    learning.until(f"port {tmp_path / 'none'} does not exist")

    learning.types("q")
    assert learning.ends()[0] == 1


def test_no_file_is_replaced_unless_that_is_said(config: Path, run_kiosk: Run) -> None:
    there = config.parent / "evaluators" / "learnt-box.toml"
    there.parent.mkdir()
    there.write_text("kept", encoding="utf-8")

    ended = run_kiosk("learn", "--config", str(config))

    assert ended.returncode == 2
    assert "is there already" in ended.stderr
    assert there.read_text(encoding="utf-8") == "kept"


@pytest.mark.parametrize(
    ("option", "value", "words"), [("--name", "My Box", "small letters"), ("--number", "128", "1 to 127")]
)
def test_wrong_arguments_are_refused_with_what_to_give(
    config: Path, option: str, value: str, words: str, run_kiosk: Run
) -> None:
    ended = run_kiosk("learn", "--config", str(config), option, value)

    assert ended.returncode == 2
    assert words in ended.stderr


def test_it_is_refused_while_a_citizen_may_be_rating(config: Path, run_kiosk: Run) -> None:
    directory = config.parent / "state"
    directory.mkdir()
    wrong = lambda *_: "pin-wrong"  # noqa: E731
    control = Control(directory, ControlPorts(print, wrong, wrong, lambda: 1, wrong, wrong, print))
    control.start()
    try:
        ended = run_kiosk("learn", "--config", str(config))
    finally:
        control.stop()

    assert ended.returncode == 3
    assert "a citizen is rating" in ended.stderr
