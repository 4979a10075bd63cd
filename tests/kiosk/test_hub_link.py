"""What the manager hears of sealed texts that wait too long, or that somebody wants destroyed without the right to."""

from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from queue import Queue

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from kiosk.core.desk import HubState, SealedState
from kiosk.hub_link import HubLink
from kiosk.secrets import Secrets
from kiosk.settings import Hall, Hub, Settings, Storage, WindowPlace
from sync.journal.writer import Journal
from sync.recorder import Recorder
from sync.records import Case
from sync.release import ReleaseKey, ReleaseText
from sync.release_queue import Order
from sync.sealing import Recipient
from tests.sync.conftest import Hours, Visits, clock, hub_key, opened, opener, visits
from tests.sync.courier.conftest import DEVICE_TOKEN, case
from tests.sync.courier.test_release import Hall as HubSide

__all__ = ["case", "clock", "hub_key", "opened", "opener", "visits"]

KEY = ReleaseKey(bytes(range(32)))
PINNED = b64encode(KEY.public).decode()


@pytest.fixture
def journal(opened: Callable[[], Journal]) -> Journal:
    return opened()


@pytest.fixture
def state(journal: Journal, clock: Hours, tmp_path: Path) -> Callable[[str], SealedState | None]:
    """What stands on the desk, with this release key in the settings."""

    def look(release_key: str = PINNED) -> SealedState | None:
        settings = Settings(
            hall=Hall(name="厅"),
            windows=(WindowPlace(id="3", name="3", place="window"),),
            storage=Storage(tmp_path),
            hub=Hub(url="http://127.0.0.1:1", release_key=release_key),
        )
        recorder = Recorder(lambda _: journal, clock.now, lambda: None)
        link = HubLink(settings, tmp_path / "secrets.toml", recorder, clock.now, lambda: 0.0, lambda: None)
        return link.state(journal).sealed

    return look


def test_boxes_that_nobody_releases_are_told_after_sixty_days_and_stay(
    journal: Journal, visits: Visits, clock: Hours, state: Callable[..., SealedState | None]
) -> None:
    journal.append(visits.rated(5, Case(project_no="1")))
    clock.pass_hours(60 * 24 - 1)
    assert state() is None

    clock.pass_hours(1)

    assert state() == SealedState(60, "", has_key=True)
    assert state("") == SealedState(60, "", has_key=False)
    assert journal.connection.execute("SELECT count(*) FROM sealed").fetchone() == (1,)


def test_old_records_without_boxes_alarm_nobody(
    journal: Journal, visits: Visits, clock: Hours, state: Callable[..., SealedState | None]
) -> None:
    journal.append(visits.rated(5))
    clock.pass_hours(1000 * 24)

    assert state() is None


class LinkedHall(HubSide):
    """The kiosk's own link in the courier's place."""

    def open_linked(self, release_key: str, send_between: tuple[str, ...] = ()) -> None:
        self.open()
        secrets = self.kiosk.directory / "secrets.toml"
        Secrets().with_hub_token(DEVICE_TOKEN).save(secrets)
        settings = Settings(
            hall=Hall(name="厅"),
            windows=(WindowPlace(id="3", name="3", place="window"),),
            storage=Storage(self.kiosk.directory),
            hub=Hub(url=self.hub.address, release_key=release_key, send_between=send_between),
        )
        self.courier = HubLink(settings, secrets, self.recorder, self.now, lambda: 0.0, lambda: None)
        self.courier.start(self.kiosk.keys)

    def desk(self, state: Callable[[Journal], HubState]) -> HubState:
        """On the recorder's thread, as the manager's page asks."""
        answers: Queue[HubState] = Queue()
        self.recorder.ask(lambda journal: answers.put(state(journal)), lambda fault: None)
        return answers.get(timeout=20)


@pytest.mark.parametrize("pinned", [True, False])
def test_only_with_the_hubs_key_in_the_settings_is_anything_destroyed(tmp_path: Path, case: Case, pinned: bool) -> None:
    hall = LinkedHall(tmp_path, Recipient("hub", X25519PrivateKey.generate().public_key().public_bytes_raw()))
    try:
        hall.open_linked(b64encode(hall.hub_key).decode() if pinned else "")
        hall.rate(case)
        ciphers = hall.ciphers()
        hall.until(lambda: hall.at_hub() > min(ciphers) + 2)
        hall.settle(min(ciphers))
        hall.rate(case)
        if pinned:
            hall.until(lambda: hall.audits("sealed-destroyed"))
        else:
            hall.until(lambda: hall.at_hub() > max(hall.ciphers()) + 2)
    finally:
        hall.close()
        hall.hub.stop()

    assert hall.in_files(ciphers) == (set() if pinned else set(ciphers))
    assert hall.audits("release-refused") == []


def test_a_release_that_was_refused_is_told(
    journal: Journal, clock: Hours, state: Callable[..., SealedState | None]
) -> None:
    text = ReleaseText(device="0" * 64, generation="0" * 32, next=1, hash=bytes(32), time_ms=0)
    journal.carry_out(Order("0" * 32, KEY.sign(text), KEY.public), clock.now())

    assert state() == SealedState(0, "other-place", has_key=True)


def test_outside_its_hours_a_kiosk_sends_only_what_a_person_sends(tmp_path: Path, case: Case) -> None:
    hall = LinkedHall(tmp_path, Recipient("hub", X25519PrivateKey.generate().public_key().public_bytes_raw()))
    try:
        hall.open_linked("", send_between=(_another_hour(hall.now().wall_ms),))
        link = hall.courier
        assert isinstance(link, HubLink)
        hall.rate(case)
        hall.until(lambda: hall.desk(link.state).link == "resting")
        before = hall.desk(link.state)
        assert (hall.at_hub(), before.can_hurry, link.is_reached()) == (0, True, False)

        link.send_now()

        hall.until(lambda: hall.at_hub() > 2)
        assert not link.is_reached(), "what comes down waits for its hours"
    finally:
        hall.close()
        hall.hub.stop()


def _another_hour(wall_ms: int) -> str:
    """A span of the hall's day, at +08:00, that begins in two hours."""
    hour = (wall_ms // 3_600_000 + 8 + 2) % 24
    return f"{hour:02}:00-{hour:02}:30"
