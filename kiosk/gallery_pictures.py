"""In place of a hall's own pictures in the gallery: a drawn portrait of nobody, and a drawn slide."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QImage, QPainter, Qt

from kiosk.core.clerks import Clerk

CLERK = Clerk("1001", "示例", "综合受理", "市场监督管理局")


def drawn_portrait() -> QImage:
    image, painter = _sheet(400, 500, "#c9dcdf")
    painter.setBrush(QColor("#f1d3b8"))
    painter.drawEllipse(QPointF(200, 200), 90, 110)
    painter.setBrush(QColor("#0e5a6b"))
    painter.drawEllipse(QRectF(40, 340, 320, 320))
    painter.setBrush(QColor("#2b2b2b"))
    painter.drawChord(QRectF(100, 80, 200, 170), 0, 180 * 16)
    painter.end()
    return image


def drawn_slide() -> QImage:
    image, painter = _sheet(1600, 900, "#0d5867")
    painter.setPen(QColor("#fbfdfd"))
    font = QFont()
    font.setPixelSize(96)
    painter.setFont(font)
    painter.drawText(QRectF(0, 0, 1600, 900), Qt.AlignmentFlag.AlignCenter, "政务服务  便民利企")
    painter.end()
    return image


def _sheet(width: int, height: int, colour: str) -> tuple[QImage, QPainter]:
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(colour))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    return image, painter
