"""What a frame parser finds in a stream of bytes, and what every parser promises. No I/O here."""

from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias


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
        """Whether bytes are held that no event has told of yet: `flush` is due if the line falls silent."""
        ...

    def feed(self, data: bytes) -> list[FrameEvent]:
        """Takes the next bytes of the line; returns what has become certain."""
        ...

    def flush(self) -> list[FrameEvent]:
        """The line has fallen silent: a frame begun will not be finished; returns what is left."""
        ...
