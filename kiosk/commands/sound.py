"""`kiosk sound`: tries the prompts of a hall, or plays them for a kiosk that runs."""

import signal
import sys
from pathlib import Path

from kiosk.commands import DOES_NOT_HOLD, OK, WRONG_INPUT
from kiosk.settings import SettingsError, load_settings
from kiosk.ui.sound_files import load_sounds
from kiosk.ui.sound_player import play_all, play_orders
from kiosk.ui.word_packs import load_packs

ASSETS = Path(__file__).parent.parent.parent / "assets"


def try_sounds(config: Path) -> int:
    """Plays every prompt once at the volume of the settings, whether sound is on or not; quiet hours aside."""
    try:
        settings = load_settings(config)
    except SettingsError as fault:
        print(fault, file=sys.stderr)
        return WRONG_INPUT
    words = load_packs(ASSETS / "words").words(settings.hall.language)
    sounds = load_sounds(ASSETS / "sounds", settings.sound.folder)
    for file, code in sounds.refused:
        print(words.sound_refused.format(file=file, reason=words.reason(code)))
    silent = play_all(sounds, settings.sound.volume)
    print(words.sound_silent.format(reason=words.reason(silent)) if silent else words.sound_ok)
    return DOES_NOT_HOLD if silent or sounds.refused else OK


def obey(folder: Path | None, volume: int) -> int:
    """For the kiosk: plays what standard input asks for, until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is the kiosk's to obey
    play_orders(load_sounds(ASSETS / "sounds", folder), volume)
    return OK
