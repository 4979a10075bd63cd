"""A hub's store that is reported to a platform on loopback, and kiosks' journals that are brought to it."""

import threading
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor

from sync.courier import Signing
from sync.delivery import Delivery
from sync.hub.province_settings import ProvinceSettings, open_clock, open_platform
from sync.hub.reporting import Reporting
from sync.hub.setup import init
from sync.hub.store import Store
from sync.journal.reader import JournalReader
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
        """All that the kiosk has, as its courier would send it; the answers."""
        answers = []
        hall = self

        class Here:
            exchange = None

            def standing(self):
                return hall.on_store(lambda: hall.store.standing(kiosk.device, hall.now_ms))

            def begin(self, packed):
                return packed

            def finish(self, packed):
                import gzip

                batch = read_batch(gzip.decompress(packed))
                answers.append(hall.on_store(lambda: hall.store.take(kiosk.device, batch, hall.now_ms)))
                assert isinstance(answers[-1], Reply), answers[-1]
                return answers[-1]

        shelf = JournalReader(kiosk.directory)
        signing = Signing(kiosk.keys.sign, lambda: kiosk.keys.changes)
        held = Delivery(kiosk.device, Here(), shelf, signing, lambda: hall.now_ms, lambda _: None, lambda: False).run()
        shelf.close()
        assert held is None
        return answers

    def counts(self):
        return self.book.figures.counts()
