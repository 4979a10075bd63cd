"""Where publications lie: one in use, moved at the start alone, taken back where the program did not survive it."""

from pathlib import Path

import pytest

from sync.publication.manifest import PublicationError
from sync.publication.shelf import TRIES, Refusal, Shelf

KIND = "slides"


def put(shelf: Shelf, version: int, content: bytes = b"") -> None:
    def fill(folder: Path) -> None:
        folder.mkdir()
        (folder / "a.png").write_bytes(content or str(version).encode())

    shelf.take(KIND, version, fill)


def shown(shelf: Shelf) -> bytes | None:
    path = shelf.folder(KIND) / "a.png"
    return path.read_bytes() if path.exists() else None


def begin(shelf: Shelf, *, serves: bool = True) -> bytes | None:
    """One start of the program."""
    shelf.turn()
    if serves:
        shelf.served()
    return shown(shelf)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def test_what_arrived_is_in_use_from_the_next_start(shelf: Shelf) -> None:
    put(shelf, 3)
    assert (shelf.arrived(KIND), shelf.in_use(KIND), shown(shelf)) == (3, 0, None)
    assert begin(shelf) == b"3"
    put(shelf, 4)
    assert shown(shelf) == b"3"
    assert begin(shelf) == b"4"
    assert shelf.in_use(KIND) == 4


def test_versions_only_rise(shelf: Shelf) -> None:
    put(shelf, 3)
    for version in (1, 2, 3):
        with pytest.raises(PublicationError) as refused:
            put(shelf, version, b"other")
        assert refused.value.code == "older"
    assert begin(shelf) == b"3"


def test_a_version_does_not_come_back_after_it_was_taken_back(shelf: Shelf) -> None:
    put(shelf, 1)
    begin(shelf)
    put(shelf, 2)
    for _ in range(TRIES):
        assert begin(shelf, serves=False) == b"2"

    assert begin(shelf) == b"1"

    refused = shelf.refused()[KIND]
    assert (refused.version, refused.code) == (2, "did-not-start")
    with pytest.raises(PublicationError):
        put(shelf, 2)
    assert begin(shelf) == b"1"
    put(shelf, 3)
    assert begin(shelf) == b"3"
    assert shelf.refused() == {}


def test_the_first_one_that_is_not_survived_leaves_what_the_program_brings(shelf: Shelf) -> None:
    put(shelf, 1)
    for _ in range(TRIES):
        begin(shelf, serves=False)
    assert begin(shelf) is None
    assert shelf.in_use(KIND) == 0


def test_one_that_was_survived_is_not_on_trial_any_more(shelf: Shelf) -> None:
    put(shelf, 1)
    assert begin(shelf) == b"1"
    for _ in range(TRIES + 2):
        assert begin(shelf, serves=False) == b"1"


def test_the_one_before_is_kept_and_no_other(shelf: Shelf) -> None:
    for version in (1, 2, 3, 9):
        put(shelf, version)
        begin(shelf)
    assert sorted(path.name for path in (shelf.directory / KIND).iterdir()) == ["3", "9", "current"]


def test_nothing_stays_of_what_could_not_be_filled(shelf: Shelf) -> None:
    def fill(folder: Path) -> None:
        folder.mkdir()
        (folder / "a.png").write_bytes(b"half")
        raise PublicationError("cut", "it ends")

    with pytest.raises(PublicationError):
        shelf.take(KIND, 1, fill)

    assert list((shelf.directory / KIND).iterdir()) == []
    assert begin(shelf) is None


def test_what_a_power_cut_left_half_done_is_cleared_away(shelf: Shelf) -> None:
    put(shelf, 1)
    begin(shelf)
    home = shelf.directory / KIND
    (home / "2.new").mkdir()
    (home / "current.new").symlink_to("7")
    put(shelf, 2)
    assert begin(shelf) == b"2"
    assert sorted(path.name for path in home.iterdir()) == ["1", "2", "current"]


def test_a_power_cut_before_the_book_was_written_loses_nothing(shelf: Shelf) -> None:
    put(shelf, 5)
    (shelf.directory / "book.json").unlink()
    assert shelf.highest(KIND) == 5
    assert begin(shelf) == b"5"
    (shelf.directory / "book.json").write_bytes(b"\xff{")
    assert begin(shelf) == b"5"
    with pytest.raises(PublicationError):
        put(shelf, 4)


def test_a_link_that_leads_nowhere_is_no_version_in_use(shelf: Shelf) -> None:
    put(shelf, 1)
    begin(shelf)
    (shelf.folder(KIND)).unlink()
    (shelf.folder(KIND)).symlink_to("../../elsewhere")
    assert shelf.in_use(KIND) == 0
    assert begin(shelf) == b"1"


def test_a_refusal_is_remembered_until_it_is_no_longer_offered(shelf: Shelf) -> None:
    put(shelf, 1)
    shelf.refuse(KIND, Refusal(2, "unsigned", "not signed", "blame"))
    assert Shelf(shelf.directory.parent).refused()[KIND].blame == "blame"
    assert shelf.highest(KIND) == 1
    shelf.forgive(KIND)
    assert shelf.refused() == {}
    assert shelf.highest(KIND) == 1
