"""A thread that waits, and talks to a hub over a line that can be cut from outside."""

import threading
from typing import Generic, Protocol, TypeVar


class Line(Protocol):
    def end(self) -> None:
        """Cuts what is on its way. From any thread."""

    def close(self) -> None: ...


L = TypeVar("L", bound=Line)


class LineThread(Generic[L]):
    """`_moved` guards `_stopping` and whatever else it waits for."""

    def __init__(self, name: str) -> None:
        self._moved = threading.Condition()
        self._stopping = False
        self._line: L | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def is_running(self) -> bool:
        return self._thread.is_alive()

    def start(self) -> None:
        self._thread.start()

    def stop(self, deadline_s: float = 5.0) -> None:
        """Cuts an exchange under way: what the other end took of it is a repeat next time."""
        with self._moved:
            self._stopping = True
            self._moved.notify_all()
            line = self._line
        if line is not None:
            line.end()
        if self._thread.is_alive():
            self._thread.join(deadline_s)

    def _run(self) -> None:
        line = self._open_line()
        with self._moved:
            self._line = line
        try:
            self._use(line)
        finally:
            line.close()

    def _open_line(self) -> L:
        """On the thread: libraries of the network load there."""
        raise NotImplementedError

    def _use(self, line: L) -> None:
        """Until `_stopping`."""
        raise NotImplementedError
