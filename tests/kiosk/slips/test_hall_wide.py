"""A slip of one device, taken at another of the same hall: two journals, one real hub between them, on loopback."""

import hashlib
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from slip_rig import DAY_MS, MORNING_MS, NUMBER, Hall

from kiosk.slips.codes import code_from
from kiosk.slips.later import Granted, Refused, Unreached
from sync.courier import HubAddress
from sync.hub.server import Hub
from sync.hub.settings import HubSettings, Token
from sync.journal.verify import verify_journal
from sync.records import Asked, Audit, Earlier, VisitAsked
from sync.slip_question import GRANT_MS

TOKEN, READER = "device-token", "reader-token"
ROOT = Path(__file__).parents[3]


def sha(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class Town:
    """The hub, a device with windows alone, and two with a terminal each."""

    def __init__(self, directory: Path) -> None:
        self.now_ms = MORNING_MS
        tokens = [Token("kiosks", "device", sha(TOKEN)), Token("desk", "reader", sha(READER))]
        settings = HubSettings(listen="127.0.0.1:0", directory=str(directory / "hub"), token=tokens)
        self.hub = Hub(settings, lambda: self.now_ms)
        self.hub.start()
        address = HubAddress(self.hub.address, TOKEN)
        self.windows, self.terminal, self.other = (
            Hall(directory / name, address) for name in ("windows", "terminal", "other")
        )
        self._places: dict[str, int] = {}

    def close(self) -> None:
        for device in self.devices:
            device.close()
        self.hub.stop()

    @property
    def devices(self) -> tuple[Hall, ...]:
        return self.windows, self.terminal, self.other

    def later(self, ms: int) -> None:
        self.now_ms += ms
        for device in self.devices:
            device.clock.ms += ms

    def bring(self, *devices: Hall) -> None:
        for device in devices:
            for packed in device.batches(self._places):
                self._call(
                    f"/v1/devices/{device.device()}/batches",
                    TOKEN,
                    packed,
                    {"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip"},
                )

    def counts(self, day: str) -> bytes:
        return self._call(f"/v1/counts?day={day}", READER)

    def _call(self, path: str, token: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> bytes:
        named = {"Authorization": f"Bearer {token}", **(headers or {})}
        request = urllib.request.Request(self.hub.address + path, body, named)
        with urllib.request.urlopen(request, timeout=15) as answer:
            return bytes(answer.read())


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    town = Town(tmp_path)
    yield town
    town.close()


def granted(device: Hall, number: str, code: str) -> Granted:
    found = device.find(number, code)
    assert isinstance(found, Granted)
    return found


def test_it_is_rated_once_at_any_terminal_and_counted_in_the_hour_of_the_later_press(town: Town) -> None:
    slip = town.windows.unrated(NUMBER)
    town.bring(*town.devices)
    town.later(3 * DAY_MS)
    town.terminal.rate(granted(town.terminal, NUMBER.lower(), slip.code), 2)

    [on_the_spot], [later] = town.windows.records(Asked), town.terminal.records(Asked)
    assert later.later == Earlier(town.windows.generation(), 1, town.windows.device() or "")
    assert (later.channel, later.window, later.clerk) == ("later-terminal", on_the_spot.window, on_the_spot.clerk)
    assert [(case.service, case.item, case.slip) for case in later.cases] == [(2, "T1", on_the_spot.cases[0].slip)]

    town.bring(*town.devices)
    town.later(GRANT_MS + 1)
    for device in town.devices:
        assert isinstance(device.find(NUMBER, slip.code), Refused)
    assert b'"outcomes":{"0":1}' in town.counts("2026-11-23")
    assert b'"later-terminal":{"2":1}' in town.counts("2026-11-26")
    assert town.terminal.counts("2026-11-26") == {2: 1}
    for device in (town.windows, town.terminal):
        assert verify_journal(device.directory).sound
    checked = subprocess.run(
        [sys.executable, ROOT / "docs" / "verify_journal.py", town.terminal.directory], capture_output=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_two_terminals_cannot_take_one_slip_even_where_one_loses_the_network(town: Town) -> None:
    slip = town.windows.unrated(NUMBER)
    town.bring(*town.devices)
    first = granted(town.terminal, NUMBER, slip.code)
    assert isinstance(town.other.find(NUMBER, slip.code), Refused)

    town.later(GRANT_MS + 1)  # nothing was heard of the first one since: it may have been rated there
    assert isinstance(town.other.find(NUMBER, slip.code), Refused)

    asked = VisitAsked(first.visit, first.ask, town.terminal.clock.now())
    town.terminal.write(asked)
    town.bring(town.terminal)
    assert isinstance(town.other.find(NUMBER, slip.code), Refused)  # before the faces there

    town.terminal.write(town.terminal.ended(asked))
    town.bring(town.terminal)
    granted(town.other, NUMBER, slip.code)  # nobody pressed: the slip is still good


def test_whatever_is_wrong_is_refused_alike(town: Town) -> None:
    windows = town.windows
    late = windows.unrated("LATE")
    town.later(8 * DAY_MS)
    running, unknown = windows.slip("OPEN"), windows.unrated("KEPT")
    windows.write(windows.asked(running, "OPEN"))
    good = windows.unrated(NUMBER)
    town.bring(*town.devices)

    tries = [(NUMBER, code_from(b"wrong")), ("OPEN", running.code), ("LATE", late.code), ("OTHER", unknown.code)]
    answers = [town.terminal.find(*one) for one in tries]

    assert answers == [Refused(left, 0) for left in (4, 3, 2, 1)]
    assert town.terminal.find("", good.code) == Refused(0, 30)
    assert town.terminal.find(NUMBER, good.code) == Refused(0, 30)


def test_without_a_network_every_pair_is_told_the_same_and_nothing_is_lost(town: Town) -> None:
    elsewhere, own = town.windows.unrated(NUMBER), town.terminal.unrated("OWN")
    town.bring(*town.devices)
    reached = town.terminal.hub
    town.terminal.hub = HubAddress("http://127.0.0.1:1", TOKEN)
    tries = [(NUMBER, elsewhere.code), ("OWN", own.code), (NUMBER, code_from(b"wrong"))]

    assert [town.terminal.find(*one) for one in tries] == [Unreached()] * 3
    assert town.terminal.records(Audit) == []
    town.terminal.hub = HubAddress(town.hub.address, "wrong")
    assert town.terminal.find(*tries[0]) == Unreached()

    town.terminal.hub = reached
    granted(town.terminal, NUMBER, elsewhere.code)
    granted(town.terminal, "OWN", own.code)


def test_a_visit_of_ones_own_that_has_not_arrived_yet_is_rated_here_and_then_nowhere_else(town: Town) -> None:
    town.bring(*town.devices)
    slip = town.terminal.unrated(NUMBER)

    found = granted(town.terminal, NUMBER, slip.code)

    assert found.ask.later == Earlier(town.terminal.generation(), 1)
    town.bring(town.terminal)
    assert isinstance(town.other.find(NUMBER, slip.code), Refused)


def test_a_visit_that_was_rated_elsewhere_is_not_rated_again_where_it_was_asked(town: Town) -> None:
    slip = town.terminal.unrated(NUMBER)
    town.bring(*town.devices)
    town.other.rate(granted(town.other, NUMBER, slip.code))
    town.bring(*town.devices)
    town.later(GRANT_MS + 1)

    assert isinstance(town.terminal.find(NUMBER, slip.code), Refused)


def test_a_slip_from_before_is_taken_at_its_own_device_without_the_hub(town: Town, tmp_path: Path) -> None:
    alone = Hall(tmp_path / "alone")
    slip = alone.unrated(NUMBER)
    alone.close()
    alone.hub = HubAddress("http://127.0.0.1:1", TOKEN)
    alone.open()
    try:
        alone.rate(granted(alone, NUMBER, slip.code))
        assert alone.find(NUMBER, slip.code) == Unreached()
        assert len({len(case.slip) for asked in alone.records(Asked) for case in asked.cases}) == 1
    finally:
        alone.close()
    assert isinstance(town.terminal.find(NUMBER, slip.code), Refused)
