"""The real program, its hub and a case that names somebody: the name is in no file, alive, killed or crashed."""

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from kiosk.demo.hall import ADDRESS, Hall, open_hall
from kiosk.demo.ports import free_port
from sync.clock import SystemClock, hall_day
from sync.records import Asked
from tests.durability.canary.search import Found, forms, search, written
from tests.durability.kills.process import PATIENCE_S, ROOT
from tests.durability.kills.reckoning import records_in, starts_in

NAME, PHONE, IDENTITY = "欧阳金丝雀", "13900007531", "370811199001017531"
NUMBERS = ("CANARY370811202611230001", "CANARY370811202611230002", "CANARY370811202611230003")
ASK = "canary-ask-0007531"
WORDS = (NAME, PHONE, IDENTITY, *NUMBERS, ASK)
WITH_CORES = ("sh", "-c", 'ulimit -c unlimited; exec "$@"', "sh")


def case(number: str) -> dict[str, object]:
    return {
        "projectNo": number,
        "serviceNumber": 1,
        "taskCode": "11370800MB2848",
        "projectName": f"{NAME}的不动产登记",
        "userName": NAME,
        "certKey": IDENTITY,
        "handleUserName": NAME,
        "mobile": PHONE,
    }


class Place:
    """A hall whose every file lies in one folder: home, caches and temporary files of the kiosk's process too."""

    def __init__(self, root: Path, hall: Hall, qtbot: QtBot) -> None:
        self.root, self.hall = root, hall
        self._qtbot = qtbot

    def until(self, holds: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(holds, timeout=int(PATIENCE_S * 1000))

    @contextmanager
    def kiosk(self, life: int) -> Iterator["subprocess.Popen[bytes]"]:
        """Ready when it has met its evaluator and answers the window's computer. It is allowed to leave a core."""
        with (self.root / "kiosk.log").open("ab") as log:
            process = subprocess.Popen(
                [*WITH_CORES, sys.executable, "-m", "kiosk", "run", "--windowed", "--config", str(self.hall.config)],
                stdout=log,
                stderr=log,
                cwd=self.root / "work",
                env=self._environment(),
            )
        try:
            self.until(lambda: starts_in(records_in(self.hall.state)) == life and self._answers())
            yield process
        finally:
            process.kill()
            process.wait(PATIENCE_S)

    def ask(self, window: str, number: str, ask: str = "") -> None:
        before = self.asked()
        self._call(window, {"cases": [case(number)]} | ({"ask": ask} if ask else {}))
        self.until(lambda: self.asked() == before + 1)

    def asked(self) -> int:
        return sum(isinstance(record, Asked) for record in records_in(self.hall.state))

    def at_hub(self) -> dict[str, int]:
        return dict(self.hall.hub_counts(hall_day(SystemClock().now().wall_ms, 480)[0])["outcomes"])

    def finds(self) -> list[Found]:
        return search(self.root, WORDS)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.hall.window_port}/openapi.json", timeout=10):
                return True
        except OSError:
            return False

    def _call(self, window: str, body: dict[str, object]) -> None:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.hall.window_port}/v1/windows/{window}/visits",
            data=json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.hall.tokens[window]}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            assert answer.status == 201

    def _environment(self) -> dict[str, str]:
        """Nothing of ours but the path: what a library keeps for its user, it keeps in here."""
        folders = {
            "HOME": "home",
            "TMPDIR": "tmp",
            "XDG_CONFIG_HOME": "home/config",
            "XDG_CACHE_HOME": "home/cache",
            "XDG_DATA_HOME": "home/data",
            "XDG_STATE_HOME": "home/state",
            "XDG_RUNTIME_DIR": "run",
        }
        for name in (*folders.values(), "work"):
            (self.root / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "LC_ALL": "C.UTF-8",
            "QT_QPA_PLATFORM": "offscreen",
            "QT_QUICK_BACKEND": "software",
            **{name: str(self.root / folder) for name, folder in folders.items()},
        }


@pytest.fixture
def place(tmp_path: Path, qtbot: QtBot) -> Iterator[Place]:
    with open_hall(tmp_path, free_port()) as hall:
        yield Place(tmp_path, hall, qtbot)


