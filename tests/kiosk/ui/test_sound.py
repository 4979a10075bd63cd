"""Sound beside a real visit: the player is a process of its own, and nothing that befalls it reaches the visit.

There is no audio server here but where a test makes one that never answers.
"""

import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from ui_rig import Rig

from kiosk.core.prompts import Prompt, prompt
from kiosk.core.visit import HelpCalled, Offer
from kiosk.own_command import own_command
from kiosk.ui.sound import SoundPorts, SoundPrompts
from kiosk.ui.sound_player import told

PATIENCE_MS = 20_000

ECHO = "import sys\nfor line in sys.stdin: open(sys.argv[1], 'a').write(line.split()[0] + '\\n')"
"""A player that writes down what it is asked for, and answers as one that plays."""
ANSWERING = ECHO + """; print('{"silent":"","refused":[]}', flush=True)"""

Begin = Callable[..., SoundPrompts]


@pytest.fixture
def begin(rig: Rig) -> Iterator[Begin]:
    """Starts the prompts of the rig's window; `quiet` may be filled later."""
    begun: list[SoundPrompts] = []

    def make(command: list[str], *, quiet: list[bool] | None = None, retry_s: float = 60, answer_ms: int = 5000):
        ports = SoundPorts(command, lambda: bool(quiet), lambda: None)
        prompts = SoundPrompts(rig.host, ports, retry_s=retry_s, answer_ms=answer_ms)
        begun.append(prompts)
        prompts.start()
        return prompts

    yield make
    for prompts in begun:
        prompts.stop()


@pytest.fixture
def no_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path / 'nobody'}")


@pytest.fixture
def mute_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[socket.socket]:
    """An audio server that takes the connection and says nothing for ever."""
    path = str(tmp_path / "pulse")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()
        monkeypatch.setenv("PULSE_SERVER", f"unix:{path}")
        yield server


def player(*arguments: str) -> list[str]:
    return own_command("sound", "--volume", "60", *arguments)


def visit(rig: Rig, level: int = 4) -> None:
    rig.ask()
    rig.press(level)
    rig.record()
    assert rig.shows("thanks")
    rig.pass_ms(5_000)
    assert rig.visit.props.at_rest


def is_left(connection: socket.socket) -> bool:
    """Whoever was at the other end of a connection that nobody answers is gone."""
    try:
        return connection.recv(65_536) == b""
    except BlockingIOError:
        return False


def lines(path: Path) -> list[str]:
    return path.read_text().split() if path.exists() else []


@pytest.mark.usefixtures("no_server")
def test_without_an_audio_device_it_is_silent_says_so_and_the_visit_goes_on(
    rig: Rig, begin: Begin, capfd: pytest.CaptureFixture[str]
) -> None:
    prompts = begin(player())
    visit(rig)
    rig.qtbot.waitUntil(lambda: prompts.state.silent == "no-sound-device", timeout=PATIENCE_MS)
    visit(rig)
    assert prompts.state.refused == ()
    assert capfd.readouterr().err == ""


@pytest.mark.usefixtures("no_server")
def test_a_file_that_cannot_be_played_is_told_with_its_reason(rig: Rig, begin: Begin, tmp_path: Path) -> None:
    (tmp_path / "asked.wav").write_bytes(b"not a sound")
    prompts = begin(player("--folder", str(tmp_path)))
    rig.qtbot.waitUntil(lambda: prompts.state.refused == (("asked.wav", "sound-corrupt"),), timeout=PATIENCE_MS)
    visit(rig)


def test_an_audio_server_that_never_answers_keeps_nobody_waiting_and_is_told(
    rig: Rig, begin: Begin, mute_server: socket.socket
) -> None:
    prompts = begin(player(), answer_ms=100)
    connection, _ = mute_server.accept()
    with connection:
        connection.setblocking(False)
        visit(rig)
        rig.qtbot.waitUntil(lambda: is_left(connection), timeout=PATIENCE_MS)
    assert prompts.state.silent == "sound-waiting"
    visit(rig)


