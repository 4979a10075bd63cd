"""The composition root: the one file that knows every room. Makes the parts, starts them in order, stops them.

The window comes first: the first frame takes presses, which wait in the recorder's queue until the journal is open.
What that frame does not need is loaded after it, and made in `kiosk.composition`.
"""

import logging
import secrets
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication

from kiosk.composition.boxes import Boxes
from kiosk.core.visit import Append, Event, NotRecorded, Recorded, Rules, Window
from kiosk.hall_pictures import PUBLISHED, HallPictures
from kiosk.province_choice import load_province, offer_on_screen, screen_place
from kiosk.settings import Settings, WindowPlace, published_folder
from kiosk.ui.doorway import Doorway
from kiosk.ui.fonts import use_fonts
from kiosk.ui.main_window import Appearance, MainWindow, open_window
from kiosk.ui.pictures import Bounds
from kiosk.ui.resting_view_model import Slides
from kiosk.ui.surroundings import Surroundings
from kiosk.ui.visit_host import Hands, VisitHost
from kiosk.ui.visit_view_model import VisitViewModel
from kiosk.ui.word_packs import WordPacks, load_packs, with_hall_packs
from sync.clock import SystemClock
from sync.journal.lock import JournalLock
from sync.recorder import Outcome, Recorder, Stored
from sync.records import Audited, VisitId

if TYPE_CHECKING:
    from kiosk.composition.background import Background
    from kiosk.composition.given import Given
    from kiosk.composition.manager import Manager
    from kiosk.core.desk import EvaluatorState
    from kiosk.core.finding_events import Scanned
    from kiosk.core.packs import PackFault
    from kiosk.evaluators.key_tests import KeyTests
    from kiosk.learning_desk import Ears
    from kiosk.slips.giving import Slips
    from kiosk.slips.later import LaterRatings
    from kiosk.terminal import Terminal
    from kiosk.ui.key_input import KeyInput
    from kiosk.ui.sound import SoundPrompts
    from sync.courier import HubAddress
    from sync.journal.writer import Journal
    from sync.keys import KeyStore

log = logging.getLogger(__name__)

ASSETS = Path(__file__).parent.parent / "assets"


