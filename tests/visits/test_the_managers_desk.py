"""The gesture, the PIN and today's counts, on the real screen over the real journal."""

from kiosk.demo.hall import PIN
from tests.visits.conftest import Morning

WRONG = "314159"


def enter(morning: Morning, pin: str) -> None:
    for digit in pin:
        morning.touch(f"pinKey{digit}")
    morning.touch("pinEnter")


def test_the_desk_counts_presses_as_they_come_in(morning: Morning) -> None:
    morning.shows("standby")
    morning.hold_corner()
    morning.shows("pinPad")
    enter(morning, PIN)
    morning.shows("deskPage")

    morning.press_box("door", 5)
    morning.press_box("4", 5)

    morning.until(lambda: "1/1" in morning.text_of("share"))
    morning.touch("deskClose")
    morning.shows("standby")


def test_an_ask_closes_the_desk_and_shows_the_faces(morning: Morning) -> None:
    morning.shows("standby")
    morning.hold_corner()
    morning.shows("pinPad")

    morning.three.ask()

    morning.shows("face5")
    assert morning.visible("pinPad") is None


def test_five_wrong_pins_lock_the_pad_and_a_restart_does_not_open_it(morning: Morning) -> None:
    morning.shows("standby")
    morning.hold_corner()
    morning.shows("pinPad")
    for attempt in range(5):
        enter(morning, WRONG)
        morning.until(lambda attempt=attempt: len(morning.audits("pin-wrong")) == attempt + 1)
        morning.until(lambda: "…" not in morning.text_of("pinNotice"))
    morning.until(lambda: "秒" in morning.text_of("pinNotice"))
    morning.close()

    morning.open()
    morning.shows("standby")
    morning.hold_corner()
    morning.shows("pinPad")
    enter(morning, PIN)

    morning.until(lambda: "秒" in morning.text_of("pinNotice"))
    assert morning.visible("deskPage") is None
