"""Programs under strace: the kiosk's own process with a hand on its glass, or any other that speaks line by line."""

import json
import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from kiosk.own_command import own_command
from tests.durability.strace_replay.trace import strace_command

DEADLINE_S: Final = 30


class TracedProcess:
    """Started on construction. Ended when the block is left, however it is left."""

    def __init__(self, command: Sequence[str], trace: Path, log: Path) -> None:
        self._trace = trace
        with log.open("ab") as stream:
            self._strace = subprocess.Popen(
                [*strace_command(trace), *command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stream,
                text=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._strace.poll() is None:
            self.kill()
        for stream in (self._strace.stdin, self._strace.stdout):
            if stream:
                stream.close()

    def hear(self) -> str:
        """The next line of its standard output; empty at the end."""
        assert self._strace.stdout is not None
        return self._strace.stdout.readline().rstrip("\n")

    def say(self, line: str) -> None:
        assert self._strace.stdin is not None
        self._strace.stdin.write(line + "\n")
        self._strace.stdin.flush()

    def kill(self) -> None:
        """SIGKILL to the traced program; strace then writes its last line and ends by itself."""
        children = Path(f"/proc/{self._strace.pid}/task/{self._strace.pid}/children").read_text("ascii").split()
        for child in map(int, children):
            os.kill(child, signal.SIGKILL)
        self._strace.wait(DEADLINE_S)

    def wait(self) -> None:
        self._strace.wait(DEADLINE_S)

    def end(self) -> None:
        """Closes its standard input and waits until it has ended in good order."""
        assert self._strace.stdin is not None
        self._strace.stdin.close()
        code = self._strace.wait(DEADLINE_S)
        assert code == 0, f"it ended with {code}"


class TracedKiosk(TracedProcess):
    """Its hand obeys; `orders` has what each line of its standard output answers."""

    def __init__(self, config: Path, trace: Path, log: Path) -> None:
        super().__init__(own_command("demo", "--stage", str(config)), trace, log)
        self._log = log
        self.orders: list[str] = ["start"]

    def __enter__(self) -> Self:
        """Ready when its first frame has been shown."""
        try:
            self._answer()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def touch(self, name: str) -> None:
        self._order(f"touch {name}", do="touch", name=name)

    def wait_for(self, name: str) -> None:
        self._order(f"wait {name}", do="wait", name=name, seconds=DEADLINE_S)

    def answer_once_more(self) -> None:
        """strace writes a call down when it has returned: what was said before this answer is in the trace then."""
        self._order("once more", do="wait", name="confirmed", seconds=DEADLINE_S)

    def _order(self, order: str, **words: Any) -> None:
        self.orders.append(order)
        self.say(json.dumps(words))
        self._answer()

    def _answer(self) -> None:
        line = self.hear()
        assert line, f"the kiosk ended by itself: {self._log.read_text('utf-8')}"
        answer = json.loads(line)
        assert "fault" not in answer, f"{self.orders[-1]}: {answer['fault']}"
