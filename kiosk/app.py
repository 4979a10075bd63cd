"""The composition root: the one file that knows every room. Makes the parts, starts them in order, stops them.

The window comes first: the first frame takes presses, which wait in the recorder's queue until the journal is open. The
threads, and with them the database, network and cryptography libraries, start after that frame.
"""

import logging
import secrets
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication

from kiosk.clock_setting import ClockSetting
from kiosk.control import Control, ControlPorts
from kiosk.core.day_spans import is_within, span
from kiosk.core.desk import EvaluatorState, PackFault
from kiosk.core.finding_events import Scanned
from kiosk.core.visit import Append, Event, NotRecorded, Recorded, Resting, Rules, Window
from kiosk.desk import Figures, Gate
from kiosk.evaluators.key_tests import KeyTests
from kiosk.evaluators.plugged_in import PluggedIn
from kiosk.evaluators.ports import EvaluatorPorts
from kiosk.hall_pictures import PUBLISHED, HallPictures
from kiosk.hub_link import HubLink
from kiosk.learning_door import LearningDoor
from kiosk.own_command import own_command
from kiosk.paper.desk import PaperDesk, paper_desk
from kiosk.province_choice import load_province, offer_on_screen, screen_place
from kiosk.published.arrivals import Arrivals
from kiosk.secrets import FILE_NAME as SECRETS
from kiosk.secrets import Secrets, SecretsError
from kiosk.settings import Settings, WindowPlace, published_folder
from kiosk.slips.giving import slip_paper, slips_of
from kiosk.slips.hall import HallSlips
from kiosk.slips.later import LaterRatings
from kiosk.sticks.carrying import Carrying
from kiosk.sticks.door import SticksDoor
from kiosk.sticks.mounts import MOUNT_TABLE
from kiosk.terminal import Terminal
from kiosk.ui.desk_view_model import DeskPorts, DeskViewModel
from kiosk.ui.doorway import Doorway
from kiosk.ui.evaluators_view_model import EvaluatorsPorts
from kiosk.ui.fonts import use_fonts
from kiosk.ui.key_input import KeyInput, TypingDevice
from kiosk.ui.main_window import Appearance, MainWindow, open_window
from kiosk.ui.pictures import Bounds
from kiosk.ui.resting_view_model import Slides
from kiosk.ui.surroundings import Surroundings
from kiosk.ui.visit_host import Hands, VisitHost
from kiosk.ui.visit_view_model import VisitViewModel
from kiosk.ui.word_packs import load_packs, with_hall_packs
from kiosk.ui.words import Words, is_chinese
from kiosk.window.ports import WindowInfo, WindowPorts, WindowStatus
from sync.clock import SystemClock, offset_minutes
from sync.journal.kept import kept_aside
from sync.journal.lock import JournalLock
from sync.recorder import Outcome, Recorder, Stored
from sync.records import Audited, VisitId

