"""A printed form as a picture, and what zbar reads on it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPainter, QTransform
from PySide6.QtPdf import QPdfDocument
from pyzbar import pyzbar

DOTS = 8
"""A millimetre: 203 dpi."""


def sheet(document: QPdfDocument, page: int) -> QImage:
    drawn = document.render(page, QSize(148 * DOTS, 210 * DOTS))
    paper = QImage(drawn.size(), QImage.Format.Format_Grayscale8)
    paper.fill(Qt.GlobalColor.white)
    painter = QPainter(paper)
    painter.drawImage(0, 0, drawn)
    painter.end()
    return paper


def read(picture: QImage) -> list[str]:
    """By zbar, halved and turned by 8°."""
    size = picture.size() / 2
    half = picture.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
    turned = half.transformed(QTransform().rotate(8), Qt.TransformationMode.SmoothTransformation)
    grey = turned.convertToFormat(QImage.Format.Format_Grayscale8)
    pixels = bytes(grey.constBits())[: grey.bytesPerLine() * grey.height()]
    found = pyzbar.decode((pixels, grey.bytesPerLine(), grey.height()), symbols=[pyzbar.ZBarSymbol.QRCODE])
    return [one.data.decode() for one in found]
