"""The boxes of the gallery: states, a press-each-key test without a line, and a learning that hears made-up bytes.

The test and the conversation are the real ones; only what they would hear is said here.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from devices.learning.session import Session, advance
from devices.learning.steps import BytesHeard, Event, Port, PortChosen, PortLost, PortOpened, PortsSeen, Silence
from devices.profile import load_profile
from kiosk.core.desk import BoxState, EvaluatorState
from kiosk.core.key_test import Refusal
from kiosk.evaluators.key_tests import KeyTestPorts, KeyTests
from kiosk.learning_views import view_of
from kiosk.ui.evaluators_view_model import EvaluatorsPorts
from kiosk.ui.learn_view_model import LearnPorts, LearnView, Place, Wish
from kiosk.ui.words import Words
from sync.records import At

_RAW: Final = bytes.fromhex("FF 68 03 03 68 81 11 04 96 16 68 02 02 68 81 01 82 16" * 4)[:64].hex()
GOOD: Final = EvaluatorState(
    "rs485",
    connected=True,
    port="usb 1a86:7523",
    presses=19,
    boxes=(BoxState(1, 0x81, ("3",)), BoxState(2, 0x82, ("4",))),
    profile="RS-485 evaluator, FT1.2-like frame",
    digest="3f9c2a7d10b4e6a8",
    identity="1a86:7523 at 1-1.2",
    good_frames=23,
    last_frame="68030368811104" + "9616",
    last_raw=_RAW,
)
TROUBLED: Final = replace(
    GOOD,
    name="counter",
    bad_frames=1204,
    announces="voice",
    lacks=(1,),
    boxes=(BoxState(1, 0x81, ("3",), tested=False, stuck=("04",), swapped=(5, 4)),),
)
NEW: Final = replace(
    GOOD, name="box-1", adopted=False, boxes=(BoxState(1, 1, ("3",), tested=False),), last_frame="", last_raw=""
)
WINDOWS: Final = (Place("3", "3号窗口"), Place("4", "4号窗口"), Place("door", "大厅出口"))
PORTS: Final = (
    Port("/dev/ttyS0", "/dev/ttyS0"),
    Port("/dev/ttyUSB0", "1a86:7523 at 1-1.2", "serial", "1a86:7523", "", "1-1.2"),
)


class GalleryBoxes:
    """Stands in for what `kiosk.app` gives to the evaluators' pages."""

    def __init__(self, words: Words, *, chinese: bool, now: Callable[[], At]) -> None:
        self.states: tuple[EvaluatorState, ...] = (GOOD,)
        self.refusal: Refusal | None = None
        self._words = words
        self._chinese = chinese
        self._tell: Callable[[LearnView], None] = lambda _: None
        self._session = Session("box-1")
        ports = KeyTestPorts(self._levels, lambda _: None, lambda _: None, now)
        self.tests = KeyTests(ports)
        self.evaluators = EvaluatorsPorts(lambda: self.states, self.tests)
        self.adopted = 0
        self.learning = LearnPorts(
            WINDOWS, frozenset, lambda: False, self._listen, self._begin, self._wish, self._choose, self._adopt,
            lambda: None,
        )  # fmt: skip

    def press(self, evaluator: str, address: int, levels: Sequence[int]) -> None:
        """A box's keys, one after the other."""
        for level in levels:
            self.tests.takes(evaluator, address, level)

    def happens(self, *events: Event) -> None:
        for event in events:
            self._session, _ = advance(self._session, event)
        self._show()

    def plug_in(self) -> None:
        """Up to where the keys are to be pressed."""
        self.happens(PortChosen(PORTS[1]), PortOpened())

    def hears(self, level: int, times: int) -> None:
        box = load_profile("rs485-ft12")
        for turn in range(times):
            frame = box.press_frame(box.addresses.evaluators[0], level)
            self.happens(BytesHeard(frame, turn * 1000), Silence(250))

    def press_some(self) -> None:
        """The best key three times, and the next one twice."""
        self.plug_in()
        self.hears(5, 6)
        self.hears(4, 2)

    def press_all(self) -> None:
        """Up to where the box is left alone."""
        self.plug_in()
        self.hears(5, 6)
        for level in (4, 3, 2, 1):
            self.hears(level, 3)

    def learn(self) -> None:
        """Up to what is believed of the box."""
        self.press_all()
        self.happens("next")

    def check(self) -> None:
        self.learn()
        self.happens("next")

    def finish(self) -> None:
        """Adopted, and in use."""
        words = self._words
        self.show(LearnView("done", words.learn_saved, words.learn_saved_note, learnt="rs485"))

    def fail(self) -> None:
        self.plug_in()
        self.happens(PortLost("port /dev/ttyUSB0 was lost: the box or its adapter was unplugged", "missing"))

    def show(self, view: LearnView) -> None:
        self._tell(view)

    def _levels(self, _name: str, _address: int) -> tuple[int, ...] | Refusal:
        return self.refusal or (5, 4, 3, 2, 1)

    def _listen(self, tell: Callable[[LearnView], None]) -> None:
        self._tell = tell

    def _begin(self, name: str, _: str) -> None:
        self._session = Session(name)
        self.happens(PortsSeen(PORTS))

    def _wish(self, wish: Wish) -> None:
        if wish != "adopt":
            self.happens(wish)

    def _choose(self, index: int) -> None:
        self.happens(PortChosen(PORTS[index]))

    def _adopt(self) -> None:
        self.adopted += 1

    def _show(self) -> None:
        self._tell(view_of(self._session, self._words, chinese=self._chinese))
