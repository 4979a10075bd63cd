"""A disk that is mounted read-only (as after a file system error), and one that refuses every write in mid-service."""

import resource

from tests.durability.disk.recording import Recording
from tests.durability.disk.small_disk import SmallDisk

READ_ONLY = {"refused": "read-only"}


def test_a_start_on_a_read_only_disk_refuses_and_recovers_by_itself(disk: SmallDisk) -> None:
    with Recording(disk.path / "state", disk.command()) as kiosk:
        before = kiosk.rate(5)["stored"]
        assert kiosk.stop() == 0
    disk.make_read_only()

    with Recording(disk.path / "state", disk.command()) as kiosk:
        assert [kiosk.rate(1), kiosk.rate(2)] == [READ_ONLY, READ_ONLY]
        disk.make_writable()

        after = kiosk.rate(4)["stored"]

        kept = kiosk.records()
        assert kept.pressed == {before: 5, after: 4}
        assert kept.apologised == {"read-only": 2}
        assert kept.counts_agree
        assert kept.findings == ()


def test_a_first_start_on_a_read_only_disk_recovers_by_itself(disk: SmallDisk) -> None:
    disk.make_read_only()
    with Recording(disk.path / "state", disk.command()) as kiosk:
        assert kiosk.rate(1) == READ_ONLY
        disk.make_writable()

        assert "stored" in kiosk.rate(4)

        kept = kiosk.records()
        assert (list(kept.pressed.values()), kept.apologised) == ([4], {"read-only": 1})
        assert kept.findings == ()


def test_a_disk_that_refuses_every_write_in_mid_service_costs_apologies_and_nothing_else(disk: SmallDisk) -> None:
    """The kernel refuses each write of that process, wherever in a file: a limit of 0 bytes a file."""
    with Recording(disk.path / "state", disk.command()) as kiosk:
        before = [kiosk.rate(level)["stored"] for level in (5, 4)]
        limits = resource.prlimit(kiosk.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        assert [kiosk.rate(1) for _ in range(3)] == [{"refused": "disk-error"}] * 3
        resource.prlimit(kiosk.pid, resource.RLIMIT_FSIZE, limits)

        after = kiosk.rate(3)["stored"]

        kept = kiosk.records()
        assert kept.pressed == dict(zip([*before, after], (5, 4, 3), strict=True))
        assert kept.apologised == {"disk-error": 3}
        assert kept.counts_agree
        assert kept.findings == ()
