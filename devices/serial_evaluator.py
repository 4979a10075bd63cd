"""The evaluators on one serial port: a thread that reads it, finds it again when it is lost, and tells facts.

The thread blocks in the read and wakes for bytes only. While part of a frame is held it waits for the rest with the
profile's inter-byte time as deadline, so that a broken frame cannot hold up the good one behind it.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from devices.facts import Cause, EvaluatorFound, EvaluatorLost, Fact
from devices.frames import FrameEvent
from devices.framing import parser_for
from devices.interpreter import Counts, Interpreter
from devices.profile_parts import Profile
from devices.serial_port import PortError, SerialPort

_log = logging.getLogger(__name__)

_REOPEN_DELAYS_S = (0.2, 0.4, 0.8, 1.6)
_OUTGOING_FRAMES = 64


class SerialEvaluator:
    """`listener` is called on the reader's thread and must not block; an exception from it is a bug that ends the
    thread. `addresses` are the boxes on this port that are ours; `port` is opened by this very path every time.
    """

    def __init__(
        self,
        name: str,
        port: str,
        profile: Profile,
        addresses: frozenset[int],
        listener: Callable[[Fact], None],
        acknowledge: bool = False,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """ValueError if an address is not an evaluator's, or if there is no acknowledgement to switch on."""
        evaluators = profile.addresses.evaluators
        if not addresses or not all(address in evaluators for address in addresses):
            raise ValueError(f"evaluator {name}: addresses must lie in {evaluators.start:#x}..{evaluators[-1]:#x}")
        if acknowledge and not profile.can_acknowledge:
            raise ValueError(f"evaluator {name}: profile {profile.name} has no acknowledgement")
        self._name = name
        self._path = port
        self._profile = profile
        self._addresses = addresses
        self._listener = listener
        self._acknowledges = acknowledge
        self._interpreter = Interpreter(name, profile, addresses, monotonic)
        self._thread = threading.Thread(target=self._run, name=f"evaluator-{name}", daemon=True)
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._port: SerialPort | None = None
        self._outgoing: deque[bytes] = deque(maxlen=_OUTGOING_FRAMES)
        self._lost_by: Cause | None = None
        self._failures = 0

    @property
    def counts(self) -> Counts:
        """What has been heard since the start. May be asked from any thread."""
        return self._interpreter.counts

    def start(self) -> None:
        """Starts the reader; an evaluator starts once. A port that cannot be opened is a fact, not an error."""
        self._thread.start()

    def stop(self, deadline_s: float = 2.0) -> None:
        """Ends the reader and closes the port; returns after `deadline_s` at the latest. Not for the listener."""
        self._stopping.set()
        with self._lock:
            if self._port is not None:
                self._port.wake()
        if self._thread.ident is not None:
            self._thread.join(deadline_s)
        if self._thread.is_alive():
            _log.error("evaluator %s did not stop within %s s", self._name, deadline_s)

    def acknowledge(self, address: int) -> None:
        """Thanks the box at `address`, with the same bytes for every level. Does nothing unless switched on; never
        waits. Dropped while the port is lost: a late one could start the box. ValueError for a foreign address.
        """
        if address not in self._addresses:
            raise ValueError(f"evaluator {self._name} has no address {address:#x}")
        if not self._acknowledges:
            return
        frame = self._profile.command_frame("acknowledge", address)
        with self._lock:
            if self._port is not None:
                self._outgoing.append(frame)
                if len(self._outgoing) == 1:
                    self._port.wake()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with self._opened() as port:
                    self._tell_found()
                    self._read(port)
            except PortError as lost:
                self._tell_lost(lost)
                self._stopping.wait(self._reopen_delay_s())

    @contextmanager
    def _opened(self) -> Iterator[SerialPort]:
        port = SerialPort(self._path, self._profile.link)
        with self._lock:
            self._port = port
        try:
            yield port
        finally:
            with self._lock:
                self._port = None
                self._outgoing.clear()
            port.close()

    def _read(self, port: SerialPort) -> None:
        parser = parser_for(self._profile.framing)
        silence_s = self._profile.link.inter_byte_ms / 1000
        while not self._stopping.is_set():
            self._send_outgoing(port)
            data = port.read(silence_s if parser.pending else None)
            if data is None:
                self._tell_events(parser.flush())
            elif data:
                self._failures = 0
                self._tell_events(parser.feed(data))

    def _send_outgoing(self, port: SerialPort) -> None:
        with self._lock:
            frames = tuple(self._outgoing)
            self._outgoing.clear()
        for frame in frames:
            port.write(frame)

    def _tell_events(self, events: Iterable[FrameEvent]) -> None:
        for event in events:
            fact = self._interpreter.interpret(event)
            if fact is not None:
                self._listener(fact)

    def _tell_found(self) -> None:
        self._lost_by = None
        _log.info("evaluator %s: port %s is open", self._name, self._path)
        self._listener(EvaluatorFound(self._name, self._path))

    def _tell_lost(self, lost: PortError) -> None:
        if lost.cause != self._lost_by:
            self._lost_by = lost.cause
            _log.warning("evaluator %s: %s", self._name, lost)
            self._listener(EvaluatorLost(self._name, self._path, str(lost), lost.cause))

    def _reopen_delay_s(self) -> float:
        delay_s = _REOPEN_DELAYS_S[min(self._failures, len(_REOPEN_DELAYS_S) - 1)]
        self._failures += 1
        return delay_s
