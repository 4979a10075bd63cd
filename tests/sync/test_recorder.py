"""The recorder: what it says about each press is true, whatever the disk does."""

import queue
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sync.journal.reader import JournalReader, day_counts
from sync.journal.schema import JournalError
from sync.journal.writer import Journal
from sync.recorder import NotStored, Outcome, Recorder, Stored
from sync.records import Apologised, Head, Pressed, decode
from tests.sync.conftest import Hours, Visits

PATIENCE_S = 10.0
DAY = "2026-11-23"
FAIL = "CREATE TEMP TRIGGER disk_fails BEFORE INSERT ON main.record BEGIN SELECT RAISE(ABORT, 'disk I/O error'); END"


class Desk:
    """A recorder and the answers it gave."""

    def __init__(self, opener: Callable[[], Journal], clock: Hours) -> None:
        self.commits: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
        self.recorder = Recorder(lambda _lost_by: opener(), clock.now, lambda: self.commits.put(None))

    def write(self, entries: list) -> Outcome:
        self.recorder.append(entries, self._answers.put)
        return self._answers.get(timeout=PATIENCE_S)

    def on_its_thread(self, statement: str) -> None:
        done: queue.SimpleQueue[JournalError | None] = queue.SimpleQueue()

        def run(journal: Journal) -> None:
            journal.connection.execute(statement)
            done.put(None)

        self.recorder.ask(run, done.put)
        assert done.get(timeout=PATIENCE_S) is None


@pytest.fixture
def desk(tmp_path: Path, opener: Callable[[], Journal], clock: Hours) -> Iterator[Desk]:
    """The journal is opened and closed on the recorder's thread."""
    desk = Desk(opener, clock)
    desk.recorder.start()
    yield desk
    desk.recorder.stop()


def records(directory: Path) -> list:
    reader = JournalReader(directory)
    (generation,) = reader.generations()
    found = [decode(body) for body in reader.slice(generation.id, 0, 10_000).bodies]
    reader.close()
    return found


def test_stored_is_said_after_the_press_is_in_the_file(desk: Desk, visits: Visits, tmp_path: Path) -> None:
    asked = visits.asked()

    outcome = desk.write([asked, visits.pressed(asked, 2)])

    assert isinstance(outcome, Stored)
    assert list(outcome.receipts) == [asked.visit]
    assert [record.level for record in records(tmp_path) if isinstance(record, Pressed)] == [2]


def test_a_press_that_the_disk_refused_becomes_an_apology_with_the_next_commit(
    desk: Desk, visits: Visits, tmp_path: Path
) -> None:
    asked = visits.asked()
    desk.write([asked])
    desk.on_its_thread(FAIL)

    refused = desk.write([visits.pressed(asked, 1)])
    assert isinstance(refused, NotStored)
    assert desk.recorder.fault

    desk.on_its_thread("DROP TRIGGER disk_fails")
    assert isinstance(desk.write([visits.pressed(asked, 1), visits.ended(asked)]), Stored)
    assert desk.recorder.fault == ""
    kinds = [type(record) for record in records(tmp_path)]
    assert kinds.count(Apologised) == 1
    assert kinds.count(Pressed) == 1
    assert kinds.index(Apologised) < kinds.index(Pressed)


def test_an_ask_that_the_disk_refused_is_written_before_its_press(desk: Desk, visits: Visits, tmp_path: Path) -> None:
    desk.on_its_thread(FAIL)
    asked = visits.asked()
    assert isinstance(desk.write([asked]), NotStored)
    desk.on_its_thread("DROP TRIGGER disk_fails")

    assert isinstance(desk.write([visits.pressed(asked, 4)]), Stored)

    assert [record.level for record in records(tmp_path) if isinstance(record, Pressed)] == [4]


def test_a_journal_that_cannot_be_opened_is_tried_again_at_the_next_press(
    opener: Callable[[], Journal], visits: Visits, clock: Hours
) -> None:
    tries = []

    def open_third_time() -> Journal:
        tries.append(None)
        if len(tries) < 3:
            raise JournalError("no disk", "disk-error")
        return opener()

    desk = Desk(open_third_time, clock)
    desk.recorder.start()
    asked = visits.asked()

    assert desk.write([asked]) == NotStored("disk-error")
    assert isinstance(desk.write([visits.pressed(asked, 5)]), Stored)
    desk.recorder.stop()


def test_a_cursor_goes_to_the_disk_with_the_next_commit_and_at_the_end(
    desk: Desk, visits: Visits, tmp_path: Path
) -> None:
    desk.write(visits.rated(5))
    reader = JournalReader(tmp_path)
    (generation,) = reader.generations()
    desk.recorder.settle("hub", generation.id, 2)
    desk.write(visits.rated(5))
    assert reader.settled("hub") == (generation.id, 2)

    desk.recorder.settle("hub", generation.id, 5)
    desk.recorder.stop()

    assert reader.settled("hub") == (generation.id, 5)
    reader.close()


def test_stopping_writes_what_is_queued_and_signs_it(desk: Desk, visits: Visits, tmp_path: Path) -> None:
    for _ in range(50):
        desk.recorder.append(visits.rated(3), lambda _: None)
    desk.recorder.stop()

    found = records(tmp_path)
    assert isinstance(found[-1], Head)
    reader = JournalReader(tmp_path)
    assert day_counts(reader.connection, DAY) == {3: 50}
    reader.close()


def test_everybody_who_listens_is_told_of_each_commit(desk: Desk, visits: Visits) -> None:
    desk.commits.get(timeout=PATIENCE_S)  # the opening
    desk.write(visits.rated(5))

    desk.commits.get(timeout=PATIENCE_S)
