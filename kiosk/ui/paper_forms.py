"""The printed rating form, A5, one a page: five faces with their official words, alike in size and weight, a box each.

A form carries the hall, its point, the batch and a serial, in letters and as a QR code. It asks for no name.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPageLayout, QPageSize, QPainter, QPdfWriter, QPen
from PySide6.QtSvg import QSvgRenderer

from kiosk.qr_code import qr_modules
from sync.records import LEVELS, OFFICIAL_ENGLISH, OFFICIAL_WORDS

DPI: Final = 600
CODE_MM: Final = 54.0
"""With its quiet zone; 40 mm and more without."""
_MM: Final = DPI / 25.4
_CENTRE: Final = Qt.AlignmentFlag.AlignCenter
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Draws in millimetres from the upper left corner of what can be printed: 128 × 190."""

    painter: QPainter

    def text(self, place: QRectF, text: str, points: float, flags: int, *, bold: bool = False) -> None:
        font = self.painter.font()
        font.setPointSizeF(points)
        font.setBold(bold)
        self.painter.setFont(font)
        self.painter.drawText(_scaled(place), flags, text)

    def sign(self, place: QRectF, text: str, points: float) -> None:
        """Letters and digits that are compared one by one. Of Noto's Chinese fonts Qt writes digits that a reader of
        the PDF copies as letters.
        """
        font = self.painter.font()
        self.painter.setFont(QFont(["DejaVu Sans Mono", "Liberation Mono", "monospace"]))
        self.text(place, text, points, _LEFT)
        self.painter.setFont(font)

    def box(self, place: QRectF) -> None:
        self.painter.setPen(QPen(QColor("black"), 0.3 * _MM))
        self.painter.drawRect(_scaled(place))

    def line(self, x: float, y: float, width: float) -> None:
        self.painter.fillRect(_scaled(QRectF(x, y, width, 0.2)), QColor("black"))

    def code(self, x: float, y: float, text: str) -> None:
        modules = qr_modules(text)
        step = CODE_MM / modules.side
        for column, row, length in modules.runs:
            place = QRectF(x + column * step, y + row * step, length * step, step)
            self.painter.fillRect(_scaled(place), QColor("black"))

    def face(self, renderer: QSvgRenderer, place: QRectF) -> None:
        renderer.render(self.painter, _scaled(place))


def print_forms(path: Path, faces: Path, hall: str, point: str, batch: str, serials: list[str]) -> None:
    """Needs a `QGuiApplication` for its fonts; they are embedded. Raises `OSError` where that cannot be."""
    if not QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese):
        raise OSError("no font of this machine has Chinese characters: install fonts-noto-cjk")
    path.touch(mode=0o600, exist_ok=False)
    writer = QPdfWriter(str(path))
    writer.setResolution(DPI)
    writer.setTitle(f"{hall} {batch}")
    writer.setCreator("hall kiosk")
    margins = QMarginsF(10, 10, 10, 10)
    page = QPageLayout(QPageSize(QPageSize.PageSizeId.A5), QPageLayout.Orientation.Portrait, margins)
    page.setUnits(QPageLayout.Unit.Millimeter)
    page.setMargins(margins)
    writer.setPageLayout(page)
    painter = QPainter()
    if not painter.begin(writer):
        raise OSError(f"{path} cannot be written")
    drawn = [QSvgRenderer(str(faces / f"face{level}.svg")) for level in LEVELS]
    try:
        for number, serial in enumerate(serials):
            if number:
                writer.newPage()
            _form(_Sheet(painter), drawn, hall, point, batch, serial)
    finally:
        if not painter.end():
            raise OSError(f"{path} cannot be written: is the disk full?")


def _form(sheet: _Sheet, faces: list[QSvgRenderer], hall: str, point: str, batch: str, serial: str) -> None:
    sheet.text(QRectF(0, 0, 128, 9), hall, 15, _CENTRE, bold=True)
    sheet.text(QRectF(0, 9, 128, 8), "政务服务评价表 Rating form", 12, _CENTRE)
    sheet.text(QRectF(0, 17, 128, 7), point, 11, _CENTRE)
    asked = "请为本次服务评价，选一项打勾。 How was the service? Tick one."
    sheet.text(QRectF(0, 28, 128, 8), asked, 11, _LEFT)
    for row, (level, face) in enumerate(zip(LEVELS, faces, strict=True)):
        top = 38 + 13 * row
        sheet.box(QRectF(6, top + 2.5, 7, 7))
        sheet.face(face, QRectF(20, top + 0.5, 11, 11))
        sheet.text(QRectF(36, top, 34, 12), OFFICIAL_WORDS[level], 14, _LEFT)
        sheet.text(QRectF(72, top, 52, 12), OFFICIAL_ENGLISH[level], 11, _LEFT)
    sheet.text(QRectF(0, 104, 128, 7), "您的意见（可不填） In your own words, if you like", 10, _LEFT)
    for row in range(2):
        sheet.line(0, 119 + 8 * row, 128)
    sheet.code(0, 134, serial)
    promised = (
        "评价自愿，无需填写姓名。每张表只计一次；填错请交回换取新表。\n"
        "Rating is up to you, and needs no name. Each form counts once; hand back a spoilt one for another."
    )
    sheet.text(QRectF(58, 138, 70, 32), promised, 9, _LEFT)
    sheet.sign(QRectF(58, 170, 70, 7), serial, 13)
    sheet.text(QRectF(58, 177, 23, 6), "批次 Batch", 9, _LEFT)
    sheet.sign(QRectF(81, 177, 40, 6), batch, 9)


def _scaled(place: QRectF) -> QRectF:
    return QRectF(place.x() * _MM, place.y() * _MM, place.width() * _MM, place.height() * _MM)
