"""What a frame parser finds in a stream of bytes, and what every parser promises. No I/O here."""

from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

NOISE_BYTES = 64


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame whose constants and checksum are right. `raw` is the whole of it without the preamble."""

    body: bytes
    raw: bytes


@dataclass(frozen=True, slots=True)
class Broken:
    """Bytes that are no frame: a frame with a wrong checksum, or anything else (noise, at most 64 bytes at once).

    `body` is what the frame with the wrong checksum claims to carry, not to be relied on; noise has none.
    """

    kind: Literal["checksum", "noise"]
    raw: bytes
    body: bytes = b""


FrameEvent: TypeAlias = Frame | Broken


class FrameParser(Protocol):
    """Any chunking of the same bytes gives the same events. Nothing raises; memory is bounded."""

    @property
    def pending(self) -> bool:
        """Whether a silence would change anything: bytes are held that no event has told of yet, or what comes next
        would be read differently behind a silence. `flush` is due if the line falls silent.
        """
        ...

    def feed(self, data: bytes) -> list[FrameEvent]:
        """Takes the next bytes of the line; returns what has become certain."""
        ...

    def flush(self) -> list[FrameEvent]:
        """The line has fallen silent: a frame begun will not be finished; returns what is left."""
        ...


class Noise:
    """Bytes that are no frame, told of in pieces of 64 and whenever a frame or a silence ends them."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def __len__(self) -> int:
        return len(self._bytes)

    def add(self, data: bytes | bytearray, events: list[FrameEvent]) -> None:
        self._bytes += data
        whole = len(self._bytes) - len(self._bytes) % NOISE_BYTES
        events += [Broken("noise", bytes(self._bytes[at : at + NOISE_BYTES])) for at in range(0, whole, NOISE_BYTES)]
        del self._bytes[:whole]

    def end(self, events: list[FrameEvent], preamble: bytes = b"") -> None:
        """Tells of what is held, without the preambles that stand at the end of it."""
        while preamble and self._bytes.endswith(preamble):
            del self._bytes[-len(preamble) :]
        if self._bytes:
            events.append(Broken("noise", bytes(self._bytes)))
            self._bytes.clear()
