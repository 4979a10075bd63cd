"""The whole way on real pseudo-terminals: a box is plugged in, its keys are pressed, its profile is written."""

import os
import queue
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol, TypeVar

import pytest
from boxes import counting, crc16_frame, loaded, text_line
from serial.tools.list_ports_common import ListPortInfo

from devices.emulator import EmulatedEvaluator
from devices.facts import EvaluatorFound, KeyPressed
from devices.input_events import encode
from devices.learning.inference import levels_of
from devices.learning.listening import Listening, ports_here
from devices.learning.presses import Burst
from devices.learning.session import Session, advance
from devices.learning.steps import (
    BytesHeard,
    CheckKeys,
    ClosePort,
    Done,
    Event,
    Failed,
    OpenPort,
    Port,
    PortChosen,
    PortLost,
    PortsSeen,
    PressKey,
    Review,
    Silence,
    TryLine,
    WaitTimeOut,
    WriteProfile,
)
from devices.profile import load_profile, shipped_profiles
from devices.profile_parts import SerialLink
from devices.serial_evaluator import SerialEvaluator

PACE = 0.08
DEADLINE_S = 20.0
SERIAL = [name for name in shipped_profiles() if isinstance(load_profile(name).link, SerialLink)]


_Fact = TypeVar("_Fact")


class Listener(Protocol):
    def wait(self, kind: type[_Fact], count: int) -> list[_Fact]: ...


class Engineer:
    """Does what the session asks for, with a box whose keys `press` presses."""

    def __init__(self, folder: Path | None = None, keyboards: Path = Path("/nowhere")) -> None:
        self._events: queue.SimpleQueue[tuple[int, Event]] = queue.SimpleQueue()
        self.listening = Listening(
            lambda turn, event: self._events.put((turn, event)),
            lambda: ports_here(folder, keyboards, list),
            PACE,
        )
        self.session = Session("learnt-box")
        self.written = ""
        self.listening.start()

    def happens(self, event: Event) -> None:
        self.session, effects = advance(self.session, event)
        for effect in effects:
            match effect:
                case OpenPort(port, link):
                    self.listening.open(port, link)
                case ClosePort():
                    self.listening.close()
                case WriteProfile(text):
                    self.written = text

    def next_event(self) -> Event:
        while True:
            turn, event = self._events.get(timeout=DEADLINE_S)
            if turn == self.listening.turn:
                self.happens(event)
                return event

    def until(self, kind: type[object]) -> None:
        while not isinstance(self.session.step, kind):
            self.next_event()

    def hears(self, act: Callable[[], object]) -> None:
        """Lets the box speak once and waits for the silence behind it."""
        act()
        while not isinstance(self.next_event(), BytesHeard | PortLost):
            pass
        while not isinstance(self.next_event(), Silence):
            pass

    def learns(self, press: Callable[[int], object], levels: tuple[int, ...] = (5, 4, 3, 2, 1)) -> None:
        """From an open port up to the end."""
        while not isinstance(self.session.step, Done | Failed):
            match self.session.step:
                case TryLine():
                    self.ready()
                    self.hears(lambda: press(levels[0]))
                case PressKey(level) if level not in levels:
                    self.happens("skip")
                case PressKey(level):
                    self.hears(lambda level=level: press(level))
                case WaitTimeOut() | Review():
                    self.happens("next")
                case CheckKeys(_, asked):
                    self.hears(lambda level=asked[0]: press(level))

    def ready(self) -> None:
        """Bytes that are sent before the port is open would be lost."""
        while not self.session.opened:
            self.next_event()


@pytest.fixture
def engineer(tmp_path: Path) -> Iterator[Engineer]:
    made = Engineer(tmp_path)
    yield made
    made.listening.stop()
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("learning")] == []


@pytest.mark.parametrize("name", SERIAL)
def test_every_shipped_serial_box_is_learnt_on_a_line_and_its_keys_give_the_right_levels(
    name: str, engineer: Engineer, tmp_path: Path, evaluator: Callable[..., SerialEvaluator], listener: Listener
) -> None:
    shipped = load_profile(name)
    address = shipped.addresses.evaluators[0]
    while not isinstance(engineer.next_event(), PortsSeen):
        pass
    with EmulatedEvaluator(shipped, tmp_path / "usb-box") as box:
        engineer.until(TryLine)

        engineer.learns(lambda level: box.press(address, level), shipped.levels)

        assert isinstance(engineer.session.step, Done)
        written = tmp_path / "learnt-box.toml"
        written.write_text(engineer.written, encoding="utf-8")
        learnt = load_profile(str(written))
        assert learnt.lacks == shipped.lacks
        engineer.listening.stop()
        for count, level in enumerate(shipped.levels, start=1):
            running = evaluator(box.port, {learnt.addresses.evaluators[0]}, profile=learnt, wait=False)
            listener.wait(EvaluatorFound, count)
            box.press(address, level)
            [*_, pressed] = listener.wait(KeyPressed, count)
            assert (pressed.level, pressed.profile) == (level, learnt.digest)
            running.stop()


