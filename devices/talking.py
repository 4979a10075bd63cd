"""What the host has to say on one line: when each frame may go, which answer is awaited, which box has fallen silent.

No I/O: the reader's thread asks what is due and writes it. Everything here is bounded and nothing waits: a box that
does not answer costs a count.
"""

import heapq
import threading
from dataclasses import dataclass, field
from typing import NamedTuple

from devices.frames import Frame
from devices.profile_parts import Profile, SerialLink

ACKNOWLEDGEMENTS_APART_S = 2.0
"""A box that an acknowledgement starts anew may send its press again: it is not thanked for that one too."""
UNANSWERED_PROBES = 3

_WAITING_FRAMES = 64
_LONGEST_HOLD_S = 0.5
_STALE_S = 2.0
"""A frame that could not go out for so long would light a box for a citizen who has left."""


@dataclass(frozen=True, order=True, slots=True)
class Saying:
    """A frame on its way to a box, ordered by when it may go."""

    due_s: float
    turn: int
    command: str = field(compare=False)
    address: int = field(compare=False)
    frame: bytes = field(compare=False)


class _Awaited(NamedTuple):
    command: str
    address: int
    reply: int
    until_s: float


@dataclass(slots=True)
class _Box:
    """Times are those of the caller's clock, in seconds."""

    probe_s: float
    last_due_s: float = 0.0
    acknowledged_s: float | None = None
    unanswered: int = 0


class Talking:
    """`say` may be called from any thread, all else from the reader's. `now_s` is a clock that never goes back."""

    def __init__(self, profile: Profile, addresses: frozenset[int]) -> None:
        self._profile = profile
        self._addresses = tuple(sorted(addresses))
        self._lock = threading.Lock()
        self._turn = 0
        self._half_duplex = isinstance(profile.link, SerialLink) and profile.link.wiring == "rs485"
        self._hold_s = min(profile.link.silence_s, _LONGEST_HOLD_S)
        self._host_commands = frozenset(command.command for command in profile.commands.values()) - {None}
        self.answered = 0
        self.unanswered = 0
        self.opened(0.0)

    def opened(self, now_s: float) -> None:
        """The port has been opened: nothing is waiting, and every box counts as alive."""
        with self._lock:
            self._waiting: list[Saying] = []
            self._awaited: _Awaited | None = None
            self._last_frame = b""
            self._boxes = {address: _Box(now_s + self._every_s) for address in self._addresses}

    @property
    def silent(self) -> tuple[int, ...]:
        """The boxes that left so many probes in a row unanswered, and have said nothing since."""
        return tuple(address for address, box in self._boxes.items() if box.unanswered >= UNANSWERED_PROBES)

    def say(self, command: str, address: int, clerk: str, now_s: float) -> None:
        """Has the frame sent when its delay is over, behind what the same box is still to be told."""
        with self._lock:
            self._say(command, address, clerk, now_s)

    def due(self, now_s: float, *, mid_frame: bool = False) -> Saying | None:
        """The next frame to write now. The line belongs to the box while its answer is awaited, and a half-duplex one
        for a moment also while `mid_frame`: part of a frame has been heard.
        """
        with self._lock:
            self._give_up_answers(now_s)
            self._probe(now_s)
            while self._awaited is None and self._waiting and self._may_go_s(mid_frame) <= now_s:
                saying = heapq.heappop(self._waiting)
                if now_s - saying.due_s <= _STALE_S:
                    self._sent(saying, now_s)
                    return saying
            return None

    def wait_s(self, now_s: float, *, mid_frame: bool = False) -> float | None:
        """How long nothing is to be done unless bytes come; None for ever."""
        with self._lock:
            times = []
            if self._awaited is not None:
                times.append(self._awaited.until_s)
            elif self._waiting:
                times.append(self._may_go_s(mid_frame))
            if self._profile.can("probe"):
                times += [box.probe_s for box in self._boxes.values()]
            return max(0.0, min(times) - now_s) if times else None

    def heard(self, frame: Frame, now_s: float) -> None:
        """A whole frame has come over the line. On a half-duplex line that may be our own: no sign of life."""
        if self._half_duplex and self._last_frame.endswith(frame.raw):
            return
        address, command = self._profile.address_in(frame.body), self._profile.command_in(frame.body)
        with self._lock:
            awaited = self._awaited
            if awaited is not None and (address, command) == (awaited.address, awaited.reply):
                self.answered += 1
                self._awaited = None
            elif command in self._host_commands:
                return
            if (box := self._boxes.get(address)) is not None:
                box.unanswered = 0
                box.probe_s = now_s + self._every_s

    @property
    def _every_s(self) -> float:
        return self._profile.commands["probe"].every_s if self._profile.can("probe") else 0.0

    def _may_go_s(self, mid_frame: bool) -> float:
        return self._waiting[0].due_s + (self._hold_s if mid_frame and self._half_duplex else 0.0)

    def _say(self, command: str, address: int, clerk: str, now_s: float) -> None:
        box = self._boxes[address]
        if command == "acknowledge":
            if box.acknowledged_s is not None and now_s - box.acknowledged_s < ACKNOWLEDGEMENTS_APART_S:
                return
            box.acknowledged_s = now_s
        frame = self._profile.command_frame(command, address, clerk)
        if frame and len(self._waiting) < _WAITING_FRAMES:
            box.last_due_s = max(box.last_due_s, now_s + self._profile.commands[command].delay_ms / 1000)
            self._turn += 1
            heapq.heappush(self._waiting, Saying(box.last_due_s, self._turn, command, address, frame))

    def _probe(self, now_s: float) -> None:
        if not self._profile.can("probe"):
            return
        for address, box in self._boxes.items():
            if box.probe_s <= now_s:
                box.probe_s = now_s + self._every_s
                self._say("probe", address, "", now_s)

    def _sent(self, saying: Saying, now_s: float) -> None:
        self._last_frame = saying.frame
        command = self._profile.commands[saying.command]
        if command.reply is not None:
            until_s = now_s + command.reply_ms / 1000
            self._awaited = _Awaited(saying.command, saying.address, command.reply, until_s)

    def _give_up_answers(self, now_s: float) -> None:
        if self._awaited is None or now_s < self._awaited.until_s:
            return
        self.unanswered += 1
        if self._awaited.command == "probe":
            self._boxes[self._awaited.address].unanswered += 1
        self._awaited = None
