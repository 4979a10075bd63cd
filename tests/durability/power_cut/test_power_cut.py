"""The power goes at any moment: what was promised is there, what is there holds together, and work goes on.

A sample; `python -m tests.durability.power_cut.soak` cuts after every operation.
"""

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from sync.journal import schema
from sync.journal.newest_head import FILE_NAME
from tests.durability.power_cut.cuts import cuts, sampled, try_cuts
from tests.durability.power_cut.disk import fates
from tests.durability.power_cut.operations import Acknowledged, Beside, SyncFile, Write
from tests.durability.power_cut.stream import History, record_visits

SEED = 20261120


def recorded(tmp_path: Path, visits: int) -> History:
    live = tmp_path / "live"
    live.mkdir()
    return record_visits(live, visits)


def test_no_cut_loses_what_was_promised_or_damages_the_journal(tmp_path: Path) -> None:
    history = recorded(tmp_path, 130)

    plan = sampled(history.operations, 100, SEED)
    tally = try_cuts(history.operations, history.hashes, plan, tmp_path / "image")

    assert (tally.lost, tally.corrupt) == (0, 0), str(tally)
    assert tally.images > 200


def test_a_second_cut_while_recovering_from_the_first_loses_nothing_either(tmp_path: Path) -> None:
    history = recorded(tmp_path, 20)
    first = list(cuts(history.operations, sampled(history.operations, 60, SEED)))
    for number, cut in enumerate(random.Random(SEED).sample(first, 3)):
        live = tmp_path / f"second-{number}"
        cut.image.write_to(live)
        second = record_visits(live, 4, cut.promise)

        plan = sampled(second.operations, 12, SEED)
        tally = try_cuts(second.operations, second.hashes, plan, tmp_path / "image")

        assert (tally.lost, tally.corrupt) == (0, 0), str(tally)
        assert tally.images > 20


def test_a_cut_about_a_head_never_leaves_a_head_that_the_journal_does_not_have(tmp_path: Path) -> None:
    """Else a power cut would pass for an older copy that was put back."""
    history = recorded(tmp_path, 45)
    heads = [one.files.get(FILE_NAME) if isinstance(one, Beside) else None for one in history.operations]
    written = [at for at, head in enumerate(heads) if head is not None and head not in heads[:at]]
    about = {at + step for at in written for step in range(-6, 12)}

    tally = try_cuts(
        history.operations, history.hashes, lambda point: fates(1, SEED) if point in about else (), tmp_path / "image"
    )

    assert len(written) >= 4
    assert (tally.lost, tally.corrupt) == (0, 0), str(tally)
    assert tally.images > 20


def test_the_stream_is_as_varied_as_the_promise(tmp_path: Path) -> None:
    """Else a good result would say little."""
    history = recorded(tmp_path, 130)

    promises = [one.promise for one in history.operations if isinstance(one, Acknowledged)]
    assert promises[-1].records == len(history.hashes) > 400
    assert promises[-1].cursors["hub"] > 300
    assert promises[-1].notes["lockout"] > 100
    database = sqlite3.connect(tmp_path / "live" / "journal.db")
    kinds = {kind for (kind,) in database.execute("SELECT DISTINCT body ->> 'kind' FROM record")}
    causes = {cause for (cause,) in database.execute("SELECT DISTINCT body ->> 'cause' FROM record")}
    sealed = database.execute("SELECT count(*) FROM sealed").fetchone()[0]
    destroyed = database.execute("SELECT sum(body ->> '$.detail.boxes') FROM record").fetchone()[0]
    database.close()
    assert kinds >= {"opened", "asked", "pressed", "apologised", "ended", "head", "epoch"}
    assert "interrupted" in causes
    assert sealed > 50
    assert destroyed > 5
    assert _checkpoints_in_mid_stream(history) > 0


@pytest.mark.parametrize("settings", [("WAL", "NORMAL"), ("DELETE", "FULL")])
def test_the_harness_finds_the_losses_of_weaker_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: tuple[str, str]
) -> None:
    """Recorded with settings that are known to lose, opened with the real ones: the test of the test."""
    with monkeypatch.context() as weaker:
        weaker.setattr(schema, "_set_up", _set_up_with(*settings))
        history = recorded(tmp_path, 12)

    plan = sampled(history.operations, 30, SEED)
    tally = try_cuts(history.operations, history.hashes, plan, tmp_path / "image")

    assert tally.lost > 0, str(tally)
    assert tally.corrupt == 0, str(tally)


def _set_up_with(journal_mode: str, synchronous: str) -> Callable[[sqlite3.Connection], None]:
    def set_up(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA page_size = 1024")
        connection.execute(f"PRAGMA journal_mode = {journal_mode}")
        connection.execute(f"PRAGMA synchronous = {synchronous}")

    return set_up


def _checkpoints_in_mid_stream(history: History) -> int:
    """Syncs of the database file itself between two promises that no opening lies between."""
    database, found, writes = 1, 0, 0
    for operation in history.operations:
        match operation:
            case Acknowledged():
                writes = 0
            case Write():
                writes += 1
            case SyncFile(inode=inode) if inode == database and writes < 2000:
                found += 1
            case _:
                pass
    return found