@pytest.mark.parametrize("odd", [crc16_frame, text_line, counting])
def test_boxes_that_no_shipped_profile_knows_are_learnt_too(
    odd: Callable[[int, int], bytes], engineer: Engineer
) -> None:
    presses = iter(range(1000))
    with EmulatedEvaluator(load_profile("ascii-digit")) as box:
        engineer.happens(PortChosen(Port(box.port, "box")))

        def press(level: int) -> None:
            """In two pieces, as an adapter may deliver it."""
            data = odd(level, next(presses))
            box.send(data[:2])
            box.send(data[2:])

        engineer.learns(press)

    assert isinstance(engineer.session.step, Done)
    assert levels_of(loaded(engineer.written), Burst(odd(2, 200))) == [2]


def test_a_box_with_two_like_keys_is_not_learnt(engineer: Engineer) -> None:
    with EmulatedEvaluator(load_profile("ascii-digit")) as box:
        engineer.happens(PortChosen(Port(box.port, "box")))

        engineer.learns(lambda level: box.send(bytes((0xA5, min(level, 4), 0x5A))))

    assert isinstance(engineer.session.step, Failed)
    assert [(reason.code, reason.values) for reason in engineer.session.step.cannot.reasons] == [
        ("same-bytes", ("5", "4"))
    ]
    assert engineer.written == ""


def test_a_heartbeat_and_a_time_out_code_become_no_keys(engineer: Engineer) -> None:
    with EmulatedEvaluator(load_profile("framed-xor")) as box:
        engineer.happens(PortChosen(Port(box.port, "box")))
        while not isinstance(engineer.session.step, WaitTimeOut):
            _press_what_is_asked(engineer, box)
        engineer.hears(lambda: box.send(b"\xbe\xa7"))
        engineer.hears(lambda: box.send(bytes.fromhex("AA 01 09 08 55")))

        engineer.learns(lambda level: box.press(1, level))

    assert isinstance(engineer.session.step, Done)
    assert loaded(engineer.written).press.timeout_keys == {b"\x09"}


def _press_what_is_asked(engineer: Engineer, box: EmulatedEvaluator) -> None:
    match engineer.session.step:
        case TryLine():
            engineer.ready()
            engineer.hears(lambda: box.press(1, 5))
        case PressKey(level):
            engineer.hears(lambda: box.press(1, level))


def test_a_box_that_types_is_learnt_from_its_event_device(tmp_path: Path) -> None:
    """A FIFO carries what an event device would; grabbing a real one is not possible here."""
    engineer = Engineer(keyboards=tmp_path)
    try:
        while not isinstance(engineer.next_event(), PortsSeen):
            pass
        device = tmp_path / "usb-box-event-kbd"
        os.mkfifo(device)
        keys = os.open(device, os.O_RDWR)
        engineer.until(PressKey)
        engineer.ready()

        def press(level: int) -> None:
            for code in (level + 1, 28):
                os.write(keys, encode(code, "down") + encode(code, "held") + encode(code, "up"))

        engineer.learns(press)
        os.close(keys)
    finally:
        engineer.listening.stop()

    assert isinstance(engineer.session.step, Done)
    assert loaded(engineer.written).keys[b"\x00\x06"] == 5


def test_pulling_the_box_out_while_it_is_learnt_is_told(engineer: Engineer) -> None:
    with EmulatedEvaluator(load_profile("ascii-digit")) as box:
        engineer.happens(PortChosen(Port(box.port, "box")))
        engineer.ready()
        box.unplug()

        engineer.until(Failed)

    assert isinstance(engineer.session.step, Failed)
    assert engineer.session.step.cannot.reasons[0].code == "port-lost"


def test_a_port_that_is_not_there_is_told(engineer: Engineer, tmp_path: Path) -> None:
    engineer.happens(PortChosen(Port(str(tmp_path / "none"), "none")))

    engineer.until(Failed)

    assert isinstance(engineer.session.step, Failed)
    [reason] = engineer.session.step.cannot.reasons
    assert reason.values == (f"port {tmp_path / 'none'} does not exist", "missing")


def test_the_list_of_ports_says_by_what_each_is_known(tmp_path: Path) -> None:
    adapter = ListPortInfo("/dev/ttyUSB7")
    adapter.vid, adapter.pid, adapter.location = 0x1A86, 0x7523, "1-1.2"
    (tmp_path / "usb-box-event-kbd").touch()
    (tmp_path / "usb-box-event-mouse").touch()

    assert ports_here(None, tmp_path, lambda: [adapter]) == (
        Port("/dev/ttyUSB7", "1a86:7523 at 1-1.2", "serial", "1a86:7523", "", "1-1.2"),
        Port(str(tmp_path / "usb-box-event-kbd"), "usb-box-event-kbd", "keyboard"),
    )