def test_every_level_is_given_the_same_prompts(rig: Rig, begin: Begin, tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    begin([sys.executable, "-c", ANSWERING, str(heard)])
    for level in (5, 4, 3, 2, 1):
        visit(rig, level)
    rig.qtbot.waitUntil(lambda: lines(heard) == ["asked", "recorded"] * 5, timeout=PATIENCE_MS)


def test_in_quiet_hours_nothing_is_heard(rig: Rig, begin: Begin, tmp_path: Path) -> None:
    heard, quiet = tmp_path / "heard", [True]
    begin([sys.executable, "-c", ANSWERING, str(heard)], quiet=quiet)
    visit(rig)
    quiet.clear()
    rig.ask()
    rig.qtbot.waitUntil(lambda: lines(heard) == ["asked"], timeout=PATIENCE_MS)


def test_a_player_that_crashes_costs_its_prompts_and_the_next_one_starts_it_again(
    rig: Rig, begin: Begin, tmp_path: Path
) -> None:
    heard = tmp_path / "heard"
    crashing = f"import os\n{ECHO}; os.kill(os.getpid(), {int(signal.SIGKILL)})"
    prompts = begin([sys.executable, "-u", "-c", crashing, str(heard)], retry_s=0)
    for visits in (1, 2):
        rig.ask()
        rig.qtbot.waitUntil(lambda: prompts.state.silent == "sound-ended", timeout=PATIENCE_MS)
        rig.pass_ms(70_000)
        rig.qtbot.waitUntil(lambda count=visits: lines(heard) == ["asked"] * count, timeout=PATIENCE_MS)


def test_a_player_that_cannot_be_started_is_told(rig: Rig, begin: Begin, tmp_path: Path) -> None:
    prompts = begin([str(tmp_path / "none")])
    rig.qtbot.waitUntil(lambda: prompts.state.silent == "sound-ended", timeout=PATIENCE_MS)
    visit(rig)


@pytest.mark.parametrize("line", [b"", b"Segmentation fault\n", b"{}x\n", b'{"silent":5}\n', b"\xff\n"])
def test_what_is_no_line_of_the_player_is_passed_over(line: bytes) -> None:
    assert told(line) is None


def test_the_caption_of_every_prompt_stands_on_the_screen_when_it_is_heard(qtbot: QtBot) -> None:
    rig = Rig(qtbot, "window", offer=Offer(("reasons",)))
    captions: list[tuple[Prompt, list[str]]] = []
    before = rig.host.window.stage

    def look() -> None:
        nonlocal before
        rig.settle()
        heard, before = prompt(before, rig.host.window.stage), rig.host.window.stage
        if heard is not None:
            shown = (item.property("text") for item in rig.items())
            captions.append((heard, ["".join(text.split()) for text in shown if isinstance(text, str)]))

    rig.host.changed.connect(look)
    try:
        rig.ask()
        rig.press(2)
        rig.fail()
        rig.pass_ms(4_000)
        rig.press(2)
        rig.record()
        rig.host.dispatch(HelpCalled(rig.now()))
        words = ("请您对本次服务进行评价", "未能记录", "评价已记录，感谢您的参与", "已记录：请负责人过来")
        assert [heard for heard, _ in captions] == ["asked", "not-recorded", "recorded", "call-noted"]
        for word, (_, texts) in zip(words, captions, strict=True):
            assert any(word in text for text in texts), word
    finally:
        rig.close()


def test_stopping_leaves_no_player(rig: Rig, begin: Begin, tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    writing = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid()) + '\\n'); time.sleep(600)"
    prompts = begin([sys.executable, "-c", writing, str(mark)])
    rig.qtbot.waitUntil(lambda: lines(mark) != [], timeout=PATIENCE_MS)
    prompts.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(int(lines(mark)[0]), 0)
