"""Where damaged journals are kept, and heads that an older one did not have. Light: the screens ask for it before any
database is loaded.
"""

from pathlib import Path


def kept_aside(directory: Path) -> list[Path]:
    """One folder for each time that a journal was damaged, cut off or put back, oldest first."""
    return sorted(path for path in (directory / "kept").glob("*") if path.is_dir())
