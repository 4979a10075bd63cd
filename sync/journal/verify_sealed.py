"""Whether sealed boxes are what the asks committed to, and whether a record says why those that are gone have gone."""

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence

import msgspec

from sync.commitments import ask_of, commitments
from sync.records import Audit, Record
from sync.release import ReleaseText


class SealedBoxes:
    """What the records of one generation say about its boxes. Problems are told in plain English."""

    def __init__(self, connection: sqlite3.Connection, generation: str, first_position: int) -> None:
        self._connection = connection
        self.generation = generation
        self._first_position = first_position
        self.holders: set[int] = set()
        """Sequences of records that seal something: where boxes may stand."""
        self.bare: list[tuple[int, int]] = []
        """Sequence of each record of which a box is gone, and of the ask of its visit."""
        self.releases: list[ReleaseText] = []
        """By which boxes were destroyed, of this generation or one before."""
        self.was_salvaged = False
        """Goes on after a damaged file: boxes of the generations before may have gone with that."""

    def take(self, seq: int, record: Record | None) -> Iterator[str]:
        """A box may have been destroyed; one that is there is the one that was committed to."""
        if isinstance(record, Audit):
            yield from self._take_audit(record)
        committed, asked = commitments(record), ask_of(seq, record)
        if asked is None:
            return
        if committed:
            self.holders.add(seq)
        rows = self._connection.execute(
            "SELECT part, recipient, cipher FROM sealed WHERE position = ?", (self._first_position + seq,)
        )
        for part, recipient, cipher in rows:
            if committed.pop((part, recipient), None) != hashlib.sha256(cipher).digest():
                yield f"has a sealed {part} for {recipient} that it never committed to"
        if committed:
            self.bare.append((seq, asked))

    def _take_audit(self, audit: Audit) -> Iterator[str]:
        if audit.what == "salvaged":
            self.was_salvaged = True
        if audit.what == "sealed-destroyed":
            try:
                self.releases.append(msgspec.json.decode(str(audit.detail["release"]), type=ReleaseText))
            except (KeyError, msgspec.DecodeError):
                yield "says that sealed texts were destroyed, by a release that cannot be read"


def without_a_reason(generations: Sequence[SealedBoxes]) -> Iterator[tuple[str, int]]:
    """Generation and sequence of each record whose boxes are gone though none says why. Oldest generation first."""
    releases = [release for one in generations for release in one.releases]
    salvaged = max((at for at, one in enumerate(generations) if one.was_salvaged), default=-1)
    for at, one in enumerate(generations):
        own = [release for release in releases if release.generation == one.generation]
        for seq, asked in one.bare:
            if at >= salvaged and not any(release.covers(asked) for release in own):
                yield one.generation, seq
