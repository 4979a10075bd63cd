"""The whole road: a kiosk's journal, a hub of its own process, a platform with TLS, and back. Killed on the way."""

import signal
from pathlib import Path

import pytest

from sync.hub.province_settings import open_platform
from sync.hub.schema import HubError
from sync.hub.settings import load_settings
from sync.hub.setup import init
from sync.records import Case
from sync.release import read_release
from tests.sync.courier.conftest import DEADLINE_S
from tests.sync.hub.conftest import Caller
from tests.sync.hub.province_hall import FULL_CASE
from tests.sync.hub.province_road import Road
from tests.sync.provinces.test_reporter_killed import holds


@pytest.fixture
def road(tmp_path):
    road = Road(tmp_path)
    yield road
    road.kiosk.journal.close()
    road.platform.close()


def test_from_the_press_to_the_platform_and_back_to_a_release(road):
    for level in (5, 4, 3, 2, 1):
        road.kiosk.rate(level, [Case(f"T-{level}", **FULL_CASE)])
    with road.hub() as (_, url):
        road.send(url)
        road.until(lambda counts: sum(counts.get(("rating", level, "accepted"), 0) for level in range(1, 6)) == 5)
        with road.courier(url) as watch:
            watch.until(lambda state: state.link == "ok")
            for _ in range(DEADLINE_S * 1000):
                if road.releases:
                    break
                Caller(url).call("GET", "/v1/health", token=None)
        told = read_release(road.releases[-1], road.release_key)
        assert told.next > 1
    for level in (5, 4, 3, 2, 1):
        fields = road.platform.ratings[f"T-{level}", "1"]
        assert (fields["satisfaction"], fields["assessTime"]) == (level, "2026-11-20 12:00:00")


@pytest.mark.parametrize(("at", "takes"), [(1, True), (2, False), (4, True)])
def test_killed_at_each_exchange_it_goes_on_and_everything_is_there_once(road, at, takes):
    road.platform.faults = [*[None] * (at - 1), holds(takes=takes)]
    road.kiosk.rate(5, [Case("T-1", **FULL_CASE)])
    road.kiosk.rate(1, [Case("T-2", **FULL_CASE)])
    with road.hub() as (running, url):
        road.send(url)
        road.platform.until_asked(at)
        running.kill()
        running.wait(DEADLINE_S)
    with road.hub() as (_, url):
        road.until(
            lambda counts: (
                counts == {("case", 0, "accepted"): 2, ("rating", 5, "accepted"): 1, ("rating", 1, "accepted"): 1}
            )
        )
    assert {service: fields["satisfaction"] for service, fields in road.platform.ratings.items()} == {
        ("T-1", "1"): 5,
        ("T-2", "1"): 1,
    }


def test_sigterm_ends_the_hub_though_the_platform_does_not_answer(road):
    road.platform.faults = [holds(takes=False)]
    road.kiosk.rate(5, [Case("T-1", **FULL_CASE)])
    with road.hub() as (running, url):
        road.send(url)
        road.platform.until_asked(1)
        running.send_signal(signal.SIGTERM)
        assert running.wait(DEADLINE_S) == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('profile = "none"\nurl = "https://p/"', "there is no"),
        ('profile = "plain-rest"\nurl = "http://platform.example/"', "https"),
        ('profile = "plain-rest"\nurl = "https://p/"\nca_file = "no.pem"', "no.pem"),
        ('profile = "shandong-form-a"\nurl = "https://p/"', "platform_public_key"),
        ('profile = "plain-rest"\nurl = "https://p/"\n[province.credentials]\nword = "word"', "chmod 600"),
        ('profile = "plain-rest"\nurl = "https://p/"\n[province.credentials]\nword = "none"', "cannot be read"),
        ('profile = "plain-rest"\nurl = "https://p/"\ntoken = "x"', "token"),
    ],
)
def test_a_fault_in_the_settings_is_named_with_its_remedy(tmp_path, text, words):
    created = init(tmp_path / "hub")
    (tmp_path / "hub" / "word").write_text("secret")
    (tmp_path / "hub" / "word").chmod(0o644)
    Path(created.config).write_text(Path(created.config).read_text() + "\n[province]\n" + text)
    with pytest.raises(HubError, match=words):
        open_platform(load_settings(created.config).province)
