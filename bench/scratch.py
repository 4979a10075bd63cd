"""Where a benchmark of the disk writes: beside the checkout, in the ignored `build`; `/tmp` may be memory."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BUILD = Path(__file__).parent.parent / "build"


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Empty, and gone afterwards."""
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="bench-") as folder:
        yield Path(folder)
