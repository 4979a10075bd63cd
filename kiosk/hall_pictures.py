"""The hall's own clerks and slides, found and read off the GUI thread; what cannot be used is kept for the manager."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtGui import QImage

from kiosk.clerk_list import read_clerks
from kiosk.ui.clerk_card_view_model import Found
from kiosk.ui.pictures import Bounds, PictureError, PictureThread, read_picture

PHOTO: Final = Bounds(480, 480)
MOST_SLIDES: Final = 50
PUBLISHED: Final = Path("published")
"""Below `storage.directory`: what the hub has sent, each kind in `KIND/current`."""
_ENDINGS: Final = frozenset({".png", ".jpg", ".jpeg", ".bmp"})


class HallPictures:
    """`clerks` and `slides` are folders of the hall's own, where its settings name any; one that they name and that is
    missing is told. Else what has come to `published`, where anything has.
    """

    def __init__(
        self,
        clerks: Path | None,
        slides: Path | None,
        published: Path,
        screen: Bounds,
        post: Callable[[Callable[[], None]], None],
        changed: Callable[[], None],
    ) -> None:
        self._clerks = clerks
        self._slides = slides
        self._published = published
        self._screen = screen
        self._changed = changed
        self._thread = PictureThread(post)
        self._refused_clerks: dict[str, str] = {}
        self._refused_slides: dict[str, str] = {}

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._thread.stop()

    @property
    def refused(self) -> tuple[tuple[str, str], ...]:
        """File and why, as a code. Any thread may read it: what it is made of is replaced whole."""
        return (*self._refused_clerks.items(), *self._refused_slides.items())

    def find_clerk(self, number: str, answer: Callable[[Found | None], None]) -> None:
        def work() -> Callable[[], None]:
            found = self._found(number)
            return lambda: self._tell(lambda: answer(found))

        self._thread.do(work)

    def next_slide(self, shown: str, answer: Callable[[str, QImage | None], None]) -> None:
        def work() -> Callable[[], None]:
            name, picture = self._slide_after(shown)
            return lambda: self._tell(lambda: answer(name, picture))

        self._thread.do(work)

    def _sent(self, kind: str) -> Path | None:
        folder = self._published / kind / "current"
        return folder if folder.is_dir() else None

    def _tell(self, answer: Callable[[], None]) -> None:
        answer()
        self._changed()

    def _found(self, number: str) -> Found | None:
        folder = self._clerks or self._sent("clerks")
        if folder is None:
            return None
        known = read_clerks(folder)
        refused = {f"clerks/{place}": code for place, code in known.faults}
        clerk = known.by_number.get(number)
        photo = None
        if clerk is not None and clerk.photo:
            try:
                photo = read_picture(folder / clerk.photo, PHOTO)
            except PictureError as fault:
                refused[f"clerks/{clerk.photo}"] = fault.code
        self._refused_clerks = refused
        return Found(clerk, photo) if clerk is not None else None

    def _slide_after(self, shown: str) -> tuple[str, QImage | None]:
        """The next in the order of their names that can be shown; ("", None) where none can."""
        folder = self._slides or self._sent("slides")
        if folder is None:
            return "", None
        names = _slide_names(folder)
        refused = {name: code for name, code in self._refused_slides.items() if name.removeprefix("slides/") in names}
        if not folder.is_dir():
            refused = {f"slides/{folder.name}": "folder-missing"}
        behind = [name for name in names if name > shown]
        for name in (*behind, *names[: len(names) - len(behind)]):
            try:
                picture = read_picture(folder / name, self._screen)
            except PictureError as fault:
                refused[f"slides/{name}"] = fault.code
                continue
            refused.pop(f"slides/{name}", None)
            self._refused_slides = refused
            return name, picture
        self._refused_slides = refused
        return "", None


def _slide_names(folder: Path) -> list[str]:
    try:
        names = [path.name for path in folder.iterdir() if path.suffix.lower() in _ENDINGS and path.is_file()]
    except OSError:
        return []
    return sorted(names)[:MOST_SLIDES]
