"""The power goes under the whole program: whoever was thanked is in the journal, and the program starts again."""

from collections.abc import Sequence
from pathlib import Path

from tests.durability.power_cut.cuts import Plan, sampled, try_cuts
from tests.durability.power_cut.disk import Disk, Fate, fates
from tests.durability.power_cut.operations import (
    Acknowledged,
    Create,
    Rename,
    SyncFile,
    SyncFolder,
    Truncate,
    Unlink,
    Write,
)
from tests.durability.power_cut.stream import History
from tests.durability.strace_replay.runs import days_run, kiosk_run

SEED = 20261120
FIRST, SECOND = [5, 1], [2, 4]


def test_no_cut_loses_a_press_that_was_thanked_for(tmp_path: Path) -> None:
    history, state = kiosk_run(tmp_path, FIRST, SECOND)
    _check_that_nothing_escaped(history, state, tmp_path / "image")
    promises = [one.promise.records for one in history.operations if isinstance(one, Acknowledged)]
    assert len(promises) == len(FIRST) + len(SECOND)
    assert promises == sorted(set(promises))

    plan = sampled(history.operations, 60, SEED)
    tally = try_cuts(history.operations, history.hashes, plan, tmp_path / "image")

    assert (tally.lost, tally.corrupt) == (0, 0), str(tally)
    assert tally.images > 60


def test_no_cut_while_keys_are_made_replaced_and_erased_keeps_the_kiosk_from_starting(tmp_path: Path) -> None:
    history, state = days_run(tmp_path, 4)
    _check_that_nothing_escaped(history, state, tmp_path / "image")
    assert any(isinstance(one, Unlink) and one.path == "keys/epoch-0.key" for one in history.operations)
    assert any(isinstance(one, Rename) and one.new == "keys/epoch-8.key" for one in history.operations)

    tally = try_cuts(history.operations, history.hashes, _at_the_keys(history), tmp_path / "image")
    tally.add(try_cuts(history.operations, history.hashes, sampled(history.operations, 40, SEED), tmp_path / "image"))

    assert (tally.lost, tally.corrupt) == (0, 0), str(tally)
    assert tally.images > 120


def test_without_the_syncs_the_replay_finds_losses(tmp_path: Path) -> None:
    """The test of the test: the same run on a disk whose folders were never synced."""
    history, _ = days_run(tmp_path, 1)
    operations = [one for one in history.operations if not isinstance(one, SyncFolder)]

    tally = try_cuts(operations, history.hashes, sampled(operations, 20, SEED), tmp_path / "image")

    assert tally.lost > 0, str(tally)


def _at_the_keys(history: History) -> Plan:
    """Every cut at the files of the keys folder, torn in many ways."""
    made = (one for one in history.operations if isinstance(one, Create))
    keys = {one.inode for one in made if one.path.startswith("keys/")}

    def plan(point: int) -> Sequence[Fate]:
        match history.operations[point]:
            case (Write() | Truncate() | SyncFile()) as operation if operation.inode in keys:
                return fates(10, SEED + point * 10)
            case Create() | Rename() | Unlink() | SyncFolder():
                return fates(0, SEED)
            case _:
                return ()

    return plan


def _check_that_nothing_escaped(history: History, state: Path, image: Path) -> None:
    disk = Disk()
    for operation in history.operations:
        disk.play(operation)
    disk.cut(Fate("all", "all")).build().write_to(image)
    assert _contents(image) == _contents(state)


def _contents(folder: Path) -> dict[str, bytes]:
    """The shared memory is not looked at: SQLite builds it anew."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith("-shm"))
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}
