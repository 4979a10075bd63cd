"""The parser of codes that stand alone: a key says one byte, or one keystroke, and nothing around it.

Nothing marks such a code as whole, so the silence before it must: a code counts behind a silence, and again as long as
the very same code repeats itself. A code that comes right behind another one is noise, up to the next silence: a
person cannot press two keys within the line's inter-byte time, but a disturbed line and a scanner do.
"""

from devices.frames import Frame, FrameEvent, Noise


class LoneCodeParser:
    def __init__(self, width: int) -> None:
        """`width`: bytes of a code."""
        self._width = width
        self._part = b""
        self._code = b""  # what has been heard since the silence, again and again
        self._mixed = False
        self._noise = Noise()

    @property
    def pending(self) -> bool:
        return bool(self._part or self._code)

    def feed(self, data: bytes) -> list[FrameEvent]:
        events: list[FrameEvent] = []
        data = self._part + data
        whole = len(data) - len(data) % self._width
        self._part = data[whole:]
        at = 0 if self._mixed else self._take_repeats(data[:whole], events)
        self._mixed = self._mixed or at < whole
        self._noise.add(data[at:whole], events)
        return events

    def flush(self) -> list[FrameEvent]:
        events: list[FrameEvent] = []
        self._noise.add(self._part, events)
        self._noise.end(events)
        self._part = self._code = b""
        self._mixed = False
        return events

    def _take_repeats(self, data: bytes, events: list[FrameEvent]) -> int:
        """Tells of the code at the beginning as often as it stands there; returns where another one stands."""
        width, at = self._width, 0
        if data and not self._code:
            self._code = data[:width]
        while at < len(data) and data[at : at + width] == self._code:
            events.append(Frame(self._code, self._code))
            at += width
        return at
