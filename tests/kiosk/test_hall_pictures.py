"""Photos and slides of a hall: read on their own thread, within bounds; what cannot be used is told and passed over."""

import queue
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from kiosk.clerk_list import FILE_NAME
from kiosk.hall_pictures import HallPictures
from kiosk.ui.clerk_card_view_model import Found
from kiosk.ui.pictures import Bounds, PictureError, Pictures, read_picture

SCREEN = Bounds(640, 480)


def drawn(path: Path, width: int = 60, height: int = 40) -> Path:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#336699"))
    assert image.save(str(path))
    return path


def bomb(path: Path, side: int = 60_000) -> Path:
    """A PNG of a few kilobytes that says it has billions of pixels."""
    head = side.to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"

    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 9999)))
    return path


class Hall:
    """Answers come in the order in which they were posted, when the test takes them."""

    def __init__(self, folder: Path, *, own: bool = True) -> None:
        self.clerks, self.slides, self.published = folder / "clerks", folder / "slides", folder / "published"
        self._posted: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        own_folders = (self.clerks, self.slides) if own else (None, None)
        self.pictures = HallPictures(*own_folders, self.published, SCREEN, self._posted.put, lambda: None)
        self.pictures.start()

    def clerk(self, number: str) -> Found | None:
        told: list[Found | None] = []
        self.pictures.find_clerk(number, told.append)
        self._posted.get(timeout=10)()
        return told[0]

    def slide(self, shown: str = "") -> tuple[str, QImage | None]:
        told: list[tuple[str, QImage | None]] = []
        self.pictures.next_slide(shown, lambda name, picture: told.append((name, picture)))
        self._posted.get(timeout=10)()
        return told[0]


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    hall = Hall(tmp_path)
    hall.clerks.mkdir()
    hall.slides.mkdir()
    yield hall
    hall.pictures.stop()


def write_list(folder: Path, photo: str) -> None:
    text = f'[[clerk]]\nnumber = "1001"\nname = "示例"\nphoto = "{photo}"\n'
    (folder / FILE_NAME).write_text(text, encoding="utf-8")


def test_a_clerk_of_the_list_comes_with_a_photo_no_larger_than_the_card_needs(hall: Hall) -> None:
    write_list(hall.clerks, "1001.jpg")
    drawn(hall.clerks / "1001.jpg", 2000, 1500)
    found = hall.clerk("1001")
    assert found is not None
    assert found.photo is not None
    assert (found.clerk.name, found.photo.width(), found.photo.height()) == ("示例", 480, 360)
    assert hall.clerk("9999") is None
    assert hall.pictures.refused == ()


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda path: None, "picture-missing"),
        (lambda path: path.write_bytes(b"\xff\xd8\xff" + b"\0" * 5_000_000), "picture-large"),
        (lambda path: path.write_bytes(drawn(path.with_suffix(".png")).read_bytes()[:60]), "picture-corrupt"),
        (lambda path: path.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>"), "picture-format"),
        (lambda path: path.write_bytes(b""), "picture-format"),
        (bomb, "picture-pixels"),
        (lambda path: path.mkdir(), "picture-unreadable"),
    ],
)
def test_a_photo_that_cannot_be_shown_leaves_the_card_and_is_told(
    hall: Hall, make: Callable[[Path], object], code: str
) -> None:
    write_list(hall.clerks, "1001.jpg")
    make(hall.clerks / "1001.jpg")
    found = hall.clerk("1001")
    assert found is not None
    assert found.photo is None
    assert hall.pictures.refused == (("clerks/1001.jpg", code),)

    (hall.clerks / "1001.jpg").rmdir() if (hall.clerks / "1001.jpg").is_dir() else None
    drawn(hall.clerks / "1001.jpg")
    assert hall.clerk("1001") != found
    assert hall.pictures.refused == ()


def test_slides_come_in_the_order_of_their_names_and_begin_again(hall: Hall) -> None:
    for name in ("b.png", "a.JPG", "c.bmp"):
        drawn(hall.slides / name)
    (hall.slides / "notes.txt").write_text("no slide")
    assert [hall.slide(shown)[0] for shown in ("", "a.JPG", "b.png", "c.bmp", "zz")] == [
        "a.JPG",
        "b.png",
        "c.bmp",
        "a.JPG",
        "a.JPG",
    ]


def test_a_slide_that_cannot_be_shown_is_passed_over_and_told(hall: Hall) -> None:
    bomb(hall.slides / "a.png")
    (hall.slides / "b.png").write_bytes(b"\0" * 10_000_000)
    drawn(hall.slides / "c.png", 4000, 2000)
    name, picture = hall.slide()
    assert picture is not None
    assert (name, picture.width(), picture.height()) == ("c.png", 640, 320)
    assert hall.pictures.refused == (("slides/a.png", "picture-pixels"), ("slides/b.png", "picture-large"))
    (hall.slides / "a.png").unlink()
    hall.slide("c.png")
    assert hall.pictures.refused == (("slides/b.png", "picture-large"),)


def test_without_a_slide_there_is_none_and_a_missing_folder_is_told(hall: Hall) -> None:
    assert hall.slide() == ("", None)
    assert hall.pictures.refused == ()
    hall.slides.rmdir()
    assert hall.slide() == ("", None)
    assert hall.pictures.refused == (("slides/slides", "folder-missing"),)


def test_what_the_hub_has_sent_serves_where_the_settings_name_nothing(tmp_path: Path) -> None:
    hall = Hall(tmp_path, own=False)
    try:
        assert (hall.clerk("1001"), hall.slide()) == (None, ("", None))
        assert hall.pictures.refused == ()
        sent = hall.published / "clerks" / "current"
        sent.mkdir(parents=True)
        write_list(sent, "")
        assert hall.clerk("1001") is not None
    finally:
        hall.pictures.stop()


def test_of_each_kind_the_last_two_are_kept() -> None:
    pictures, image = Pictures(), QImage(2, 2, QImage.Format.Format_RGB32)
    photo = pictures.put("photo", image)
    slides = [pictures.put("slide", image) for _ in range(3)]
    kept = [not pictures.get(one.removeprefix("image://pictures/")).isNull() for one in slides]
    assert kept == [False, True, True]
    assert not pictures.get(photo.removeprefix("image://pictures/")).isNull()


def test_a_picture_that_is_smaller_than_its_bounds_stays_as_it_is(tmp_path: Path) -> None:
    assert read_picture(drawn(tmp_path / "a.png"), SCREEN).width() == 60
    with pytest.raises(PictureError, match="picture-missing"):
        read_picture(tmp_path / "b.png", SCREEN)
