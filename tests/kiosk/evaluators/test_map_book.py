"""What is known of the adopted maps while the disk says nothing."""

import queue
from collections.abc import Callable
from pathlib import Path

from devices.profile import load_profile
from kiosk.evaluators.map_book import MapBook
from kiosk.evaluators.maps import map_of
from kiosk.settings import EvaluatorPlace
from sync.clock import SystemClock
from sync.journal.schema import JournalError
from sync.journal.writer import Journal
from sync.keys import KeyStore
from sync.recorder import Recorder
from sync.sealing import Sealer

PLACE = EvaluatorPlace("bus", "rs485-ft12", {1: "3"}, port="/dev/x")
PATIENCE_S = 10.0


def test_a_press_is_let_through_to_a_disk_that_refuses_and_judged_as_soon_as_it_answers(tmp_path: Path) -> None:
    clock, disk_full = SystemClock(), [True]

    def open_journal(_: str) -> Journal:
        if disk_full[0]:
            raise JournalError("no space", "disk-full")
        return Journal(tmp_path, KeyStore(tmp_path / "keys"), Sealer([]), 480, clock.now())

    posted: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
    recorder = Recorder(open_journal, clock.now, lambda: None)
    maps = {"bus": map_of(PLACE, load_profile("rs485-ft12"))}
    book = MapBook(maps, recorder, clock.now, posted.put, lambda: None, lambda: None)
    recorder.start()
    try:
        presses: list[str] = []
        book.once_known(lambda: presses.append("first"))
        book.once_known(lambda: presses.append("second"))
        assert presses == []
        posted.get(timeout=PATIENCE_S)()
        assert presses == ["first", "second"]
        assert book.fits("bus"), "the recorder refuses it, so that the citizen is told"
        assert not book.tested("bus", 0x81)

        disk_full[0] = False
        book.once_known(lambda: presses.append("third"))
        posted.get(timeout=PATIENCE_S)()
        assert presses[-1] == "third"
        assert book.fits("bus"), "met first, adopted"
        book.take({})
        posted.get(timeout=PATIENCE_S)()
        assert not book.fits("bus")
    finally:
        recorder.stop()
