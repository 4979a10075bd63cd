"""An emulated box that obeys typed lines: what `kiosk emulate PROFILE` runs. POSIX only.

The first line printed is the path of the port to configure; it stays the same over `unplug` and `plug`.
"""

import os
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, TextIO

from devices.checked_toml import octets_of
from devices.emulated_evaluator import EmulatedEvaluator
from devices.host_frames import described
from devices.keystrokes import CODE_BYTES
from devices.misbehaviour import FAULTS, Fault
from devices.profile import ProfileError, load_profile
from devices.profile_parts import KeyboardLink, Profile

__all__ = ["EmulatedEvaluator", "serve"]

HELP = """\
press ADDRESS LEVEL   press a key: the address in hex (81), the level 5 非常满意 … 1 非常不满意
raw HEX               send these bytes as they are; codes of keys for a box that types
noise N               send N random bytes, or keystrokes
split | merge | repeat | bounce | drop   begin to misbehave so, or end it if it does already:
                      each byte by itself | two presses in one piece | a frame three times | another key right behind
                      | without the end of the frame
stuck ADDRESS LEVEL   hold a key down | free: let it go
silent                answer no command, or answer again
unplug | plug         pull the box out | put it back
quit                  end (so does the end of the input)"""

_NOISE_BYTES = range(1, 4097)
_SIMPLE: Final[dict[str, Fault]] = {fault: fault for fault in FAULTS}


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

        def received(frame: bytes) -> None:
            console.say(f"received {frame.hex(' ').upper()}  {described(profile, frame)}")

        try:
            box = EmulatedEvaluator(profile, link or Path(directory) / profile.name, on_received=received, answers=True)
        except OSError as error:
            console.say(f"no port can be offered: {error}")
            return 2
        with box:
            console.say(box.port)
            _Obeying(box, profile, noise).converse(commands, console)
    return 0


class _Console:
    """Whole lines only: the host's frames are printed from another thread."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._lock = threading.Lock()

    def say(self, line: str) -> None:
        with self._lock:
            print(line, file=self._out, flush=True)


class _Obeying:
    def __init__(self, box: EmulatedEvaluator, profile: Profile, noise: Callable[[int], bytes]) -> None:
        self._box = box
        self._noise = noise
        self._types = isinstance(profile.link, KeyboardLink)

    def converse(self, commands: TextIO, console: _Console) -> None:
        for line in commands:
            words = line.split()
            if words == ["quit"]:
                return
            if words:
                console.say(self._obey(words))

    def _obey(self, words: list[str]) -> str:
        """Does what one typed line says; returns the line to answer."""
        match words:
            case ["help"]:
                return HELP
            case [fault] if fault in _SIMPLE:
                self._box.faults ^= {_SIMPLE[fault]}
                return f"{fault}: {'on' if fault in self._box.faults else 'off'}"
            case [_]:
                return self._turn(words[0])
            case ["press" | "raw" | "noise" | "stuck", *_] if not self._box.plugged:
                return "the box is unplugged: type plug first"
            case _:
                return self._put(words)

    def _turn(self, word: str) -> str:
        box = self._box
        match word:
            case "unplug":
                box.unplug()
                return "unplugged"
            case "plug":
                box.plug()
                return f"plugged in at {box.port}"
            case "silent":
                box.answers = not box.answers
                return "answers again" if box.answers else "answers no command"
            case "free":
                box.free()
                return "no key is stuck"
            case _:
                return _not_understood([word])

    def _put(self, words: list[str]) -> str:
        match words:
            case ["press" | "stuck" as what, address, level]:
                return self._press(what, address, level)
            case ["raw", *hexes] if hexes and (data := octets_of("".join(hexes))):
                return self._send(data)
            case ["noise", count] if count.isdecimal() and int(count) in _NOISE_BYTES:
                return self._send(self._random(int(count)))
            case _:
                return _not_understood(words)

    def _press(self, what: str, address: str, level: str) -> str:
        octets = octets_of(address.lower().removeprefix("0x"))
        if octets is None or len(octets) != 1 or not level.isdecimal():
            return "type the address as two hex digits and the level as one digit, as: press 81 5"
        try:
            if what == "stuck":
                self._box.stick(octets[0], int(level))
                return f"key {level} is stuck: type free to let it go"
            sent = self._box.press(octets[0], int(level))
        except ValueError as error:
            return str(error)
        return f"sent {sent.hex(' ').upper()}" if sent else "held back: sent with the next press"

    def _send(self, data: bytes) -> str:
        if self._types and len(data) % CODE_BYTES:
            return "a key is a code of two bytes: type raw 00 06 for KEY_5"
        taken = self._box.send(data)
        if len(data) > 16:
            return f"sent {taken} bytes"
        return f"sent {data[:taken].hex(' ').upper()}"

    def _random(self, count: int) -> bytes:
        """For a box that types: keys of the main block, 1 to 127."""
        noise = self._noise(count)
        return b"".join((byte % 127 + 1).to_bytes(CODE_BYTES) for byte in noise) if self._types else noise


def _not_understood(words: list[str]) -> str:
    return f"not understood: {' '.join(words)[:60]!r}; type help for the commands"
