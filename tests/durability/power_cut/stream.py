"""A stream of visits through the journal's real code, with everything that it did to the disk."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from sync.journal import newest_head
from sync.journal.writer import Journal
from sync.keys import KeyStore
from sync.records import Case, Entry, VisitApologised, VisitAsked
from sync.release import ReleaseKey, ReleaseText
from sync.release_queue import Order
from sync.sealing import Recipient, Sealer
from tests.durability.power_cut.operations import Acknowledged, Beside, Given, Operation, Promise
from tests.durability.power_cut.vfs import WatchedSqlite
from tests.sync.conftest import Hours, Visits

UTC_OFFSET_MINUTES: Final = 480
_HUB_KEY: Final = X25519PrivateKey.from_private_bytes(bytes(range(32))).public_key().public_bytes_raw()
SEALER: Final = Sealer([Recipient("hub", _HUB_KEY)])
_RELEASE_KEY: Final = ReleaseKey(bytes(range(32)))


@dataclass(slots=True)
class History:
    operations: list[Operation] = field(default_factory=list)
    hashes: dict[int, bytes] = field(default_factory=dict)
    """Position to hash, of every record that was ever promised."""


def record_visits(folder: Path, visits: int, promised: Promise | None = None) -> History:
    """Runs the stream in `folder`, which may hold a journal already (of which `promised` was promised)."""
    history = History()
    plain = _PlainFiles(folder, history.operations)

    def tell(operation: Operation) -> None:
        plain.look()
        history.operations.append(operation)

    with WatchedSqlite(folder, tell) as watched:
        tell(_given(folder, watched))
        tell(Acknowledged(promised or Promise()))
        with contextlib.closing(_Point(folder, history, promised or Promise(), tell)) as point:
            point.open()
            point.serve(visits)
    return history


class _PlainFiles:
    """Keys and newest head: how they stand is told before whatever the database does next."""

    def __init__(self, folder: Path, operations: list[Operation]) -> None:
        self._folder = folder
        self._operations = operations
        self._seen: list[tuple[str, int, int]] = []

    def look(self) -> None:
        paths = sorted((*self._folder.glob("keys/*"), *self._folder.glob(newest_head.FILE_NAME)))
        found = [(str(path), status.st_size, status.st_mtime_ns) for path in paths if (status := path.stat())]
        if found != self._seen:
            self._seen = found
            files = {str(path.relative_to(self._folder)): path.read_bytes() for path in paths}
            self._operations.append(Beside(files))


class _Point:
    """A kiosk's journal in use, as the recorder uses it: each append is promised to somebody when it returns."""

    def __init__(self, folder: Path, history: History, promise: Promise, tell: Callable[[Operation], None]) -> None:
        self._folder = folder
        self._history = history
        self._promise = promise
        self._tell = tell
        self._clock = Hours()
        self._clock.pass_hours(promise.records)  # later than whatever stands there already
        self._visits = Visits(self._clock)
        self._journal: Journal | None = None

    def open(self) -> None:
        if self._journal is not None:
            self._journal.close()
        keys = KeyStore(self._folder / "keys")
        self._journal = Journal(self._folder, keys, SEALER, UTC_OFFSET_MINUTES, self._clock.now())
        self._promise_what_stands()

    def close(self) -> None:
        if self._journal is not None:
            self._journal.close()

    def serve(self, visits: int) -> None:
        for number in range(1, visits + 1):
            self._visit(number)
            self._clock.pass_hours(0.02)
            if number % 9 == 0:
                self._note(number)
            if number % 20 == 0:
                self._clock.pass_hours(1)
                self._do(lambda journal: journal.sign_head(self._clock.now()))
            if number == 20:
                self._destroy()
            if number in {visits // 2, visits * 3 // 4}:
                self._restart()

    def _note(self, number: int) -> None:
        self._do(lambda journal: journal.write_note("lockout", str(number)), note=number)

    def _destroy(self) -> None:
        """What the recorder does in a quiet moment when the hub has released all that was sealed so far."""
        generation, end = self._generation(), self._promise.records
        text = ReleaseText(
            device=KeyStore(self._folder / "keys").device,
            generation=generation,
            next=end,
            hash=self._history.hashes[end],
            time_ms=0,
        )
        order = Order(generation, _RELEASE_KEY.sign(text), _RELEASE_KEY.public)
        self._do(lambda journal: journal.carry_out(order, self._clock.now()))
        self._do(lambda journal: journal.forget_destroyed())
        self._do(lambda journal: journal.renew_reserve())

    def _restart(self) -> None:
        """In mid-visit; the second time after a day, so that the signing key is replaced as well."""
        self._append([self._visits.asked(*_case(0))])
        self.open()
        self._clock.pass_hours(25)
        self._do(lambda journal: journal.sign_head(self._clock.now(), leaving=True))

    def _visit(self, number: int) -> None:
        asked = self._visits.asked(*_case(number))
        self._append([asked])
        if number % 11 == 0:
            reason = "disk-full"
            self._append([VisitApologised(asked.visit, 1, "box", reason, self._clock.now()), *self._end(asked, 0)])
        elif number % 5 == 0:
            self._append(self._end(asked, 0))
        else:
            other = self._visits.rated(3, window="4") if number % 4 == 0 else []
            self._append([self._visits.pressed(asked, 1 + number % 5), *other], settle=number % 3 == 0)
            self._append(self._end(asked, number))

    def _end(self, asked: VisitAsked, rated: int) -> list[Entry]:
        return [self._visits.ended(asked, rated=bool(rated))]

    def _append(self, entries: list[Entry], *, settle: bool = False) -> None:
        cursor = self._promise.records - 1
        generation = self._generation()
        cursors = {"hub": (generation, cursor)} if settle else None
        self._do(lambda journal: journal.append(entries, cursors), cursor=cursor if settle else None)

    def _do(self, act: Callable[[Journal], object], *, note: int | None = None, cursor: int | None = None) -> None:
        assert self._journal is not None
        act(self._journal)
        notes = self._promise.notes if note is None else {**self._promise.notes, "lockout": note}
        cursors = self._promise.cursors if cursor is None else {**self._promise.cursors, "hub": cursor}
        self._promise = Promise(self._promise.records, cursors, notes)
        self._promise_what_stands()

    def _promise_what_stands(self) -> None:
        assert self._journal is not None
        rows = self._journal.connection.execute(
            "SELECT position, hash FROM record WHERE position > ? ORDER BY position", (len(self._history.hashes),)
        )
        self._history.hashes.update(rows.fetchall())
        self._promise = Promise(len(self._history.hashes), self._promise.cursors, self._promise.notes)
        self._tell(Acknowledged(self._promise))

    def _generation(self) -> str:
        assert self._journal is not None
        return str(self._journal.connection.execute("SELECT id FROM generation ORDER BY number DESC").fetchone()[0])


def _case(number: int) -> tuple[Case, ...]:
    if number % 2:
        return ()
    return (Case(project_no=f"370811202611{number:06d}", service_number=1, task_code="11370800MB2848"),)


def _given(folder: Path, watched: WatchedSqlite) -> Given:
    """What is there before the stream begins is safe on the disk."""
    paths = [path for path in sorted(folder.glob("journal.db*")) if not path.name.endswith("-shm")]
    return Given({path.name: (watched.know(path.name), path.read_bytes()) for path in paths})
