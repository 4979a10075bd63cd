"""The kiosk's process, as the morning holds it: orders to the hand on its glass, SIGKILL, a second start."""

import json
import subprocess
from pathlib import Path
from typing import Any

from kiosk.own_command import own_command


class StageError(Exception):
    """The kiosk did not do what the morning expected of it."""


class KioskProcess:
    """Started on construction; ready when its first frame has been shown."""

    def __init__(self, config: Path, log: Path) -> None:
        self._log = log
        self._stream = log.open("ab")
        self._process = subprocess.Popen(  # noqa: S603 - this very program
            own_command("demo", "--stage", str(config)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stream,
            text=True,
        )
        self._answer()

    def touch(self, name: str) -> None:
        self._order(do="touch", name=name)

    def hold_corner(self) -> None:
        self._order(do="corner")

    def picture(self, path: Path) -> None:
        self._order(do="picture", path=str(path))

    def wait_for(self, name: str, seconds: float = 10) -> None:
        self._order(do="wait", name=name, seconds=seconds)

    def kill(self) -> None:
        """SIGKILL: no goodbye, nothing flushed by the program."""
        self._process.kill()
        self._process.wait()
        self._close()

    def end(self) -> None:
        """Kills it if it still runs."""
        if self._process.poll() is None:
            self.kill()

    def stop(self) -> int:
        """SIGTERM, as a supervisor ends it. Gives the exit code."""
        self._process.terminate()
        code = self._process.wait(20)
        self._close()
        return code

    def _order(self, **order: Any) -> None:
        if self._process.stdin is None:
            raise StageError("the kiosk has no hand")
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        if fault := self._answer().get("fault"):
            raise StageError(f"{fault} (its log: {self._log})")

    def _answer(self) -> dict[str, Any]:
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            raise StageError(f"the kiosk ended by itself: see {self._log}")
        return dict(json.loads(line))

    def _close(self) -> None:
        for stream in (self._process.stdin, self._process.stdout, self._stream):
            if stream:
                stream.close()
