"""A journal that is truncated, overwritten, newer or half gone is kept aside whole, and the presses go on."""

import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from sync.journal.kept import kept_aside
from tests.durability.disk.recording import Kept, Recording

PRESSES = 150
SEED = 20261120
HOLES = 6
PAGE = 1024


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def rate(state: Path, presses: int = PRESSES, *, kill: bool = False) -> tuple[dict[str, int], Kept]:
    """Receipts with their levels, and what the journal has; then the process ends."""
    with Recording(state) as kiosk:
        receipts = {kiosk.rate(number % 5 + 1)["stored"]: number % 5 + 1 for number in range(presses)}
        kept = kiosk.records()
        if not kill:
            assert kiosk.stop() == 0
    return receipts, kept


def start_again(state: Path) -> tuple[str, Kept]:
    """The next press may be apologised for; the one after it may not."""
    with Recording(state) as kiosk:
        answers = [kiosk.rate(5)]
        kiosk.read()
        answers += [kiosk.rate(5), kiosk.rate(5)]
        assert "stored" in answers[-1], answers
        kept = kiosk.records()
        assert kiosk.stop() == 0
    assert kept.findings == ()
    assert kept.counts_agree
    return answers[-1]["stored"], kept


def cut_in_half(journal: Path) -> None:
    with journal.open("r+b") as stream:
        stream.truncate(journal.stat().st_size // 2 // PAGE * PAGE)


def cut_in_mid_page(journal: Path) -> None:
    with journal.open("r+b") as stream:
        stream.truncate(journal.stat().st_size // 3 + 77)


def noise_in_the_middle(journal: Path) -> None:
    """On pages that hold presses."""
    noise = random.Random(SEED)
    content = journal.read_bytes()
    pages = [at for at in range(20, len(content) // PAGE) if b'"pressed"' in content[at * PAGE : (at + 1) * PAGE]]
    with journal.open("r+b") as stream:
        for page in noise.sample(pages, HOLES):
            stream.seek(page * PAGE)
            stream.write(noise.randbytes(PAGE))


def pages_of_noise(content: bytes) -> list[bytes]:
    """The journal's own pages begin with a type that SQLite knows, or are free."""
    pages = [content[at : at + PAGE] for at in range(PAGE, len(content), PAGE)]
    return [page for page in pages if page[0] not in {0, 2, 5, 10, 13}]


def noise_at_the_head(journal: Path) -> None:
    with journal.open("r+b") as stream:
        stream.write(random.Random(SEED).randbytes(4 * PAGE))


def a_newer_version(journal: Path) -> None:
    connection = sqlite3.connect(journal)
    connection.execute("PRAGMA user_version = 99")
    connection.close()


def all_noise(journal: Path) -> None:
    journal.write_bytes(random.Random(SEED).randbytes(journal.stat().st_size))


DAMAGES = [
    cut_in_half,
    cut_in_mid_page,
    noise_in_the_middle,
    noise_at_the_head,
    a_newer_version,
    all_noise,
]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_journal_is_kept_aside_whole_and_a_new_generation_goes_on(
    state: Path, damage: Callable[[Path], None]
) -> None:
    receipts, before = rate(state)
    journal = state / "journal.db"
    damage(journal)
    damaged = journal.read_bytes()

    new, kept = start_again(state)

    (folder,) = kept_aside(state)
    aside = (folder / "journal.db").read_bytes()
    if damage is noise_in_the_middle:  # found by a reader, when the file was in use again
        assert all(page in aside for page in pages_of_noise(damaged))
    else:
        assert aside == damaged
    assert "salvaged" in kept.audits
    assert new in kept.pressed
    assert kept.generations[-1] not in before.generations
    if any(generation in kept.generations for generation in before.generations):
        assert kept.previous == before.generations
    assert_each_counts_once_at_most(receipts, kept)


@pytest.mark.parametrize("damage", [a_newer_version, noise_at_the_head], ids=lambda damage: damage.__name__)
def test_what_can_be_read_is_all_there(state: Path, damage: Callable[[Path], None]) -> None:
    """The records themselves are whole."""
    receipts, _ = rate(state)
    damage(state / "journal.db")

    _, kept = start_again(state)

    assert counted(kept) - Counter({5: len(kept.pressed.keys() - receipts.keys())}) == Counter(receipts.values())


def test_a_hole_in_the_middle_costs_only_what_stood_there(state: Path) -> None:
    receipts, _ = rate(state)
    noise_in_the_middle(state / "journal.db")

    _, kept = start_again(state)

    assert sum(counted(kept).values()) >= len(receipts) - HOLES * 5


def test_an_empty_file_in_the_journals_place_is_said_and_the_presses_go_on(state: Path) -> None:
    _, before = rate(state)
    (state / "journal.db").write_bytes(b"")

    new, kept = start_again(state)

    assert list(kept.pressed.items())[-1] == (new, 5)
    assert kept.generations[-1] not in before.generations
    assert "journal-missing" in kept.audits or "salvaged" in kept.audits


def test_a_journal_that_is_gone_is_said_and_the_presses_go_on(state: Path) -> None:
    _, before = rate(state)
    (state / "journal.db").unlink()

    _, kept = start_again(state)

    assert kept.generations[-1] not in before.generations
    assert "journal-missing" in kept.audits


def test_a_lost_log_costs_what_stood_in_it_and_nothing_else(state: Path) -> None:
    """Killed, then somebody deletes the file with the odd name."""
    early, _ = rate(state)
    late, _ = rate(state, 20, kill=True)
    (state / "journal.db-wal").unlink()
    (state / "journal.db-shm").unlink(missing_ok=True)

    new, kept = start_again(state)

    assert early.keys() <= kept.pressed.keys() | {new}
    assert not late.keys() & kept.pressed.keys() or kept.findings == ()


def test_a_log_full_of_noise_is_no_reason_to_stop(state: Path) -> None:
    early, _ = rate(state)
    rate(state, 20, kill=True)
    log = state / "journal.db-wal"
    log.write_bytes(random.Random(SEED).randbytes(log.stat().st_size))

    _, kept = start_again(state)

    assert early.keys() <= kept.pressed.keys()


@pytest.mark.parametrize(
    "damage",
    [noise_in_the_middle, noise_at_the_head, all_noise],
    ids=lambda one: one.__name__,
)
def test_a_file_that_is_overwritten_in_mid_service_never_ends_the_program(
    state: Path, damage: Callable[[Path], None]
) -> None:
    receipts, _ = rate(state)
    with Recording(state) as kiosk:
        kiosk.rate(5)
        damage(state / "journal.db")
        answers = [kiosk.rate(1) for _ in range(150)]
        thanked = {answer["stored"] for answer in answers if "stored" in answer}
        kiosk.kill()

    new, kept = start_again(state)

    assert len(thanked) >= 140, "a damaged file costs an apology or a few, not the day"
    assert new in kept.pressed
    assert_each_counts_once_at_most(receipts | dict.fromkeys(thanked, 1), kept)


def test_a_salvage_that_the_power_interrupts_is_finished_at_the_next_start(state: Path) -> None:
    """What lies on the disk when the new file is complete and the old one not moved yet."""
    receipts, _ = rate(state)
    a_newer_version(state / "journal.db")
    shutil.copytree(state, state.with_name("before"))
    start_again(state)
    (folder,) = kept_aside(state)
    first = (folder / "journal.db").read_bytes()
    assert first == (state.with_name("before") / "journal.db").read_bytes()

    _, kept = start_again(state)

    assert kept_aside(state) == [folder], "a second start finds nothing to salvage"
    assert receipts.keys() <= kept.pressed.keys()


def counted(kept: Kept) -> Counter[int]:
    return Counter(kept.pressed.values()) + Counter({level: n for level, n in kept.salvaged.items() if level > 0})


def assert_each_counts_once_at_most(receipts: dict[str, int], kept: Kept) -> None:
    """By level: never more than were pressed before and since."""
    since = Counter(level for receipt, level in kept.pressed.items() if receipt not in receipts)
    assert not counted(kept) - since - Counter(receipts.values())
