"""A five-button box without hardware: it speaks a profile's frames on a pseudo-terminal.

The real reader talks to it as it would to a box. It does not emulate the line's speed, parity or electrical faults,
and it does not show what a box would show.
"""

import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from devices.frames import Frame
from devices.framing import parser_for
from devices.profile_parts import Profile
from devices.pseudo_terminal import PseudoTerminal


class EmulatedEvaluator:
    """Plugged in from the start; `close` or the end of a `with` block unplugs it for good.

    With `link` a host should open that path: it stays the same over `unplug` and `plug`, as a by-id path does.
    `on_received` is called with each frame of the host, on a thread of the emulator's own.
    """

    def __init__(
        self, profile: Profile, link: Path | None = None, *, on_received: Callable[[bytes], None] | None = None
    ) -> None:
        self._profile = profile
        self._link = link
        self._on_received = on_received
        self._parser = parser_for(profile.framing)
        self._received: list[bytes] = []
        self._news = threading.Condition()
        self._terminal = PseudoTerminal(self._hear, link)
        self._last_path = ""
        self.plug()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def path(self) -> str:
        """The pseudo-terminal's own path; while unplugged, the one it had last."""
        return self._last_path

    @property
    def port(self) -> str:
        """What a host opens: the link if there is one, else `path`."""
        return str(self._link) if self._link else self._last_path

    @property
    def plugged(self) -> bool:
        return self._terminal.line is not None

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
        """Sends the frame of a pressed key and returns it. ValueError for a foreign address or no such level."""
        evaluators = self._profile.addresses.evaluators
        if address not in evaluators:
            raise ValueError(f"an evaluator's address lies from {evaluators.start:02X} to {evaluators[-1]:02X}")
        if level not in self._profile.keys.values():
            raise ValueError("a level is 5 非常满意, 4 满意, 3 基本满意, 2 不满意 or 1 非常不满意")
        frame = self._profile.press_frame(address, level)
        self.send(frame)
        return frame

    def send(self, data: bytes) -> int:
        """Puts raw bytes on the line; returns how many it took (0 while unplugged)."""
        return self._terminal.write(data)

    def plug(self) -> None:
        """Puts the box on a new pseudo-terminal. OSError if something that is no link stands at `link`."""
        self._terminal.plug()
        self._last_path = self._terminal.line or self._last_path

    def unplug(self) -> None:
        """Pulls the box out: the host's port dies and the link is gone."""
        self._terminal.unplug()
        self._parser.flush()

    def close(self) -> None:
        self.unplug()

    def _hear(self, data: bytes) -> None:
        frames = [event.raw for event in self._parser.feed(data) if isinstance(event, Frame)]
        with self._news:
            self._received += frames
            self._news.notify_all()
        if self._on_received is not None:
            for frame in frames:
                self._on_received(frame)
