"""What is told of the packs of words that a hall has added."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PackFault:
    """Something wrong with a pack of words that the hall has added. The visit goes on without that part of it."""

    pack: str
    """Name of its file, or the folder."""
    code: str
    """One that the screens have words for: `pack_…`, its underscores as hyphens."""
    keys: tuple[str, ...] = ()
