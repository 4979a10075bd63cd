"""Where a publication lies once it is in use. By itself, because every start asks for it."""

from pathlib import Path
from typing import Final

PUBLISHED: Final = "published"
"""In the storage folder."""


def folder_in_use(storage: Path, kind: str) -> Path:
    """There may be none."""
    return storage / PUBLISHED / kind / "current"
