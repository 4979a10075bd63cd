"""What comes down over a real socket: from a hub that works, and from one that says anything at all."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.published.feed import RESERVE
from sync.hub.publications import Publications
from sync.hub.schema import HubError
from sync.hub.server import Hub
from sync.publication.manifest import MIB, File
from tests.durability.disk.small_disk import SmallDisk
from tests.kiosk.published.feed_rig import Liar, Receiver
from tests.sync.hub.conftest import DEVICE_TOKEN, READER_TOKEN, Caller, settings
from tests.sync.publication.press import PUBLISHER, STRANGER, forged, package

LARGE = os.urandom(600_000)


@pytest.fixture
def liar() -> Iterator[Liar]:
    liar = Liar()
    yield liar
    liar.close()


@pytest.fixture
def receiver(tmp_path: Path) -> Receiver:
    (tmp_path / "state").mkdir()
    return Receiver(tmp_path / "state")


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[tuple[Caller, Publications]]:
    from base64 import b64encode

    directory = tmp_path / "hub"
    key = b64encode(PUBLISHER.public).decode()
    hub = Hub(settings(directory, publisher_key=key))
    hub.start()
    yield Caller(hub.address), Publications(directory, PUBLISHER.public)
    hub.stop()


def test_what_is_put_on_the_hub_comes_down_and_is_in_use_without_it(
    tmp_path: Path, hub: tuple[Caller, Publications], receiver: Receiver
) -> None:
    caller, publications = hub
    publications.put(package(tmp_path, {"a.png": LARGE}, version=3))
    publications.put(package(tmp_path, {"tags.toml": b"x"}, kind="tags"))
    with receiver.feed(caller.address, DEVICE_TOKEN) as feed:
        receiver.took("slides", 3)
        receiver.took("tags", 1)
        publications.put(package(tmp_path, {"a.png": b"newer"}, version=4))
        feed.wake()
        receiver.took("slides", 4)
    assert receiver.shelf.in_use("slides") == 0
    receiver.shelf.turn()
    assert (receiver.shelf.folder("slides") / "a.png").read_bytes() == b"newer"
    assert (receiver.shelf.directory / "slides" / "3" / "a.png").read_bytes() == LARGE
    assert receiver.fetching() == []


def test_the_hub_gives_them_to_devices_alone_and_from_any_byte_on(
    tmp_path: Path, hub: tuple[Caller, Publications]
) -> None:
    caller, publications = hub
    made = package(tmp_path, {"a.png": LARGE}, version=3)
    publications.put(made)
    path = "/v1/publications/slides/3"
    assert caller.call("GET", path, token=READER_TOKEN)[0] == 403
    assert caller.call("GET", path, token=None)[0] == 401
    for other in ("slides/2", "slides/x", "keymap/3", "slides/" + "9" * 30):
        assert caller.call("GET", f"/v1/publications/{other}")[0] == 404
    assert caller.call("GET", "/v1/publications/%2e%2e/3")[0] == 404


def test_the_hub_takes_only_what_its_publisher_signed_and_only_newer_ones(
    tmp_path: Path, hub: tuple[Caller, Publications]
) -> None:
    _, publications = hub
    publications.put(package(tmp_path, {"a.png": b"1"}, version=2))
    with pytest.raises(HubError, match="publish 3"):
        publications.put(package(tmp_path, {"a.png": b"2"}, version=2))
    with pytest.raises(HubError, match="not signed"):
        publications.put(package(tmp_path, {"a.png": b"2"}, version=9, by=STRANGER))
    with pytest.raises(HubError, match="publisher_key"):
        Publications(tmp_path / "hub", b"").put(tmp_path / "any")
    with pytest.raises(HubError, match="No such file"):
        publications.put(tmp_path / "missing")


@pytest.mark.parametrize(
    ("code", "kind", "content"),
    [
        ("unsigned", "slides", forged("slides", [File("a", 0, "e3b0c442" + "0" * 56)], b"", 5, STRANGER)),
        ("bad-name", "slides", forged("slides", [File("../../kiosk.toml", 0, "0" * 64)], b"", 5)),
        ("altered", "slides", forged("slides", [File("a", 3, "0" * 64)], b"abc", 5)),
        ("altered", "slides", forged("tags", [File("a", 3, "0" * 64)], b"abc", 5)),
        ("altered", "slides", forged("slides", [File("a", 3, "0" * 64)], b"abc", 4)),
        ("altered", "slides", b"<html>log in</html>"),
        ("cut", "slides", forged("slides", [File("a", 3, "0" * 64)], b"ab", 5)),
        ("unknown-kind", "recipients", forged("recipients", [File("a", 0, "0" * 64)], b"", 5)),
    ],
)
def test_what_does_not_hold_is_refused_once_and_nothing_of_it_stays(
    liar: Liar, receiver: Receiver, code: str, kind: str, content: bytes
) -> None:
    liar.offer(kind, 5, content)
    with receiver.feed(liar.address) as feed:
        assert receiver.refused(kind, 5) == code
        asked = len(liar.fetched())
        before = len(liar.asked)
        feed.wake()
        receiver.until(lambda: len(liar.asked) > before and receiver.looks > before)
    assert len(liar.fetched()) == asked
    assert receiver.shelf.arrived("slides") == 0
    assert receiver.fetching() == []
    assert list(receiver.shelf.refused()) == [kind if kind == "slides" else "unknown"]
    assert sorted(path.name for path in receiver.storage.parent.rglob("*") if path.is_file()) == ["book.json"]


def test_an_older_version_is_refused_and_one_that_is_here_clears_that_again(
    tmp_path: Path, liar: Liar, receiver: Receiver
) -> None:
    new, old = (package(tmp_path, {"a.png": bytes([v])}, version=v).read_bytes() for v in (5, 4))
    liar.offer("slides", 5, new)
    with receiver.feed(liar.address) as feed:
        receiver.took("slides", 5)
        liar.offer("slides", 4, old)
        feed.wake()
        assert receiver.refused("slides", 4) == "older"
        liar.offer("slides", 5, new)
        feed.wake()
        receiver.until(lambda: receiver.shelf.refused() == {})
    assert receiver.shelf.arrived("slides") == 5


def test_a_hundred_megabytes_are_not_even_asked_for(liar: Liar, receiver: Receiver) -> None:
    liar.offer("settings", 1, b"", bytes=100 * MIB)
    with receiver.feed(liar.address):
        assert receiver.refused("settings", 1) == "too-large"
    assert liar.fetched() == []


def test_more_than_was_offered_is_not_written_down(tmp_path: Path, liar: Liar, receiver: Receiver) -> None:
    liar.offer("settings", 1, bytes(20 * MIB), bytes=1000)
    with receiver.feed(liar.address):
        receiver.until(lambda: len(liar.fetched()) == 1)
        receiver.until(lambda: receiver.looks >= 3)
    assert receiver.fetching() == []
    assert receiver.shelf.highest("settings") == 0


def test_what_was_cut_goes_on_where_it_ended(tmp_path: Path, liar: Liar, receiver: Receiver) -> None:
    content = package(tmp_path, {"a.png": LARGE}, version=5).read_bytes()
    liar.offer("slides", 5, content)
    liar.cut_after = [200_000, 150_000]
    with receiver.feed(liar.address) as feed:
        for pieces in (1, 2):
            receiver.until(lambda pieces=pieces: len(liar.fetched()) == pieces and _size(receiver) > 100_000 * pieces)
            feed.wake()
        receiver.took("slides", 5)
    assert liar.fetched() == ["", "bytes=200000-", "bytes=350000-"]


def test_a_rest_that_belongs_to_something_else_is_thrown_away(tmp_path: Path, liar: Liar, receiver: Receiver) -> None:
    content = package(tmp_path, {"a.png": LARGE}, version=5).read_bytes()
    liar.offer("slides", 5, content)
    liar.files = {"/v1/publications/slides/5": bytes(len(content))}
    with receiver.feed(liar.address) as feed:
        receiver.until(lambda: len(liar.fetched()) == 1)
        receiver.until(lambda: receiver.looks >= 3 and receiver.fetching() == [])
        liar.offer("slides", 5, content)
        feed.wake()
        receiver.took("slides", 5)


@pytest.mark.parametrize(
    "page",
    [
        (200, "text/html", b"<html>log in</html>"),
        (302, "text/html", b""),
        (200, "application/json", b"{"),
        (200, "application/json", b'{"publications":7}'),
        (200, "application/json", b'{"publications":[' + b" " * 2_000_000),
        (403, "application/problem+json", b"{}"),
        (500, "text/plain", b"x"),
    ],
)
def test_what_is_no_answer_of_a_hub_changes_nothing(
    tmp_path: Path, liar: Liar, receiver: Receiver, page: tuple[int, str, bytes]
) -> None:
    liar.offer("slides", 5, package(tmp_path, {"a.png": b"x"}, version=5).read_bytes())
    liar.page = page
    with receiver.feed(liar.address) as feed:
        receiver.until(lambda: len(liar.asked) == 1)
        liar.page = None
        feed.wake()
        receiver.took("slides", 5)
    assert receiver.shelf.refused() == {}


def test_ratings_go_first(tmp_path: Path, liar: Liar, receiver: Receiver) -> None:
    liar.offer("slides", 5, package(tmp_path, {"a.png": LARGE}, version=5).read_bytes())
    receiver.sent_all = False
    with receiver.feed(liar.address):
        receiver.until(lambda: receiver.looks >= 1)
        assert liar.asked == []
        receiver.sent_all = True
        receiver.took("slides", 5)


def test_contents_that_do_not_hold_here_are_refused(tmp_path: Path, liar: Liar, receiver: Receiver) -> None:
    receiver.faults["tags"] = "level 5 has 3 tags"
    liar.offer("tags", 5, package(tmp_path, {"tags.toml": b"x"}, kind="tags", version=5).read_bytes())
    with receiver.feed(liar.address):
        assert receiver.refused("tags", 5) == "faulty"
    assert receiver.shelf.refused()["tags"].detail == "level 5 has 3 tags"
    assert receiver.shelf.arrived("tags") == 0


def test_a_disk_keeps_its_reserve_for_ratings(tmp_path: Path, liar: Liar, receiver: Receiver) -> None:
    liar.offer("slides", 5, package(tmp_path, {"a.png": b"x"}, version=5).read_bytes())
    with receiver.feed(liar.address, reserve_bytes=1 << 60):
        assert receiver.refused("slides", 5) == "no-space"
    assert liar.fetched() == []
    with receiver.feed(liar.address):
        receiver.took("slides", 5)
    assert RESERVE >= 64 * MIB


def test_a_disk_that_is_full_in_the_middle_has_its_room_again_and_takes_presses(tmp_path: Path, liar: Liar) -> None:
    liar.offer("slides", 5, package(tmp_path, {"a.png": os.urandom(5 * MIB)}, version=5).read_bytes())
    with SmallDisk(tmp_path / "disk", 8 << 20) as disk:
        receiver = Receiver(disk.inside())
        before = disk.free_bytes
        with receiver.feed(liar.address, reserve_bytes=-(1 << 40)):
            assert receiver.refused("slides", 5) == "no-space"
        assert receiver.fetching() == []
        assert not (receiver.shelf.directory / "slides").exists() or receiver.shelf.arrived("slides") == 0
        assert before - disk.free_bytes < 64 * 1024


def test_a_feed_that_hangs_can_be_stopped(tmp_path: Path, receiver: Receiver) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with receiver.feed(address) as feed, closing(silent.accept()[0]) as line:
            line.recv(1)
            feed.stop()
            assert not feed.is_running


def _size(receiver: Receiver) -> int:
    folder = receiver.storage / "published" / "fetching"
    return sum(path.stat().st_size for path in folder.iterdir()) if folder.exists() else 0
