"""The self-service terminal: what its pages need beside the visit. Catalogue and look-up have threads of their own.

`Terminal` is made where the window that owns the screen is a terminal; nobody else knows of it.
"""

import logging
import re
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final, assert_never

from kiosk.core.finding_events import CodeScanned, NotProven, Proven, Scanned, Verdict
from kiosk.core.finding_stages import Coding, Finding, Way
from kiosk.core.province import ProvinceProfile
from kiosk.core.visit import AskedFor
from kiosk.settings import Settings, published_folder
from kiosk.settings.faults import FaultyFileError
from kiosk.slips.codes import CodeError, read_code
from kiosk.slips.later import Granted, LaterRatings, Refused, Unavailable, Unreached
from kiosk.slips.later import Verdict as Found
from kiosk.ui.finding_host import FindingHands, FindingHost
from sync.journal.reader import JournalReader
from sync.journal.schema import JournalError
from sync.records import At

if TYPE_CHECKING:
    from kiosk.catalogue.index import CatalogueIndex
    from sync.keys import KeyStore

log = logging.getLogger(__name__)

CATALOGUE_FILE: Final = "catalogue.csv"
"""In the folder of what has come down."""

_PRINTED_CODE: Final = re.compile(r"[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3}")
"""As a slip has it. Without the dashes, one in 32 case numbers of nine signs would pass for a code."""

Post = Callable[[Callable[[], None]], None]


class Terminal:
    """Lives on the GUI thread; `post` brings what its threads found back there."""

    def __init__(
        self,
        settings: Settings,
        profile: ProvinceProfile,
        later: LaterRatings | None,
        ask: Callable[[AskedFor], None],
        keys: Callable[[], "KeyStore | None"],
        post: Post,
        now: Callable[[], At],
    ) -> None:
        place = settings.screen_window
        finding = Finding(place.id, place.stays_open_seconds, ways(settings, profile, later=later is not None))
        self.host = FindingHost(finding, FindingHands(self._look_up, self._prove, ask), now)
        self._later = later
        self.catalogue_fault = False
        """The catalogue cannot be used; the log says why."""
        self._catalogue = catalogue_file(settings)
        self._directory = settings.storage.directory
        self._keys = keys
        self._post = post

    def start(self) -> None:
        """After the first frame: the readings of the characters take a moment."""
        if self._catalogue is not None:
            threading.Thread(target=self._read, args=(self._catalogue,), name="catalogue", daemon=True).start()

    def scanned(self, scan: Scanned) -> None:
        """A slip for rating later holds its code alone."""
        asked_for = isinstance(self.host.finding.stage, Coding)
        if _is_code(scan.number) and (asked_for or _PRINTED_CODE.fullmatch(scan.number)):
            self.host.dispatch(CodeScanned(scan.number, scan.at))
        else:
            self.host.dispatch(scan)

    def item_name(self, task_code: str) -> str:
        return self.host.index.name_of(task_code) if self.host.index is not None else ""

    def _read(self, path: Path) -> None:
        from kiosk.catalogue import load_catalogue, readings_of
        from kiosk.catalogue.index import CatalogueIndex

        try:
            index = CatalogueIndex(load_catalogue(path), readings_of)
        except FaultyFileError as fault:
            log.warning("%s", fault)
            self.catalogue_fault = True
            return
        self._post(lambda: self._take_index(index))

    def _take_index(self, index: "CatalogueIndex") -> None:
        self.host.take_index(index)

    def _look_up(self, number: str, answer: Callable[[bool], None]) -> None:
        threading.Thread(target=self._look, args=(number, answer), name="look-up", daemon=True).start()

    def _look(self, number: str, answer: Callable[[bool], None]) -> None:
        """A journal that cannot be read tells nothing: then nothing is rated by its number alone."""
        from sync.journal.known_cases import was_asked_for

        rateable = False
        keys = self._keys()
        try:
            if keys is not None:
                with closing(JournalReader(self._directory)) as reader:
                    asked = (was_asked_for(reader.connection, keys.pseudonym_key, one) for one in _spellings(number))
                    rateable = not any(asked)
        except JournalError as fault:
            log.warning("a case was not looked up: %s", fault)
        self._post(lambda: answer(rateable))

    def _prove(self, number: str, code: str, answer: Callable[[Verdict], None]) -> None:
        if self._later is None:
            answer(NotProven(0))
            return
        try:
            self._later.find(number, code, self.host.finding.limit_s, lambda found: answer(_verdict(found)))
        except CodeError:
            answer("misread")


def _is_code(text: str) -> bool:
    try:
        read_code(text)
    except CodeError:
        return False
    return True


def _spellings(number: str) -> set[str]:
    """The keypad types capitals alone."""
    return {number, number.upper(), number.lower()}


def _verdict(found: Found) -> Verdict:
    """A journal that cannot be read now is told like everything else that is wrong."""
    match found:
        case Granted(visit, ask):
            return Proven(visit, ask)
        case Refused(seconds=seconds):
            return NotProven(seconds)
        case Unavailable():
            return NotProven(0)
        case Unreached():
            return "unreached"
        case _:
            assert_never(found)


def catalogue_file(settings: Settings) -> Path | None:
    """What has come down is newer than what the settings name."""
    published = published_folder(settings, "catalogue") / CATALOGUE_FILE
    return published if published.is_file() else settings.terminal.catalogue


def ways(settings: Settings, profile: ProvinceProfile, *, later: bool) -> tuple[Way, ...]:
    """What can be found here: a slip only where there is a scanner, hall and terminal where the province has them."""
    found: list[Way] = []
    if any(scanner.window == settings.screen_window.id for scanner in settings.scanners):
        found.append("scan")
    found.append("number")
    if catalogue_file(settings) is not None:
        found.append("item")
    if later:
        found.append("later")
    if "hall" in profile.objects:
        found.append("hall")
    if "terminal" in profile.objects:
        found.append("terminal")
    return tuple(found)
