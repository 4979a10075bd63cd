"""A kiosk without network, a stick, and a hub with its keys: everything real but the walk from one to the other."""

from base64 import b64decode

import pytest

from sync.hub.release_key import make_release_key
from sync.hub.server import Hub
from sync.journal.reader import JournalReader
from sync.parcels.export import Writer
from sync.parcels.folder import Folder
from sync.parcels.parcel import MAX_PARCEL, Sender
from sync.seal_keys import SealOwner
from tests.sync.courier.conftest import Kiosk, case, send, watch
from tests.sync.hub.conftest import DEVICE_TOKEN, Caller, settings
from tests.sync.hub.pen import NOON_MS

__all__ = ["case", "send", "watch"]


class Site:
    """A hub in a folder of its own, and the two keys that kiosks pin."""

    def __init__(self, directory):
        directory.mkdir()
        self.directory = directory
        self.settings = settings(directory)
        owner = SealOwner.fresh()
        owner.write(directory / "seal.key")
        self.private_key, self.seal_key = owner.private, owner.pair.seal_key
        self.release_key = b64decode(make_release_key(directory))
        self.hub = Hub(self.settings, lambda: NOON_MS)
        self.caller = None

    def start(self):
        self.hub.start()
        self.caller = Caller(self.hub.address)

    def take(self, content, **named):
        """Status and body of a parcel that somebody brings."""
        named.setdefault("Content_Type", "application/octet-stream")
        return self.caller.call("POST", "/v1/parcels", content, **named)[:2]


class Post(Kiosk):
    """A kiosk that writes parcels."""

    site = None

    def writer(self, token=DEVICE_TOKEN, most=MAX_PARCEL, seal_key=None):
        sender = Sender(self.keys.first_key, self.keys.changes, self.keys.sign, seal_key or self.site.seal_key)
        return Writer(sender, token, lambda: NOON_MS, most=most)

    def export(self, folder, since=None, **named):
        reader = JournalReader(self.directory)
        try:
            with Folder(folder) as stick:
                return self.writer(**named).export(reader, since, stick)
        finally:
            reader.close()

    def parcels(self, folder, since=None, **named):
        return [(folder / stretch.named("parcel")).read_bytes() for stretch in self.export(folder, since, **named)]


def assembled(signed, sealed):
    """A parcel's file by hand: a header of epoch 0 that somebody signed, over sealed bytes that they have."""
    text = signed.text.encode()
    return b"hall-parcel 1\n" + len(text).to_bytes(4) + text + bytes(4) + signed.signature + sealed


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path / "hub")
    site.start()
    yield site
    site.hub.stop()


@pytest.fixture
def post(tmp_path, site):
    post = Post(tmp_path / "kiosk")
    post.site = site
    yield post
    post.journal.close()


@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder
