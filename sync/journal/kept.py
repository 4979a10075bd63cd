"""Where damaged journals are kept. Light: the screens ask for it before any database is loaded."""

from pathlib import Path


def kept_aside(directory: Path) -> list[Path]:
    """Folders with a journal that was damaged, oldest first."""
    return sorted(path for path in (directory / "kept").glob("*") if path.is_dir())
