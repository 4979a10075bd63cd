"""What the hub keeps: records, heads, sealed texts, counts. A batch is kept whole or not at all.

Belongs to the thread that opened it. The rules for repeats, gaps and forks are those of `docs/sync-protocol.md`.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sync.clock import hall_day
from sync.hub.alarms import Alarms, tell_changed_maps
from sync.hub.branches import Attachment, Branch, Branches
from sync.hub.counting import Counting
from sync.hub.enrolment import Enrolments
from sync.hub.help_calls import HelpCalls, note_help
from sync.hub.release_key import load_release_key
from sync.hub.schema import HubError, note_unsettled, open_store
from sync.hub.sealed import keep_sealed
from sync.hub.settlements import Settlement, Settlements, Unsettled
from sync.hub.setup import SEAL_KEY_FILE
from sync.hub.slip_visits import SlipVisits, note_slip
from sync.hub.upstream import Upstreams
from sync.hub.verify import Checked, KnownDevice, NewKey, Refused, check
from sync.parcels.acknowledgement import Acknowledgement, AcknowledgementText, acknowledge
from sync.records import Opened
from sync.release import Release
from sync.wire import Batch, BranchStanding, GenerationStanding, Mismatch, Reply, Standing

_DAY_MINUTES: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class NotNext:
    """The record before the batch is not here: missing (`gap`), or another one stands in its place (`fork`)."""

    next: int
    fork: bool


@dataclass(frozen=True, slots=True)
class _Kept:
    branch: int
    stored: int
    repeated: int
    next: int
    head: bytes
    sealed: tuple[int, int]
    mismatch: Mismatch | None


class Store:
    """Raises `HubError` where its file or its key cannot be used."""

    def __init__(self, directory: Path, utc_offset_minutes: int) -> None:
        self._utc_offset_minutes = utc_offset_minutes
        self._key = load_release_key(directory)
        self._db = open_store(directory)
        self._settlements = Settlements(self._db, self._key)
        self.upstreams = Upstreams(self._db, utc_offset_minutes)
        self.arrived: Callable[[], None] = lambda: None
        """Called when something new has been kept, on the store's thread: it must not block."""
        self.enrolments = Enrolments(self._db)
        self.slip_visits = SlipVisits(self._db)
        self.help_calls = HelpCalls(self._db, directory / SEAL_KEY_FILE)

    @property
    def connection(self) -> sqlite3.Connection:
        """For questions asked on the store's own thread."""
        return self._db

    def close(self) -> None:
        self._db.close()

    def take(self, device: str, batch: Batch, now_ms: int) -> Reply | NotNext | Refused:
        """Durable when it returns a `Reply`. Raises `sqlite3.Error` where the disk does not allow it."""
        known = self._known(device)
        if batch.envelope.first > 0 and (known is None or self._genesis(device, batch) is None):
            return NotNext(0, fork=False)
        checked = check(device, batch, known)
        if isinstance(checked, Refused):
            return checked
        with self._transaction():
            kept = self._keep(device, checked, now_ms)
        if isinstance(kept, NotNext | Refused):
            return kept
        if kept.stored:
            self.arrived()
        return self._reply(device, batch.envelope.generation, kept, now_ms)

    def settle(self, settlement: Settlement, now_ms: int) -> None:
        """Durable when it returns. Raises `SettlementError`, or `sqlite3.Error` where the disk does not allow it."""
        with self._transaction():
            self._settlements.settle(settlement, now_ms)

    def acknowledge(self, text: AcknowledgementText, release: Release | None) -> Acknowledgement:
        """Signed, for a device that cannot be answered. Raises `HubError` where this hub has no release key."""
        if self._key is None:
            raise HubError("this hub has no release key: make one with `kiosk hub release-key`, then start it again")
        return acknowledge(text, release, self._key.signature)

    def unsettled(self) -> list[Unsettled]:
        """Visits whose sealed texts are still needed, the first ones."""
        return self._settlements.unsettled()

    def standing(self, device: str, now_ms: int) -> Standing:
        """A device that was never heard of stands nowhere: no generations, epoch 0."""
        names = self._db.execute("SELECT generation FROM generation WHERE device = ? ORDER BY number", (device,))
        generations = [self._generation_standing(device, name) for (name,) in names.fetchall()]
        return Standing(device, generations, self._epoch(device), self.upstreams.tell(device, now_ms), now_ms)

    def _generation_standing(self, device: str, generation: str) -> GenerationStanding:
        branches = Branches(self._db, device, generation)
        standings = [
            BranchStanding(branch.number, branch.next, branch.head, branches.locator(branch))
            for branch in branches.all()
        ]
        release = self._settlements.release(device, generation)
        return GenerationStanding(generation, standings[0].next, standings[0].head, standings, release)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        finally:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")

    def _keep(self, device: str, checked: Checked, now_ms: int) -> _Kept | NotNext | Refused:
        envelope = checked.batch.envelope
        alarms = Alarms(self._db, device, envelope.generation, hall_day(now_ms, self._utc_offset_minutes)[0], now_ms)
        branches = Branches(self._db, device, envelope.generation)
        genesis = self._genesis(device, checked.batch) or self._begin(device, checked, branches, alarms, now_ms)
        place = branches.attach(genesis, envelope.previous, envelope.first, checked.hashes)
        if place is None:
            wanted = branches.all()[0].next
            return NotNext(wanted, fork=envelope.first <= wanted)
        self._learn(device, checked.new_keys, alarms, now_ms)
        return self._append(device, checked, place, branches, alarms, now_ms)

    def _append(
        self, device: str, checked: Checked, place: Attachment, branches: Branches, alarms: Alarms, now_ms: int
    ) -> _Kept | Refused:
        envelope, branch = checked.batch.envelope, place.branch
        fresh = len(checked.hashes) - place.matched
        start = envelope.first + place.matched
        if fresh and start < branch.next:
            common = branches.hashes(branch, start - 1, start)[0] if start else envelope.previous
            branch = branches.add(branch, start, common, envelope.head.epoch)
            alarms.raise_alarm("fork", f"branch {branch.number} begins at sequence {start}")
        elif fresh and envelope.head.epoch < branch.epoch:
            return Refused("past-epoch", f"epoch {branch.epoch} has signed already, {envelope.head.epoch} is past")
        mismatch = None
        if fresh:
            branch = self._write(branch, checked, place.matched, now_ms)
            mismatch = self._count(device, branch, start, checked, place.matched, alarms)
            tell_changed_maps(checked.records[place.matched :], alarms)
        sealed = keep_sealed(self._db, device, checked, alarms)
        end = envelope.first + len(checked.hashes)
        return _Kept(branch.number, fresh, place.matched, end, checked.hashes[-1], sealed, mismatch)

    def _write(self, branch: Branch, checked: Checked, skip: int, now_ms: int) -> Branch:
        envelope = checked.batch.envelope
        rows = zip(checked.hashes[skip:], checked.batch.bodies[skip:], strict=True)
        self._db.executemany(
            "INSERT INTO record (branch, seq, hash, body) VALUES (?, ?, ?, ?)",
            ((branch.id, envelope.first + skip + at, link, body) for at, (link, body) in enumerate(rows)),
        )
        head = envelope.head
        end = envelope.first + len(checked.hashes)
        self._db.execute(
            "INSERT INTO head (branch, seq, text, epoch, signature, received_ms) VALUES (?, ?, ?, ?, ?, ?)",
            (branch.id, end - 1, head.text, head.epoch, head.signature, now_ms),
        )
        self._db.execute(
            "UPDATE branch SET next = ?, head = ?, epoch = ? WHERE id = ?",
            (end, checked.hashes[-1], head.epoch, branch.id),
        )
        return Branch(branch.id, branch.number, branch.parent, branch.start, end, checked.hashes[-1], head.epoch)

    def _count(
        self, device: str, branch: Branch, start: int, checked: Checked, skip: int, alarms: Alarms
    ) -> Mismatch | None:
        """Only the main branch counts: a press that stands on two branches must not count twice."""
        if branch.number != 0:
            return None
        generation = checked.batch.envelope.generation
        for seq, record in enumerate(checked.records[skip:], start):
            note_unsettled(self._db, (device, generation), seq, record)
            note_help(self._db, (device, generation), branch.id, record)
            note_slip(self._db, (device, generation), seq, record)
        counting = Counting(self._db, device, generation)
        totals = counting.feed(branch.id, start, checked.records[skip:])
        stated = {outcome: visits for outcome, visits in checked.head.totals.items() if visits}
        if stated == totals:
            return None
        alarms.raise_alarm(
            "mismatch", f"at sequence {branch.next - 1} the head states other totals than the hub counted"
        )
        return Mismatch(stated, totals)

    def _begin(self, device: str, checked: Checked, branches: Branches, alarms: Alarms, now_ms: int) -> bytes:
        envelope = checked.batch.envelope
        number = self._db.execute("SELECT count(*) FROM generation WHERE device = ?", (device,)).fetchone()[0]
        self._db.execute(
            "INSERT INTO device (device, first_key, contact_ms) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (device, checked.first_key, now_ms),
        )
        self._db.execute(
            "INSERT INTO generation (device, generation, number, genesis, utc_offset_minutes) VALUES (?, ?, ?, ?, ?)",
            (device, envelope.generation, number, envelope.previous, self._offset_of(checked)),
        )
        branches.add(None, 0, envelope.previous, envelope.head.epoch)
        if number:
            alarms.raise_alarm(
                "new-generation", f"generation {number} of this device: its storage was lost or replaced"
            )
        return envelope.previous

    def _offset_of(self, checked: Checked) -> int:
        """A generation is counted into the days of its own hall, as its kiosk counts it."""
        opened = checked.records[0]
        sound = isinstance(opened, Opened) and abs(opened.utc_offset_minutes) <= _DAY_MINUTES
        return opened.utc_offset_minutes if isinstance(opened, Opened) and sound else self._utc_offset_minutes

    def _learn(self, device: str, new_keys: Sequence[NewKey], alarms: Alarms, now_ms: int) -> None:
        for new in new_keys:
            rival = self._db.execute(
                "SELECT 1 FROM signing_key WHERE device = ? AND epoch = ?", (device, new.epoch)
            ).fetchone()
            if rival:
                alarms.raise_alarm("second-key", f"epoch {new.epoch} has a second key: the device was copied")
            self._db.execute(
                "INSERT INTO signing_key (device, epoch, key, text, signature) VALUES (?, ?, ?, ?, ?)",
                (device, new.epoch, new.key, new.change.text, new.change.signature),
            )
        self._db.execute("UPDATE device SET contact_ms = ? WHERE device = ?", (now_ms, device))

    def _known(self, device: str) -> KnownDevice | None:
        row = self._db.execute("SELECT first_key FROM device WHERE device = ?", (device,)).fetchone()
        if row is None:
            return None
        keys: dict[int, list[bytes]] = {}
        for epoch, key in self._db.execute("SELECT epoch, key FROM signing_key WHERE device = ?", (device,)):
            keys.setdefault(epoch, []).append(key)
        return KnownDevice(row[0], keys)

    def _genesis(self, device: str, batch: Batch) -> bytes | None:
        row = self._db.execute(
            "SELECT genesis FROM generation WHERE device = ? AND generation = ?", (device, batch.envelope.generation)
        ).fetchone()
        return None if row is None else bytes(row[0])

    def _epoch(self, device: str) -> int:
        row = self._db.execute("SELECT max(epoch) FROM signing_key WHERE device = ?", (device,)).fetchone()
        return row[0] or 0

    def _reply(self, device: str, generation: str, kept: _Kept, now_ms: int) -> Reply:
        return Reply(
            device=device,
            generation=generation,
            next=kept.next,
            head=kept.head,
            stored=kept.stored,
            repeated=kept.repeated,
            epoch=self._epoch(device),
            branch=kept.branch,
            upstream=self.upstreams.tell(device, now_ms),
            time_ms=now_ms,
            sealed_stored=kept.sealed[0],
            sealed_refused=kept.sealed[1],
            mismatch=kept.mismatch,
            release=self._settlements.release(device, generation) if kept.branch == 0 else None,
        )
