"""A five-button box without hardware: it speaks a profile's frames on a pseudo-terminal, or types them into a FIFO.

The real reader talks to it as it would to a box. It does not emulate the line's speed, parity or electrical faults,
and it does not show what a box would show.
"""

import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from devices.event_fifo import EventFifo
from devices.frames import Frame
from devices.framing import parser_for
from devices.host_frames import reply_to
from devices.keystrokes import CODE_BYTES
from devices.misbehaviour import Fault, pieces
from devices.profile_parts import KeyboardLink, Profile
from devices.pseudo_terminal import PseudoTerminal

_STUCK_EVERY_S: Final = 0.1


class EmulatedEvaluator:
    """Plugged in from the start; `close` or the end of a `with` block unplugs it for good.

    With `link` a host should open that path: it stays the same over `unplug` and `plug`, as a by-id path does.
    `on_received` is called with each frame of the host, on a thread of the emulator's own. `answers`: it gives the
    replies that the profile names. `faults` may be changed at any time.
    """

    def __init__(
        self,
        profile: Profile,
        link: Path | None = None,
        *,
        on_received: Callable[[bytes], None] | None = None,
        answers: bool = False,
    ) -> None:
        self.answers = answers
        self.faults: set[Fault] = set()
        self._profile = profile
        self._link = link
        self._on_received = on_received
        self._parser = parser_for(profile.framing)
        self._received: list[bytes] = []
        self._news = threading.Condition()
        self._types = isinstance(profile.link, KeyboardLink)
        self._line = EventFifo(link) if self._types else PseudoTerminal(self._hear, link)
        self._last_path = ""
        self._merging = b""
        self._freed = threading.Event()
        self._sticking: threading.Thread | None = None
        self.plug()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def path(self) -> str:
        """The path of the pseudo-terminal or FIFO itself; while unplugged, the one it had last."""
        return self._last_path

    @property
    def port(self) -> str:
        """What a host opens: the link if there is one, else `path`."""
        return str(self._link) if self._link else self._last_path

    @property
    def plugged(self) -> bool:
        return self._line.line is not None

    @property
    def stuck(self) -> bool:
        return self._sticking is not None

    @property
    def received(self) -> tuple[bytes, ...]:
        """The frames heard from the host so far, without their preamble."""
        with self._news:
            return tuple(self._received)

    def wait_received(self, count: int, deadline_s: float) -> tuple[bytes, ...]:
        """`received`, once it has `count` frames or the deadline has passed."""
        with self._news:
            self._news.wait_for(lambda: len(self._received) >= count, deadline_s)
            return tuple(self._received)

    def press(self, address: int, level: int) -> bytes:
        """Presses a key, with the faults that are on; returns what was sent, nothing where it waits to be merged.
        ValueError for a foreign address or no such level.
        """
        frame = self._frame(address, level)
        neighbour = next((other for other in self._profile.levels if other != level), level)
        sent, self._merging = pieces(
            frame, self._profile.press_frame(address, neighbour), self.faults, self._unit, self._merging
        )
        for piece in sent:
            self.send(piece)
        return b"".join(sent)

    def stick(self, address: int, level: int) -> None:
        """A key that does not come up again, until `free`. ValueError as `press`."""
        frame = self._frame(address, level)
        self.free()
        self._freed.clear()
        self.send(frame)
        self._sticking = threading.Thread(target=self._repeat, args=(frame,), name="stuck-key", daemon=True)
        self._sticking.start()

    def free(self) -> None:
        """Lets the stuck key go. Nothing happens where none is stuck."""
        self._freed.set()
        if self._sticking is not None:
            self._sticking.join()
            self._sticking = None

    def send(self, data: bytes) -> int:
        """Puts raw bytes on the line, codes of keys for a box that types; returns how many it took (0 while
        unplugged).
        """
        return self._line.write(data)

    def plug(self) -> None:
        """Puts the box on a new line. OSError if something that is no line stands at `link`."""
        self._line.plug()
        self._last_path = self._line.line or self._last_path

    def unplug(self) -> None:
        """Pulls the box out: the host's port dies and the link is gone."""
        self.free()
        self._merging = b""
        self._line.unplug()
        self._parser.flush()

    def close(self) -> None:
        self.unplug()
        if isinstance(self._line, EventFifo):
            self._line.close()

    @property
    def _unit(self) -> int:
        return CODE_BYTES if self._types else 1

    def _frame(self, address: int, level: int) -> bytes:
        evaluators = self._profile.addresses.evaluators
        if address not in evaluators:
            raise ValueError(f"an evaluator's address lies from {evaluators.start:02X} to {evaluators[-1]:02X}")
        if level not in self._profile.levels:
            known = ", ".join(map(str, self._profile.levels))
            raise ValueError(
                f"a level is 5 非常满意, 4 满意, 3 基本满意, 2 不满意 or 1 非常不满意; this box has {known}"
            )
        return self._profile.press_frame(address, level)

    def _repeat(self, frame: bytes) -> None:
        while not self._freed.wait(_STUCK_EVERY_S):
            if isinstance(self._line, EventFifo):
                self._line.hold(frame)
            else:
                self._line.write(frame)

    def _hear(self, data: bytes) -> None:
        frames = [event for event in self._parser.feed(data) if isinstance(event, Frame)]
        with self._news:
            self._received += [frame.raw for frame in frames]
            self._news.notify_all()
        for frame in frames:
            if self.answers and (reply := reply_to(self._profile, frame.body)):
                self.send(reply)
            if self._on_received is not None:
                self._on_received(frame.raw)
