"""Whether the files of a publication are what this kiosk can use: each kind by the very reader that will read it.

What is refused here was signed by the publisher all the same: the message is for him.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final

from msgspec import Meta, Struct

from kiosk.catalogue import load_catalogue
from kiosk.provinces import load_profile, load_tags, shipped_profiles
from kiosk.published.bitmaps import MOST_SIDE, size_of
from kiosk.published.notices import FILE_NAME as NOTICES
from kiosk.published.notices import load_notices
from kiosk.settings import load_settings
from kiosk.settings.document import read_document
from kiosk.settings.faults import Fault, FaultyFileError
from kiosk.settings.published import FILE_NAME as SETTINGS
from kiosk.settings.sections import OptionalName, PlainName
from kiosk.settings.tables import Tables
from sync.publication.manifest import MIB, PublicationError

MOST_SLIDE: Final = 5_000_000
MOST_PHOTO: Final = 2 * MIB
MOST_CLERKS: Final = 1000
MOST_LIST: Final = 1_000_000
_ASSETS: Final = Path(__file__).parents[2] / "assets"

Number = Annotated[
    str, Meta(pattern=r"^[0-9A-Za-z_.-]{1,32}(?!\n)$", extra={"remedy": "write the clerk's number in quotes"})
]
PhotoName = Annotated[
    str,
    Meta(pattern=r"^[^/\\]*(?!\n)$", extra={"remedy": 'write the name of a file beside this one, such as "1001.jpg"'}),
]


class Clerk(Struct, frozen=True):
    """`[[clerk]]` of clerks.toml."""

    number: Number
    name: PlainName
    post: OptionalName = ""
    department: OptionalName = ""
    photo: PhotoName = ""


def check_contents(kind: str, folder: Path, config: Path) -> None:
    """`config` is the kiosk.toml in use. Raises `PublicationError` and `OSError`."""
    try:
        _CHECKS[kind](folder, config)
    except FaultyFileError as fault:
        raise PublicationError("faulty", str(fault)) from fault


def _tags(folder: Path, config: Path) -> None:
    """Of the table that the province in use names, a newer version than the one that the program brings."""
    _only(folder, "tags.toml")
    named = load_settings(config).province.profile
    profile = load_profile(shipped_profiles(_ASSETS / "provinces").get(named, Path(named)))
    shipped = load_tags(_ASSETS / "tags" / f"{profile.tag_table}.toml") if profile.tag_table else None
    load_tags(folder / "tags.toml", shipped)


def _catalogue(folder: Path, _config: Path) -> None:
    _only(folder, "catalogue.csv")
    load_catalogue(folder / "catalogue.csv")


def _settings(folder: Path, config: Path) -> None:
    _only(folder, SETTINGS)
    load_settings(config, published=folder / SETTINGS)


def _notices(folder: Path, _config: Path) -> None:
    _only(folder, NOTICES)
    load_notices(folder / NOTICES)


def _slides(folder: Path, _config: Path) -> None:
    for path in _files(folder):
        if path.parent != folder:
            raise PublicationError("faulty", f"{path.name} lies in a folder: put every slide beside the others")
        _bitmap(path, MOST_SLIDE)


def _clerks(folder: Path, _config: Path) -> None:
    path = folder / "clerks.toml"
    if path.exists() and path.stat().st_size > MOST_LIST:
        raise PublicationError("faulty", f"clerks.toml has {path.stat().st_size} bytes: {MOST_LIST} may come")
    document = read_document(path, "publish it with the photos beside it")
    tables = Tables(folder)
    clerks = tables.sections("clerk", document.values.get("clerk", []), Clerk)
    faults = [*tables.faults, *_clerk_faults(folder, clerks, document.values)]
    if faults:
        raise FaultyFileError(path, document.placed(faults))
    for photo in {clerk.photo for clerk in clerks if clerk.photo}:
        _bitmap(folder / photo, MOST_PHOTO)


def _clerk_faults(folder: Path, clerks: tuple[Clerk, ...], values: dict[str, Any]) -> list[Fault]:
    names = {path.relative_to(folder).as_posix() for path in _files(folder)}
    faults = [Fault(key, None, "does not belong here", "write [[clerk]]") for key in values if key != "clerk"]
    if not 1 <= len(clerks) <= MOST_CLERKS:
        faults.append(Fault("clerk", None, f"there are {len(clerks)} clerks", f"write 1 to {MOST_CLERKS} [[clerk]]"))
    numbers = [clerk.number for clerk in clerks]
    for place, clerk in enumerate(clerks, 1):
        if numbers.index(clerk.number) + 1 != place:
            faults.append(Fault(f"clerk[{place}].number", None, f"{clerk.number} stands twice", "keep one of the two"))
        if clerk.photo and clerk.photo not in names:
            faults.append(Fault(f"clerk[{place}].photo", None, f"there is no {clerk.photo}", "publish it along"))
    return faults


def _bitmap(path: Path, most_bytes: int) -> None:
    if path.stat().st_size > most_bytes:
        raise PublicationError("faulty", f"{path.name} has {path.stat().st_size} bytes: {most_bytes} may come")
    size = size_of(path.read_bytes())
    if size is None:
        raise PublicationError("faulty", f"{path.name} is neither PNG nor JPEG")
    if not 1 <= min(size) <= max(size) <= MOST_SIDE:
        raise PublicationError("faulty", f"{path.name} is {size[0]}×{size[1]}: a side has {MOST_SIDE} pixels at most")


def _only(folder: Path, name: str) -> None:
    names = [path.relative_to(folder).as_posix() for path in _files(folder)]
    if names != [name]:
        raise PublicationError("faulty", f"it holds {', '.join(sorted(names)[:5])}: publish {name} alone")


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


_CHECKS: Final[dict[str, Callable[[Path, Path], None]]] = {
    "tags": _tags,
    "catalogue": _catalogue,
    "clerks": _clerks,
    "slides": _slides,
    "settings": _settings,
    "notices": _notices,
}
