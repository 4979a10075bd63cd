"""A disk of 6 MB for each test that wants one. Where none can be made the test fails: nothing here is skipped."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.durability.disk.small_disk import SmallDisk

SIZE_BYTES = 6 << 20


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with SmallDisk(tmp_path / "disk", SIZE_BYTES) as disk:
        yield disk
