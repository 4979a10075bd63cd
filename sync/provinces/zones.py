"""Times as a platform writes them."""

from datetime import datetime, timedelta, timezone

from sync.clock import offset_minutes


def written(ms: int, zone: str, form: str) -> str:
    """Raises `ValueError` for a time that no calendar has. `ms` since 1970-01-01 UTC; `zone` as `+08:00`."""
    try:
        return datetime.fromtimestamp(ms // 1000, _zone(offset_minutes(zone))).strftime(form)
    except (OverflowError, OSError) as fault:
        raise ValueError(f"{ms} ms is in no calendar") from fault


def hall_ms(text: str, hall_offset_minutes: int) -> int:
    """Of `yyyy-MM-dd HH:mm:ss` in the hall's own time. Raises `ValueError`."""
    local = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=_zone(hall_offset_minutes))
    return int(local.timestamp()) * 1000


def _zone(minutes: int) -> timezone:
    return timezone(timedelta(minutes=minutes))
