"""A terminal of a whole hall: found by touch or slip, rated on its glass, on the disk and at the hub."""

import tomllib
import urllib.request
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.pseudo_terminal import PseudoTerminal
from kiosk.demo.window_computer import WindowComputer
from kiosk.gallery import ASSETS
from kiosk.secrets import FILE_NAME as SECRETS
from kiosk.secrets import Secrets
from sync.courier import HubAddress
from sync.records import Asked, Ended
from sync.wire import BATCH_TYPE
from tests.kiosk.slips.slip_rig import Hall as SlipHall
from tests.visits.conftest import Morning

CODE = "370811202611230042"
LONG = "号" * 5_000 + "😀\x07"


@pytest.fixture
def gun(tmp_path: Path) -> Iterator[PseudoTerminal]:
    line = PseudoTerminal(lambda _: None, tmp_path / "ttySCANNER")
    line.plug()
    yield line
    line.unplug()


@pytest.fixture
def terminal(closed_morning: Morning, gun: PseudoTerminal, tmp_path: Path) -> Morning:
    """The exit of the hall has a terminal, which owns the screen."""
    config = closed_morning.hall.config
    text = config.read_text(encoding="utf-8").replace('"walk-up"', '"terminal"')
    text = text.replace('[screen]\nwindow = "3"', '[screen]\nwindow = "door"')
    text += f'[terminal]\ncatalogue = "{ASSETS / "catalogue" / "sample.csv"}"\n'
    text += f'[[scanner]]\nname = "gun"\nwindow = "door"\nport = "{tmp_path / "ttySCANNER"}"\n'
    config.write_text(text, encoding="utf-8")
    closed_morning.open()
    closed_morning.until(lambda: len(closed_morning.audits("scanner-found")) == 1)
    return closed_morning


def asked(terminal: Morning) -> list[Asked]:
    return [record for record in terminal.records() if isinstance(record, Asked)]


def rate(terminal: Morning, level: int, seen: int) -> None:
    terminal.shows(f"face{level}")
    terminal.touch(f"face{level}")
    terminal.until(lambda: sum(terminal.stored().values()) == seen)
    terminal.pass_by()
    terminal.shows("findingStart")


def test_a_case_typed_or_scanned_and_an_item_are_rated_and_counted(
    terminal: Morning, gun: PseudoTerminal, tmp_path: Path
) -> None:
    terminal.shows("way-item")
    terminal.touch("way-item")
    for letter in "YYZZ":
        terminal.touch(f"letter-{letter}")
    terminal.touch("entry0")
    terminal.touch("confirmButton")
    rate(terminal, 4, seen=1)

    gun.write(f"{CODE}\r\n".encode())
    terminal.shows("findingConfirm")
    terminal.touch("confirmButton")
    rate(terminal, 2, seen=2)

    item, case = asked(terminal)
    assert (item.object, item.item, item.cases) == ("item", "EXAMPLE000000000000000000000001", [])
    assert (case.object, case.trigger, case.flags, len(case.cases)) == ("case", "scan", ["number-only"], 1)
    assert {one.place for one in (item, case)} == {"terminal"}
    terminal.until(lambda: terminal.at_hub() == terminal.stored() == {4: 1, 2: 1})

    gun.write(f"{CODE}\r\n".encode())
    terminal.shows("findingNumber")
    terminal.touch("cancelButton")
    assert len(asked(terminal)) == 2, "a case that this device knows is not rated by its number again"

    terminal.close()
    files = [path for path in (tmp_path / "state").rglob("*") if path.is_file()]
    assert len(files) >= 3
    assert not [path for path in files if CODE.encode() in path.read_bytes()]


def test_a_case_of_a_window_is_rated_later_with_the_code_of_its_slip_once(
    terminal: Morning, gun: PseudoTerminal
) -> None:
    code = ask_and_leave(terminal, "A-17")

    type_in(terminal, "number", "A-17")
    terminal.shows("findingNumber")
    for wrong in ("000000000", "7"):  # the second is no code at all
        for key in wrong:
            terminal.touch(f"key-{key}")
        terminal.touch("enterKey")
        if wrong == "7":
            terminal.until(lambda: "评价码有误" in terminal.text_of("note"))
        else:
            terminal.until(lambda: terminal.text_of("title") == "凭此编号和评价码不能评价")
            assert "A-17" not in terminal.text_of("title") + terminal.text_of("note")
            terminal.touch("cancelButton")
            type_in(terminal, "later", "A-17")
            terminal.shows("findingNumber")
    for key in code:
        terminal.touch(f"key-{key}")
    terminal.touch("enterKey")
    terminal.shows("face1")
    assert terminal.text_of("note") == "事项：户口迁移"
    rate(terminal, 1, seen=2)

    on_the_spot, _, later = asked(terminal)
    assert (later.channel, later.window, later.flags) == ("later-terminal", "3", ["later"])
    assert later.later is not None
    assert terminal.stored() == {0: 1, 1: 1}
    assert later.cases[0].pseudonym == on_the_spot.cases[0].pseudonym

    gun.write(f"{code}\r\n".encode())
    terminal.shows("findingNumber")
    for key in "A-17":
        terminal.touch(f"key-{key}")
    terminal.touch("enterKey")
    terminal.until(lambda: terminal.text_of("title") == "凭此编号和评价码不能评价")
    assert len(asked(terminal)) == 3, "once"


