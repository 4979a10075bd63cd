"""The process that plays: `kiosk run` starts it where sound is on, `kiosk sound` is it, for trying.

It is a process of its own because an audio server that hangs keeps whoever speaks to it waiting for half a minute, and
an audio library that crashes takes its process along. It reads a line a prompt and writes what it has to tell, one line
of JSON each; it ends with its input, and where there is nothing to play on.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QBuffer, QCoreApplication, QObject, QSocketNotifier, QTimer, qInstallMessageHandler

from kiosk.core.prompts import PROMPTS, Prompt
from kiosk.ui.sound_files import Sound, Sounds

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QAudio, QAudioSink

STALE_S: Final = 2.0
"""A prompt that could not be played for so long is not played any more: its moment has passed."""
PAUSE_MS: Final = 400
"""Between two prompts that are tried one after the other."""

Tell = Callable[[dict[str, str]], None]


def order(prompt: Prompt) -> bytes:
    """The line that asks for a prompt now."""
    return f"{prompt} {time.monotonic():.3f}\n".encode()


def play_orders(sounds: Sounds, volume: int) -> None:
    """Blocks until standard input ends, or there is nothing to play on."""
    application = _application()
    if (player := _player(sounds, volume, _tell_by_line)) is not None:
        orders = _Orders(sys.stdin.fileno(), player)
        application.exec()
        orders.close()
        player.silence()


def play_all(sounds: Sounds, volume: int, tell: Tell) -> bool:
    """Each once, one after the other. False where there is nothing to play on."""
    application = _application()
    player = _player(sounds, volume, tell)
    if player is None:
        return False
    left = list(PROMPTS)

    def go_on() -> None:
        if left:
            player.play(left.pop(0))
        else:
            application.exit(0)

    player.ended = lambda: QTimer.singleShot(PAUSE_MS, go_on)
    go_on()
    return application.exec() == 0


def _application() -> QCoreApplication:
    """What Qt and the audio libraries say on their own is left unsaid: `tell` says what matters, in words."""
    qInstallMessageHandler(lambda _kind, _context, _text: None)
    os.environ["QT_MEDIA_BACKEND"] = "none"  # sound needs no decoder: FFmpeg stays where it is
    return QCoreApplication.instance() or QCoreApplication([])


def _player(sounds: Sounds, volume: int, tell: Tell) -> "_Player | None":
    for file, code in sounds.refused:
        tell({"refused": file, "reason": code})
    try:
        from PySide6.QtMultimedia import QMediaDevices
    except ImportError:
        tell({"silent": "no-sound-library"})
        return None
    if QMediaDevices.defaultAudioOutput().isNull():
        tell({"silent": "no-sound-device"})
        return None
    tell({"ready": ""})
    return _Player(sounds, volume, tell)


def _tell_by_line(told: dict[str, str]) -> None:
    print(json.dumps(told), flush=True)


class _Player(QObject):
    """One prompt at a time: the newest silences the one before."""

    def __init__(self, sounds: Sounds, volume: int, tell: Tell) -> None:
        super().__init__()
        from PySide6.QtMultimedia import QMediaDevices, QtAudio

        scales = QtAudio.VolumeScale
        self._gain = QtAudio.convertVolume(volume / 100, scales.LogarithmicVolumeScale, scales.LinearVolumeScale)
        self._sounds = sounds
        self._tell = tell
        self._buffer = QBuffer(self)
        self._sink: QAudioSink | None = None
        self._devices = QMediaDevices(self)
        self._devices.audioOutputsChanged.connect(self._look_for_device)
        self.ended: Callable[[], None] = lambda: None

    def play(self, prompt: Prompt) -> None:
        self.silence()
        sound = self._sounds.by_prompt.get(prompt)
        if sound is None:
            self.ended()
            return
        self._sink = self._sink_for(sound)
        self._buffer.setData(sound.pcm)
        self._buffer.open(QBuffer.OpenModeFlag.ReadOnly)
        self._sink.start(self._buffer)

    def silence(self) -> None:
        if self._sink is not None:
            self._sink.stateChanged.disconnect(self._changed)
            self._sink.stop()
            self._sink.deleteLater()
            self._sink = None
            self._buffer.close()

    def _sink_for(self, sound: Sound) -> "QAudioSink":
        from PySide6.QtMultimedia import QAudioFormat, QAudioSink, QMediaDevices

        shape = QAudioFormat()
        shape.setSampleFormat(QAudioFormat.SampleFormat.Int16)
        shape.setSampleRate(sound.rate)
        shape.setChannelCount(sound.channels)
        sink = QAudioSink(QMediaDevices.defaultAudioOutput(), shape, self)
        sink.setVolume(self._gain)
        sink.stateChanged.connect(self._changed)
        return sink

    def _changed(self, state: "QAudio.State") -> None:
        from PySide6.QtMultimedia import QtAudio

        if self._sink is None or state not in {QtAudio.State.IdleState, QtAudio.State.StoppedState}:
            return
        failed = state == QtAudio.State.StoppedState and self._sink.error() != QtAudio.Error.NoError
        self.silence()
        if failed:
            self._end("sound-failed")
        else:
            self.ended()

    def _look_for_device(self) -> None:
        from PySide6.QtMultimedia import QMediaDevices

        if QMediaDevices.defaultAudioOutput().isNull():
            self._end("no-sound-device")

    def _end(self, code: str) -> None:
        self._tell({"silent": code})
        QCoreApplication.exit(1)


class _Orders(QObject):
    """Reads the lines without keeping the loop."""

    def __init__(self, descriptor: int, player: _Player) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._player = player
        self._rest = b""
        self._notifier = QSocketNotifier(descriptor, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)

    def close(self) -> None:
        self._notifier.setEnabled(False)

    def _read(self) -> None:
        data = os.read(self._descriptor, 4096)
        if not data:
            QCoreApplication.exit(0)
            return
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines[-1:]:
            self._obey(line.decode())

    def _obey(self, line: str) -> None:
        name, _, given_s = line.partition(" ")
        for prompt in PROMPTS:
            if prompt == name and time.monotonic() - float(given_s) < STALE_S:
                self._player.play(prompt)