class Kiosk:
    """One process: its windows, its screen, its evaluators, its journal, its courier.

    Raises `JournalHeldError` where another process has the journal, `ProfileError` for an evaluator's profile,
    `FaultyFileError` for the province's.
    """

    def __init__(
        self,
        settings: Settings,
        config: Path,
        chance: Callable[[], float] | None = None,
        clock: SystemClock | None = None,
        ears: "Ears | None" = None,
        mount_table: Path | None = None,
    ) -> None:
        """`chance` gives numbers in [0, 1): it spreads the courier's tries after a failure. `ears`: where a box that
        is to be learnt is looked for. `mount_table`: where it stands which sticks are mounted.
        """
        self._settings = settings
        self._config = config
        self._chance = chance or secrets.SystemRandom().random
        self._ears = ears
        self._mount_table = mount_table
        self._province = load_province(ASSETS, settings.province.profile, published_folder(settings, "tags"))
        self._lock = JournalLock(settings.storage.directory)
        self._clock = clock or SystemClock()
        self._doorway = Doorway()
        self._recorder = Recorder(self._open_journal, self._clock.now, self._stored)
        self._boxes = Boxes(  # a wrong profile is refused before a window shows
            settings,
            self._recorder,
            lambda window: self._hosts[window],
            self._find,
            self._clock.now,
            fresh_visit,
            self._doorway.post,
            self._refresh_desk,
            self._stored,
        )
        self._hosts = {place.id: self._host(place) for place in settings.windows}
        self._keys: KeyStore | None = None
        self._slips: Slips | None = None
        self._terminal = self._make_terminal() if settings.screen_window.place == "terminal" else None
        self._key_input: KeyInput | None = None
        self._pictures: HallPictures | None = None
        self._packs: WordPacks | None = None
        self._pack_faults: tuple[PackFault, ...] = ()
        self._shown: MainWindow | None = None
        self._sound: SoundPrompts | None = None
        self._background: Background | None = None
        self._manager: Manager | None = None
        self._started = self._stopped = False

    @property
    def evaluators(self) -> "tuple[EvaluatorState, ...]":
        return self._boxes.plugged_in.states

    @property
    def picture_faults(self) -> tuple[tuple[str, str], ...]:
        """Of clerks, photos and slides: what cannot be used, and why, as a code."""
        return self._pictures.refused if self._pictures is not None else ()

    def window(self, name: str) -> Window:
        return self._hosts[name].window

    @property
    def terminal(self) -> "Terminal | None":
        """Where the screen is a terminal's."""
        return self._terminal

    @property
    def key_tests(self) -> "KeyTests":
        """The press-each-key test, for the manager's page."""
        return self._boxes.plugged_in.evaluators.tests

    @property
    def later(self) -> "LaterRatings | None":
        """For a terminal's screen; None where there is none, or the province grants no rating by the code of a slip."""
        return self._slips.later if self._slips is not None else None

    def show(self, *, full_screen: bool, size: tuple[int, int] | None = None) -> MainWindow:
        """The screen of the window that owns it; everything else starts after its first frame."""
        hall, host = self._settings.hall, self._hosts[self._settings.screen_window.id]
        packs = with_hall_packs(load_packs(ASSETS / "words"), hall.packs)
        host.offer(offer_on_screen(self._settings, self._province))
        where, finding = screen_place(self._settings, self._province, packs.phrases), None
        if self._terminal is not None:
            where, finding = replace(where, item_name=self._terminal.item_name), self._terminal.host
        visit = VisitViewModel(
            host, self._clock.now, fresh_visit, packs, where, hall.language, self._surroundings(size), finding
        )
        screen = self._settings.screen
        looks = Appearance(screen.scheme, screen.elder, screen.low_reach, screen.reduced_motion)
        self._packs, self._pack_faults = packs, (*packs.faults, *use_fonts(packs.fonts))
        self._shown = shown = open_window(visit, full_screen=full_screen, size=size, appearance=looks)
        shown.window.frameSwapped.connect(self._first_frame)
        self._take_keys()
        return shown

    def _surroundings(self, size: tuple[int, int] | None) -> Surroundings:
        """Clerks and slides, where the hall has any."""
        settings, screen = self._settings, self._settings.screen
        area = QGuiApplication.primaryScreen().size()
        bounds = Bounds(*(size or (area.width(), area.height())))
        published = settings.storage.directory / PUBLISHED
        pictures = HallPictures(
            settings.clerks.folder, screen.slides, published, bounds, self._doorway.post, self._refresh_desk
        )
        self._pictures = pictures
        slides = Slides(pictures.next_slide, screen.slides_after_seconds * 1000, screen.slide_seconds * 1000)
        return Surroundings(pictures.find_clerk, settings.clerks.show == "name", slides)

    def _take_keys(self) -> None:
        """From here on, what a box or scanner types reaches no field of the screen."""
        application = QGuiApplication.instance()
        if (typing := self._boxes.typing) and isinstance(application, QGuiApplication):
            from kiosk.ui.key_input import KeyInput, TypingDevice

            self._key_input = KeyInput([TypingDevice(codes, typed) for codes, typed in typing])
            self._key_input.start(application)

    def stop(self) -> None:
        """Takes no more presses, writes what is queued, lets go of the journal."""
        self._stopped = True
        application = QGuiApplication.instance()
        if self._key_input is not None and isinstance(application, QGuiApplication):
            self._key_input.stop(application)
        if self._background is not None:
            self._background.stop_server()
        if self._manager is not None:
            self._manager.stop()
        if self._sound is not None:
            self._sound.stop()
        if self._pictures is not None:
            self._pictures.stop()
        self._boxes.stop()
        if self._background is not None:
            self._background.stop()
        if self._started:
            self._recorder.append([Audited("stopped", self._clock.now())], lambda _: None)
            self._recorder.stop()
        self._lock.release()

    # -- starting ------------------------------------------------------------------------------------------------------

    def _first_frame(self) -> None:
        """`frameSwapped` may come from the render thread. Where it does not, presses that wait go first."""
        self._doorway.post(lambda: QTimer.singleShot(0, self.start))

    def start(self) -> None:
        if self._started:
            return
        self._started = True
        self._make_the_rest()
        self._recorder.start()
        self._recorder.append([Audited("started", self._clock.now(), "", _versions())], lambda _: None)
        self._boxes.plugged_in.start()
        if self._terminal is not None:
            self._terminal.start()
        if self._sound is not None:
            self._sound.start()
        if self._pictures is not None:
            self._pictures.start()
        if self._background is not None:
            self._background.start()

    def _make_the_rest(self) -> None:
        """What no press waits for. Each room is loaded only now."""
        from kiosk.composition.background import Background

        settings = self._settings
        if self._terminal is None:
            self._slips = self._make_slips()
        if settings.sound.enabled:
            from kiosk.composition.sounds import sound_prompts

            host = self._hosts[settings.screen_window.id]
            self._sound = sound_prompts(settings, host, self._wall_ms, self._refresh_desk)
        given = self._given()
        self._background = Background(given)
        if self._shown is not None and self._packs is not None:
            from kiosk.composition.manager import Manager

            self._manager = Manager(given, self._background, self._packs, self._ears)
            self._shown.take_desk(self._manager.desk)

    def _open_journal(self, lost_by: str) -> "Journal":
        """On the recorder's thread. The keys stay the same when a journal is opened anew: the courier signs too."""
        from kiosk.storage import open_journal

        journal, keys = open_journal(self._settings, self._clock.now(), lost_by, self._keys)
        self._keys = keys
        if self._background is not None:
            self._background.journal_opened(keys)
        self._doorway.post(lambda: self._go_online(keys))
        return journal

    def _go_online(self, keys: "KeyStore") -> None:
        if self._background is not None and not self._stopped:
            self._background.go_online(keys)

    def _host(self, place: WindowPlace) -> VisitHost:
        shared = place.id in self._settings.shared
        rules = Rules(place.id, place.place, place.stays_open_seconds * 1000, shared_box=shared)
        hands = Hands(self._append, self._boxes.acknowledge, self._boxes.stray, self._boxes.say)
        return VisitHost(Window(rules), hands, self._clock.now)

    def _make_slips(self) -> "Slips | None":
        from kiosk.slips.giving import slips_of
        from kiosk.slips.hall import HallSlips

        hall = HallSlips(self._hub_address, lambda: self._keys.device if self._keys else None, self._hub_rest_s)
        profile = self._province.profile
        return slips_of(self._settings, profile, self._recorder, self._clock.now, self._doorway.post, hall)

    def _hub_address(self) -> "HubAddress | None":
        return self._background.link.address() if self._background is not None else None

    def _hub_rest_s(self) -> float:
        return self._background.link.rest_s() if self._background is not None else 0.0

    def _make_terminal(self) -> "Terminal":
        from kiosk.terminal import Terminal

        self._slips = self._make_slips()
        host = self._hosts[self._settings.screen_window.id]
        return Terminal(
            self._settings,
            self._province.profile,
            self.later,
            host.dispatch,
            lambda: self._keys,
            self._doorway.post,
            self._clock.now,
        )

    def _find(self, scan: "Scanned") -> None:
        if self._terminal is not None:
            self._terminal.scanned(scan)

    # -- the road of a press -------------------------------------------------------------------------------------------

    def _append(self, effect: Append, host: VisitHost) -> None:
        self._recorder.append(effect.entries, lambda outcome: self._answer(effect.awaited, outcome, host))

    def _answer(self, visit: VisitId | None, outcome: Outcome, host: VisitHost) -> None:
        """On the recorder's thread: tells the visit whether its press is on the disk."""
        if visit is None:
            return
        at = self._clock.now()
        if isinstance(outcome, Stored):
            event: Event = Recorded(visit, outcome.receipts[visit], at)
        else:
            event = NotRecorded(visit, at)
        self._doorway.post(lambda: host.dispatch(event))

    def _stored(self) -> None:
        """On the recorder's thread, after each commit."""
        if self._background is not None:
            self._background.link.wake()
        self._doorway.post(self._refresh_desk)

    def _refresh_desk(self) -> None:
        if self._manager is not None:
            self._manager.desk.refresh()

    def _given(self) -> "Given":
        from kiosk.composition.given import Given
        from kiosk.secrets import FILE_NAME

        return Given(
            settings=self._settings,
            config=self._config,
            secrets=self._config.parent / FILE_NAME,
            province=self._province,
            recorder=self._recorder,
            now=self._clock.now,
            chance=self._chance,
            post=self._doorway.post,
            stored=self._stored,
            changed=self._refresh_desk,
            hosts=self._hosts,
            plugged_in=self._boxes.plugged_in,
            slips=self._slips,
            terminal=self._terminal,
            sound=lambda: self._sound.state if self._sound is not None else None,
            packs=lambda: self._pack_faults,
            pictures=lambda: self.picture_faults,
            mount_table=self._mount_table,
        )

    def _wall_ms(self) -> int:
        return self._clock.now().wall_ms


def fresh_visit() -> VisitId:
    return VisitId(secrets.token_bytes(16))


def _versions() -> dict[str, str | int]:
    import platform
    import sqlite3

    from PySide6 import __version__ as pyside

    from kiosk import VERSION

    return {
        "kiosk": VERSION,
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "pyside": pyside,
    }