def test_a_case_of_another_device_is_found_through_the_hub_and_without_a_network_nothing_is_lost(
    closed_morning: Morning, tmp_path: Path
) -> None:
    config = closed_morning.hall.config
    text = config.read_text(encoding="utf-8").replace('"walk-up"', '"terminal"')
    text = text.replace('[screen]\nwindow = "3"', '[screen]\nwindow = "door"')
    config.write_text(text.replace("[hub]", "[hub]\nslips_hall_wide = true"), encoding="utf-8")
    token = Secrets.load(config.parent / SECRETS).hub_token
    release_key = b64decode(tomllib.loads(text)["hub"]["release_key"])
    elsewhere = SlipHall(
        tmp_path / "elsewhere", HubAddress(f"http://{closed_morning.hall.hub_address}", token), release_key
    )
    slip = elsewhere.unrated("B-42")
    bring(elsewhere, token)
    elsewhere.close()
    terminal = closed_morning
    terminal.open()

    def give_slip() -> None:
        type_in(terminal, "later", "B-42")
        terminal.shows("findingNumber")
        for key in slip.code.replace("-", ""):
            terminal.touch(f"key-{key}")
        terminal.touch("enterKey")

    terminal.hall.relay.cut()
    give_slip()
    terminal.until(lambda: "查不到" in terminal.text_of("title"))
    terminal.touch("cancelButton")
    terminal.hall.relay.mend()
    give_slip()
    rate(terminal, 3, seen=1)

    [later] = asked(terminal)
    assert later.later is not None
    assert (later.channel, later.later.device) == ("later-terminal", elsewhere.device())
    terminal.until(lambda: terminal.at_hub()[3] == 1)


def bring(device: SlipHall, token: str) -> None:
    assert device.hub is not None
    headers = {"Content-Type": BATCH_TYPE, "Content-Encoding": "gzip", "Authorization": f"Bearer {token}"}
    for packed in device.batches({}):
        url = f"{device.hub.url}/v1/devices/{device.device()}/batches"
        with urllib.request.urlopen(urllib.request.Request(url, packed, headers), timeout=15) as answer:
            assert answer.status == 200


def ask_and_leave(terminal: Morning, number: str) -> str:
    """At window 3 nobody answers before the next is asked; gives the code of the first one's slip."""
    cases = [{"projectNo": number, "taskCode": "EXAMPLE000000000000000000000009"}]
    code = str(terminal.three._call("POST", "/visits", {"cases": cases})["slip"])
    terminal.three.ask()
    terminal.until(lambda: terminal.stored() == {0: 1})
    return code


def type_in(terminal: Morning, way: str, number: str) -> None:
    terminal.shows(f"way-{way}")
    terminal.touch(f"way-{way}")
    for key in number:
        terminal.touch(f"key-{key}")
    terminal.touch("enterKey")


def test_what_no_case_number_can_be_does_no_harm_and_a_transaction_brings_up_the_faces(
    terminal: Morning, gun: PseudoTerminal
) -> None:
    gun.write(LONG.encode() + b"\r\n")
    terminal.until(lambda: terminal.kiosk.evaluators[-1].bad_frames + len(terminal.audits("scan-refused")) > 0)

    business = WindowComputer(terminal.hall.window_port, "door", terminal.hall.tokens["door"])
    business.ask()
    terminal.shows("leaveButton")
    terminal.touch("leaveButton")
    terminal.until(lambda: any(isinstance(record, Ended) for record in terminal.records()))
    (ended,) = (record for record in terminal.records() if isinstance(record, Ended))
    assert (ended.outcome, ended.cause) == ("not-rated", "left")
    assert [(one.object, one.trigger) for one in asked(terminal)] == [("terminal", "window-interface")]


def test_a_catalogue_with_a_fault_is_not_offered_and_stops_nothing(closed_morning: Morning, tmp_path: Path) -> None:
    config = closed_morning.hall.config
    (tmp_path / "items.csv").write_text("nothing of the kind", encoding="utf-8")
    text = config.read_text(encoding="utf-8").replace('"walk-up"', '"terminal"')
    text = text.replace('[screen]\nwindow = "3"', '[screen]\nwindow = "door"')
    config.write_text(text + '[terminal]\ncatalogue = "items.csv"\n', encoding="utf-8")
    closed_morning.open()
    terminal = closed_morning.kiosk.terminal
    assert terminal is not None
    closed_morning.until(lambda: terminal.catalogue_fault)
    assert closed_morning.visible("way-item") is None
    closed_morning.touch("way-hall")
    rate(closed_morning, 5, seen=1)
