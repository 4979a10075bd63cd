"""A disk that others have filled, for real: refusals are told, nothing acknowledged is lost, all goes on by itself."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.durability.disk.recording import Kept, Recording
from tests.durability.disk.small_disk import SmallDisk

FULL = {"refused": "disk-full"}


@contextmanager
def recording(disk: SmallDisk) -> Iterator[Recording]:
    with Recording(disk.path / "state", disk.command()) as recording:
        yield recording


def rate_until_refused(recording: Recording) -> list[str]:
    """Receipts of what was taken before the first refusal."""
    receipts: list[str] = []
    while "stored" in (answer := recording.rate(len(receipts) % 5 + 1)):
        receipts.append(answer["stored"])
    assert answer == FULL
    return receipts


def assert_sound(kept: Kept) -> None:
    assert kept.findings == ()
    assert kept.counts_agree


def test_the_reserve_takes_a_days_presses_on_a_disk_that_others_filled(disk: SmallDisk) -> None:
    with recording(disk) as kiosk:
        kiosk.rate(5)
        disk.fill()
        assert disk.free_bytes == 0

        receipts = rate_until_refused(kiosk)

        assert len(receipts) >= 1000
        kept = kiosk.records()
        assert set(receipts) <= kept.pressed.keys()
        assert_sound(kept)


def test_what_is_refused_on_a_full_disk_is_an_apology_once_there_is_space(disk: SmallDisk) -> None:
    with recording(disk) as kiosk:
        kiosk.rate(5)
        disk.fill()
        receipts = rate_until_refused(kiosk)
        assert [kiosk.rate(1) for _ in range(5)] == [FULL] * 5, "no false thanks, and still alive"
        disk.free()

        assert "stored" in kiosk.rate(4)

        kept = kiosk.records()
        assert len(kept.pressed) == len(receipts) + 2, "nothing lost, nothing twice"
        assert set(receipts) <= kept.pressed.keys()
        assert kept.apologised == {"disk-full": 6}
        assert_sound(kept)


def test_a_disk_that_fills_and_empties_again_and_again_loses_nothing(disk: SmallDisk) -> None:
    with recording(disk) as kiosk:
        kiosk.rate(5)
        disk.fill()
        receipts = rate_until_refused(kiosk)
        refused = 1
        for _ in range(10):
            disk.free()
            receipts.append(kiosk.rate(3)["stored"])
            disk.fill()
            receipts += rate_until_refused(kiosk)
            refused += 1
        disk.free()
        receipts.append(kiosk.rate(3)["stored"])

        kept = kiosk.records()
        assert set(receipts) <= kept.pressed.keys()
        assert len(kept.pressed) == len(receipts) + 1
        assert kept.apologised == {"disk-full": refused}
        assert_sound(kept)


def test_a_kill_on_a_full_disk_loses_nothing_that_was_thanked_for(disk: SmallDisk) -> None:
    with recording(disk) as kiosk:
        kiosk.rate(5)
        disk.fill()
        receipts = rate_until_refused(kiosk)
        kiosk.kill()

    with recording(disk) as kiosk:
        assert "stored" in kiosk.rate(2) or kiosk.rate(2) == FULL, "alive on the full disk"
        disk.free()
        assert "stored" in kiosk.rate(2)
        kept = kiosk.records()
        assert set(receipts) <= kept.pressed.keys()
        assert_sound(kept)


def test_a_first_start_on_a_full_disk_waits_for_space(disk: SmallDisk) -> None:
    disk.fill()
    with recording(disk) as kiosk:
        assert [kiosk.rate(1), kiosk.rate(2)] == [FULL, FULL]
        disk.free()

        assert "stored" in kiosk.rate(5)

        kept = kiosk.records()
        assert sorted(kept.pressed.values()) == [5]
        assert kept.apologised == {"disk-full": 2}
        assert_sound(kept)


def test_a_first_start_that_stuck_half_way_goes_on_from_there(disk: SmallDisk) -> None:
    """Keys without a journal, a journal without its tables: whatever fitted on the disk."""
    disk.fill()
    for free_blocks in (1, 3, 4, 5, 6, 8, 12, 30, 100):
        with disk.inside("somebody-else").open("r+b") as stream:
            stream.truncate(stream.seek(0, 2) - free_blocks * 4096)
        with recording(disk) as kiosk:
            assert kiosk.rate(1).keys() <= {"stored", "refused"}, free_blocks
            kiosk.kill()
    disk.free()
    with recording(disk) as kiosk:
        assert "stored" in kiosk.rate(5)
        assert_sound(kiosk.records())


def test_stopping_on_a_full_disk_ends(disk: SmallDisk) -> None:
    with recording(disk) as kiosk:
        kiosk.rate(5)
        disk.fill()
        rate_until_refused(kiosk)

        assert kiosk.stop() == 0


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_the_reserve_is_there_again_after_a_start(disk: SmallDisk, end: str) -> None:
    with recording(disk) as kiosk:
        for _ in range(1900):  # as many as use it up
            kiosk.rate(5)
        if end == "stop":
            assert kiosk.stop() == 0
        kiosk.kill()

    with recording(disk) as kiosk:
        kiosk.rate(5)
        disk.fill()

        assert len(rate_until_refused(kiosk)) >= 1000
