"""The parser of lines: codes of one or two bytes up to an end, with nothing that marks a beginning.

A line that is too short, too long or cut short is noise as a whole, its end included: the tail of a torn line could
look like a key.
"""

from collections.abc import Callable
from dataclasses import dataclass

from devices.frames import Broken, Frame, FrameEvent, Noise
from devices.scanning import Verdict


@dataclass(frozen=True, slots=True)
class LineShape:
    """`width`: bytes of a code, in which `end` is looked for; `longest`: bytes of a line before its end."""

    end: bytes
    width: int
    longest: int
    judge: Callable[[bytes], Verdict]
    """What a whole line is, its end included."""
    body_of: Callable[[bytes], bytes]


class LineParser:
    def __init__(self, shape: LineShape) -> None:
        self._shape = shape
        self._buffer = bytearray()
        self._noise = Noise()
        self._too_long = False  # the line begun is noise already, up to its end

    @property
    def pending(self) -> bool:
        return bool(self._buffer or self._noise or self._too_long)

    def feed(self, data: bytes) -> list[FrameEvent]:
        events: list[FrameEvent] = []
        self._buffer += data
        at = 0
        while (end_at := self._find_end(at)) >= 0:
            after = end_at + len(self._shape.end)
            self._tell(bytes(self._buffer[at:after]), events)
            at = after
        del self._buffer[:at]
        self._drop_too_long(events)
        return events

    def flush(self) -> list[FrameEvent]:
        events: list[FrameEvent] = []
        self._noise.add(self._buffer, events)
        self._buffer.clear()
        self._noise.end(events)
        self._too_long = False
        return events

    def _find_end(self, at: int) -> int:
        end, width = self._shape.end, self._shape.width
        found = self._buffer.find(end, at)
        while found >= 0 and (found - at) % width:
            found = self._buffer.find(end, found + 1)
        return found

    def _tell(self, raw: bytes, events: list[FrameEvent]) -> None:
        too_long = self._too_long or len(raw) > self._shape.longest + len(self._shape.end)
        verdict = Verdict.NO_START if too_long else self._shape.judge(raw)
        self._too_long = False
        match verdict:
            case Verdict.GOOD:
                events.append(Frame(self._shape.body_of(raw), raw))
            case Verdict.WRONG_CHECKSUM:
                events.append(Broken("checksum", raw, self._shape.body_of(raw)))
            case Verdict.NO_START:
                self._noise.add(raw, events)
                self._noise.end(events)

    def _drop_too_long(self, events: list[FrameEvent]) -> None:
        held = len(self._buffer)
        if self._too_long or held >= self._shape.longest + len(self._shape.end):
            self._too_long = True
            keep = len(self._shape.end) - 1
            drop = (held - keep) // self._shape.width * self._shape.width
            if drop > 0:
                self._noise.add(self._buffer[:drop], events)
                del self._buffer[:drop]
