"""What a line of the manager's page is made of."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the page. `alarm` asks for somebody's hand; the words say so too."""

    name: str
    label: str
    value: str
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """Wall time in the hall's own zone."""

    now_ms: int
    utc_offset_min: int

    def local(self, wall_ms: int) -> datetime:
        zone = timezone(timedelta(minutes=self.utc_offset_min))
        return datetime.fromtimestamp(wall_ms / 1000, UTC).astimezone(zone)

    def short(self, wall_ms: int) -> str:
        """`10:32` today, `11-19 10:32` on another day."""
        then, now = self.local(wall_ms), self.local(self.now_ms)
        return then.strftime("%H:%M" if then.date() == now.date() else "%m-%d %H:%M")
