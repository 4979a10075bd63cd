"""A kiosk's journal, a hub in a process of its own, and a platform with TLS on loopback."""

import subprocess
import sys
from base64 import b64decode
from contextlib import contextmanager

from sync.backoff import Backoff
from sync.courier import Courier, HubAddress, Signing
from sync.hub.control import Asked, ask_running_hub
from sync.hub.province_control import ProvinceAsked, book_at
from sync.hub.setup import init
from sync.journal.reader import JournalReader
from sync.sealing import Recipient
from tests.sync.courier.conftest import DEADLINE_S, Kiosk, Watch
from tests.sync.hub.conftest import make_certificate
from tests.sync.hub.pen import NOON_MS
from tests.sync.provinces.conformance import PlainRestPlatform

NOW_MS = NOON_MS + 3_600_000
SERVE = f"""
import sys
from pathlib import Path
from sync.hub.server import Hub
from sync.hub.settings import load_settings
Hub(load_settings(Path(sys.argv[1])), lambda: {NOW_MS}).run(lambda address: print(address, flush=True))
"""


class Road:
    """The hub's wall clock stands still, an hour after the presses."""

    def __init__(self, directory):
        self.certificate = make_certificate(directory)
        self.platform = PlainRestPlatform(self.certificate)
        self.platform.lacks_reason = lambda fields: False
        self.directory = directory / "hub"
        self.created = init(self.directory, "127.0.0.1:0")
        with self.created.config.open("a") as config:
            config.write(
                f'\n[province]\nprofile = "plain-rest"\nurl = "{self.platform.url}"\nca_file = "../cert.pem"\n'
            )

        self.release_key = b64decode(self.created.release_key)
        self.kiosk = Kiosk(directory / "kiosk", [Recipient("hub", b64decode(self.created.seal_key))])
        self.releases = []

    @contextmanager
    def hub(self):
        with subprocess.Popen([sys.executable, "-c", SERVE, self.created.config], stdout=-1, text=True) as running:
            try:
                yield running, running.stdout.readline().strip()
            finally:
                running.kill()

    @contextmanager
    def courier(self, url):
        watch, kiosk = Watch(), self.kiosk
        courier = Courier(
            kiosk.device,
            HubAddress(url, self.created.device_token, timeout_s=10.0),
            lambda: JournalReader(kiosk.directory),
            Signing(kiosk.keys.sign, lambda: kiosk.keys.changes),
            lambda generation, next_seq: None,
            watch,
            lambda: NOON_MS,
            lambda: 0.5,
            Backoff(0.0, 0.0),
            release=lambda generation, release: self.releases.append(release),
        )
        courier.start()
        yield watch
        courier.stop()

    def send(self, url):
        with self.courier(url) as watch:
            watch.until_sent(self.kiosk)

    def until(self, holds):
        """Asked of the running hub, again and again."""
        for _ in range(DEADLINE_S * 1000):
            assert ask_running_hub(self.directory, Asked(province=ProvinceAsked("status"))).error == ""
            with book_at(self.directory, read_only=True) as book:
                if holds(book.figures.counts()):
                    return
        raise AssertionError(self.platform.messages)
