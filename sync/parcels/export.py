"""Writes what the hub has not acknowledged into a folder, as parcels. Reads the journal and moves no cursor."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sync.courier import Signing
from sync.packing import Packed, pack
from sync.parcels.folder import Folder
from sync.parcels.naming import Stretch
from sync.parcels.opening import OVERHEAD, SealedContents
from sync.parcels.parcel import MAX_PARCEL, ParcelError, Sender, write_parcel

if TYPE_CHECKING:
    from sync.journal.reader import Generation, JournalReader, Slice

RECORDS: Final = 500
"""In a batch: as many as the courier sends at once, and fewer where they are large."""
_MARGIN: Final = 8 * 1024
"""Bytes of a parcel for all but its batches and its changes of key."""


@dataclass(frozen=True, slots=True)
class Writer:
    """One kiosk that writes parcels."""

    sender: Sender
    token: str = field(repr=False)
    wall_ms: Callable[[], int]
    stopping: Callable[[], bool] = lambda: False
    most: int = MAX_PARCEL
    """Bytes of a parcel."""

    def export(self, reader: "JournalReader", since: tuple[str, int] | None, folder: Folder) -> list[Stretch]:
        """`since`: generation and sequence from which on nothing is acknowledged; None for everything. Gives what was
        written. Raises `OSError`, `JournalError`, `ParcelError`.
        """
        written = []
        for generation, first in _from(reader.generations(), since):
            for pieces in self._parcels(reader, generation.id, first):
                stretch = self._stretch(pieces)
                folder.write(stretch, "parcel", self._written(pieces, stretch))
                written.append(stretch)
                if self.stopping():
                    return written
        return written

    def _parcels(self, reader: "JournalReader", generation: str, first: int) -> Iterator[list[Packed]]:
        """Batches that fit into one parcel together, in order."""
        room, size, pieces = self._room(), 0, list[Packed]()
        for batch in self._batches(reader, generation, first):
            packed = batch
            if pieces and size + len(packed.content) > room:
                yield pieces
                size, pieces = 0, []
                packed = self._pack(batch.piece, 0)  # a parcel is read by itself: its first batch has all keys
            size += len(packed.content)
            pieces.append(packed)
        if pieces:
            yield pieces

    def _batches(self, reader: "JournalReader", generation: str, first: int) -> Iterator[Packed]:
        place, count, known = first, RECORDS, 0
        while (piece := reader.slice(generation, place, count)).bodies:
            packed = self._pack(piece, known)
            if packed.too_large or len(packed.content) > self._room():
                if count == 1:
                    raise ParcelError("too-large", f"record {place} does not fit into a parcel")
                count = max(1, len(piece.bodies) // 2)
                continue
            yield packed
            place, count, known = piece.next_seq, RECORDS, len(self.sender.changes)

    def _pack(self, piece: "Slice", known: int) -> Packed:
        signing = Signing(self.sender.sign, lambda: list(self.sender.changes))
        return pack(self.sender.device, piece, signing, self.wall_ms(), known)

    def _room(self) -> int:
        """Bytes for batches."""
        keys = 512 * len(self.sender.changes)
        return self.most - OVERHEAD - _MARGIN - keys

    def _stretch(self, pieces: Sequence[Packed]) -> Stretch:
        first, last = pieces[0].piece, pieces[-1].piece
        return Stretch(self.sender.device[:8], first.generation, first.from_seq, last.next_seq - 1)

    def _written(self, pieces: Sequence[Packed], stretch: Stretch) -> bytes:
        contents = SealedContents(self.token, [packed.content for packed in pieces])
        return write_parcel(self.sender, stretch, pieces[-1].piece.head_hash, contents, self.wall_ms())


def _from(generations: "list[Generation]", since: tuple[str, int] | None) -> "list[tuple[Generation, int]]":
    """Each generation from the one of the cursor on, and where to begin in it."""
    names = [generation.id for generation in generations]
    if since is None or since[0] not in names:
        return [(generation, 0) for generation in generations]
    start = names.index(since[0])
    return [(generation, since[1] if at == 0 else 0) for at, generation in enumerate(generations[start:])]
