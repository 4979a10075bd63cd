"""The press-each-key test beside the citizens: one at a time, over by itself, never in the way of a visit."""

from kiosk.core.key_test import TEST_MS, KeyTest
from kiosk.evaluators.key_tests import KeyTestPorts, KeyTests
from sync.records import At

BOX = ("bus", 0x81)


class Desk:
    def __init__(self) -> None:
        self.now_ms = 0
        self.due: list[int] = []
        self.finished: list[KeyTest] = []
        self.told: list[int | None] = []
        ports = KeyTestPorts(
            lambda *_: (5, 4), self.finished.append, self.due.append, lambda: At(0, self.now_ms, "b00t")
        )
        self.tests = KeyTests(ports)
        self.tests.listen(lambda: self.told.append(self.tests.test.wanted if self.tests.test else None))


def test_a_test_takes_the_presses_of_its_box_and_of_no_other() -> None:
    desk = Desk()
    assert not desk.tests.takes(*BOX, 5), "none is under way"
    assert desk.tests.start(*BOX) is None
    assert not desk.tests.takes("bus", 0x82, 5)
    assert desk.tests.takes(*BOX, 5)
    assert desk.tests.start("bus", 0x82) == "under-way"
    assert desk.tests.takes(*BOX, 4)
    assert (desk.tests.ending, [test.passed for test in desk.finished]) == ("passed", [True])
    assert desk.told == [5, 4, None]
    assert not desk.tests.takes(*BOX, 5), "it is over: the box is the citizens' again"


def test_a_test_that_nobody_ends_is_over_by_itself_and_takes_no_press_after_that() -> None:
    desk = Desk()
    desk.tests.start(*BOX)
    desk.now_ms = TEST_MS - 1
    desk.tests.run_out()
    assert desk.tests.running
    assert desk.due == [TEST_MS, TEST_MS], "woken too early, it asks again"
    desk.now_ms = TEST_MS
    assert not desk.tests.takes(*BOX, 5)
    assert (desk.tests.ending, desk.finished) == ("run-out", [])


def test_a_visit_at_the_box_ends_the_test_and_one_elsewhere_does_not() -> None:
    desk = Desk()
    desk.tests.start(*BOX)
    desk.tests.give_way((("bus", 0x82),))
    assert desk.tests.running
    desk.tests.give_way((BOX,))
    assert desk.tests.ending == "visit-asked"
    desk.tests.stop()
    assert desk.tests.ending == "visit-asked"
    assert desk.tests.start(*BOX) is None
    desk.tests.stop()
    assert desk.tests.ending == "stopped"
