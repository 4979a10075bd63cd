"""A sealed text is destroyed on a kiosk without network too: the release comes back beside the acknowledgement."""

from base64 import b64encode
from contextlib import closing

import pytest

from kiosk.settings import Hub
from kiosk.sticks.acknowledging import Acknowledging
from sync.hub.control import Asked, ask_running_hub
from sync.journal.reader import JournalReader
from sync.parcels.acknowledgement import Acknowledgement
from sync.parcels.export import Writer
from sync.parcels.folder import Folder
from sync.parcels.parcel import Sender
from sync.seal_keys import SealOwner
from sync.sealing import Recipient
from tests.sync.courier.conftest import case
from tests.sync.courier.test_release import Hall
from tests.sync.hub.conftest import DEVICE_TOKEN
from tests.sync.hub.pen import NOON_MS
from tests.sync.parcels.conftest import stick

__all__ = ["case", "stick"]


class HallByHand(Hall):
    """The kiosk's recorder, and somebody who walks to the hub and back."""

    def __init__(self, directory):
        owner = SealOwner.fresh()
        seal_key = owner.pair.seal_key
        super().__init__(directory, Recipient("hub", seal_key))
        owner.write(self.hub_directory / "seal.key")
        keys = self.kiosk.keys
        self.writer = Writer(Sender(keys.first_key, keys.changes, keys.sign, seal_key), DEVICE_TOKEN, lambda: NOON_MS)
        self.open()

    def walk(self, stick) -> Acknowledgement:
        with closing(JournalReader(self.kiosk.directory)) as reader, Folder(stick) as folder:
            [stretch] = self.writer.export(reader, None, folder)
            said = ask_running_hub(self.hub_directory, Asked(parcel=folder.read(stretch, "parcel")))
        assert said.acknowledgement is not None, said.error
        return said.acknowledgement

    def take(self, acknowledgement, key=None):
        hub = Hub(url="", release_key=b64encode(key or self.hub_key).decode())
        return Acknowledging(hub, self.kiosk.directory, self.recorder).take(acknowledgement)


@pytest.fixture
def hall(tmp_path):
    hall = HallByHand(tmp_path)
    yield hall
    hall.close()
    hall.hub.stop()


def test_what_is_settled_at_the_hub_is_destroyed_and_what_is_not_stays(hall, case, stick):
    hall.rate(case)
    ciphers = hall.ciphers()
    arrived = hall.walk(stick)
    assert (hall.take(arrived), arrived.release) == ("moved", None)
    assert hall.in_files(ciphers) == set(ciphers)
    hall.settle(min(ciphers))
    hall.rate(case)
    waiting = {asked: cipher for asked, cipher in hall.ciphers().items() if asked not in ciphers}

    answer = hall.take(hall.walk(stick))
    hall.until(lambda: hall.audits("sealed-destroyed"))
    hall.close()

    assert answer == "moved"
    assert hall.in_files(ciphers) == set()
    assert hall.in_files(waiting) == set(waiting)


def test_another_hubs_release_destroys_nothing(hall, case, stick):
    hall.rate(case)
    ciphers = hall.ciphers()
    hall.walk(stick)
    hall.settle(min(ciphers))

    assert hall.take(hall.walk(stick), key=bytes(range(32))) == "bad-signature"
    hall.close()

    assert hall.in_files(ciphers) == set(ciphers)
