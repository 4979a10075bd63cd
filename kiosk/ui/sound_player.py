"""The process that plays: `kiosk run` starts it where sound is on, `kiosk sound` is it, for trying.

It is a process of its own because an audio server that hangs keeps whoever speaks to it waiting for half a minute, and
an audio library that crashes takes its process along. It reads a line a prompt and writes its state after each, a
line of JSON; it ends with its input, and where there is nothing to play on.
"""

import os
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import msgspec
from PySide6.QtCore import QBuffer, QCoreApplication, QObject, QSocketNotifier, QTimer, qInstallMessageHandler

from kiosk.core.desk import SoundState
from kiosk.core.prompts import PROMPTS, Prompt
from kiosk.ui.sound_files import Sound, Sounds

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QAudioSink

STALE_S: Final = 2.0
"""A prompt that could not be played for so long is not played any more: its moment has passed."""
PAUSE_MS: Final = 400
"""Between two prompts that are tried one after the other."""

WAITING: Final = "sound-waiting"
"""The audio server has not answered yet."""

Tell = Callable[[SoundState], None]


def order(prompt: Prompt) -> bytes:
    """The line that asks for a prompt now."""
    return f"{prompt} {time.monotonic():.3f}\n".encode()


def told(line: bytes) -> SoundState | None:
    """What a line of the player says; None where it is none of its lines."""
    try:
        return msgspec.json.decode(line, type=SoundState)
    except msgspec.DecodeError:
        return None


def play_orders(sounds: Sounds, volume: int) -> None:
    """Blocks until standard input ends, or there is nothing to play on."""
    application = _application()
    if (player := _player(sounds, volume, _tell_by_line)) is not None:
        orders = _Orders(sys.stdin.fileno(), player)
        application.exec()
        orders.close()
        player.silence()


def play_all(sounds: Sounds, volume: int) -> str:
    """Each once, one after the other. Gives why nothing is heard, as a code; or empty."""
    application = _application()
    states: list[SoundState] = []
    if (player := _player(sounds, volume, states.append)) is not None:
        left = list(PROMPTS)

        def go_on() -> None:
            if left:
                player.play(left.pop(0))
            else:
                application.exit(0)

        player.ended = lambda: QTimer.singleShot(PAUSE_MS, go_on)
        QTimer.singleShot(0, go_on)
        application.exec()
    return states[-1].silent


def _application() -> QCoreApplication:
    """What Qt and the audio libraries say on their own is left unsaid: `tell` says what matters, in words."""
    qInstallMessageHandler(lambda _kind, _context, _text: None)
    os.environ["QT_MEDIA_BACKEND"] = "none"  # sound needs no decoder: FFmpeg stays where it is
    return QCoreApplication.instance() or QCoreApplication([])


def _player(sounds: Sounds, volume: int, tell: Tell) -> "_Player | None":
    tell(SoundState(WAITING, sounds.refused))
    try:
        from PySide6.QtMultimedia import QMediaDevices
    except ImportError:
        tell(SoundState("no-sound-library", sounds.refused))
        return None
    if QMediaDevices.defaultAudioOutput().isNull():
        tell(SoundState("no-sound-device", sounds.refused))
        return None
    tell(SoundState("", sounds.refused))
    return _Player(sounds, volume, tell)


def _tell_by_line(state: SoundState) -> None:
    print(msgspec.json.encode(state).decode(), flush=True)


class _Player(QObject):
    """One prompt at a time: the newest silences the one before."""

    def __init__(self, sounds: Sounds, volume: int, tell: Tell) -> None:
        super().__init__()
        from PySide6.QtMultimedia import QMediaDevices

        self._gain = (volume / 100) ** 3  # about as loudness is heard
        self._sounds = sounds
        self._tell = tell
        self._silent = ""
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
        if self._sink is not None and self._sink.state().name == "StoppedState":
            self._changed()  # it never began, so it says nothing of a change

    def silence(self) -> None:
        """At once, whatever is still to be heard."""
        if self._sink is not None:
            self._sink.stateChanged.disconnect(self._changed)
            self._sink.reset()
            self._drop()

    def _drop(self) -> None:
        if self._sink is not None:
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

    def _changed(self) -> None:
        sink = self._sink
        if sink is None or sink.state().name not in {"IdleState", "StoppedState"}:
            return
        sink.stateChanged.disconnect(self._changed)
        if sink.error().name in {"OpenError", "IOError", "FatalError"}:
            self._drop()
            self._end("sound-failed")
        else:
            sink.stop()  # lets what the server holds be heard
            self._drop()
            self.ended()

    def answer(self) -> None:
        """That an order has been read, and nothing hangs."""
        self._tell(SoundState(self._silent, self._sounds.refused))

    def _look_for_device(self) -> None:
        from PySide6.QtMultimedia import QMediaDevices

        if QMediaDevices.defaultAudioOutput().isNull():
            self._end("no-sound-device")

    def _end(self, code: str) -> None:
        self._silent = code
        self.answer()
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
            self._player.answer()

    def _obey(self, line: str) -> None:
        name, _, given_s = line.partition(" ")
        for prompt in PROMPTS:
            if prompt == name and time.monotonic() - float(given_s) < STALE_S:
                self._player.play(prompt)
