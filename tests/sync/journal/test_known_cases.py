"""Whether this device was asked about a case before, from its own journal."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from sync.journal.known_cases import was_asked_for
from sync.journal.reader import JournalReader
from sync.journal.writer import Journal
from sync.records import Case
from tests.sync.conftest import Visits


@pytest.fixture
def reader(journal: Journal, tmp_path: Path) -> Iterator[JournalReader]:
    with closing(JournalReader(tmp_path)) as reader:
        yield reader


def test_a_case_is_known_whatever_its_step_and_whatever_became_of_it(
    journal: Journal, visits: Visits, reader: JournalReader, tmp_path: Path
) -> None:
    key = (tmp_path / "keys" / "pseudonym.key").read_bytes()
    rated, second = Case(project_no="A-1"), Case(project_no="B-2", service_number=7)
    journal.append(visits.rated(2, rated))
    asked = visits.asked(Case(project_no="C-3"), second)
    journal.append([asked, visits.ended(asked, rated=False)])

    assert [number for number in ("A-1", "B-2", "C-3") if was_asked_for(reader.connection, key, number)] == [
        "A-1",
        "B-2",
        "C-3",
    ]
    assert not any(was_asked_for(reader.connection, key, number) for number in ("", "A-", "A-11", "a-1", "7"))
    assert not was_asked_for(reader.connection, bytes(32), "A-1"), "another device's key opens nothing"
