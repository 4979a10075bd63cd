"""The prompts of the screen's window, as the settings want them heard."""

from collections.abc import Callable

from kiosk.core.day_spans import is_within, span
from kiosk.own_command import own_command
from kiosk.settings import Settings
from kiosk.ui.sound import SoundPorts, SoundPrompts
from kiosk.ui.visit_host import VisitHost
from sync.clock import offset_minutes


def sound_prompts(
    settings: Settings, host: VisitHost, wall_ms: Callable[[], int], changed: Callable[[], None]
) -> SoundPrompts:
    section, offset = settings.sound, offset_minutes(settings.hall.utc_offset)
    spans = [span(text) for text in section.quiet]
    folder = () if section.folder is None else ("--folder", str(section.folder))
    ports = SoundPorts(
        command=own_command("sound", "--volume", str(section.volume), *folder),
        is_quiet=lambda: is_within(spans, wall_ms(), offset),
        changed=changed,
    )
    return SoundPrompts(host, ports)
