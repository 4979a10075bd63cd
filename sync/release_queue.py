"""Releases wait here, between the courier that heard them and the quiet moment in which they are carried out."""

import logging
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Final

from sync.records import At
from sync.release import Release

if TYPE_CHECKING:  # brings the cryptography in, which is loaded on the recorder's own thread
    from sync.journal.writer import Journal

log = logging.getLogger(__name__)

REST_MS: Final = 3_600_000
"""From one destroying to the next: each empties the write-ahead log and fills its reserve anew, a MiB of flash."""


@dataclass(frozen=True, slots=True)
class Order:
    """A release for the sealed boxes of one generation, and the public key that it must be signed with."""

    generation: str
    release: Release
    hub_key: bytes


class ReleaseQueue:
    """The newest release of each generation. Any thread may put one in; the recorder's carries them out."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: dict[str, Order] = {}
        self._judged: dict[str, Order] = {}
        self._rests_until: tuple[str, int] = ("", 0)

    def put(self, order: Order) -> bool:
        """Whether it brings something new: a hub says the same one again with each answer."""
        with self._lock:
            if order in (self._waiting.get(order.generation), self._judged.get(order.generation)):
                return False
            self._waiting[order.generation] = order
            return True

    def is_due(self, at: At) -> bool:
        """There is something to carry out, and the last time is long enough ago."""
        boot, boot_ms = self._rests_until
        with self._lock:
            return bool(self._waiting) and (at.boot != boot or at.boot_ms >= boot_ms)

    def carry_out(self, journal: "Journal", at: At) -> bool:
        """One pass for each generation; says whether anything was recorded. Raises `JournalError`."""
        recorded = False
        for order in self._all_waiting() if self.is_due(at) else []:
            progress = journal.carry_out(order, at)
            recorded |= progress.recorded
            if progress.outcome == "refused":
                log.warning("a release is refused: nothing is destroyed")
            elif progress.boxes:
                log.info("%d sealed boxes were destroyed on the hub's release", progress.boxes)
            if progress.outcome != "again":
                self._done(order)
                self._rests_until = (at.boot, at.boot_ms + REST_MS) if progress.recorded else self._rests_until
        journal.forget_destroyed()
        return recorded

    def _all_waiting(self) -> list[Order]:
        with self._lock:
            return list(self._waiting.values())

    def _done(self, order: Order) -> None:
        """Carried out or refused: not wanted again."""
        with self._lock:
            self._judged[order.generation] = order
            if self._waiting.get(order.generation) == order:
                del self._waiting[order.generation]
