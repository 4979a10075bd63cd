"""The printed form: its code can be read, its five boxes are alike, its fonts come with it."""

import secrets
import unicodedata
from pathlib import Path

import pytest
from paper_rig import DOTS, read, sheet
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage
from PySide6.QtPdf import QPdfDocument

from kiosk.paper.serials import RANDOM_BYTES, fingerprint, serial_from
from kiosk.ui.main_window import choose_font
from kiosk.ui.paper_forms import CODE_MM, print_forms
from sync.records import OFFICIAL_WORDS

FACES = Path(__file__).parents[3] / "assets/faces"
SERIALS = [serial_from(secrets.token_bytes(RANDOM_BYTES)) for _ in range(3)]


@pytest.fixture
def forms(tmp_path: Path, qapp: object) -> QPdfDocument:
    choose_font()
    path = tmp_path / "forms.pdf"
    print_forms(path, FACES, "政务服务大厅", "李营便民服务站", "0badcafe", SERIALS)
    document = QPdfDocument(None)
    assert document.load(str(path)) == QPdfDocument.Error.None_
    return document


def test_every_form_has_a_serial_of_its_own_that_can_be_scanned(forms: QPdfDocument) -> None:
    assert forms.pageCount() == 3
    assert [read(sheet(forms, page)) for page in range(3)] == [[serial] for serial in SERIALS]
    assert CODE_MM * 25 / 33 >= 40


def test_a_form_says_what_it_is_and_has_its_fonts_with_it(forms: QPdfDocument, tmp_path: Path) -> None:
    text = forms.getAllText(1).text()

    assert SERIALS[1] in text
    assert "0badcafe" in text
    assert (tmp_path / "forms.pdf").read_bytes().count(b"/FontFile") >= 1
    assert (tmp_path / "forms.pdf").stat().st_mode & 0o077 == 0


def test_the_five_boxes_are_alike_and_so_are_the_faces(forms: QPdfDocument) -> None:
    page = sheet(forms, 0)
    rows = [page.copy(QRect(15 * DOTS, (48 + 13 * row) * DOTS, 14 * DOTS, 13 * DOTS)) for row in range(5)]
    faces = [page.copy(QRect(29 * DOTS, (48 + 13 * row) * DOTS, 14 * DOTS, 13 * DOTS)) for row in range(5)]

    ink = [dark(row) for row in rows]
    assert min(ink) > 300
    assert max(ink) < 1.1 * min(ink)  # where a line falls between two dots differs
    for side in zip(*(lit_box(face) for face in faces), strict=True):
        assert max(side) - min(side) <= 1
    text = forms.getAllText(0).text()
    assert all(unicodedata.normalize("NFKC", text).count(word) >= 1 for word in OFFICIAL_WORDS.values())


def dark(picture: QImage) -> int:
    return sum(value < 100 for value in bytes(picture.constBits()))


def lit_box(face: QImage) -> tuple[int, int, int, int]:
    """Where anything is drawn."""
    inked = [
        (x, y) for y in range(face.height()) for x in range(face.width()) if face.pixelColor(x, y).lightness() < 240
    ]
    across, down = [x for x, _ in inked], [y for _, y in inked]
    return min(across), min(down), max(across), max(down)


def test_a_form_that_is_there_already_is_not_printed_over(tmp_path: Path, qapp: object) -> None:
    path = tmp_path / "forms.pdf"
    path.write_text("forms that are out")

    with pytest.raises(FileExistsError):
        print_forms(path, FACES, "政务服务大厅", "李营", "0badcafe", SERIALS)

    assert path.read_text() == "forms that are out"


def test_a_serial_is_read_as_it_is_typed() -> None:
    serial = serial_from(bytes(range(10)))

    assert fingerprint(serial.lower().replace("-", " ")) == fingerprint(serial)
    assert fingerprint(serial) != fingerprint(serial_from(bytes(range(1, 11))))
    assert len({serial_from(secrets.token_bytes(10)) for _ in range(500)}) == 500
