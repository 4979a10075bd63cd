"""A journal that cannot be used at start: kept aside; presses go on, and the manager's page says so."""

import os
import shutil
from pathlib import Path

from sync.journal.kept import kept_aside
from sync.journal.verify import verify_journal
from tests.visits.conftest import Morning


def test_presses_go_on_behind_a_file_that_cannot_be_used(morning: Morning) -> None:
    morning.press_box("door", 5)
    morning.until(lambda: morning.at_hub() == {5: 1})
    morning.close()
    (morning.hall.state / "journal.db").write_bytes(os.urandom(20_000))

    morning.open()
    morning.press_box("door", 4)

    morning.until(lambda: morning.at_hub() == {5: 1, 4: 1})
    (kept,) = kept_aside(morning.hall.state)
    assert (kept / "journal.db").stat().st_size == 20_000
    assert [audit.detail["kept"] for audit in morning.audits("salvaged")] == [kept.name]
    assert verify_journal(morning.hall.state).sound


def test_presses_go_on_behind_an_old_copy_that_was_put_back(morning: Morning, tmp_path: Path) -> None:
    morning.press_box("door", 5)
    morning.until(lambda: morning.at_hub() == {5: 1})
    morning.close()
    shutil.copy(morning.hall.state / "journal.db", tmp_path / "old")
    morning.open()
    morning.press_box("door", 4)
    morning.until(lambda: morning.at_hub() == {5: 1, 4: 1})
    morning.close()
    shutil.copy(tmp_path / "old", morning.hall.state / "journal.db")

    morning.open()
    morning.press_box("door", 3)

    morning.until(lambda: morning.at_hub() == {5: 1, 4: 1, 3: 1})
    assert len(morning.audits("journal-older-than-known")) == 1
    assert len(kept_aside(morning.hall.state)) == 1
    assert verify_journal(morning.hall.state).sound
