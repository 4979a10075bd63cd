"""What runs behind the first frame: the roads to the hub, the sticks, the control socket, the window interface."""

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.clock_setting import ClockSetting
from kiosk.composition.given import Given
from kiosk.control import Control, ControlPorts
from kiosk.core.visit import Event
from kiosk.desk import Gate
from kiosk.hub_link import HubLink
from kiosk.paper.desk import paper_desk
from kiosk.published.arrivals import Arrivals
from kiosk.secrets import Secrets, SecretsError
from kiosk.slips.giving import slip_paper
from kiosk.sticks.carrying import Carrying
from kiosk.sticks.door import SticksDoor
from kiosk.sticks.mounts import MOUNT_TABLE
from kiosk.window.ports import WindowInfo, WindowPorts, WindowStatus

if TYPE_CHECKING:
    from kiosk.window.server import WindowServer
    from sync.keys import KeyStore

log = logging.getLogger(__name__)


class Background:
    """Made and started on the GUI thread, before the recorder is: the journal may open at any time after that."""

    def __init__(self, given: Given) -> None:
        self._given = given
        settings, secrets = given.settings, given.secrets
        self.link = HubLink(settings, secrets, given.recorder, given.now, given.chance, self._hub_changed)
        self.arrivals = Arrivals(
            settings, given.config, self.link, given.recorder, given.now, lambda: given.post(given.changed)
        )
        directory = settings.storage.directory
        self._carrying = Carrying(directory, self.link.address, given.wall_ms, given.chance, self.link.rest_s)
        table = given.mount_table or MOUNT_TABLE
        self.sticks = SticksDoor(settings, secrets, given.recorder, self._carrying, given.wall_ms, given.post, table)
        self._control = Control(directory, self._control_ports())
        self._server: WindowServer | None = None

    def start(self) -> None:
        try:
            self._control.start()
        except OSError as fault:
            log.warning("no command can reach this kiosk: %s", fault)
        self._start_server()

    def journal_opened(self, keys: "KeyStore") -> None:
        """On the recorder's thread, each time."""
        self.arrivals.served()
        self._carrying.start(keys.device)

    def go_online(self, keys: "KeyStore") -> None:
        """The journal is open."""
        self.link.start(keys)
        self.arrivals.start()

    def stop_server(self) -> None:
        """Takes no more asks."""
        if self._server is not None:
            self._server.stop()

    def stop(self) -> None:
        self.arrivals.stop()
        self.link.stop()
        self._carrying.stop()
        self.sticks.stop()
        self._control.stop()

    def _hub_changed(self) -> None:
        """On the courier's thread."""
        self.arrivals.look()
        self._given.post(self._given.changed)

    # -- what a command may ask of the running kiosk -------------------------------------------------------------------

    def _control_ports(self) -> ControlPorts:
        given = self._given
        gate = Gate(given.recorder, given.secrets, given.now, lambda call: call())  # its thread may wait for the answer
        return ControlPorts(
            given.note,
            ClockSetting(given.recorder, gate).set,
            given.plugged_in.adopting(gate).adopt,
            given.open_visits,
            paper_desk(given.settings, given.recorder, gate, given.now, given.stored).obey,
            self.sticks.acknowledge,
            self._carrying.wake,
        )

    # -- what the windows' computers may call --------------------------------------------------------------------------

    def _start_server(self) -> None:
        given, section = self._given, self._given.settings.window_interface
        if section is None:
            return
        from kiosk.window.server import WindowServer

        windows = {
            place.id: WindowInfo(place.name, place.place, place.stays_open_seconds, place.name_en)
            for place in given.settings.windows
        }
        paper = slip_paper(given.settings, given.province.profile, codes=given.slips is not None)
        ports = WindowPorts(self._dispatch, self._status, slip_paper=paper)
        if given.slips is not None:
            ports = replace(ports, slip=given.slips.issuer.issue)
        server = WindowServer(section.listen, windows, self._token, section.hosts, ports, given.now)
        try:
            server.start()
        except OSError as fault:
            log.warning("%s", fault)
        else:
            self._server = server

    def _dispatch(self, window: str, event: Event) -> None:
        """On the window server's thread."""
        self._given.post(lambda: self._given.hosts[window].dispatch(event))

    def _status(self, window: str) -> WindowStatus:
        """On the window server's thread: a window is replaced whole, never changed."""
        state = self._given.hosts[window].window
        return WindowStatus(state.clerk, state.pause)

    def _token(self, window: str) -> str | None:
        try:
            return Secrets.load(self._given.secrets).window_tokens.get(window)
        except SecretsError as fault:
            log.warning("%s", fault)
            return None
