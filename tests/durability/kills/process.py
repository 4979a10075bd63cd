"""The kiosk's process as the harness holds it: orders, reports, SIGKILL."""

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import kiosk
from tests.durability.kills.ledger import Life, boot_ms

PATIENCE_S: Final = 30.0
ROOT: Final = Path(kiosk.__file__).parents[1]
"""Where the program under test lies: its processes are started there."""


class KioskProcess:
    """Started on construction. Receipts go into `life` as they are shown; nobody waits for it unless asked to."""

    def __init__(self, config: Path, log: Path, life: Life, *options: str, before: Sequence[str] = ()) -> None:
        """`before`: a command that starts the kiosk somewhere else, such as in another mount namespace."""
        self._life = life
        self._log = log
        self._news = threading.Condition()
        self._reports: list[dict[str, Any]] = []
        self._gone = False
        with log.open("ab") as stream:
            self._process = subprocess.Popen(
                [*before, sys.executable, "-m", "tests.durability.kills.stage", str(config), *options],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stream,
                text=True,
                cwd=ROOT,
            )
        self._thread = threading.Thread(target=self._listen, name="stage-reports", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def touch(self, name: str) -> None:
        """Returns before the finger is down."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": "touch", "name": name}) + "\n")
        self._process.stdin.flush()

    def wait_for(self, report: str, seconds: float = PATIENCE_S, *, after: int = 0) -> int:
        """Until a report with this key was heard, `after` a number of reports; gives the number heard by then."""
        with self._news:
            self._news.wait_for(lambda: self._gone or self._find(report, after) is not None, seconds)
            found = self._find(report, after)
            assert found is not None, f"no {report} within {seconds} s; heard {self._reports[after:]}; see {self._log}"
            return found + 1

    def heard(self, report: str, seconds: float) -> bool:
        """Whether a report with this key came within so many seconds (or before)."""
        with self._news:
            return self._news.wait_for(lambda: self._gone or self._find(report, 0) is not None, seconds)

    def pass_time(self, seconds: float) -> None:
        """Lets the kiosk live on; it must not die by itself."""
        with self._news:
            assert not self._news.wait_for(lambda: self._gone, seconds), f"the kiosk ended by itself: see {self._log}"

    def kill(self) -> None:
        """SIGKILL; returns when everything that the kiosk said is in the ledger."""
        self._process.kill()
        self._process.wait()
        self._life.ended_ms = boot_ms()
        self._finish()

    def stop(self) -> int:
        """SIGTERM, as a supervisor ends it; gives the exit code."""
        self._process.terminate()
        code = self._process.wait(PATIENCE_S)
        self._life.ended_ms = boot_ms()
        self._finish()
        return code

    def _finish(self) -> None:
        self._thread.join(PATIENCE_S)
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            with contextlib.suppress(BrokenPipeError):  # an order that the dead process never read
                stream.close()

    def _find(self, report: str, after: int) -> int | None:
        return next((at for at in range(after, len(self._reports)) if self._reports[at].get(report)), None)

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if not line.endswith("\n"):
                break  # killed in mid-sentence
            if line == "\n":
                continue
            report = json.loads(line)
            with self._news:
                if "thanks" in report:
                    self._life.receipts.append(report["thanks"])
                self._reports.append(report)
                self._news.notify_all()
        with self._news:
            self._gone = True
            self._news.notify_all()
