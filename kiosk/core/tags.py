"""The reasons that a citizen can tick: the platform's versioned table of tags (评价内容)."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tag:
    code: str
    """Three digits; the first is the level."""
    text: str

    @property
    def level(self) -> int:
        return int(self.code[0])


@dataclass(frozen=True, slots=True)
class TagTable:
    name: str
    version: int
    in_use: tuple[Tag, ...]
    """In the order in which they are offered."""
    retired: Mapping[str, str]
    """Code to text: no longer offered, still readable in what was sent before."""

    def tags(self, level: int) -> tuple[Tag, ...]:
        """What is offered at a level, in order."""
        return tuple(tag for tag in self.in_use if tag.level == level)

    def label(self, code: str) -> str | None:
        """The text of a code, retired ones too; None for a code that the table does not know."""
        found = next((tag.text for tag in self.in_use if tag.code == code), None)
        return found if found is not None else self.retired.get(code)

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(tag.code for tag in self.in_use) | self.retired.keys()
