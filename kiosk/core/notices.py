"""What a hall tells everybody: a few words at rest, for some days."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notice:
    text: str
    text_en: str = ""
    """Empty: the Chinese text is shown."""
    begins: str = ""
    """The first day, `yyyy-MM-dd` in the hall's own time; empty: it has begun."""
    ends: str = ""
    """The last day; empty: it does not end."""

    def holds(self, day: str) -> bool:
        return self.begins <= day and (not self.ends or day <= self.ends)


def in_effect(notices: Sequence[Notice], day: str) -> Notice | None:
    """Of several, the first: there is room for one."""
    return next((notice for notice in notices if notice.holds(day)), None)
