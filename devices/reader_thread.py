"""A thread that keeps one port open: it serves the port while it lasts, finds it again when it is lost, and says so."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar

from devices.facts import Cause, EvaluatorFound, EvaluatorLost, Fact
from devices.port_error import PortError

_log = logging.getLogger(__name__)

_REOPEN_DELAYS_S = (0.2, 0.4, 0.8, 1.0)


class OpenPort(Protocol):
    """`wake` may be called from any thread, all else from the reading one alone."""

    @property
    def path(self) -> str: ...

    @property
    def identity(self) -> str: ...

    def wake(self) -> None:
        """Ends a blocking read."""
        ...

    def close(self) -> None:
        """Never fails: the port may be gone already."""
        ...


_Port = TypeVar("_Port", bound=OpenPort)


class ReaderThread(Generic[_Port]):
    """`opened` opens the port anew each time. `serve` reads it until `stopping`; both raise PortError when the port
    cannot be used. `place` is what an engineer knows the port by while it is not found.
    """

    def __init__(
        self,
        name: str,
        place: str,
        opened: Callable[[], _Port],
        serve: Callable[[_Port], None],
        listener: Callable[[Fact], None],
    ) -> None:
        self._name = name
        self._place = place
        self._opened = opened
        self._serve = serve
        self._listener = listener
        self._thread = threading.Thread(target=self._run, name=f"evaluator-{name}", daemon=True)
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._port: _Port | None = None
        self._lost_by: Cause | None = None
        self._failures = 0
        self.identity = ""
        """Of the port that was open last."""

    @property
    def stopping(self) -> bool:
        return self._stopping.is_set()

    def start(self) -> None:
        self._thread.start()

    def stop(self, deadline_s: float) -> None:
        self._stopping.set()
        self.with_port(lambda port: port.wake())
        if self._thread.ident is not None:
            self._thread.join(deadline_s)
        if self._thread.is_alive():
            _log.error("evaluator %s did not stop within %s s", self._name, deadline_s)

    def with_port(self, act: Callable[[_Port], None]) -> None:
        """Calls `act` with the port, which stays open meanwhile; not at all while the port is lost. `act` must not
        block.
        """
        with self._lock:
            if self._port is not None:
                act(self._port)

    def heard_something(self) -> None:
        """The port is of use: the next time it is lost, it is tried again soon."""
        self._failures = 0

    def tell_lost(self, port: str, reason: str, cause: Cause) -> None:
        _log.warning("evaluator %s: %s", self._name, reason)
        self._listener(EvaluatorLost(self._name, port, reason, cause))

    def tell_found(self, port: str) -> None:
        _log.info("evaluator %s: port %s is open", self._name, port)
        self._listener(EvaluatorFound(self._name, port, self.identity))

    def _run(self) -> None:
        while not self.stopping:
            try:
                with self._kept_open() as port:
                    self._lost_by = None
                    self.tell_found(port.path)
                    self._serve(port)
            except PortError as lost:
                self._lost(lost)
                self._stopping.wait(self._reopen_delay_s())

    @contextmanager
    def _kept_open(self) -> Iterator[_Port]:
        port = self._opened()
        self.identity = port.identity
        with self._lock:
            self._port = port
        try:
            yield port
        finally:
            with self._lock:
                self._port = None
            port.close()

    def _lost(self, lost: PortError) -> None:
        if lost.cause != self._lost_by:
            self._lost_by = lost.cause
            self.tell_lost(self._place, str(lost), lost.cause)

    def _reopen_delay_s(self) -> float:
        delay_s = _REOPEN_DELAYS_S[min(self._failures, len(_REOPEN_DELAYS_S) - 1)]
        self._failures += 1
        return delay_s
