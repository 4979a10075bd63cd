"""A hub's store that is reported to a platform on loopback, and kiosks' journals that are brought to it."""

import gzip
import threading
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from sync.courier import Signing
from sync.hub.province_settings import ProvinceSettings, open_clock, open_platform
from sync.hub.reporting import Reporting
from sync.hub.setup import init
from sync.hub.store import Store
from sync.journal.reader import JournalReader
from sync.packing import pack
from sync.sealing import Recipient
from sync.wire import Reply, read_batch
from tests.sync.courier.conftest import DEADLINE_S, Kiosk
from tests.sync.hub.pen import NOON_MS
from tests.sync.provinces.conftest import FULL_CASE

__all__ = ["FULL_CASE", "NOW_MS", "ReportingHall"]

NOW_MS = NOON_MS + 3_600_000


class ReportingHall:
    """The store and its reporting, without the hub's HTTP. `passes` counts what the reporting has gone through."""

    def __init__(self, directory, url, **province):
        self.directory = directory / "hub"
        self.created = init(self.directory, "127.0.0.1:0")
        self.settings = ProvinceSettings("plain-rest", url, **province)
        self.recipient = Recipient("hub", b64decode(self.created.seal_key))
        self.kiosks = directory
        self.now_ms = NOW_MS
        self._moved = threading.Condition()
        self.open()

    def open(self):
        self.passes = 0
        self.executor = ThreadPoolExecutor(1)
        self.store = self.on_store(lambda: Store(self.directory, 480))
        self.reporting = self.make_reporting()
        self.book = self.reporting.book
        self.reporting.start()

    def make_reporting(self):
        platform = open_platform(self.settings)
        now = lambda: self.now_ms  # noqa: E731
        clock = open_clock(self.settings)
        made = (platform, self.directory, self.store, self.executor, now, lambda: 0.0, 480, clock)
        return Reporting(*made, after_pass=self._passed)

    def close(self):
        self.reporting.stop()
        self.on_store(self.store.close)
        self.executor.shutdown()

    def on_store(self, work):
        return self.executor.submit(work).result(DEADLINE_S)

    def _passed(self):
        with self._moved:
            self.passes += 1
            self._moved.notify_all()

    def until(self, holds):
        """Looked at after each pass."""
        with self._moved:
            assert self._moved.wait_for(holds, DEADLINE_S), self.reporting.state

    def kiosk(self, name="kiosk"):
        return Kiosk(self.kiosks / name, [self.recipient])

    def bring(self, kiosk):
        """All that the kiosk has and the store lacks, packed as its courier does; the answers."""
        answers = []
        shelf = JournalReader(kiosk.directory)
        signing = Signing(kiosk.keys.sign, lambda: kiosk.keys.changes)
        standing = self.on_store(lambda: self.store.standing(kiosk.device, self.now_ms))
        places = {one.generation: one.next for one in standing.generations}
        for generation in shelf.generations():
            while (piece := shelf.slice(generation.id, places.get(generation.id, 0), 250)).bodies:
                packed = pack(kiosk.device, piece, signing, self.now_ms, 0)
                batch = read_batch(gzip.decompress(packed.content))
                answers.append(self.on_store(partial(self.store.take, kiosk.device, batch, self.now_ms)))
                assert isinstance(answers[-1], Reply), answers[-1]
                places[generation.id] = answers[-1].next
        shelf.close()
        return answers

    def counts(self):
        return self.book.figures.counts()
