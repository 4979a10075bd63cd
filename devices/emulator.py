"""An emulated box that obeys typed lines: what `kiosk emulate PROFILE` runs. POSIX only.

The first line printed is the path of the port to configure; it stays the same over `unplug` and `plug`.
"""

import os
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from devices.checked_toml import octets_of
from devices.emulated_evaluator import EmulatedEvaluator
from devices.profile import ProfileError, load_profile

__all__ = ["EmulatedEvaluator", "serve"]

HELP = """\
press ADDRESS LEVEL   press a key: the address in hex (81), the level 5 非常满意 … 1 非常不满意
raw HEX               send these bytes as they are
noise N               send N random bytes
unplug | plug         pull the box out | put it back
quit                  end (so does the end of the input)"""

_NOISE_BYTES = range(1, 4097)


def serve(
    profile_name: str,
    commands: TextIO,
    out: TextIO,
    *,
    link: Path | None = None,
    noise: Callable[[int], bytes] = os.urandom,
) -> int:
    """Serves the box until `quit` or the end of `commands`; returns the exit code: 0, or 2 for a bad profile or link.

    `link` is where the port shall be found; without it a temporary path is chosen and removed at the end.
    """
    console = _Console(out)
    try:
        profile = load_profile(profile_name)
    except ProfileError as error:
        console.say(str(error))
        return 2
    with tempfile.TemporaryDirectory(prefix="evaluator-") as directory:
        try:
            box = EmulatedEvaluator(profile, link or Path(directory) / profile.name, on_received=console.say_received)
        except OSError as error:
            console.say(f"no port can be offered: {error}")
            return 2
        with box:
            console.say(box.port)
            _converse(box, commands, console, noise)
    return 0


class _Console:
    """Whole lines only: the host's frames are printed from another thread."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._lock = threading.Lock()

    def say(self, line: str) -> None:
        with self._lock:
            print(line, file=self._out, flush=True)

    def say_received(self, frame: bytes) -> None:
        self.say(f"received {frame.hex(' ').upper()}")


def _converse(box: EmulatedEvaluator, commands: TextIO, console: _Console, noise: Callable[[int], bytes]) -> None:
    for line in commands:
        words = line.split()
        if words == ["quit"]:
            return
        if words:
            console.say(_obey(box, words, noise))


def _obey(box: EmulatedEvaluator, words: list[str], noise: Callable[[int], bytes]) -> str:
    """Does what one typed line says; returns the line to answer."""
    match words:
        case ["help"]:
            return HELP
        case ["unplug"]:
            box.unplug()
            return "unplugged"
        case ["plug"]:
            box.plug()
            return f"plugged in at {box.port}"
        case ["press" | "raw" | "noise", *_] if not box.plugged:
            return "the box is unplugged: type plug first"
        case ["press", address, level]:
            return _press(box, address, level)
        case ["raw", *hexes] if hexes and (data := octets_of("".join(hexes))):
            return _send(box, data)
        case ["noise", count] if count.isdecimal() and int(count) in _NOISE_BYTES:
            return _send(box, noise(int(count)))
        case _:
            return f"not understood: {' '.join(words)[:60]!r}; type help for the commands"


def _press(box: EmulatedEvaluator, address: str, level: str) -> str:
    octets = octets_of(address.lower().removeprefix("0x"))
    if octets is None or len(octets) != 1 or not level.isdecimal():
        return "type the address as two hex digits and the level as one digit, as: press 81 5"
    try:
        return f"sent {box.press(octets[0], int(level)).hex(' ').upper()}"
    except ValueError as error:
        return str(error)


def _send(box: EmulatedEvaluator, data: bytes) -> str:
    taken = box.send(data)
    if len(data) > 16:
        return f"sent {taken} bytes"
    return f"sent {data[:taken].hex(' ').upper()}"
