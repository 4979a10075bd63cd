"""The hall's own pictures, photos of clerks and slides: read on a thread of their own, within bounds, and kept decoded.

A picture is data from outside: too large a file, too many pixels, another format or damage give a code that the screens
have words for, and the screen does without it.
"""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader
from PySide6.QtQuick import QQuickImageProvider

PROVIDER: Final = "pictures"
LARGEST_BYTES: Final = 5_000_000
MOST_PIXELS: Final = 40_000_000
FORMATS: Final = frozenset({"png", "jpeg", "bmp"})
_LONGEST_WAIT_S: Final = 2.0


class PictureError(Exception):
    """A picture that is not shown. Carries a code that the screens have words for."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Bounds:
    """A picture is made to fit, in pixels, and never larger than it is."""

    width: int
    height: int


def read_picture(path: Path, bounds: Bounds) -> QImage:
    """Raises `PictureError`. Decoded no larger than `bounds`, as far as its format allows."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except FileNotFoundError:
        raise PictureError("picture-missing") from None
    except OSError:
        raise PictureError("picture-unreadable") from None
    if len(content) > LARGEST_BYTES:
        raise PictureError("picture-large")
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    if bytes(reader.format().data()).decode() not in FORMATS:
        raise PictureError("picture-format")
    size = reader.size()
    if not size.isValid():
        raise PictureError("picture-corrupt")
    if size.width() * size.height() > MOST_PIXELS:
        raise PictureError("picture-pixels")
    reader.setAutoTransform(True)
    reader.setScaledSize(_fitting(size, bounds))
    image = reader.read()
    if image.isNull():
        raise PictureError("picture-corrupt")
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def _fitting(size: QSize, bounds: Bounds) -> QSize:
    longest = max(bounds.width, bounds.height)  # it may be turned by what its camera noted
    if size.width() <= longest and size.height() <= longest:
        return size
    return size.scaled(longest, longest, Qt.AspectRatioMode.KeepAspectRatio)


class Pictures:
    """What is decoded, by name: `image://pictures/photo-3`. Each kind (the part before the dash) keeps its last two."""

    def __init__(self) -> None:
        self._images: dict[str, QImage] = {}
        self._count = 0

    def put(self, kind: str, image: QImage) -> str:
        """The address under which QML finds it."""
        self._count += 1
        name = f"{kind}-{self._count}"
        older = [known for known in self._images if known.startswith(f"{kind}-")][:-1]
        self._images = {known: kept for known, kept in self._images.items() if known not in older} | {name: image}
        return f"image://{PROVIDER}/{name}"

    def get(self, name: str) -> QImage:
        """Empty where it is not kept any more."""
        return self._images.get(name, QImage())


class PictureProvider(QQuickImageProvider):
    """Lends them to one QML engine, which owns it and takes it along."""

    def __init__(self, pictures: Pictures) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)
        self._pictures = pictures

    def requestImage(self, name: str, size: QSize, requested: QSize) -> QImage:  # noqa: ARG002, N802 - Qt's
        return self._pictures.get(name)


class PictureThread:
    """Does one piece of work after the other, and has its answer brought to the GUI thread by `post`."""

    def __init__(self, post: Callable[[Callable[[], None]], None]) -> None:
        self._post = post
        self._queue: queue.SimpleQueue[Callable[[], Callable[[], None]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="pictures", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._queue.put(None)
        if self._thread.ident is not None:
            self._thread.join(_LONGEST_WAIT_S)

    def do(self, work: Callable[[], Callable[[], None]]) -> None:
        """`work` runs on the thread and gives what is to be done with its result, on the GUI thread."""
        self._queue.put(work)

    def _run(self) -> None:
        while (work := self._queue.get()) is not None:
            self._post(work())