def test_who_a_case_is_about_stands_in_no_file(place: Place) -> None:
    with place.kiosk(1) as kiosk:
        place.ask("3", NUMBERS[0], ASK)
        place.hall.box.press(ADDRESS["3"], 5)
        place.until(lambda: place.at_hub() == {"5": 1})
        place.ask("3", NUMBERS[1])
        place.ask("4", NUMBERS[2])
        assert [path for path in files_written_by(kiosk.pid) if not path.is_relative_to(place.root)] == []
        assert place.finds() == [], "while it runs, in mid-visit"
        kiosk.kill()
        kiosk.wait(PATIENCE_S)
    assert (place.hall.state / "journal.db-wal").stat().st_size > 0, "the log is searched as the kill left it"
    assert place.finds() == [], "after SIGKILL"

    with place.kiosk(2) as kiosk:
        place.ask("3", NUMBERS[1])
        kiosk.send_signal(signal.SIGABRT)
        # The stacks that are told at the end belong to threads that go on running: telling them may crash in turn.
        assert kiosk.wait(PATIENCE_S) in {-signal.SIGABRT, -signal.SIGSEGV}
    assert "Fatal Python error: Aborted" in (place.root / "kiosk.log").read_text("utf-8")
    assert cores_in(place.root) == []
    assert place.finds() == [], "after a crash"

    with place.kiosk(3) as kiosk:
        kiosk.terminate()
        assert kiosk.wait(PATIENCE_S) == 0
    assert place.finds() == [], "after an ordinary end"


def test_the_program_can_leave_no_core_dump(place: Place) -> None:
    with place.kiosk(1) as kiosk:
        assert resource.prlimit(kiosk.pid, resource.RLIMIT_CORE) == (0, 0)


def test_a_program_that_may_dump_is_not_dumpable_any_more(tmp_path: Path) -> None:
    """What holds where the kernel pipes cores to a collector: the limit does not count there."""
    ask = "import ctypes; before = ctypes.CDLL(None).prctl(3)"
    harden = "from kiosk.hardening import leave_no_core_dump; leave_no_core_dump()"
    tell = "print(before, ctypes.CDLL(None).prctl(3))"
    done = subprocess.run(
        [sys.executable, "-c", f"{ask}; {harden}; {tell}"], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == ["1", "0"]


def test_a_crash_without_the_hardening_is_found_by_the_search(tmp_path: Path) -> None:
    """The test of the test. Where the kernel sends cores elsewhere, the core is not here to be searched."""
    pattern = Path("/proc/sys/kernel/core_pattern").read_text("utf-8")
    program = f"import os; word = {NAME!r} + str(os.getpid()); os.abort()"

    ended = subprocess.run([*WITH_CORES, sys.executable, "-c", program], cwd=tmp_path, check=False)

    assert ended.returncode == -signal.SIGABRT
    assert bool(cores_in(tmp_path)) == (not pattern.startswith(("|", "/")))
    assert bool(search(tmp_path, [NAME])) == bool(cores_in(tmp_path))


@pytest.mark.parametrize("word", [NAME, PHONE])
def test_the_search_finds_a_word_in_each_form(tmp_path: Path, word: str) -> None:
    for form in forms(word):
        (tmp_path / form).mkdir()
        (tmp_path / form / "planted").write_bytes(b"\0" * 5000 + written(word, form) + b"\xff" * 5000)

    found = search(tmp_path, WORDS)

    assert {one.path.parent.name for one in found} == set(forms(word))
    assert {one.word for one in found} == {word}


def test_the_search_finds_a_word_in_the_name_of_a_file(tmp_path: Path) -> None:
    (tmp_path / f"{NUMBERS[0]}.txt").touch()

    assert {found.word for found in search(tmp_path, WORDS)} == {NUMBERS[0]}


def files_written_by(pid: int) -> Sequence[Path]:
    """Ordinary files that a process has open for writing."""
    found = []
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed since
            target = link.readlink()
            lines = Path(f"/proc/{pid}/fdinfo/{link.name}").read_text("ascii").splitlines()
            (flags,) = [int(line.split()[1], 8) for line in lines if line.startswith("flags")]
            ordinary = target.is_absolute() and not str(target).startswith(("/dev/", "/memfd:"))
            if ordinary and flags & os.O_ACCMODE != os.O_RDONLY:
                found.append(target)
    return found


def cores_in(root: Path) -> list[Path]:
    """By their first bytes, whatever they are called."""
    return [path for path in root.rglob("*") if path.is_file() and _is_core(path)]


def _is_core(path: Path) -> bool:
    with path.open("rb") as stream:
        start = stream.read(18)
    return start[:4] == b"\x7fELF" and start[16:18] == b"\x04\x00"
