"""Drawings of `assets/icons` for the screens, in the colours of the scheme."""

import re
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PySide6.QtGui import QImage, QImageReader
from PySide6.QtQuick import QQuickImageProvider

PROVIDER: Final = "signs"
ICONS: Final = Path(__file__).parent.parent.parent / "assets" / "icons"
_ID: Final = re.compile(r"([a-z0-9-]+)/?((?:[0-9a-f]{6}-[0-9a-f]{6},?)*)")


class Signs(QQuickImageProvider):
    """`image://signs/NAME/FROM-TO,FROM-TO`: the file NAME.svg, each colour FROM (six hex digits) exchanged for TO."""

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)

    def requestImage(self, name: str, size: QSize, requested: QSize) -> QImage:  # noqa: ARG002, N802 - a name of Qt
        return drawing(name, requested)


def drawing(name: str, size: QSize) -> QImage:
    """An empty image where there is no such drawing: Qt then says so."""
    asked = _ID.fullmatch(name)
    path = ICONS / f"{asked[1]}.svg" if asked else None
    if asked is None or path is None or not path.is_file():
        return QImage()
    pairs = dict(pair.split("-") for pair in asked[2].split(",") if pair)
    svg = re.sub(r"#([0-9a-f]{6})", lambda found: "#" + pairs.get(found[1], found[1]), path.read_text(encoding="utf-8"))
    buffer = QBuffer()
    buffer.setData(QByteArray(svg.encode()))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(b"svg"))
    if not size.isEmpty():  # an item whose window has no size yet
        reader.setScaledSize(size)
    return reader.read()
