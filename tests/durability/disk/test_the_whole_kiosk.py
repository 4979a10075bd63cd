"""The real program on a disk in trouble: the glass apologises, the process lives on, and it recovers by itself."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sync.records import NOT_RATED
from tests.durability.disk.recording import Recording
from tests.durability.disk.small_disk import SmallDisk
from tests.durability.kills.ledger import Ledger
from tests.durability.kills.place import GLASS, Place, open_place, today
from tests.durability.kills.process import PATIENCE_S, KioskProcess


@pytest.fixture
def place(tmp_path: Path, disk: SmallDisk) -> Iterator[Place]:
    with open_place(tmp_path / "place", state=disk.path / "state") as place:
        yield place


@contextmanager
def kiosk_on(disk: SmallDisk, place: Place) -> Iterator[KioskProcess]:
    kiosk = KioskProcess(place.config, place.log, Ledger().begin("disk"), before=disk.command())
    try:
        yield kiosk
    finally:
        kiosk.kill()


def press(kiosk: KioskProcess, place: Place, level: int) -> None:
    """Once the faces are lit: on the glass for an even level, on the box for an odd one."""
    if level % 2:
        place.press_box(GLASS, level)
    else:
        kiosk.touch(f"face{level}")


def wait_for_counts(kiosk: KioskProcess, place: Place, wanted: dict[int, int]) -> None:
    for _ in range(int(PATIENCE_S * 10)):
        if place.hub_counts(today()) == wanted:
            return
        kiosk.pass_time(0.1)
    assert place.hub_counts(today()) == wanted


def test_a_full_disk_shows_the_apology_until_there_is_space(disk: SmallDisk, place: Place) -> None:
    with Recording(disk.path / "state", disk.command()) as earlier:
        earlier.rate(5)
        disk.fill()
        stored = 1
        while "stored" in earlier.rate(5):  # the reserve, which takes a day's presses
            stored += 1
        earlier.kill()

    with kiosk_on(disk, place) as kiosk:
        lit = kiosk.wait_for("lit")
        press(kiosk, place, 2)
        apology = kiosk.wait_for("apology", after=lit)
        lit = kiosk.wait_for("lit", after=apology)
        assert not kiosk.heard("thanks", 0)
        disk.free()
        press(kiosk, place, 4)
        kiosk.wait_for("thanks", after=lit)

        wait_for_counts(kiosk, place, {5: stored, 4: 1, -2: 1, NOT_RATED: 1})


def test_a_disk_that_refuses_every_write_shows_the_apology_until_it_works_again(disk: SmallDisk, place: Place) -> None:
    with kiosk_on(disk, place) as kiosk:
        lit = kiosk.wait_for("lit")
        press(kiosk, place, 4)
        lit = kiosk.wait_for("lit", after=kiosk.wait_for("thanks", after=lit))
        limits = resource.prlimit(kiosk.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        press(kiosk, place, 1)
        lit = kiosk.wait_for("lit", after=kiosk.wait_for("apology", after=lit))
        resource.prlimit(kiosk.pid, resource.RLIMIT_FSIZE, limits)
        press(kiosk, place, 2)
        kiosk.wait_for("thanks", after=lit)

        wait_for_counts(kiosk, place, {4: 1, 2: 1, -1: 1, NOT_RATED: 1})


def test_a_start_on_a_read_only_disk_shows_the_apology_until_it_can_be_written(disk: SmallDisk, place: Place) -> None:
    with Recording(disk.path / "state", disk.command()) as earlier:
        earlier.rate(5)
        assert earlier.stop() == 0
    disk.make_read_only()

    with kiosk_on(disk, place) as kiosk:
        lit = kiosk.wait_for("lit")
        press(kiosk, place, 4)
        lit = kiosk.wait_for("lit", after=kiosk.wait_for("apology", after=lit))
        disk.make_writable()
        press(kiosk, place, 2)
        kiosk.wait_for("thanks", after=lit)

        wait_for_counts(kiosk, place, {5: 1, 2: 1, -4: 1, NOT_RATED: 1})
