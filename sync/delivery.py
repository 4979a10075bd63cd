"""One pass of the courier: from where the hub stands to the journal's end, in batches.

Moves on only when the hub's answer names our device, our generation and our own hash. Everything else leaves the place
where it is; after any failure the hub is asked anew where it stands.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, assert_never

from sync.anchors import ClockEvidence, hub_evidence
from sync.answers import Busy, Failure, NotNext, Portal, Refused, TooLarge, Unreachable
from sync.courier import Signing
from sync.hub_client import HubClient
from sync.meeting_place import meeting_place
from sync.packing import Packed, pack
from sync.release import Release
from sync.wire import MAX_COMPRESSED, Reply, Standing

if TYPE_CHECKING:
    from sync.journal.reader import Generation, Slice

log = logging.getLogger(__name__)

USUAL: Final = 250
LARGEST: Final = 1000
"""Records in a batch."""
FIRST_ROOM: Final = 16 * 1024
"""Bytes of the first batch: nobody knows the line yet, and on a slow one a long batch is cut at the deadline."""
LEAST_ROOM: Final = 1024


class Shelf(Protocol):
    """What is read of the journal: `sync.journal.reader.JournalReader`."""

    def generations(self) -> "list[Generation]":
        """Oldest first."""

    def hash_at(self, generation: "Generation", seq: int) -> bytes:
        """Of a record that is there; of the genesis for -1."""

    def slice(self, identity: str, from_seq: int, limit: int) -> "Slice":
        """Without bodies where the journal ends at `from_seq`."""

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Reached:
    """The hub has proved that it holds everything of `generation` below `next_seq`."""

    generation: str
    next_seq: int
    upstream: dict[str, Any] | None = None
    """What it said of the nodes behind it, as it came."""
    mismatch: bool | None = None
    """Whether it counts otherwise than this device; None where it did not say."""


@dataclass(frozen=True, slots=True)
class Held:
    """The pass ended early. `code` is for programs, `reason` is plain English, `wait_s` what the hub asked for."""

    link: Literal["unreachable", "portal", "refused"]
    code: str
    reason: str
    wait_s: float | None = None


class Delivery:
    """Belongs to the courier's thread. `reached` is called after every step forward, `stopping` asked before each,
    `clock` told what time it is at the hub, `release` which sealed texts of a generation the hub lets go.
    """

    def __init__(
        self,
        device: str,
        client: HubClient,
        shelf: Shelf,
        signing: Signing,
        wall_ms: Callable[[], int],
        reached: Callable[[Reached], None],
        stopping: Callable[[], bool],
        clock: Callable[[ClockEvidence], None] | None = None,
        release: Callable[[str, Release], None] | None = None,
    ) -> None:
        self._device = device
        self._client = client
        self._shelf = shelf
        self._signing = signing
        self._wall_ms = wall_ms
        self._reached = reached
        self._stopping = stopping
        self._clock = clock
        self._release = release
        self._places: dict[str, int] | None = None
        self._hub_epoch = 0
        self._size = USUAL
        self._room = FIRST_ROOM
        self.forked = False
        """The hub holds records of this device that its journal does not have."""

    def forget_place(self) -> None:
        """The next pass begins by asking the hub."""
        self._places = None

    def run(self) -> Held | None:
        """None when everything is at the hub (or `stopping`). Raises `JournalError`."""
        held = self._pass()
        if isinstance(held, NotNext):
            self._places = None
            held = self._pass()
        if isinstance(held, NotNext):
            held = Held("refused", "gap", f"the hub wants sequence {held.next} and says another when asked")
        if held is not None:
            self._places = None
        return held

    def _pass(self) -> Held | NotNext | None:
        resumes = self._places is None
        upstream: dict[str, Any] | None = None
        if resumes:
            standing = self._client.standing()
            if not isinstance(standing, Standing):
                return _held(standing)
            if standing.device != self._device:
                return _wrong_answer("it spoke of another device")
            self._hear(standing.time_ms)
            self._resume(standing)
            upstream = standing.upstream
        for generation in self._shelf.generations():
            if resumes and generation.id in (self._places or {}):
                # in their order: no cursor goes to a later generation while something of this one is open
                self._reached(Reached(generation.id, self._place(generation.id), upstream))
            if self._place(generation.id) < generation.next_seq:
                held = self._send_all(generation.id)
                if held is not None:
                    return held
        return None

    def _hear(self, time_ms: int) -> None:
        """Only from an answer that is the hub's for certain."""
        exchange = self._client.exchange
        evidence = hub_evidence(exchange, time_ms) if exchange is not None else None
        if evidence is not None and self._clock is not None:
            self._clock(evidence)

    def _resume(self, standing: Standing) -> None:
        """From the hub's word and our own hashes: where the two are the same for certain."""
        self._hub_epoch = standing.epoch
        self._places, self.forked = {}, False
        at_hub = {one.generation: one for one in standing.generations}
        for generation in self._shelf.generations():
            known = at_hub.get(generation.id)
            if known is None:
                continue
            found = meeting_place(known, partial(self._is_ours, generation))
            self.forked = self.forked or found.forked
            self._places[generation.id] = found.next_seq
            self._hear_release(generation.id, known.release)
        if self.forked:
            log.warning("the hub holds records of this device that are not in its journal: was it copied or restored?")

    def _is_ours(self, generation: "Generation", seq: int, claimed: bytes) -> bool:
        return seq < generation.next_seq and self._shelf.hash_at(generation, seq) == claimed

    def _place(self, generation: str) -> int:
        return (self._places or {}).get(generation, 0)

    def _send_all(self, generation: str) -> Held | NotNext | None:
        ahead: Packed | None = None
        while not self._stopping():
            packed = ahead or self._prepare(generation, self._place(generation))
            if packed is None:
                return None
            answer, ahead = self._exchange(packed)
            if isinstance(answer, TooLarge) and len(packed.piece.bodies) > 1:
                self._size, ahead = max(1, len(packed.piece.bodies) // 2), None
                continue
            held = self._accept(packed.piece, answer) if isinstance(answer, Reply) else self._failed(packed, answer)
            if held is not None:
                return held
        return None

    def _exchange(self, packed: Packed) -> tuple[Reply | Failure, Packed | None]:
        """The answer, and the next batch, made while the hub was at work on this one."""
        if packed.too_large:
            return TooLarge(), None
        pending = self._client.begin(packed.content)
        ahead = self._prepare(packed.piece.generation, packed.piece.next_seq)
        return self._client.finish(pending), ahead

    def _prepare(self, generation: str, place: int) -> Packed | None:
        """None where the journal ends."""
        while True:
            piece = self._shelf.slice(generation, place, self._size)
            if not piece.bodies:
                return None
            packed = pack(self._device, piece, self._signing, self._wall_ms(), self._hub_epoch)
            if len(packed.content) <= self._room or len(piece.bodies) == 1:
                return packed
            self._size = max(1, min(len(piece.bodies) - 1, len(piece.bodies) * self._room // len(packed.content)))

    def _accept(self, piece: "Slice", reply: Reply) -> Held | NotNext | None:
        if (reply.device, reply.generation) != (self._device, piece.generation) or reply.next < piece.next_seq:
            return _wrong_answer("it confirmed something else than was sent")
        if reply.next > piece.next_seq:
            return NotNext(reply.next)
        if reply.head != piece.head_hash:
            return _wrong_answer("its hash of the last record is not ours")
        self._hear(reply.time_ms)
        if reply.mismatch is not None:
            log.warning("the hub counts other totals for generation %.12s than this device", piece.generation)
        if reply.sealed_refused:
            log.warning("the hub did not take %d sealed texts", reply.sealed_refused)
        self._hub_epoch = max(self._hub_epoch, reply.epoch)
        self._size = min(LARGEST, self._size + max(1, self._size // 4))
        self._room = _room_after(self._client.took, self._room)
        self._places = {**(self._places or {}), piece.generation: reply.next}
        self._reached(Reached(piece.generation, reply.next, reply.upstream, reply.mismatch is not None))
        self._hear_release(piece.generation, reply.release)
        return None

    def _hear_release(self, generation: str, release: Release | None) -> None:
        """Passed on as it came: whether it is true is judged where it is carried out."""
        if release is not None and self._release is not None:
            self._release(generation, release)

    def _failed(self, packed: Packed, failure: Failure) -> Held | NotNext:
        if isinstance(failure, Unreachable) and failure.cut:
            self._size = max(1, len(packed.piece.bodies) // 2)
            self._room = max(LEAST_ROOM, min(self._room, len(packed.content)) // 2)
        if isinstance(failure, Refused) and failure.code in {"unknown-epoch", "bad-signature"}:
            self._hub_epoch = 0
        return _held(failure)


def _room_after(took: float, room: int) -> int:
    """Bytes for the next batch; `took` is the last exchange's share of the time that it had for its answer."""
    if took < 1 / 3:
        return min(MAX_COMPRESSED, 2 * room)
    return max(LEAST_ROOM, room // 2) if took > 5 / 6 else room


def _wrong_answer(what: str) -> Held:
    return Held("refused", "wrong-answer", f"the hub's answer cannot be true: {what}")


def _held(failure: Failure) -> Held | NotNext:
    match failure:
        case NotNext():
            return failure
        case TooLarge():
            return Held("refused", "too-large", "the hub takes not even a single record of this size")
        case Refused(code, detail):
            return Held("refused", code, detail)
        case Busy(wait_s, detail):
            return Held("refused", "busy", detail, wait_s)
        case Portal(detail):
            return Held("portal", "portal", detail)
        case Unreachable(code, detail, _):
            return Held("unreachable", code, detail)
        case _:
            assert_never(failure)