if TYPE_CHECKING:
    from kiosk.learning_desk import Ears, LearningDesk
    from kiosk.ui.sound import SoundPrompts
    from kiosk.window.server import WindowServer
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
        mount_table: Path = MOUNT_TABLE,
    ) -> None:
        """`chance` gives numbers in [0, 1): it spreads the courier's tries after a failure. `ears`: where a box that
        is to be learnt is looked for. `mount_table`: where it stands which sticks are mounted.
        """
        self._settings = settings
        self._config = config
        self._ears = ears
        self._secrets = config.parent / SECRETS
        self._province = load_province(ASSETS, settings.province.profile, published_folder(settings, "tags"))
        self._lock = JournalLock(settings.storage.directory)
        self._clock = clock or SystemClock()
        self._doorway = Doorway()
        self._recorder = Recorder(self._open_journal, self._clock.now, self._stored)
        self._plugged_in = PluggedIn(settings, self._recorder, self._evaluator_ports(), self._stored)
        self._evaluators = self._plugged_in.evaluators
        self._strays_timer = _single_shot(self._evaluators.flush_strays)
        self._test_timer = _single_shot(self._evaluators.tests.run_out)
        self._hosts = {place.id: self._host(place) for place in settings.windows}
        self._link = HubLink(
            settings,
            self._secrets,
            self._recorder,
            self._clock.now,
            chance or secrets.SystemRandom().random,
            self._hub_changed,
        )
        self._arrivals = Arrivals(
            settings,
            config,
            self._link,
            self._recorder,
            self._clock.now,
            lambda: self._doorway.post(self._refresh_desk),
        )
        self._carrying = Carrying(
            settings.storage.directory,
            self._link.address,
            self._wall_ms,
            chance or secrets.SystemRandom().random,
            self._link.rest_s,
        )
        self._sticks = SticksDoor(
            settings, self._secrets, self._recorder, self._carrying, self._wall_ms, self._doorway.post, mount_table
        )
        self._keys: KeyStore | None = None
        hall = HallSlips(self._link.address, lambda: self._keys.device if self._keys else None, self._link.rest_s)
        self._slips = slips_of(
            settings, self._province.profile, self._recorder, self._clock.now, self._doorway.post, hall
        )
        self._terminal = self._make_terminal() if settings.screen_window.place == "terminal" else None
        self._server: WindowServer | None = None
        self._desk: DeskViewModel | None = None
        self._learning: LearningDoor | None = None
        self._key_input: KeyInput | None = None
        self._sound = self._sound_prompts() if settings.sound.enabled else None
        self._pictures: HallPictures | None = None
        adopting = self._plugged_in.adopting(self._gate_on_any_thread())
        self._control = Control(
            settings.storage.directory,
            ControlPorts(
                self._note,
                self._clock_setting().set,
                adopting.adopt,
                self._open_visits,
                self._paper_desk().obey,
                self._sticks.acknowledge,
                self._carrying.wake,
            ),
        )
        self._pack_faults: tuple[PackFault, ...] = ()
        self._started = self._stopped = False

    @property
    def evaluators(self) -> tuple[EvaluatorState, ...]:
        return self._plugged_in.states

    @property
    def picture_faults(self) -> tuple[tuple[str, str], ...]:
        """Of clerks, photos and slides: what cannot be used, and why, as a code."""
        return self._pictures.refused if self._pictures is not None else ()

    def window(self, name: str) -> Window:
        return self._hosts[name].window

    @property
    def terminal(self) -> Terminal | None:
        """Where the screen is a terminal's."""
        return self._terminal

    @property
    def key_tests(self) -> KeyTests:
        """The press-each-key test, for the manager's page."""
        return self._evaluators.tests

    @property
    def later(self) -> LaterRatings | None:
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
        offset = offset_minutes(hall.utc_offset)
        self._learning = self._learning_door(packs.words(hall.language))
        ports = self._desk_ports(self._learning)
        self._desk = DeskViewModel(ports, self._wall_ms, packs, hall.language, offset)
        screen = self._settings.screen
        looks = Appearance(screen.scheme, screen.elder, screen.low_reach, screen.reduced_motion)
        self._pack_faults = (*packs.faults, *use_fonts(packs.fonts))
        shown = open_window(visit, self._desk, full_screen=full_screen, size=size, appearance=looks)
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
        if (typing := self._plugged_in.typing) and isinstance(application, QGuiApplication):
            self._key_input = KeyInput([TypingDevice(codes, typed) for codes, typed in typing])
            self._key_input.start(application)

    def stop(self) -> None:
        """Takes no more presses, writes what is queued, lets go of the journal."""
        self._stopped = True
        application = QGuiApplication.instance()
        if self._key_input is not None and isinstance(application, QGuiApplication):
            self._key_input.stop(application)
        if self._server is not None:
            self._server.stop()
        if self._learning is not None:
            self._learning.stop()
        if self._sound is not None:
            self._sound.stop()
        if self._pictures is not None:
            self._pictures.stop()
        self._plugged_in.stop()
        self._strays_timer.stop()
        self._test_timer.stop()
        self._arrivals.stop()
        self._link.stop()
        self._carrying.stop()
        self._sticks.stop()
        self._control.stop()
        if self._started:
            self._recorder.append([Audited("stopped", self._clock.now())], lambda _: None)
            self._recorder.stop()
        self._lock.release()

    # -- starting ------------------------------------------------------------------------------------------------------

    def _first_frame(self) -> None:
        """`frameSwapped` may come from the render thread."""
        self._doorway.post(self.start)

    def start(self) -> None:
        if self._started:
            return
        self._started = True
        self._recorder.start()
        self._recorder.append([Audited("started", self._clock.now(), "", _versions())], lambda _: None)
        self._plugged_in.start()
        if self._terminal is not None:
            self._terminal.start()
        if self._sound is not None:
            self._sound.start()
        if self._pictures is not None:
            self._pictures.start()
        try:
            self._control.start()
        except OSError as fault:
            log.warning("no command can reach this kiosk: %s", fault)
        self._start_server()

    def _start_server(self) -> None:
        section = self._settings.window_interface
        if section is None:
            return
        from kiosk.window.server import WindowServer

        windows = {
            place.id: WindowInfo(place.name, place.place, place.stays_open_seconds, place.name_en)
            for place in self._settings.windows
        }
        paper = slip_paper(self._settings, self._province.profile, codes=self._slips is not None)
        ports = WindowPorts(self._window_dispatch, self._window_status, slip_paper=paper)
        if self._slips is not None:
            ports = replace(ports, slip=self._slips.issuer.issue)
        server = WindowServer(section.listen, windows, self._window_token, section.hosts, ports, self._clock.now)
        try:
            server.start()
        except OSError as fault:
            log.warning("%s", fault)
        else:
            self._server = server

    def _open_journal(self, lost_by: str) -> "Journal":
        """On the recorder's thread. The keys stay the same when a journal is opened anew: the courier signs too."""
        from kiosk.storage import open_journal

        journal, keys = open_journal(self._settings, self._clock.now(), lost_by, self._keys)
        self._keys = keys
        self._arrivals.served()
        self._carrying.start(keys.device)
        self._doorway.post(lambda: None if self._stopped else self._go_online(keys))
        return journal

    def _go_online(self, keys: "KeyStore") -> None:
        """The journal is open."""
        self._link.start(keys)
        self._arrivals.start()

    def _hub_changed(self) -> None:
        """On the courier's thread."""
        self._arrivals.look()
        self._doorway.post(self._refresh_desk)

    def _host(self, place: WindowPlace) -> VisitHost:
        shared = place.id in self._settings.shared
        rules = Rules(place.id, place.place, place.stays_open_seconds * 1000, shared_box=shared)
        hands = Hands(self._append, self._evaluators.acknowledge, self._evaluators.stray, self._evaluators.say)
        return VisitHost(Window(rules), hands, self._clock.now)

    def _make_terminal(self) -> Terminal:
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

    def _find(self, scan: Scanned) -> None:
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
        self._link.wake()
        self._doorway.post(self._refresh_desk)

    def _refresh_desk(self) -> None:
        if self._desk is not None:
            self._desk.refresh()

    # -- what the rooms may call ---------------------------------------------------------------------------------------

    def _evaluator_ports(self) -> EvaluatorPorts:
        return EvaluatorPorts(
            dispatch=lambda window, event: self._hosts[window].dispatch(event),
            find=self._find,
            window=lambda window: self._hosts[window].window,
            audit=lambda entries: self._recorder.append(entries, lambda _: None),
            strays_wait=self._wait_for_strays,
            test_ends=lambda due_ms: self._test_timer.start(max(0, due_ms - self._clock.now().boot_ms)),
            changed=self._refresh_desk,
            post=self._doorway.post,
            now=self._clock.now,
            fresh=fresh_visit,
        )

    def _wait_for_strays(self, due_ms: int) -> None:
        if not self._strays_timer.isActive():
            self._strays_timer.start(max(0, due_ms - self._clock.now().boot_ms))

    def _learning_door(self, words: Words) -> LearningDoor:
        def make() -> "LearningDesk":
            from kiosk.evaluators.adding import Adding
            from kiosk.learning_desk import Ears, LearningDesk

            adding = Adding(
                self._config, self._recorder, self._plugged_in, self._clock.now, self._doorway.post, self._stored
            )
            ears, chinese = self._ears or Ears(), is_chinese(self._settings.hall.language)
            return LearningDesk(adding, words, self._doorway.post, self._open_visits, ears, chinese=chinese)

        def taken() -> frozenset[str]:
            return frozenset(state.name for state in self._plugged_in.states)

        door = LearningDoor(make, self._settings, self._config, taken, self._open_visits)
        for host in self._hosts.values():
            host.changed.connect(door.give_way_to_visits)
        return door

    def _desk_ports(self, learning: LearningDoor) -> DeskPorts:
        gate = Gate(self._recorder, self._secrets, self._clock.now, self._doorway.post)
        figures = Figures(
            self._recorder,
            self._clock.now,
            self._doorway.post,
            utc_offset_minutes=offset_minutes(self._settings.hall.utc_offset),
            satisfied_from=self._settings.counts.satisfied_from,
            hub=self._link.state,
            evaluators=lambda: self._plugged_in.states,
            kept_aside=lambda: len(kept_aside(self._settings.storage.directory)),
            sound=lambda: self._sound.state if self._sound is not None else None,
            packs=lambda: self._pack_faults,
            pictures=lambda: self.picture_faults,
            published=self._arrivals.states,
            balance=self._link.balance,
            catalogue_fault=lambda: self._terminal is not None and self._terminal.catalogue_fault,
        )
        evaluators = EvaluatorsPorts(lambda: self._plugged_in.states, self._evaluators.tests)
        learn = learning.ports(chinese=is_chinese(self._settings.hall.language))
        return DeskPorts(
            gate.check, figures.load, evaluators, learn, self._sticks.ports(), send_now=self._link.send_now
        )

    def _sound_prompts(self) -> "SoundPrompts":
        from kiosk.ui.sound import SoundPorts, SoundPrompts

        section, offset = self._settings.sound, offset_minutes(self._settings.hall.utc_offset)
        spans = [span(text) for text in section.quiet]
        folder = () if section.folder is None else ("--folder", str(section.folder))
        ports = SoundPorts(
            command=own_command("sound", "--volume", str(section.volume), *folder),
            is_quiet=lambda: is_within(spans, self._wall_ms(), offset),
            changed=self._refresh_desk,
        )
        return SoundPrompts(self._hosts[self._settings.screen_window.id], ports)

    def _clock_setting(self) -> ClockSetting:
        return ClockSetting(self._recorder, self._gate_on_any_thread())

    def _paper_desk(self) -> PaperDesk:
        return paper_desk(self._settings, self._recorder, self._gate_on_any_thread(), self._clock.now, self._stored)

    def _gate_on_any_thread(self) -> Gate:
        """For the control socket's thread, which may wait for the answer."""
        return Gate(self._recorder, self._secrets, self._clock.now, lambda call: call())

    def _open_visits(self) -> int:
        """On the control socket's thread: a window is replaced whole, never changed."""
        return sum(not isinstance(host.window.stage, Resting) for host in self._hosts.values())

    def _note(self, what: str) -> None:
        """On the control socket's thread."""
        self._recorder.append([Audited(what, self._clock.now())], lambda _: None)

    def _window_dispatch(self, window: str, event: Event) -> None:
        """On the window server's thread."""
        self._doorway.post(lambda: self._hosts[window].dispatch(event))

    def _window_status(self, window: str) -> WindowStatus:
        """On the window server's thread: a window is replaced whole, never changed."""
        state = self._hosts[window].window
        return WindowStatus(state.clerk, state.pause)

    def _window_token(self, window: str) -> str | None:
        try:
            return Secrets.load(self._secrets).window_tokens.get(window)
        except SecretsError as fault:
            log.warning("%s", fault)
            return None

    def _wall_ms(self) -> int:
        return self._clock.now().wall_ms


def _single_shot(call: Callable[[], None]) -> QTimer:
    timer = QTimer()
    timer.setSingleShot(True)
    timer.timeout.connect(call)
    return timer


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
